/** Control flow laid open: the operations that a loop or a branch carried out, one after another, as one graph. */
import type { Graph, Node } from "../graph/node.ts";
import { bindAll, duringTransform, evaluate, suspended, Trace, traceFunction } from "../graph/trace.ts";
import { walk } from "../graph/walk.ts";
import { concatenate, constant, stack, zeros } from "../ops/index.ts";
import { parts, type ScanAttrs } from "../ops/scan-steps.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The operation of a body that was carried out, and where: "step 2 of 5 of scan". */
export interface Occurrence {
  readonly node: Node;
  readonly within: string;
}

export interface Unrolled {
  readonly graph: Graph;
  /** What the graph takes after the inputs. */
  readonly captured: readonly Tensor[];
  readonly occurrences: ReadonlyMap<Node, Occurrence>;
}

/** A value as it stands in the graph, and what it is. */
interface Known {
  readonly traced: Tensor;
  readonly value: Tensor;
}

type Expand = (self: Unrolling, node: Node, args: readonly Known[], within: string) => readonly Known[];

/** A function with its own gradient is one only as long as it is not laid open. */
const customVjp: Expand = (self, { attrs }, args, within) => self.run(attrs.graph as Graph, args, within);

const CONTROL: Readonly<Record<string, Expand>> = {
  cond(self, { attrs }, [predicate, ...operands], within) {
    const holds = (predicate as Known).value.itemSync() !== 0;
    const branch = (holds ? attrs.then : attrs.otherwise) as Graph;
    return self.run(branch, operands, inside(within, `the branch of cond for ${holds}`));
  },
  whileLoop(self, { attrs }, args, within) {
    const [test, body, carries] = [attrs.test as Graph, attrs.body as Graph, attrs.carries as number];
    const constants = args.slice(carries);
    let state = args.slice(0, carries);
    const goesOn = (): boolean =>
      suspended(() =>
        (
          evaluate(
            test,
            [...state, ...constants].map(({ value }) => value),
          )[0] as Tensor
        ).itemSync(),
      ) !== 0;
    for (let step = 1; goesOn(); step++) {
      state = [...self.run(body, [...state, ...constants], inside(within, `step ${step} of whileLoop`))];
    }
    return state;
  },
  scan(self, node, args, within) {
    const attrs = node.attrs as ScanAttrs;
    const [constants, start, sequences] = parts(args, attrs);
    const bound = attrs.bounded ? (constants[0] as Known).value.itemSync() : attrs.length;
    const count = Math.max(0, Math.min(attrs.length, bound));
    let carry = start;
    const rows: (readonly Known[])[] = [];
    for (let step = 0; step < count; step++) {
      const at = suspended(() => constant(attrs.reverse ? count - 1 - step : step, "int32"));
      const elements = sequences.map((xs) => self.apply([xs], ([all]) => (all as Tensor).gather(at)));
      const place = inside(within, `step ${step + 1} of ${count} of scan`);
      const results = self.run(attrs.body, [...constants, ...carry, ...elements], place);
      carry = results.slice(0, attrs.carries);
      rows.push(results.slice(attrs.carries));
    }
    if (attrs.reverse) rows.reverse();
    const collected = attrs.body.outputs.slice(attrs.carries).map(({ avals: [y] }, i) => {
      const { shape, dtype } = y as Tensor;
      return self.apply(
        rows.map((row) => row[i] as Known),
        (all) => {
          const rest = zeros([attrs.length - count, ...shape], dtype);
          return all.length === 0 ? rest : concatenate([stack([...all]), rest]);
        },
      );
    });
    return [...carry, ...collected];
  },
};

const inside = (within: string, place: string): string => (within === "" ? place : `${within}, ${place}`);

/** More operations than this are not laid open: it would take seconds. */
const MOST = 20_000;

class TooLong extends Error {}

class Unrolling {
  readonly occurrences = new Map<Node, Occurrence>();
  readonly #trace: Trace;
  readonly #expand: Readonly<Record<string, Expand>>;
  #count = 0;

  constructor(trace: Trace, expand: Readonly<Record<string, Expand>>) {
    this.#trace = trace;
    this.#expand = expand;
  }

  /** A function of tensors, in the graph and of the values. */
  apply(args: readonly Known[], f: (tensors: readonly Tensor[]) => Tensor): Known {
    return { traced: f(args.map(({ traced }) => traced)), value: suspended(() => f(args.map(({ value }) => value))) };
  }

  run(graph: Graph, inputs: readonly Known[], within: string): readonly Known[] {
    const values = walk<Known>(graph, inputs, (node, args) => this.expand(node, args, within));
    return graph.outputs.map((node) => (values.get(node) as readonly Known[])[0] as Known);
  }

  expand(node: Node, args: readonly Known[], within: string): readonly Known[] {
    const expand = this.#expand[node.op.name];
    if (expand !== undefined) return expand(this, node, args, within);
    if (++this.#count > MOST) throw new TooLong();
    const bound = (pick: "traced" | "value"): Tensor[] =>
      bindAll(
        node.op,
        node.attrs,
        args.map((arg) => arg[pick]),
      );
    const [traced, values] = [bound("traced"), suspended(() => bound("value"))];
    for (const result of traced) {
      const made = this.#trace.node(result);
      if (!this.occurrences.has(made)) this.occurrences.set(made, { node, within });
    }
    return traced.map((each, i) => ({ traced: each, value: values[i] as Tensor }));
  }
}

/**
 * undefined for an operation that is none of control flow, or does too much.
 *
 * @param direction backwards, functions with their own gradient stay as they are
 */
export function unroll(node: Node, inputs: readonly Tensor[], direction: "forward" | "backward"): Unrolled | undefined {
  const expand = direction === "forward" ? { ...CONTROL, customVjp } : CONTROL;
  if (expand[node.op.name] === undefined) return undefined;
  const trace = new Trace();
  const unrolling = new Unrolling(trace, expand);
  try {
    const { graph, captured } = duringTransform(() =>
      traceFunction(
        (...args) => {
          const known = args.map((traced, i) => ({ traced, value: inputs[i] as Tensor }));
          return unrolling.expand(node, known, "").map(({ traced }) => traced);
        },
        inputs,
        trace,
      ),
    );
    return { graph, captured, occurrences: unrolling.occurrences };
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

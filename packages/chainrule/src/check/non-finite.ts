/** Finding where a number that is not finite comes from: a traced run, operation by operation, forwards and backwards. */
import { userLine } from "../graph/errors.ts";
import type { Graph, Node } from "../graph/node.ts";
import type { MaybeTensor } from "../graph/primitive.ts";
import { PICK } from "../graph/structural.ts";
import { duringTransform, evaluateNodes, placing, traceFunction } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { onesLike } from "../ops/constant.ts";
import { type DType, isFloat, type TypedArray } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import { isConcrete, type Tensor } from "../tensor/tensor.ts";
import { BackwardPass } from "../transform/vjp.ts";
import { type Occurrence, unroll } from "./unroll.ts";

/** Whether a tensor holds a NaN or an infinity. */
export function isBad(t: Tensor): boolean {
  if (!isFloat(t.dtype) || !isConcrete(t)) return false;
  const numbers = t.payload as TypedArray;
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return true;
  return false;
}

/** What a tensor holds, in short. */
export interface ValueRange {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The least and the greatest finite number; NaN where there is none. */
  readonly least: number;
  readonly most: number;
  /** How many are NaN, and how many ±∞. */
  readonly nan: number;
  readonly infinite: number;
}

export function rangeOf(t: Tensor): ValueRange {
  let [least, most, nan, infinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const x of t.dataSync()) {
    if (Number.isNaN(x)) nan++;
    else if (Number.isFinite(x)) [least, most] = [Math.min(least, x), Math.max(most, x)];
    else infinite++;
  }
  if (least > most) [least, most] = [Number.NaN, Number.NaN];
  return { shape: t.shape, dtype: t.dtype, least, most, nan, infinite };
}

/** An operation that made NaN or ±∞ of finite numbers; or an input that was not finite from the beginning. */
export interface Origin {
  /**
   * input: it was given so. forward: the operation's result. backward: what the derivative of the operation made of the
   * gradient that came back to it; sum: the sum of several gradients that came back to the operation's result.
   */
  readonly kind: "input" | "forward" | "backward" | "sum";
  readonly node: Node;
  /** The name of the operation, "" for an input. */
  readonly operation: string;
  /** The path of the layer, "" outside of any. */
  readonly layer: string;
  /** In a loop or a branch, where: "step 2 of 5 of scan"; "" outside of any. */
  readonly within: string;
  /** "file:line:column" of the user's code that called the operation, where it is known. */
  readonly line: string | undefined;
  /** What the operation was given; backwards, the gradient that came back to it stands last. */
  readonly inputs: readonly ValueRange[];
  readonly result: ValueRange;
}

type Values = ReadonlyMap<Node, readonly Tensor[]>;

/** A graph with the values of all its operations. */
class Run {
  readonly graph: Graph;
  readonly #values: Values;
  readonly #places: ReadonlyMap<Node, Error>;
  readonly #occurrences: ReadonlyMap<Node, Occurrence>;

  constructor(
    graph: Graph,
    values: Values,
    places: ReadonlyMap<Node, Error>,
    occurrences: ReadonlyMap<Node, Occurrence> = new Map(),
  ) {
    this.graph = graph;
    this.#values = values;
    this.#places = places;
    this.#occurrences = occurrences;
  }

  value = (node: Node): Tensor => firstOf(this.#values, node);

  /** Whether any result of the operation is not finite. */
  isBad = (node: Node): boolean => (this.#values.get(node) as readonly Tensor[]).some(isBad);

  /** The operations whose results are not finite although all that they were given is, in order. */
  get sources(): Node[] {
    return this.graph.nodes.filter((node) => this.isBad(node) && !node.inputs.some(this.isBad));
  }

  /**
   * From a value that is not finite back to the first operation that made such a number on the way to it. One that is
   * masked afterwards is not on the way.
   */
  forwards(result: Node): Origin {
    const bad = new Set([result]);
    for (const node of bad) for (const input of node.inputs) if (this.isBad(input)) bad.add(input);
    const node = [...bad].reduce((first, other) => (other.id < first.id ? other : first));
    const isInput = this.graph.inputs.includes(node);
    const picked = [...bad].find(({ op, inputs: [of] }) => op === PICK && of === node);
    const index = (picked?.attrs.index as number | undefined) ?? 0;
    return (
      (isInput ? undefined : this.#inside(node, "forward", (run) => run.forwards(run.graph.outputs[index] as Node))) ??
      this.#origin(isInput ? "input" : "forward", node, node.inputs.map(this.value), this.value(picked ?? node))
    );
  }

  /**
   * Takes cotangents of the results back to some inputs; where one of these gets a number that is not finite, tells which and
   * where it comes from.
   */
  pullBack(
    cotangents: readonly MaybeTensor[],
    wanted: readonly Node[],
  ): { readonly index: number; readonly origin: Origin } | undefined {
    const pass = new BackwardPass(this.graph, this.#values, wanted);
    /** From which node a cotangent that is not finite came to a node. */
    const givers = new Map<Node, { readonly node: Node; readonly input: number; readonly cotangent: Tensor }>();
    duringTransform(() => {
      this.graph.outputs.forEach((output, i) => {
        pass.contribute(output, cotangents[i]);
      });
      for (const node of this.graph.nodes.toReversed()) {
        pass.visit(node).forEach((cotangent, i) => {
          const input = node.inputs[i] as Node;
          if (cotangent && isBad(cotangent) && pass.isActive(input)) givers.set(input, { node, input: i, cotangent });
        });
      }
    });
    const badAt = (node: Node): boolean => pass.cotangents(node).some(isBadOrNull);
    const index = wanted.findIndex(badAt);
    if (index < 0) return undefined;
    let at = wanted[index] as Node;
    for (;;) {
      const giver = givers.get(at);
      const back = pass.cotangents(at).find(isBadOrNull) as Tensor;
      if (giver === undefined) return { index, origin: this.#origin("sum", at, [], back) };
      const { node, input, cotangent } = giver;
      if (!badAt(node)) {
        const came = pass.cotangents(node);
        const inputs = [...node.inputs.map(this.value), ...came.filter((t) => t !== null)];
        const inside = this.#inside(
          node,
          "backward",
          (run) => run.pullBack(came, [run.graph.inputs[input] as Node])?.origin,
        );
        return { index, origin: inside ?? this.#origin("backward", node, inputs, cotangent) };
      }
      at = node;
    }
  }

  /** Looks into a loop or a branch; undefined for any other operation, or if it is not found there. */
  #inside(node: Node, direction: "forward" | "backward", find: (run: Run) => Origin | undefined): Origin | undefined {
    const inputs = node.inputs.map(this.value);
    const open = unroll(node, inputs, direction);
    if (open === undefined) return undefined;
    const values = evaluateNodes(open.graph, [...inputs, ...open.captured]);
    const found = find(new Run(open.graph, values, this.#places, open.occurrences));
    return found?.operation === "" ? undefined : found;
  }

  #origin(kind: Origin["kind"], node: Node, inputs: readonly Tensor[], result: Tensor): Origin {
    const { node: original, within } = this.#occurrences.get(node) ?? { node, within: "" };
    const place = this.#places.get(original);
    return {
      kind,
      node,
      operation: this.graph.inputs.includes(node) ? "" : node.op.name,
      layer: node.scope,
      within,
      line: place === undefined ? undefined : userLine(place),
      inputs: inputs.map(rangeOf),
      result: rangeOf(result),
    };
  }
}

/** A function applied to tensors with the values of all operations kept. Boxes are not written. */
export class TracedRun extends Run {
  readonly captured: readonly Tensor[];
  /** The number of results of the function; after them come the values of boxes that it wrote. */
  readonly results: number;

  constructor(f: (...args: Tensor[]) => readonly Tensor[], args: readonly Tensor[]) {
    const { value, places } = placing(() => traceFunction(f, args));
    const { graph, captured, written } = value;
    super(graph, evaluateNodes(graph, [...args, ...captured]), places);
    this.captured = captured;
    this.results = graph.outputs.length - written.length;
  }

  /** Takes the gradient of the first result by some inputs, as `pullBack` does. */
  backwards(wanted: readonly Node[]): { readonly index: number; readonly origin: Origin } | undefined {
    return this.pullBack([onesLike(this.value(this.graph.outputs[0] as Node))], wanted);
  }
}

const isBadOrNull = (t: MaybeTensor): boolean => t !== null && isBad(t);

export const TOO_LARGE = "Numbers grew too large: lower the learning rate, or scale the inputs to about −1 … 1.";

const FORWARD: Readonly<Record<string, string>> = {
  log: "A logarithm of 0 or less: use a loss on logits rather than on probabilities.",
  log1p: "A logarithm of 0 or less: its argument was −1 or below.",
  div: "A division by 0: add a small constant to the denominator.",
  sqrt: "A square root of a negative number.",
  pow: "A power of a negative number with a fractional exponent, or an overflow.",
  exp: "An exponential overflowed: use a loss on logits, softplus or logSumExp, which do not.",
};

const BACKWARD: Readonly<Record<string, string>> = {
  sqrt: "The derivative of a square root is infinite at 0: add a small constant under it.",
  pow: "The derivative of a power is infinite at 0 for exponents below 1: add a small constant to the base.",
  log: "The derivative of a logarithm is infinite at 0: add a small constant to its argument.",
  div: FORWARD.div as string,
};

/** What such an origin mostly means, and what to do. */
export function likelyCause({ kind, operation }: Origin): string {
  if (kind === "input")
    return "Find out where that value was computed; standardize or checkData would have refused it.";
  return (kind === "forward" ? FORWARD : BACKWARD)[operation] ?? TOO_LARGE;
}

/** "the result of "log" in layer sequential.0 (dense)"; `part` is said where it is in no layer. */
export function describeOrigin({ kind, operation, layer, within }: Origin, part = "the loss"): string {
  if (kind === "input") return `an input or a constant of ${part === "the loss" ? "the model or the loss" : part}`;
  const what = {
    forward: `the result of "${operation}"`,
    backward: `the derivative of "${operation}"`,
    sum: operation === "" ? "the sum of its parts" : `the sum of what came back to the result of "${operation}"`,
  }[kind];
  return `${what}${within === "" ? "" : ` in ${within},`} in ${layer === "" ? part : `layer ${layer}`}`;
}

/** Tracing: running a user's function on symbolic tensors, and recording what it does as a graph. */
import { isFloat } from "../tensor/dtype.ts";
import { formatShape, MAX_SIZE, sizeOf } from "../tensor/shape.ts";
import { isConcrete, type Symbolic, Tensor } from "../tensor/tensor.ts";
import type { Box } from "./box.ts";
import { here, located, TraceError, userLine } from "./errors.ts";
import { requireTensor } from "./input.ts";
import { type Attrs, type Aval, attrKey, avalOf, createGraph, createNode, type Graph, type Node } from "./node.ts";
import type { Primitive } from "./primitive.ts";
import { currentScope } from "./scope.ts";
import { INPUT, PICK } from "./structural.ts";
import { firstOf, walk } from "./walk.ts";

const ALTERNATIVES =
  "Use where(condition, a, b) to choose element by element, cond(predicate, f, g) to choose a branch, " +
  "and scan or whileLoop for loops whose course depends on values.";

/** The payload of a tensor that is being traced. */
class Traced implements Symbolic {
  readonly trace: Trace;
  readonly node: Node;

  constructor(trace: Trace, node: Node) {
    this.trace = trace;
    this.node = node;
  }

  readError(attempt: string): Error {
    const { shape, dtype } = avalOf(this.node);
    if (!stack.includes(this.trace)) return leakError(`${dtype}${formatShape(shape)}`);
    return new TraceError(
      located(
        `A traced ${dtype}${formatShape(shape)} has no value yet, so one cannot ${attempt}: the function is being ` +
          `turned into a graph and its numbers are known only when that runs. ${ALTERNATIVES}`,
      ),
    );
  }
}

const leakError = (type: string): TraceError =>
  new TraceError(
    located(
      `A ${type} of a finished trace was used. A tensor made inside a function under grad, vmap or compile must leave ` +
        "it as a result, not through a variable outside.",
    ),
  );

/** A graph under construction. Nodes are hash-consed: the same operation on the same inputs is the same node. */
export class Trace {
  readonly inputs: Node[] = [];
  /** Tensors from outside (concrete, or of an enclosing trace) that the function used, in order of first use. */
  readonly captured = new Map<Tensor, Node>();
  /** Boxes that were written, with their present value. */
  readonly boxes = new Map<Box, Tensor>();
  /** What to do with a concrete box that is read: by default it is an ordinary captured tensor. */
  readonly readBox: ((box: Box) => Tensor) | undefined;
  readonly #memo = new Map<string, Node>();
  /** Comparisons that nothing has used yet, and where they were made: see checkConditions. */
  readonly #conditions = new Map<Node, Error>();

  constructor(readBox?: (box: Box) => Tensor) {
    this.readBox = readBox;
  }

  input(aval: Aval): Tensor {
    const node = createNode(INPUT, [], {}, [aval], currentScope());
    this.inputs.push(node);
    return this.tensor(node);
  }

  tensor(node: Node): Tensor {
    const { shape, dtype } = avalOf(node);
    return new Tensor(shape, dtype, new Traced(this, node));
  }

  /** The node of a tensor in this trace; a tensor from outside is captured. */
  node(tensor: Tensor): Node {
    const payload = tensor.payload;
    if (payload instanceof Traced) {
      if (payload.trace === this) return payload.node;
      if (!stack.includes(payload.trace)) throw leakError(`${tensor.dtype}${formatShape(tensor.shape)}`);
      payload.trace.#conditions.delete(payload.node);
    }
    let node = this.captured.get(tensor);
    if (node === undefined) {
      node = createNode(INPUT, [], {}, [{ shape: tensor.shape, dtype: tensor.dtype }], currentScope());
      this.captured.set(tensor, node);
    }
    return node;
  }

  record(op: Primitive, attrs: Attrs, tensors: readonly Tensor[]): Tensor[] {
    const inputs = tensors.map((t) => this.node(t));
    for (const input of inputs) this.#conditions.delete(input);
    const key = `${op.name}${attrKey(attrs)}(${inputs.map((n) => n.id).join()})`;
    let node = this.#memo.get(key);
    if (node === undefined) {
      node = createNode(op, inputs, attrs, inferAvals(op, attrs, inputs.map(avalOf)), currentScope());
      this.#memo.set(key, node);
      if (op.condition === true && transforming === 0) this.#conditions.set(node, here());
      places?.set(node, here());
    }
    if (node.avals.length === 1) return [this.tensor(node)];
    return node.avals.map((aval, index) => this.#pick(node, aval, index));
  }

  /** The graph from this trace's inputs, then its captured tensors, to `outputs`. */
  finish(outputs: readonly Tensor[]): Graph {
    const nodes = outputs.map((t) => this.node(t));
    for (const node of nodes) this.#conditions.delete(node);
    return createGraph([...this.inputs, ...this.captured.values()], nodes);
  }

  /**
   * `if (x.greater(0))` cannot be intercepted, for an object is always true. What it leaves behind can: a comparison
   * that nothing uses. @throws TraceError
   */
  checkConditions(): void {
    for (const place of this.#conditions.values()) {
      throw new TraceError(
        located(
          "The result of a comparison is not used by any value. If it stands in a JavaScript `if` or `while`, that " +
            `condition is always true, whatever the numbers are. ${ALTERNATIVES} If it does not, remove the comparison.`,
          userLine(place),
        ),
      );
    }
  }

  #pick(node: Node, aval: Aval, index: number): Tensor {
    const key = `pick${index}(${node.id})`;
    let picked = this.#memo.get(key);
    if (picked === undefined) {
      picked = createNode(PICK, [node], { index }, [aval], node.scope);
      this.#memo.set(key, picked);
    }
    return this.tensor(picked);
  }
}

/** Where operations were called: kept while `placing` runs, for it takes time. */
let places: Map<Node, Error> | undefined;

/** Runs `f` and remembers where each operation that is recorded meanwhile was called, in loops and branches too. */
export function placing<T>(f: () => T): { readonly value: T; readonly places: ReadonlyMap<Node, Error> } {
  const [before, own] = [places, new Map<Node, Error>()];
  places = own;
  try {
    return { value: f(), places: own };
  } finally {
    places = before;
  }
}

const stack: Trace[] = [];
let transforming = 0;

/** The innermost trace that is being recorded. */
export const currentTrace = (): Trace | undefined => stack.at(-1);

/** All traces that are being recorded, outermost first. */
export const activeTraces = (): readonly Trace[] => stack;

/** Runs `f` with `trace` recording. */
export function recording<T>(trace: Trace, f: () => T): T {
  stack.push(trace);
  try {
    return f();
  } finally {
    stack.pop();
  }
}

/** Runs `f` with no trace recording: operations on concrete tensors are carried out at once. */
export function suspended<T>(f: () => T): T {
  const held = stack.splice(0);
  try {
    return f();
  } finally {
    stack.push(...held);
  }
}

/** Marks that the library itself, not the user's function, is putting operations together. */
export function duringTransform<T>(f: () => T): T {
  transforming++;
  try {
    return f();
  } finally {
    transforming--;
  }
}

export type Evaluator = (op: Primitive, attrs: Attrs, inputs: readonly Tensor[], avals: readonly Aval[]) => Tensor[];

let evaluator: Evaluator | undefined;

/** Tells how operations on concrete tensors are carried out; `compile/` does so, as the graph knows no target. */
export function setEvaluator(evaluate: Evaluator): void {
  evaluator = evaluate;
}

/** Applies a primitive: records it when a trace is active, else carries it out. */
export function bindAll(op: Primitive, attrs: Attrs, inputs: readonly Tensor[]): Tensor[] {
  inputs.forEach((input, i) => {
    requireTensor(op.name, `input ${i}`, input);
  });
  const trace = currentTrace();
  if (trace !== undefined) return trace.record(op, attrs, inputs);
  const stale = inputs.find((t) => !isConcrete(t));
  if (stale !== undefined) throw (stale.payload as Symbolic).readError("use it here");
  const avals = inferAvals(op, attrs, inputs);
  const results = op.evaluate?.(inputs, attrs);
  if (results !== undefined) return results;
  if (evaluator === undefined) throw new Error("No evaluator: import the library through its index.");
  return evaluator(op, attrs, inputs, avals);
}

/** `bindAll` for the primitives with one result. */
export const bind = (op: Primitive, attrs: Attrs, ...inputs: Tensor[]): Tensor =>
  bindAll(op, attrs, inputs)[0] as Tensor;

function inferAvals(op: Primitive, attrs: Attrs, inputs: readonly Aval[]): readonly Aval[] {
  const result = op.infer(inputs, attrs);
  const avals = Array.isArray(result) ? (result as readonly Aval[]) : [result as Aval];
  const huge = avals.find(({ shape }) => sizeOf(shape) > MAX_SIZE);
  if (huge !== undefined) {
    throw new RangeError(
      located(
        `${op.name}: a tensor of shape ${formatShape(huge.shape)} would have ${sizeOf(huge.shape)} elements; ` +
          `at most ${MAX_SIZE} are possible. Compute it in parts, for example one batch at a time.`,
      ),
    );
  }
  return avals;
}

/** A function traced to a graph whose inputs are its arguments followed by the captured tensors. */
export interface TracedFunction {
  readonly graph: Graph;
  readonly captured: readonly Tensor[];
  /** Boxes that the function wrote; their values are the last outputs of the graph. */
  readonly written: readonly Box[];
}

/** Traces `f` on symbolic arguments. @throws TraceError if `f` reads or branches on a traced value */
export function traceFunction(
  f: (...args: Tensor[]) => readonly Tensor[],
  avals: readonly Aval[],
  trace = new Trace(),
): TracedFunction {
  return recording(trace, () => {
    const args = avals.map((aval) => trace.input({ shape: aval.shape, dtype: aval.dtype }));
    const results = f(...args);
    const written = [...trace.boxes.keys()];
    const graph = trace.finish([...results, ...trace.boxes.values()]);
    trace.checkConditions();
    return { graph, captured: [...trace.captured.keys()], written };
  });
}

/** A graph made by the library's own rules, from inputs like `avals`; nothing may be captured. */
export function buildGraph(
  avals: readonly Aval[],
  f: (...args: Tensor[]) => readonly Tensor[],
  trace = new Trace(),
): Graph {
  const { graph, captured } = duringTransform(() => traceFunction(f, avals, trace));
  const [stray] = captured;
  if (stray !== undefined)
    throw new Error(`A rule used a ${stray.dtype}${formatShape(stray.shape)} that is not among its inputs.`);
  return graph;
}

/**
 * The value of a traced function, which must not be a promise. @throws TraceError
 *
 * @param name the transform, as users know it
 */
export function requireSynchronous<T>(name: string, value: T): T {
  if (typeof (value as { then?: unknown } | null | undefined)?.then !== "function") return value;
  // What the function does after its first `await` concerns nobody any more, not even by failing.
  Promise.resolve(value).catch(() => {});
  throw new TraceError(
    located(
      `${name}: the function is asynchronous. A function that is traced computes with tensors and returns at once: ` +
        `remove \`async\` and \`await\` from it, and await what ${name} gives.`,
    ),
  );
}

/** Applies every node of a graph to tensors and gives the tensors of all nodes. */
export const evaluateNodes = (graph: Graph, inputs: readonly Tensor[]): Map<Node, readonly Tensor[]> =>
  duringTransform(() => walk(graph, inputs, (node, args) => bindAll(node.op, node.attrs, args)));

/** The outputs of a graph applied to tensors. */
export function evaluate(graph: Graph, inputs: readonly Tensor[]): Tensor[] {
  const values = evaluateNodes(graph, inputs);
  return graph.outputs.map((node) => firstOf(values, node));
}

/** Whether a derivative with respect to a value of this dtype exists. */
export const isDifferentiable = (aval: Aval): boolean => isFloat(aval.dtype);

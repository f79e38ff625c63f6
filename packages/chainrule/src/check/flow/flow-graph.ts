/** The flow graph as an object: nodes with fprop and bprop, to be stepped one at a time. */
import { ChainruleError, located, TraceError } from "../../graph/errors.ts";
import { avalOf, createGraph, type Graph, type Node } from "../../graph/node.ts";
import { INPUT } from "../../graph/structural.ts";
import { bindAll, duringTransform, isDifferentiable, requireSynchronous, traceFunction } from "../../graph/trace.ts";
import { firstOf, visit } from "../../graph/walk.ts";
import { onesLike, zerosLike } from "../../ops/index.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { fromRows } from "../../transform/jacobian.ts";
import { BackwardPass, cotangentsOf } from "../../transform/vjp.ts";
import {
  isModel,
  type LossFunction,
  type Model,
  ofFunction,
  ofModel,
  requireLeaves,
  type Subject,
} from "../subject.ts";
import { type FlowData, flowData, flowDot, flowText } from "./draw.ts";

/** A local derivative of more numbers than this is not worked out: nobody reads it. */
const MOST_NUMBERS = 4096;

/** The state that the nodes of a flow graph share. */
interface Passes {
  readonly values: Map<Node, readonly Tensor[]>;
  readonly backward: BackwardPass;
  readonly output: FlowNode;
  /** Nodes that have handed back their gradient. */
  readonly done: Set<FlowNode>;
}

/** From a node to one that uses its value. */
export class FlowEdge {
  readonly from: FlowNode;
  readonly to: FlowNode;
  /** Which input of `to` it is, counted from 0. */
  readonly position: number;
  /** What came back along it: ∂L/∂to · ∂to/∂from, shaped like `from`; undefined before `to.bprop()`, null if nothing does. */
  flow: Tensor | null | undefined;
  readonly #passes: () => Passes;

  /** @internal */
  constructor(from: FlowNode, to: FlowNode, position: number, passes: () => Passes) {
    [this.from, this.to, this.position, this.#passes] = [from, to, position, passes];
  }

  /** Whether a derivative flows along it: it does not along conditions, integers, and what depends on no leaf. */
  get active(): boolean {
    const { backward } = this.#passes();
    return backward.isActive(this.from.node) && backward.isActive(this.to.node);
  }

  /** Whether the operation works element by element, so that the derivative is one number for each. */
  get elementwise(): boolean {
    const { lowering } = this.to.node.op;
    return lowering.kind === "pull" && lowering.pointwise && this.from.shape.join() === this.to.shape.join();
  }

  /**
   * The local derivative ∂to/∂from: for elementwise operations one number for each element, shaped like both; for others the
   * Jacobian [...to.shape, ...from.shape]. undefined before the value of `to` is there, where none flows, and for Jacobians
   * of more than 4096 numbers.
   */
  get derivative(): Tensor | undefined {
    const { values } = this.#passes();
    const [to, { node, value: result }] = [this.to.node, this.to];
    if (!this.active || result === undefined) return undefined;
    const own = firstOf(values, this.from.node);
    const pull = (cotangent: Tensor) => {
      const needed = node.inputs.map((_, i) => i === this.position);
      const given = to.avals.map((_, i) => (i === 0 ? cotangent : null));
      return [duringTransform(() => cotangentsOf(to, values, given, needed))[this.position] ?? null];
    };
    if (this.elementwise) return pull(onesLike(result))[0] ?? zerosLike(own);
    if (result.size * own.size > MOST_NUMBERS || to.avals.length > 1) return undefined;
    return fromRows(result, [own], pull)[0];
  }
}

/** One operation, or an input, of a flow graph. */
export class FlowNode {
  /** Its position in the graph: inputs of an operation come before it. */
  readonly id: number;
  /** The name of the parameter, or v1, v2, … */
  readonly name: string;
  /** The name of the operation; "input" for parameters and arguments, "constant" for tensors from outside. */
  readonly op: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The layer that made it, such as "sequential.0 (dense)", or "". */
  readonly layer: string;
  readonly inputs: FlowEdge[] = [];
  readonly outputs: FlowEdge[] = [];
  /** @internal */
  readonly node: Node;
  readonly #passes: () => Passes;

  /** @internal */
  constructor(id: number, name: string, op: string, node: Node, passes: () => Passes) {
    [this.id, this.name, this.op, this.node] = [id, name, op, node];
    // What comes from outside is of no layer, wherever it was first used.
    this.layer = node.op === INPUT ? "" : node.scope;
    ({ shape: this.shape, dtype: this.dtype } = avalOf(node));
    this.#passes = passes;
  }

  /** Its value; undefined before `fprop`. */
  get value(): Tensor | undefined {
    return this.#passes().values.get(this.node)?.[0];
  }

  /** Whether the output depends smoothly on it and it on a leaf, so that it gets a gradient. */
  get active(): boolean {
    return this.#passes().backward.isActive(this.node);
  }

  /** ∂L/∂value, once all that use the value have handed back theirs; undefined before, and for nodes that are not active. */
  get gradient(): Tensor | undefined {
    const { backward, values, done, output } = this.#passes();
    const begun = this === output || done.has(output) || !output.active;
    const complete = output.value !== undefined && begun && this.outputs.every(({ to }) => !to.active || done.has(to));
    if (!this.active || !complete) return undefined;
    return backward.cotangent(this.node) ?? zerosLike(firstOf(values, this.node));
  }

  /** Computes the value from those of the inputs. @throws ChainruleError while one of them is missing */
  fprop(): Tensor {
    const missing = this.inputs.find(({ from }) => from.value === undefined);
    if (missing !== undefined) {
      throw new ChainruleError(
        `${this.name}.fprop(): the value of ${missing.from.name} is not there yet; step that node first.`,
      );
    }
    const { values } = this.#passes();
    if (!values.has(this.node)) {
      duringTransform(() => visit(values, this.node, ({ op, attrs }, args) => bindAll(op, attrs, args)));
    }
    return this.value as Tensor;
  }

  /** Hands ∂L/∂value on along the edges of the inputs. @throws ChainruleError before the gradient is complete */
  bprop(): void {
    const { backward, done, output } = this.#passes();
    if (!this.active || done.has(this)) return;
    if (this.gradient === undefined) {
      const missing = this.outputs.find(({ to }) => to.active && !done.has(to))?.to ?? output;
      const reason =
        missing.value === undefined ? "the forward pass has not reached the output" : `step ${missing.name} back first`;
      throw new ChainruleError(`${this.name}.bprop(): its gradient is not complete yet; ${reason}.`);
    }
    const back = duringTransform(() => backward.visit(this.node));
    for (const edge of this.inputs) edge.flow = back[edge.position] ?? null;
    done.add(this);
  }
}

/**
 * What a function computes, as a graph: `forward()` gives one node after the other its value, `backward()` one after the
 * other, from the output, its gradient. Made by `flowGraph`.
 */
export class FlowGraph {
  /** Each after its inputs. */
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly output: FlowNode;
  readonly #graph: Graph;
  readonly #given: readonly Tensor[];
  readonly #wanted: readonly Node[];
  #passes: Passes;

  /** @internal */
  constructor(graph: Graph, given: readonly Tensor[], names: readonly string[]) {
    const passes = (): Passes => this.#passes;
    const made = new Map<Node, FlowNode>();
    let [operations, constants] = [0, 0];
    for (const node of graph.nodes) {
      const place = graph.inputs.indexOf(node);
      const name = place < 0 ? `v${++operations}` : (names[place] ?? `c${++constants}`);
      const op = place < 0 ? node.op.name : place < names.length ? "input" : "constant";
      made.set(node, new FlowNode(made.size, name, op, node, passes));
    }
    this.nodes = [...made.values()];
    this.edges = this.nodes.flatMap((to) =>
      to.node.inputs.map((input, i) => new FlowEdge(made.get(input) as FlowNode, to, i, passes)),
    );
    for (const edge of this.edges) {
      edge.from.outputs.push(edge);
      edge.to.inputs.push(edge);
    }
    this.output = made.get(graph.outputs[0] as Node) as FlowNode;
    this.#graph = graph;
    this.#given = given;
    this.#wanted = graph.inputs.slice(0, names.length);
    this.#passes = this.#start();
  }

  /** Takes all values and gradients away again, but for the inputs' values. */
  reset(): this {
    for (const edge of this.edges) edge.flow = undefined;
    this.#passes = this.#start();
    return this;
  }

  /** One step forwards: computes the value of the next node and gives that node; undefined when all have theirs. */
  forward(): FlowNode | undefined {
    const next = this.nodes.find(({ value }) => value === undefined);
    next?.fprop();
    return next;
  }

  /**
   * One step backwards: the next node whose gradient is complete hands it on to its inputs; gives that node, undefined when
   * all are done. The first is the output, whose gradient is 1.
   *
   * @throws ChainruleError before the forward pass has ended
   */
  backward(): FlowNode | undefined {
    if (this.output.value === undefined) {
      throw new ChainruleError("backward(): the forward pass has not reached the output; call forward() until it has.");
    }
    const next = this.nodes.findLast(
      (node) => node.active && !this.#passes.done.has(node) && node.gradient !== undefined,
    );
    next?.bprop();
    return next;
  }

  /** All steps that are left, forwards and then backwards. */
  run(): this {
    for (const node of this.nodes) node.fprop();
    for (const node of this.nodes.toReversed()) if (node.outputs.length > 0 || node === this.output) node.bprop();
    return this;
  }

  /** The node of that name. @throws RangeError if there is none */
  node(name: string): FlowNode {
    const found = this.nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
    throw new RangeError(
      `There is no node "${name}" in the flow graph; there are ${this.nodes.map((node) => node.name).join(", ")}.`,
    );
  }

  /** One line a node: its name, operation, shape, and its value and gradient as far as they are known. */
  toString(): string {
    return flowText(this);
  }

  /** The graph in the language of Graphviz: `dot -Tsvg`. Parts of one layer stand in one box. */
  toDot(): string {
    return flowDot(this);
  }

  /** The graph as plain data, which `JSON.stringify` writes; numbers that JSON lacks are strings such as "NaN". */
  toJSON(): FlowData {
    return flowData(this);
  }

  #start(): Passes {
    const graph = this.#graph;
    const values = new Map(graph.inputs.map((node, i) => [node, [this.#given[i] as Tensor] as readonly Tensor[]]));
    const backward = new BackwardPass(graph, values, this.#wanted);
    backward.contribute(this.output.node, onesLike(this.output.node.avals[0] as Tensor));
    return { values, backward, output: this.output, done: new Set() };
  }
}

/**
 * The flow graph of a function at given arguments: `flowGraph(f, x)` for a function of a tree of tensors,
 * `flowGraph(f, params(model))` for one without arguments that reads a model's parameters, or
 * `flowGraph(model, loss, x, y)`, which is that of a training step. The result is one float tensor L; where it is no scalar,
 * gradients are those of the sum of its elements. Random state and other boxes are left alone.
 *
 * @throws TraceError unless the result is one float tensor and there is something to differentiate by; TypeError for what
 *   is no function or model
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { flowGraph } from "chainrule/check";
 * const flow = flowGraph(({ w, x }: { w: Tensor; x: Tensor }) => w.mul(x).tanh(), { w: tensor(0), x: tensor(2) });
 * flow.forward()?.op; // → mul
 * flow.run().node("w").gradient?.itemSync(); // → 2
 * ```
 */
export function flowGraph(model: Model, loss: LossFunction, x: Tensor, y: Tensor): FlowGraph;
export function flowGraph<T>(f: (x: T) => Tensor, x: T): FlowGraph;
export function flowGraph(f: () => Tensor, parameters: Readonly<Record<string, unknown>>): FlowGraph;
export function flowGraph(f: (x: never) => unknown, at: unknown, x?: unknown, y?: unknown): FlowGraph {
  const name = "flowGraph";
  const subject = isModel(name, f, at, x, y)
    ? ofModel(f, at as LossFunction, x as Tensor, y as Tensor, { byInput: true })
    : ofFunction(name, f, at);
  return trace(name, subject);
}

function trace(name: string, { names, leaves, call }: Subject): FlowGraph {
  requireLeaves(name, leaves);
  const { graph, captured } = traceFunction((...values) => {
    const result: unknown = requireSynchronous(name, call(values));
    if (result instanceof Tensor && isDifferentiable(result)) return [result];
    throw new TraceError(located(`${name}: the function must return one float tensor.`));
  }, leaves);
  // What is written to boxes, such as the next random key, is no part of L.
  const whole = createGraph(graph.inputs, graph.outputs.slice(0, 1));
  const used = new Set(whole.nodes.flatMap((node) => node.inputs));
  const given = graph.inputs.map((node, i) => [node, [...leaves, ...captured][i] as Tensor] as const);
  const kept = given.filter(([node], i) => i < leaves.length || used.has(node) || node === whole.outputs[0]);
  return new FlowGraph(
    createGraph(
      kept.map(([node]) => node),
      whole.outputs,
    ),
    kept.map(([, value]) => value),
    names,
  );
}

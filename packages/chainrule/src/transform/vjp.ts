/** Reverse mode: back-propagation, from the cotangents of a graph's outputs to those of its inputs. */
import type { Graph, Node } from "../graph/node.ts";
import type { MaybeTensor } from "../graph/primitive.ts";
import { atScope } from "../graph/scope.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { duringTransform, evaluateNodes, isDifferentiable, traceFunction } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { zerosLike } from "../ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { graphTransforms } from "./hook.ts";

type Values = ReadonlyMap<Node, readonly Tensor[]>;

/**
 * Cotangents of the `wanted` inputs, given the values of all nodes and the cotangents of the outputs. null stands for
 * zero, in the arguments and in the result.
 */
export function pullback(
  graph: Graph,
  values: Values,
  outputCotangents: readonly MaybeTensor[],
  wanted: readonly Node[],
): MaybeTensor[] {
  const pass = new BackwardPass(graph, values, wanted);
  duringTransform(() => {
    graph.outputs.forEach((node, i) => {
      pass.contribute(node, outputCotangents[i]);
    });
    for (const node of graph.nodes.toReversed()) pass.visit(node);
  });
  return wanted.map((node) => pass.cotangent(node));
}

/** Back-propagation node by node: consumers must be visited before what they consume. */
export class BackwardPass {
  readonly #values: Values;
  readonly #active: ReadonlySet<Node>;
  readonly #cotangents = new Map<Node, MaybeTensor[]>();

  constructor(graph: Graph, values: Values, wanted: readonly Node[]) {
    this.#values = values;
    this.#active = activeNodes(graph, wanted);
  }

  /** Whether a derivative by the wanted inputs flows through the node. */
  isActive(node: Node): boolean {
    return this.#active.has(node);
  }

  /** What has come back to a node so far: its cotangent when all its consumers have been visited. null is zero. */
  cotangent(node: Node): MaybeTensor {
    return this.#cotangents.get(node)?.[0] ?? null;
  }

  /** The same for each of its results. */
  cotangents(node: Node): readonly MaybeTensor[] {
    return this.#cotangents.get(node) ?? node.avals.map(() => null);
  }

  /** Adds to the cotangent of a node's result. */
  contribute(node: Node, cotangent: MaybeTensor | undefined, result = 0): void {
    if (!cotangent || !this.#active.has(node)) return;
    const own = this.#cotangents.get(node) ?? node.avals.map(() => null);
    const before = own[result] ?? null;
    own[result] = before === null ? cotangent : before.add(cotangent);
    this.#cotangents.set(node, own);
  }

  /** Hands a node's cotangent on to its inputs; gives what each of them got. */
  visit(node: Node): readonly (MaybeTensor | undefined)[] {
    const own = this.#cotangents.get(node);
    if (own === undefined || node.op === INPUT) return [];
    if (node.op === PICK) {
      this.contribute(node.inputs[0] as Node, own[0], node.attrs.index as number);
      return [own[0]];
    }
    const needed = node.inputs.map((input) => this.#active.has(input));
    const back = atScope(node.scope, () => cotangentsOf(node, this.#values, own, needed));
    node.inputs.forEach((input, i) => {
      this.contribute(input, back[i]);
    });
    return back;
  }
}

/** The nodes through which a derivative by the wanted inputs flows. */
function activeNodes(graph: Graph, wanted: readonly Node[]): Set<Node> {
  const active = new Set(wanted.filter((node) => node.avals.some(isDifferentiable)));
  for (const node of graph.nodes) {
    if (node.op.nondifferentiable === true || !node.avals.some(isDifferentiable)) continue;
    if (node.inputs.some((input) => active.has(input))) active.add(node);
  }
  return active;
}

/** The backward rule of one node: its own, the transpose of a linear operation, or the transpose of its jvp. */
export function cotangentsOf(
  node: Node,
  values: Values,
  cotangents: readonly MaybeTensor[],
  needed: readonly boolean[],
): readonly MaybeTensor[] {
  const { op, attrs } = node;
  const primals = node.inputs.map((input) => firstOf(values, input));
  const outputs = values.get(node) as readonly Tensor[];
  if (op.vjp !== undefined) return op.vjp(primals, outputs, cotangents, attrs, needed, graphTransforms());
  const { transpose } = op;
  if (transpose !== undefined) {
    const cotangent = cotangents[0] as Tensor;
    return primals.map((_, i) =>
      needed[i] === true ? transpose.call(op, cotangent, i, primals, outputs[0] as Tensor, attrs) : null,
    );
  }
  return transposeOfJvp(node, primals, outputs, cotangents, needed);
}

/**
 * Reverse mode from forward mode: the tangent is a linear function of the input tangents, made of operations whose
 * transposes are known, so it is traced and run backwards.
 */
function transposeOfJvp(
  { op, attrs }: Node,
  primals: readonly Tensor[],
  outputs: readonly Tensor[],
  cotangents: readonly MaybeTensor[],
  needed: readonly boolean[],
): MaybeTensor[] {
  const { jvp } = op;
  if (jvp === undefined) throw new Error(`The operation "${op.name}" has no rule for reverse mode.`);
  const varied = primals.flatMap((x, i) => (needed[i] === true && isDifferentiable(x) ? [i] : []));
  const { graph, captured } = traceFunction(
    (...tangents) => {
      const all = primals.map((_, i) => tangents[varied.indexOf(i)] ?? null);
      return jvp
        .call(op, primals, all, outputs, attrs, graphTransforms())
        .map((t, i) => t ?? zerosLike(outputs[i] as Tensor));
    },
    varied.map((i) => primals[i] as Tensor),
  );
  // A linear operation's transpose does not look at the value of the input in which it is linear: zeros will do.
  const values = evaluateNodes(graph, [...varied.map((i) => zerosLike(primals[i] as Tensor)), ...captured]);
  const found = pullback(graph, values, cotangents, graph.inputs.slice(0, varied.length));
  return primals.map((_, i) => found[varied.indexOf(i)] ?? null);
}

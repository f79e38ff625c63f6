/** Forward mode: tangents travel with the values, node by node. */
import type { Graph, Node } from "../graph/node.ts";
import type { MaybeTensor } from "../graph/primitive.ts";
import { atScope } from "../graph/scope.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { bindAll, duringTransform, evaluateNodes, isDifferentiable } from "../graph/trace.ts";
import { zerosLike } from "../ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { graphTransforms } from "./hook.ts";

export interface Pushed {
  readonly outputs: readonly Tensor[];
  /** One for each output; null where it is zero. */
  readonly tangents: readonly MaybeTensor[];
}

/** Values and tangents of a graph's outputs from those of its inputs. */
export function pushforward(graph: Graph, inputs: readonly Tensor[], inputTangents: readonly MaybeTensor[]): Pushed {
  const values = evaluateNodes(graph, inputs);
  const tangents = new Map<Node, readonly MaybeTensor[]>();
  const valueOf = (node: Node): Tensor => (values.get(node) as readonly Tensor[])[0] as Tensor;
  const tangentOf = (node: Node): MaybeTensor => (tangents.get(node) as readonly MaybeTensor[])[0] ?? null;
  graph.inputs.forEach((node, i) => {
    tangents.set(node, [inputTangents[i] ?? null]);
  });
  duringTransform(() => {
    for (const node of graph.nodes) {
      if (node.op === INPUT) continue;
      if (node.op === PICK) {
        const all = tangents.get(node.inputs[0] as Node) as readonly MaybeTensor[];
        tangents.set(node, [all[node.attrs.index as number] ?? null]);
        continue;
      }
      const outputs = values.get(node) as readonly Tensor[];
      const given = node.inputs.map(tangentOf);
      tangents.set(
        node,
        atScope(node.scope, () => tangentsOf(node, node.inputs.map(valueOf), given, outputs)),
      );
    }
  });
  return { outputs: graph.outputs.map(valueOf), tangents: graph.outputs.map(tangentOf) };
}

function tangentsOf(
  node: Node,
  primals: readonly Tensor[],
  tangents: readonly MaybeTensor[],
  outputs: readonly Tensor[],
): readonly MaybeTensor[] {
  const { op, attrs } = node;
  const none = outputs.map(() => null);
  if (op.nondifferentiable === true || tangents.every((t) => t === null) || !outputs.some(isDifferentiable))
    return none;
  if (op.jvp !== undefined) return op.jvp(primals, tangents, outputs, attrs, graphTransforms());
  if (op.linear === undefined) throw new Error(`The operation "${op.name}" has no rule for forward mode.`);
  const linear = op.linear(primals, attrs);
  if (!linear.some((i) => tangents[i])) return none;
  return bindAll(
    op,
    attrs,
    primals.map((x, i) => (linear.includes(i) ? (tangents[i] ?? zerosLike(x)) : x)),
  );
}

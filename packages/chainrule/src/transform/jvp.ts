/** Forward mode: tangents travel with the values, node by node. */
import type { Graph, Node } from "../graph/node.ts";
import type { MaybeTensor } from "../graph/primitive.ts";
import { bindAll, duringTransform, evaluateNodes, isDifferentiable } from "../graph/trace.ts";
import { firstOf, walk } from "../graph/walk.ts";
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
  const tangents = duringTransform(() =>
    walk<MaybeTensor>(
      graph,
      inputs.map((_, i) => inputTangents[i] ?? null),
      (node, given) => {
        const primals = node.inputs.map((input) => firstOf(values, input));
        return tangentsOf(node, primals, given, values.get(node) as readonly Tensor[]);
      },
    ),
  );
  return {
    outputs: graph.outputs.map((node) => firstOf(values, node)),
    tangents: graph.outputs.map((node) => firstOf(tangents, node)),
  };
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

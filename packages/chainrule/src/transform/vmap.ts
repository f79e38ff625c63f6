/** Vectorization: a graph for one example becomes a graph for a batch, with the batch as leading axis. */
import type { Graph, Node } from "../graph/node.ts";
import { atScope } from "../graph/scope.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { bindAll, duringTransform } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { graphTransforms } from "./hook.ts";

interface Batched {
  readonly tensors: readonly Tensor[];
  /** Whether the tensors have the batch axis. */
  readonly varies: boolean;
}

export interface BatchResult {
  readonly outputs: readonly Tensor[];
  readonly batched: readonly boolean[];
}

/** Evaluates a graph on inputs of which some have a leading batch axis of the given size. */
export function batchEvaluate(
  graph: Graph,
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
): BatchResult {
  const values = new Map<Node, Batched>();
  graph.inputs.forEach((node, i) => {
    values.set(node, { tensors: [inputs[i] as Tensor], varies: batched[i] === true });
  });
  const valueOf = (node: Node): Batched => values.get(node) as Batched;
  duringTransform(() => {
    for (const node of graph.nodes) {
      if (node.op === INPUT) continue;
      const args = node.inputs.map(valueOf);
      if (node.op === PICK) {
        const [source] = args as [Batched];
        values.set(node, { tensors: [source.tensors[node.attrs.index as number] as Tensor], varies: source.varies });
        continue;
      }
      const tensors = args.map((value) => value.tensors[0] as Tensor);
      const varies = args.some((value) => value.varies);
      const apply = (): Tensor[] =>
        varies
          ? node.op.batch(
              tensors,
              args.map((value) => value.varies),
              size,
              node.attrs,
              graphTransforms(),
            )
          : bindAll(node.op, node.attrs, tensors);
      values.set(node, { tensors: atScope(node.scope, apply), varies });
    }
  });
  return {
    outputs: graph.outputs.map((node) => valueOf(node).tensors[0] as Tensor),
    batched: graph.outputs.map((node) => valueOf(node).varies),
  };
}

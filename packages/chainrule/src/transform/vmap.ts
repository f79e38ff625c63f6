/** Vectorization: a graph for one example becomes a graph for a batch, with the batch as leading axis. */
import type { Graph } from "../graph/node.ts";
import { bindAll, duringTransform } from "../graph/trace.ts";
import { firstOf, walk } from "../graph/walk.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { graphTransforms } from "./hook.ts";

interface Batched {
  readonly tensor: Tensor;
  /** Whether the tensor has the batch axis. */
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
  const values = duringTransform(() =>
    walk<Batched>(
      graph,
      inputs.map((tensor, i) => ({ tensor, varies: batched[i] === true })),
      ({ op, attrs }, args) => {
        const tensors = args.map(({ tensor }) => tensor);
        const which = args.map(({ varies }) => varies);
        const varies = which.includes(true);
        const results = varies ? op.batch(tensors, which, size, attrs, graphTransforms()) : bindAll(op, attrs, tensors);
        return results.map((tensor) => ({ tensor, varies }));
      },
    ),
  );
  const outputs = graph.outputs.map((node) => firstOf(values, node));
  return { outputs: outputs.map(({ tensor }) => tensor), batched: outputs.map(({ varies }) => varies) };
}

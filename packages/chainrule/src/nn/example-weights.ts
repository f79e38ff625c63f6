/** Which rows of the batch being trained on count, for layers that compute with the batch as a whole. */
import { requireSynchronous } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";

let weights: Tensor | undefined;

/** The weights of the examples of the present batch, [batch], where some were given by `withExampleWeights`. */
export const exampleWeights = (): Tensor | undefined => weights;

/**
 * Runs `f`, which calls a model on a batch, with a weight for each of its rows. A layer that takes statistics over the batch
 * leaves rows of weight 0 out: they only fill the batch up. All others count once, whatever their weight. `fit` does this;
 * a loop of one's own that fills up its last batch can too.
 *
 * @param rows [batch]
 * @throws TraceError if `f` is asynchronous
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { batchNorm, training, withExampleWeights } from "chainrule/nn";
 * const layer = batchNorm(1, { momentum: 1 });
 * const x = tensor([[1], [3], [100]]);
 * withExampleWeights(tensor([1, 1, 0]), () => training(() => layer(x)));
 * // Of 1 and 3 alone.
 * layer.mean.value.arraySync(); // → [ 2 ]
 * layer.variance.value.arraySync(); // → [ 2 ]
 * ```
 */
export function withExampleWeights<T>(rows: Tensor, f: () => T): T {
  const before = weights;
  weights = rows;
  try {
    return requireSynchronous("withExampleWeights", f());
  } finally {
    weights = before;
  }
}

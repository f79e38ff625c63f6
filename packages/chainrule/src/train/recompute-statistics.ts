/** `recomputeStatistics`: running statistics for the weights that a model has now. */
import { compile } from "../compile/index.ts";
import type { Values } from "../data/dataset.ts";
import { initialize, type State, states, training } from "../nn/index.ts";
import { recomputing } from "../nn/statistics.ts";
import { asTensor } from "../tensor/create.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { scalar, type Tensor } from "../tensor/tensor.ts";
import { EVALUATION_BATCH } from "./evaluate.ts";
import { type Model, outputOf, requireModel } from "./model.ts";
import { putValues, valuesOf } from "./snapshot.ts";

export interface RecomputeStatisticsOptions {
  /** Rows in a batch, at least; default 256. Rows that are over go to the others, so that no batch is small. */
  readonly batchSize?: number;
}

/**
 * Computes the running means and variances of all `batchNorm` layers anew, over all rows of x in training mode: the mean of
 * the batches' statistics, each by its number of rows. What they were does not matter, nor does the layers' momentum. For
 * weights that no step of training had, whose statistics therefore nobody has seen: averages of weights (`swa`, `ema`), or
 * weights put together by hand. P. Izmailov et al., "Averaging weights leads to wider optima and better generalization",
 * 2018, section 3.2; PyTorch calls it `update_bn`.
 *
 * Nothing else of the model changes: neither its parameters nor the random state of dropout. A model without `batchNorm`
 * stays as it is.
 *
 * @param x the training inputs, one example a row
 * @throws TypeError, RangeError for a model, data and options that cannot be right; the errors of the model, which then has the
 *   statistics from before
 * @example
 * ```ts
 * import { batchNorm } from "chainrule/nn";
 * import { recomputeStatistics } from "chainrule/train";
 * const model = batchNorm(1);
 * await recomputeStatistics(model, [[1], [3]]);
 * model.mean.value.arraySync(); // → [ 2 ]
 * model.variance.value.arraySync(); // → [ 2 ]
 * ```
 */
export async function recomputeStatistics(
  model: Model,
  x: Values,
  options: RecomputeStatisticsOptions = {},
): Promise<void> {
  const where = "recomputeStatistics";
  requireModel(where, model);
  checkOptions(where, options, ["batchSize"]);
  const batchSize = options.batchSize ?? EVALUATION_BATCH;
  const least = checkNumber(where, "batchSize", batchSize, { least: 2, integer: true });
  const inputs = asTensor(x);
  const [rows = 0] = inputs.shape;
  if (rows === 0) throw new RangeError(`${where}: x has no rows; give one example a row.`);
  initialize(model, { missingOnly: true });
  const kept = states(model);
  const before = valuesOf(kept);
  const moved = new Set<State>();
  const pass = compile((batch: Tensor, share: Tensor) =>
    recomputing({ share, moved }, () => training(() => outputOf(model, batch))),
  );
  const batches = Math.max(1, Math.floor(rows / least));
  try {
    for (let i = 0, from = 0; i < batches; i++) {
      const to = Math.floor(((i + 1) * rows) / batches);
      pass(inputs.slice(0, from, to), scalar((to - from) / to, "float32"));
      from = to;
    }
  } catch (error) {
    putValues(kept, before);
    throw error;
  }
  putValues(Object.fromEntries(Object.entries(kept).filter(([, state]) => !moved.has(state))), before);
}

/** The squared error as a sum over the outputs, and half of it. */
import { checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { LOSS_OPTIONS, type Loss, type LossOptions, matchTargets, named, reduceSums } from "./loss.ts";

function sumOfSquares(name: string, factor: number, prediction: Tensor, target: Tensor, options: LossOptions): Tensor {
  checkOptions(name, options, LOSS_OPTIONS);
  const difference = prediction.sub(matchTargets(name, prediction, target));
  return reduceSums(name, difference.mul(factor).mul(difference), options);
}

/**
 * ‖p − t‖², the sum over the outputs of (p − t)², for [batch] or [batch, …] of the same shape; the mean over the
 * examples, or with `reduction: "sum"` the sum of squares over all. Its derivative by a prediction is 2·(p − t) over the
 * number of examples.
 *
 * @throws ShapeError unless prediction and target have the same shape
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { squaredError } from "chainrule/loss";
 * squaredError(tensor([[3, 4]]), tensor([[0, 0]])).itemSync(); // → 25
 * ```
 */
export const squaredError: Loss = /* @__PURE__ */ named("squaredError", (prediction, target, options = {}) =>
  sumOfSquares("squaredError", 1, prediction, target, options),
);

/**
 * ½‖p − t‖², so that the derivative by the prediction is p − t (over the number of examples): the negative logarithm of
 * a normal density of variance 1, but for a constant.
 *
 * @throws ShapeError unless prediction and target have the same shape
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { halfSquaredError } from "chainrule/loss";
 * halfSquaredError(tensor([[3, 4]]), tensor([[0, 0]])).itemSync(); // → 12.5
 * ```
 */
export const halfSquaredError: Loss = /* @__PURE__ */ named("halfSquaredError", (prediction, target, options = {}) =>
  sumOfSquares("halfSquaredError", 0.5, prediction, target, options),
);

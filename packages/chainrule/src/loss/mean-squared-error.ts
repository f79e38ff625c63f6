/** The squared error. */
import { checkOptions } from "../tensor/options.ts";
import { LOSS_OPTIONS, type Loss, matchTargets, named, reduceElements } from "./loss.ts";

/**
 * Mean over the examples of the mean over the outputs of (prediction − target)², for [batch] or [batch, …] of the same
 * shape. Note that there is no factor ½: the derivative by a prediction is 2·(p − t) / (batch · outputs). `squaredError` has the sum over
 * the outputs, `halfSquaredError` half of it.
 *
 * @throws ShapeError unless prediction and target have the same shape
 */
export const meanSquaredError: Loss = /* @__PURE__ */ named("meanSquaredError", (prediction, target, options = {}) => {
  const name = "meanSquaredError";
  checkOptions(name, options, LOSS_OPTIONS);
  const wanted = matchTargets(name, prediction, target);
  return reduceElements(name, prediction.sub(wanted).square(), options);
});

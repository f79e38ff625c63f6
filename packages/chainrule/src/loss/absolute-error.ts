/** The absolute error, and Huber's compromise between it and the squared error. */
import { where } from "../ops/select.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { LOSS_OPTIONS, type Loss, type LossOptions, matchTargets, named, reduceElements } from "./loss.ts";

/**
 * Mean over the examples of the mean over the outputs of |p − t|, for [batch] or [batch, …] of the same shape. Its
 * derivative by a prediction is sign(p − t) over the count, 0 where both are equal; a constant that minimizes it is the
 * median of the targets.
 *
 * @throws ShapeError unless prediction and target have the same shape
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { meanAbsoluteError } from "chainrule/loss";
 * meanAbsoluteError(tensor([1, 5]), tensor([2, 2])).itemSync(); // → 2
 * ```
 */
export const meanAbsoluteError: Loss = /* @__PURE__ */ named(
  "meanAbsoluteError",
  (prediction, target, options = {}) => {
    const name = "meanAbsoluteError";
    checkOptions(name, options, LOSS_OPTIONS);
    return reduceElements(name, prediction.sub(matchTargets(name, prediction, target)).abs(), options);
  },
);

export interface HuberOptions extends LossOptions {
  /** The error δ from which on the loss grows linearly; default 1. */
  readonly delta?: number;
}

/**
 * ½d² for |d| ≤ δ and δ·(|d| − ½δ) beyond, of the differences d = p − t; the mean over the outputs, then over the
 * examples. Its derivative, d limited to [−δ, δ], keeps outliers from ruling the fit. P. J. Huber, "Robust estimation of
 * a location parameter", 1964, eq. 2.
 *
 * @throws ShapeError unless prediction and target have the same shape; RangeError for a δ that is not positive
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { huber } from "chainrule/loss";
 * huber(tensor([1, 5]), tensor([0, 0]), { delta: 2, reduction: "none" }).arraySync(); // → [ 0.5, 8 ]
 * ```
 */
export const huber = /* @__PURE__ */ named(
  "huber",
  (prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor => {
    checkOptions("huber", options, [...LOSS_OPTIONS, "delta"]);
    const delta = checkNumber("huber", "delta", options.delta ?? 1, { above: 0 });
    const difference = prediction.sub(matchTargets("huber", prediction, target));
    const size = difference.abs();
    const losses = where(size.lessEqual(delta), difference.square().mul(0.5), size.sub(delta / 2).mul(delta));
    return reduceElements("huber", losses, options);
  },
);

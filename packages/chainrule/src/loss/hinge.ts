/** The loss of the margin: support vector machines. */
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSigns } from "./check-targets.ts";
import { canCheck, LOSS_OPTIONS, type LossOptions, matchTargets, named, reduceElements } from "./loss.ts";

export interface HingeOptions extends LossOptions {
  /** What a right prediction must reach to cost nothing; default 1. */
  readonly margin?: number;
}

/**
 * max(0, margin − y·p) for scores p and targets y that are −1 or 1, of the same shape, [batch] or [batch, …]; the mean
 * over the outputs, then over the examples. Its derivative by a score is −y over the count within the margin, else 0.
 * C. Cortes and V. Vapnik, "Support-vector networks", 1995.
 *
 * @throws ShapeError unless both have the same shape; RangeError for known targets that are neither −1 nor 1
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { hinge } from "chainrule/loss";
 * hinge(tensor([3, 0.5, 2]), tensor([1, 1, -1]), { reduction: "none" }).arraySync(); // → [ 0, 0.5, 3 ]
 * ```
 */
export const hinge = /* @__PURE__ */ named(
  "hinge",
  (prediction: Tensor, target: Tensor, options: HingeOptions = {}): Tensor => {
    checkOptions("hinge", options, [...LOSS_OPTIONS, "margin"]);
    const margin = checkNumber("hinge", "margin", options.margin ?? 1, { above: 0 });
    const y = matchTargets("hinge", prediction, target);
    if (canCheck(target, options)) checkSigns("hinge", target);
    return reduceElements("hinge", y.mul(prediction).neg().add(margin).relu(), options);
  },
);

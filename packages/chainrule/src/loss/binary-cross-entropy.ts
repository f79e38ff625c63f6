/** The cross-entropy of yes-or-no predictions. */
import { checkChoice, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkProbabilities } from "./check-targets.ts";
import {
  CLASS_LOSS_OPTIONS,
  type CrossEntropyOptions,
  canCheck,
  checkSmoothing,
  classWeightsFor,
  FROM,
  inBase,
  matchTargets,
  named,
  reduceElements,
  shareOf,
  smooth,
} from "./loss.ts";

/**
 * −y·log σ(z) − (1 − y)·log(1 − σ(z)) for logits z and targets y in [0, 1] of the same shape, [batch] or
 * [batch, …]; the mean over the outputs, then over the examples. The derivative by a logit is σ(z) − y over the count.
 *
 * From logits it is exact for logits of any size, as are its first and second derivatives. With
 * `from: "probabilities"` it takes σ(z) itself, which in float32 is 1 for z > 17: prefer logits.
 *
 * `classWeights` are those of no and of yes. With `labelSmoothing: ε` the targets are (1 − ε)·y + ε/2.
 *
 * @throws ShapeError unless prediction and target have the same shape; RangeError for targets, or predictions
 *   `from: "probabilities"`, that are known and not in [0, 1]. Within a traced function, and where a mask or weights are given,
 *   they are not looked at; `fit` and `evaluate` look at the targets beforehand.
 */
export const binaryCrossEntropy = /* @__PURE__ */ named(
  "binaryCrossEntropy",
  (prediction: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor => {
    const name = "binaryCrossEntropy";
    checkOptions(name, options, [...CLASS_LOSS_OPTIONS, "from"]);
    const from = checkChoice(name, "from", options.from ?? "logits", FROM);
    const y = matchTargets(name, prediction, target);
    if (canCheck(target, options)) checkProbabilities(name, target);
    if (from === "probabilities" && canCheck(prediction, options)) checkProbabilities(name, prediction, "predictions");
    const smoothing = checkSmoothing(name, options.labelSmoothing);
    const [yesShare, noShare] = [smooth(y, smoothing, 2), smooth(y.neg().add(1), smoothing, 2)];
    // −log σ(z) = softplus(−z) and −log(1 − σ(z)) = softplus(z). Neither is small by cancellation, and an
    // infinite one is left out where it has no share.
    const [yes, no] =
      from === "logits"
        ? [prediction.neg().softplus(), prediction.softplus()]
        : [prediction.log().neg(), prediction.neg().log1p().neg()];
    const { classWeights } = options;
    if (classWeights === undefined) {
      const losses = shareOf(yesShare, yes).add(shareOf(noShare, no));
      return reduceElements(name, inBase(name, losses, options.base), options);
    }
    const w = classWeightsFor(name, classWeights, 2, prediction);
    const [noWeight, yesWeight] = [w.gather(0), w.gather(1)];
    const losses = shareOf(yesShare.mul(yesWeight), yes).add(shareOf(noShare.mul(noWeight), no));
    const shares = y.mul(yesWeight).add(y.neg().add(1).mul(noWeight));
    return reduceElements(name, inBase(name, losses, options.base), options, shares);
  },
);

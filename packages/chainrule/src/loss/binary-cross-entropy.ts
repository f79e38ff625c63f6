/** The cross-entropy of yes-or-no predictions. */
import { checkChoice, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CrossEntropyOptions, FROM, matchTargets, named, perExample, reduceLosses, shareOf } from "./loss.ts";

/**
 * −y·log σ(z) − (1 − y)·log(1 − σ(z)) for logits z and targets y in [0, 1] of the same shape, [batch] or
 * [batch, …]; the mean over the outputs, then over the examples. The derivative by a logit is σ(z) − y over the count.
 *
 * From logits it is exact for logits of any size, as are its first and second derivatives. With
 * `from: "probabilities"` it takes σ(z) itself, which in float32 is 1 for z > 17: prefer logits.
 *
 * @throws ShapeError unless prediction and target have the same shape
 */
export const binaryCrossEntropy = /* @__PURE__ */ named(
  "binaryCrossEntropy",
  (prediction: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor => {
    const name = "binaryCrossEntropy";
    checkOptions(name, options, ["weights", "reduction", "from"]);
    const from = checkChoice(name, "from", options.from ?? "logits", FROM);
    const y = matchTargets(name, prediction, target);
    const not = y.neg().add(1);
    // −log σ(z) = softplus(−z) and −log(1 − σ(z)) = softplus(z). Neither is small by cancellation, and an
    // infinite one is left out where it has no share.
    const [yes, no] =
      from === "logits"
        ? [prediction.neg().softplus(), prediction.softplus()]
        : [prediction.log().neg(), prediction.neg().log1p().neg()];
    return reduceLosses(name, perExample(shareOf(y, yes).add(shareOf(not, no))), options);
  },
);

/** The cross-entropy of predictions of one class among several. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import { iota } from "../ops/iota.ts";
import { where } from "../ops/select.ts";
import { checkChoice, checkOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkClassNumbers, checkDistributions, checkLogarithms } from "./check-targets.ts";
import {
  CLASS_LOSS_OPTIONS,
  type ClassLossOptions,
  type CrossEntropyOptions,
  canCheck,
  checkSmoothing,
  classWeightsFor,
  FROM,
  inBase,
  named,
  reduceElements,
  requireFloat,
  requireTensor,
  shareOf,
  smooth,
} from "./loss.ts";

/**
 * −log softmax(z)_y for logits z [batch, classes] and int32 class numbers y [batch], or −Σ y·log softmax(z) for targets
 * y [batch, classes] that are one-hot or probabilities; the mean over the examples. Its derivative by the logits is
 * softmax(z) − y over the count. Dimensions between batch and classes, such as time, are averaged.
 *
 * From logits it is accurate for logits of any size, as are its first and second derivatives. With
 * `from: "probabilities"` it takes softmax(z) itself, whose logarithm has lost small probabilities: prefer logits.
 *
 * A class number that is out of range is an error if the targets are known, and makes the loss NaN if they are traced;
 * `fit` and `evaluate` look at the targets beforehand.
 *
 * @throws ShapeError, DTypeError unless the targets are of one of the two kinds; RangeError for class numbers out of range, and
 *   for rows of targets, or of predictions `from: "probabilities"`, that are no distribution. Numbers within a traced function
 *   are not known, and where a mask or weights are given they are not looked at.
 */
export const softmaxCrossEntropy = /* @__PURE__ */ named(
  "softmaxCrossEntropy",
  (prediction: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor => {
    const name = "softmaxCrossEntropy";
    checkOptions(name, options, [...CLASS_LOSS_OPTIONS, "from"]);
    const from = checkChoice(name, "from", options.from ?? "logits", FROM);
    return crossEntropy(name, prediction, target, options, (p) => {
      if (from === "logits") return p.logSoftmax();
      if (canCheck(p, options)) checkDistributions(name, p, "predictions");
      return p.log();
    });
  },
);

export interface LikelihoodOptions extends ClassLossOptions {
  /** Whether the predictions are logarithms of probabilities (default) or probabilities. */
  readonly from?: (typeof LIKELIHOOD_FROM)[number];
}

const LIKELIHOOD_FROM = ["logProbabilities", "probabilities"] as const;

/**
 * −log p_y, the negative log-likelihood, for log-probabilities [batch, classes], such as logSoftmax gives, and targets as
 * softmaxCrossEntropy takes them. For logits use softmaxCrossEntropy, which is this after a logSoftmax.
 *
 * @throws ShapeError, DTypeError unless the targets are of one of the two kinds; RangeError as softmaxCrossEntropy, and for
 *   known predictions whose exponentials do not sum to 1, such as logits
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { negativeLogLikelihood } from "chainrule/loss";
 * const p = tensor([[0.25, 0.75], [0.5, 0.5]]);
 * const y = tensor([0, 1], { dtype: "int32" });
 * negativeLogLikelihood(p.log(), y, { base: 2, reduction: "none" }).arraySync(); // → [ 2, 1 ]
 * ```
 */
export const negativeLogLikelihood = /* @__PURE__ */ named(
  "negativeLogLikelihood",
  (prediction: Tensor, target: Tensor, options: LikelihoodOptions = {}): Tensor => {
    const name = "negativeLogLikelihood";
    checkOptions(name, options, [...CLASS_LOSS_OPTIONS, "from"]);
    const from = checkChoice(name, "from", options.from ?? "logProbabilities", LIKELIHOOD_FROM);
    return crossEntropy(name, prediction, target, options, (p) => {
      const known = canCheck(p, options);
      if (from === "logProbabilities") {
        if (known) checkLogarithms(name, p);
        return p;
      }
      if (known) checkDistributions(name, p, "predictions");
      return p.log();
    });
  },
);

function crossEntropy(
  name: string,
  prediction: Tensor,
  target: Tensor,
  options: ClassLossOptions,
  logarithms: (prediction: Tensor) => Tensor,
): Tensor {
  requireFloat(name, prediction);
  requireTensor(name, "the target", target);
  const kind = kindOfTarget(name, prediction, target);
  const classes = prediction.shape.at(-1) as number;
  const smoothing = checkSmoothing(name, options.labelSmoothing);
  const { classWeights } = options;
  if (canCheck(target, options)) {
    if (kind === "class numbers") checkClassNumbers(name, target, classes);
    else checkDistributions(name, target);
  }
  const weights = classWeights && classWeightsFor(name, classWeights, classes, prediction);
  const { losses, shares } = (kind === "class numbers" ? ofClasses : ofDistributions)(
    logarithms(prediction),
    target,
    smoothing,
    weights,
  );
  return reduceElements(name, inBase(name, losses, options.base), options, shares);
}

/** The losses, and how much each adds to the divisor of a mean where classes have weights. */
interface Losses {
  readonly losses: Tensor;
  readonly shares: Tensor | undefined;
}

function ofDistributions(logs: Tensor, target: Tensor, smoothing: number, weights?: Tensor): Losses {
  const y = target.cast(logs.dtype);
  const smoothed = smooth(y, smoothing, logs.shape.at(-1) as number);
  const terms = shareOf(weights === undefined ? smoothed : smoothed.mul(weights), logs);
  return { losses: terms.sum(-1).neg(), shares: weights && y.mul(weights).sum(-1) };
}

function ofClasses(logs: Tensor, target: Tensor, smoothing: number, weights?: Tensor): Losses {
  const classes = logs.shape.at(-1) as number;
  // A choice among all classes fuses with the softmax and its gradient, which picking by position would not.
  const isClass = target.expandDims(-1).equal(iota([classes]));
  const weighted = weights === undefined ? logs : weights.mulz(logs);
  const chosen = where(isClass, weighted, 0).sum(-1);
  const mixed = smoothing === 0 ? chosen : chosen.mul(1 - smoothing).add(weighted.sum(-1).mul(smoothing / classes));
  // No class at all would train silently on nothing.
  const valid = target.greaterEqual(0).and(target.less(classes));
  return { losses: where(valid, mixed.neg(), Number.NaN), shares: weights && where(isClass, weights, 0).sum(-1) };
}

function kindOfTarget(name: string, prediction: Tensor, target: Tensor): "class numbers" | "probabilities" {
  const { shape } = prediction;
  const names = shape.map((_, i) => (i === shape.length - 1 ? "classes" : i === 0 ? "batch" : `dim${i}`));
  if (shape.length === 0)
    throw new ShapeError(located(`${name}: the prediction is a scalar; [batch, classes] is needed.`));
  const batch = shape.slice(0, -1);
  if (sameShape(target.shape, shape)) return "probabilities";
  if (!sameShape(target.shape, batch)) {
    const column = sameShape(target.shape, [...batch, 1])
      ? ` Drop the last dimension with .reshape([${batch.join(", ")}]).`
      : "";
    throw new ShapeError(
      located(
        `${name}: for predictions ${formatShape(shape, names)} the targets must be class numbers, int32${formatShape(batch, names)}, ` +
          `or one-hot, ${formatShape(shape, names)}; they are ${target.dtype}${formatShape(target.shape)}.${column}`,
      ),
    );
  }
  if (target.dtype === "int32") return "class numbers";
  throw new DTypeError(
    located(
      `${name}: class numbers must be int32, and these are ${target.dtype}${formatShape(target.shape)}. Make the targets with ` +
        'tensor(labels, { dtype: "int32" }), convert a tensor with .cast("int32"), or give one-hot targets.',
    ),
  );
}

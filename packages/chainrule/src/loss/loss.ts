/** What a loss is, and what all losses share: weights, masks and the reduction to one number. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import { onesLike } from "../ops/constant.ts";
import { where } from "../ops/select.ts";
import { tensor } from "../tensor/create.ts";
import { isFloat } from "../tensor/dtype.ts";
import { checkChoice, checkNumber, describeValue } from "../tensor/options.ts";
import { formatShape, range, sameShape } from "../tensor/shape.ts";
import { isConcrete, Tensor } from "../tensor/tensor.ts";

export interface LossOptions {
  /**
   * A weight for each example, [batch]. "mean" divides by their sum; an example of weight 0 has no influence, even if
   * its loss is NaN. If all are 0 the loss is 0.
   */
  readonly weights?: Tensor;
  /** mean over examples (default), sum over examples, or none: the weighted losses of the examples, [batch]. */
  readonly reduction?: "mean" | "sum" | "none";
  /**
   * Which elements count, bool: [batch], or of the shape of the elements' losses, such as [batch, time]. The others have
   * no influence, even if they are NaN; "mean" is over all that count, so that a long sequence weighs more than a short one.
   */
  readonly mask?: Tensor;
}

/**
 * Whether numbers can be looked at: traced ones are not known yet, and what a mask or weights leave out may be anything, as
 * −1 or −100 where there is padding.
 */
export const canCheck = (t: Tensor, { mask, weights }: LossOptions = {}): boolean =>
  isConcrete(t) && mask === undefined && weights === undefined;

export interface BaseOptions {
  /** The base of the logarithms: e (default) for nats, 2 for bits. */
  readonly base?: number;
}

/** What all losses of classes share. */
export interface ClassLossOptions extends LossOptions, BaseOptions {
  /** In [0, 1), default 0: the share of each target that is spread evenly over all classes. */
  readonly labelSmoothing?: number;
  /**
   * A weight for each class, by number. "mean" divides by the sum of the weights of the targets' classes, "none" and
   * "sum" do not. In `fit` use its option of this name.
   */
  readonly classWeights?: ArrayLike<number>;
}

export interface CrossEntropyOptions extends ClassLossOptions {
  /** Whether the predictions are logits (default) or probabilities. */
  readonly from?: (typeof FROM)[number];
}

export const LOSS_OPTIONS = ["weights", "reduction", "mask"] as const;
export const CLASS_LOSS_OPTIONS = [...LOSS_OPTIONS, "base", "labelSmoothing", "classWeights"] as const;

export const FROM = ["logits", "probabilities"] as const;

/** A loss of predictions [batch, …] against targets; `name` says which, also after minification. */
export type Loss = (prediction: Tensor, target: Tensor, options?: LossOptions) => Tensor;

/** The function, under a name that no minifier changes. */
export function named<F extends Loss>(name: string, f: F): F {
  return Object.defineProperty(f, "name", { value: name });
}

/** @throws TypeError unless it is a tensor; `what` is how the message calls it */
export function requireTensor(name: string, what: string, value: unknown): void {
  if (value instanceof Tensor) return;
  const mend = Array.isArray(value) || ArrayBuffer.isView(value) || typeof value === "number";
  throw new TypeError(
    located(
      `${name}: ${what} must be a tensor; it is ${describeValue(value)}.${mend ? " Make one of it with tensor(…)." : ""}`,
    ),
  );
}

/** @throws TypeError, DTypeError unless the predictions are a tensor of floats */
export function requireFloat(name: string, prediction: Tensor): void {
  requireTensor(name, "the prediction", prediction);
  if (!isFloat(prediction.dtype)) {
    throw new DTypeError(
      located(`${name}: predictions must be float32 or float64, and these are ${prediction.dtype}.`),
    );
  }
}

/** The targets in the dtype of the predictions. @throws ShapeError unless both have the same shape */
export function matchTargets(name: string, prediction: Tensor, target: Tensor): Tensor {
  requireFloat(name, prediction);
  requireTensor(name, "the target", target);
  if (sameShape(prediction.shape, target.shape)) return target.cast(prediction.dtype);
  const mend =
    prediction.size === target.size
      ? ` Make them alike, for example with target.reshape([${prediction.shape.join(", ")}]).`
      : "";
  throw new ShapeError(
    located(
      `${name}: the prediction has shape ${formatShape(prediction.shape)} and the target ${formatShape(target.shape)}; ` +
        `they must be the same, for broadcasting would compare every prediction with every target.${mend}`,
    ),
  );
}

/**
 * share · loss, and 0 where the share is 0, even if the loss is infinite. Where the cotangent is 0, because the example
 * is masked, so is the result's, even if the share is NaN; mulz does not give that for its left side.
 */
export const shareOf = (share: Tensor, loss: Tensor): Tensor => where(share.equal(0), 0, share.mul(loss));

/** The mean over all but the first axis: one loss for each example. */
export const perExample = (losses: Tensor): Tensor =>
  losses.rank <= 1 ? losses : losses.mean(range(losses.rank - 1, 1));

/** The sum over all but the first axis. */
export const sumOutputs = (losses: Tensor): Tensor =>
  losses.rank <= 1 ? losses : losses.sum(range(losses.rank - 1, 1));

/** Natural logarithms in another base. @throws RangeError unless the base is above 1 */
export function inBase(name: string, nats: Tensor, base: number = Math.E): Tensor {
  checkNumber(name, "base", base, { above: 1 });
  return base === Math.E ? nats : nats.div(Math.log(base));
}

/** Weights and reduces the losses of the examples. @throws ShapeError when the weights are not one for each */
export function reduceLosses(name: string, losses: Tensor, { weights, reduction = "mean" }: LossOptions): Tensor {
  checkChoice(name, "reduction", reduction, REDUCTIONS);
  if (weights === undefined) {
    if (reduction === "none") return losses;
    return reduction === "sum" ? losses.sum() : losses.mean();
  }
  const w = weightsFor(name, losses, weights);
  // mulz: a weight of 0 masks whatever the loss is, and its derivative too.
  const weighted = w.mulz(losses);
  if (reduction === "none") return weighted;
  return reduction === "sum" ? weighted.sum() : quotient(weighted.sum(), w.sum());
}

/**
 * Masks, weights and reduces the losses of elements, [batch, …]: the mean over those of an example that count, then over
 * the examples, each by the number of its elements that count.
 *
 * @param shares how much each element adds to the divisor of "mean", of the shape of the losses; default 1
 */
export function reduceElements(name: string, losses: Tensor, options: LossOptions, shares?: Tensor): Tensor {
  const { mask, weights, reduction = "mean" } = options;
  if (mask === undefined && shares === undefined) return reduceLosses(name, perExample(losses), options);
  const counts = mask === undefined ? onesLike(losses) : maskFor(name, losses, mask);
  const total = sumOutputs(mask === undefined ? losses : counts.mulz(losses));
  if (reduction !== "mean") return reduceLosses(name, quotient(total, sumOutputs(counts)), options);
  const parts = sumOutputs(shares === undefined ? counts : counts.mulz(shares));
  const w = weights === undefined ? onesLike(total) : weightsFor(name, total, weights);
  return quotient(w.mulz(total).sum(), w.mulz(parts).sum());
}

/** The same for losses that are summed over the outputs of an example; "mean" is over the examples with any that count. */
export function reduceSums(name: string, losses: Tensor, options: LossOptions): Tensor {
  if (options.mask === undefined) return reduceLosses(name, sumOutputs(losses), options);
  const counts = maskFor(name, losses, options.mask);
  const mask = sumOutputs(counts).greater(0);
  return reduceElements(name, sumOutputs(counts.mulz(losses)), { ...options, mask });
}

const REDUCTIONS = ["mean", "sum", "none"] as const;

/** sum / count, and 0 where there is none. */
const quotient = (sum: Tensor, count: Tensor): Tensor => where(count.equal(0), 0, sum.div(count));

function weightsFor(name: string, losses: Tensor, weights: Tensor): Tensor {
  requireTensor(name, 'the option "weights"', weights);
  if (weights.rank === losses.rank && weights.size === losses.size) return weights.cast(losses.dtype);
  throw new ShapeError(
    located(
      `${name}: the weights have shape ${formatShape(weights.shape)}, but there is one loss for each example, ` +
        `${formatShape(losses.shape, ["batch"])}. Give one weight for each example.`,
    ),
  );
}

/** 1 where an element counts, else 0. @throws DTypeError, ShapeError unless it is bool, for examples or for elements */
function maskFor(name: string, losses: Tensor, mask: Tensor): Tensor {
  requireTensor(name, 'the option "mask"', mask);
  if (mask.dtype !== "bool") {
    throw new DTypeError(
      located(
        `${name}: the mask must be bool, true for what counts; it is ${mask.dtype}. Make it so with .notEqual(0), or ` +
          'give fractions as "weights".',
      ),
    );
  }
  const [batch = 1, ...outputs] = losses.shape;
  const ones = mask.cast(losses.dtype);
  if (sameShape(mask.shape, losses.shape)) return ones;
  if (sameShape(mask.shape, [batch])) return ones.reshape([batch, ...outputs.map(() => 1)]).mul(onesLike(losses));
  const examples = losses.rank > 1 ? ` or ${formatShape([batch], ["batch"])}` : "";
  throw new ShapeError(
    located(
      `${name}: the mask has shape ${formatShape(mask.shape)}; it must be ${formatShape(losses.shape)}, as the losses ` +
        `are${examples}.`,
    ),
  );
}

/** The targets of label smoothing: (1 − ε)·y + ε/classes. */
export const smooth = (y: Tensor, smoothing: number, classes: number): Tensor =>
  smoothing === 0 ? y : y.mul(1 - smoothing).add(smoothing / classes);

/** @throws RangeError unless it is in [0, 1) */
export const checkSmoothing = (name: string, smoothing: number = 0): number =>
  checkNumber(name, "labelSmoothing", smoothing, { least: 0, below: 1 });

/** The weights of the classes, [classes]. @throws RangeError, TypeError unless there is one ≥ 0 for each */
export function classWeightsFor(name: string, weights: ArrayLike<number>, classes: number, like: Tensor): Tensor {
  if (typeof weights !== "object" || weights === null || typeof weights.length !== "number") {
    throw new TypeError(`${name}: classWeights must be an array of numbers; it is ${describeValue(weights)}.`);
  }
  const numbers = Array.from(weights);
  if (numbers.length !== classes) {
    throw new RangeError(`${name}: classWeights has ${numbers.length} weights, but there are ${classes} classes.`);
  }
  numbers.forEach((w, i) => {
    checkNumber(name, `classWeights[${i}]`, w, { least: 0 });
  });
  return tensor(numbers, { dtype: like.dtype });
}

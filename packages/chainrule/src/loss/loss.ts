/** What a loss is, and what all losses share: weights, masks and the reduction to one number. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import { where } from "../ops/select.ts";
import { isFloat } from "../tensor/dtype.ts";
import { checkChoice } from "../tensor/options.ts";
import { formatShape, range, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface LossOptions {
  /**
   * A weight for each example, [batch]. "mean" divides by their sum; an example of weight 0 has no influence, even if
   * its loss is NaN. If all are 0 the loss is 0.
   */
  readonly weights?: Tensor;
  /** mean over examples (default), sum over examples, or none: the weighted losses of the examples, [batch]. */
  readonly reduction?: "mean" | "sum" | "none";
}

export interface CrossEntropyOptions extends LossOptions {
  /** Whether the predictions are logits (default) or probabilities. */
  readonly from?: (typeof FROM)[number];
}

export const FROM = ["logits", "probabilities"] as const;

/** A loss of predictions [batch, …] against targets; `name` says which, also after minification. */
export type Loss = (prediction: Tensor, target: Tensor, options?: LossOptions) => Tensor;

/** The function, under a name that no minifier changes. */
export function named<F extends Loss>(name: string, f: F): F {
  return Object.defineProperty(f, "name", { value: name });
}

/** @throws DTypeError unless the predictions are floats */
export function requireFloat(name: string, prediction: Tensor): void {
  if (!isFloat(prediction.dtype)) {
    throw new DTypeError(
      located(`${name}: predictions must be float32 or float64, and these are ${prediction.dtype}.`),
    );
  }
}

/** The targets in the dtype of the predictions. @throws ShapeError unless both have the same shape */
export function matchTargets(name: string, prediction: Tensor, target: Tensor): Tensor {
  requireFloat(name, prediction);
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

/** Weights and reduces the losses of the examples. @throws ShapeError when the weights are not one for each */
export function reduceLosses(name: string, losses: Tensor, { weights, reduction = "mean" }: LossOptions): Tensor {
  checkChoice(name, "reduction", reduction, ["mean", "sum", "none"]);
  if (weights === undefined) {
    if (reduction === "none") return losses;
    return reduction === "sum" ? losses.sum() : losses.mean();
  }
  if (weights.rank !== losses.rank || weights.size !== losses.size) {
    throw new ShapeError(
      located(
        `${name}: the weights have shape ${formatShape(weights.shape)}, but there is one loss for each example, ` +
          `${formatShape(losses.shape, ["batch"])}. Give one weight for each example.`,
      ),
    );
  }
  const w = weights.cast(losses.dtype);
  // mulz: a weight of 0 masks whatever the loss is, and its derivative too.
  const weighted = w.mulz(losses);
  if (reduction === "none") return weighted;
  if (reduction === "sum") return weighted.sum();
  const total = w.sum();
  return where(total.equal(0), 0, weighted.sum().div(total));
}

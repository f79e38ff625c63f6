/** Any loss as one that takes a weight for each example. */
import type { Loss } from "../loss/index.ts";
import { constantLike } from "../ops/constant.ts";
import { where } from "../ops/select.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { vmap } from "../transform/index.ts";

/** A loss of one's own: of predictions and targets with a leading batch axis, to a scalar or to one loss an example. */
export type PlainLoss = (prediction: Tensor, target: Tensor) => Tensor;

/**
 * The weighted mean of a loss over examples. A loss with a third parameter, as those of `chainrule/loss` have, takes the
 * weights itself; one of two parameters is applied to each example as a batch of one. Weights of 0 mask.
 */
export function weightedLoss(loss: Loss | PlainLoss): (prediction: Tensor, target: Tensor, weights: Tensor) => Tensor {
  if (loss.length !== 2) return (prediction, target, weights) => (loss as Loss)(prediction, target, { weights });
  const one = (prediction: Tensor, target: Tensor): Tensor => {
    const value = (loss as PlainLoss)(prediction.expandDims(0), target.expandDims(0));
    return value.rank === 0 ? value : value.reshape([value.size]).mean();
  };
  return (prediction, target, weights) => {
    const losses = vmap(one)(prediction, target) as Tensor;
    const w = weights.cast(losses.dtype);
    const total = w.sum();
    const empty = total.equal(0);
    return where(empty, 0, w.mulz(losses).sum().div(where(empty, constantLike(total, 1), total)));
  };
}

/** Any loss as one that takes a weight for each example. */
import type { Loss } from "../loss/index.ts";
import { perExample, reduceLosses } from "../loss/loss.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { vmap } from "../transform/index.ts";

/** A loss of one's own: of predictions and targets with a leading batch axis, to a scalar or to one loss an example. */
export type PlainLoss = (prediction: Tensor, target: Tensor) => Tensor;

/** The mean of a loss over examples, weighted if weights are given; those of weight 0 have no influence. */
export type Objective = (prediction: Tensor, target: Tensor, weights?: Tensor) => Tensor;

/**
 * A loss asked for the losses of the examples may give them, as those of `chainrule/loss` do. If it gives one number all
 * the same, it is applied to each example as a batch of one. So weights and the filling up of the last minibatch have the
 * same meaning for every loss.
 */
export function weightedLoss(loss: Loss | PlainLoss): Objective {
  const one = (prediction: Tensor, target: Tensor): Tensor =>
    (loss as PlainLoss)(prediction.expandDims(0), target.expandDims(0));
  return (prediction, target, weights) => {
    const asked = (loss as Loss)(prediction, target, { reduction: "none" });
    const losses = asked.rank === 0 ? (vmap(one)(prediction, target) as Tensor) : asked;
    return reduceLosses(loss.name || "the loss", perExample(losses), weights === undefined ? {} : { weights });
  };
}

/** Any loss as one that takes a weight for each example. */
import { located, ShapeError } from "../graph/errors.ts";
import type { Loss } from "../loss/index.ts";
import { perExample, reduceLosses } from "../loss/loss.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { vmap } from "../transform/index.ts";

/**
 * The losses of the examples, [batch]. A loss that is asked for them may give them, as those of `chainrule/loss` do. If
 * it gives one number all the same, it is applied to each example as a batch of one. So weights, and the filling up of
 * the last minibatch, have the same meaning for every loss.
 */
export function exampleLosses(loss: Loss, prediction: Tensor, target: Tensor): Tensor {
  const losses: unknown = loss(prediction, target, { reduction: "none" });
  if (!(losses instanceof Tensor)) {
    throw new TypeError(located(`The loss must give a tensor; it gave ${describeValue(losses)}.`));
  }
  if (losses.rank === 0) {
    return vmap((p: Tensor, t: Tensor) => loss(p.expandDims(0), t.expandDims(0)))(prediction, target) as Tensor;
  }
  if (losses.shape[0] !== prediction.shape[0]) {
    throw new ShapeError(
      located(
        `The loss gave shape ${formatShape(losses.shape)} for predictions ${formatShape(prediction.shape)}; it must give ` +
          "one number, or one for each example.",
      ),
    );
  }
  return perExample(losses);
}

/** The weighted mean of a loss over examples; those of weight 0 have no influence. */
export const weightedLoss = (loss: Loss, prediction: Tensor, target: Tensor, weights: Tensor): Tensor =>
  reduceLosses(loss.name, exampleLosses(loss, prediction, target), { weights });

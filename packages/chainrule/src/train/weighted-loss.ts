/** Any loss as one that takes a weight for each example. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import type { Loss } from "../loss/index.ts";
import { perExample, reduceLosses } from "../loss/loss.ts";
import { isFloat } from "../tensor/dtype.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { vmap } from "../transform/index.ts";

/** What a loss gives when it is asked for the losses of the examples. @throws TypeError, DTypeError unless they are floats */
export function givenLosses(loss: Loss, prediction: Tensor, target: Tensor): Tensor {
  const losses: unknown = loss(prediction, target, { reduction: "none" });
  if (!(losses instanceof Tensor)) {
    throw new TypeError(located(`The loss must give a tensor; it gave ${describeValue(losses)}.`));
  }
  if (isFloat(losses.dtype)) return losses;
  throw new DTypeError(located(`The loss must give floats, which have derivatives; it gave ${losses.dtype}.`));
}

/**
 * The losses of the examples, [batch]. A loss that is asked for them may give them, as those of `chainrule/loss` do. If
 * it gives one number all the same, it is applied to each example as a batch of one. So weights, and the filling up of
 * the last minibatch, have the same meaning for every loss.
 *
 * @param losses what `givenLosses` gives, if it is known already
 */
export function exampleLosses(
  loss: Loss,
  prediction: Tensor,
  target: Tensor,
  losses: Tensor = givenLosses(loss, prediction, target),
): Tensor {
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

/** Examples on which a loss is tried, at most. */
const TRIED = 8;

/** The rows on which a loss is tried. */
export const firstRows = (t: Tensor): Tensor => t.slice(0, 0, Math.min(t.shape[0] as number, TRIED));

/** Of the size of the losses: less than the statistics of any batch differ by, more than rounding in float32. */
const ROUNDING = 1e-3;

/**
 * Tries a loss that gives one number for a batch, on its first examples: that number must be the mean of the examples'
 * losses, or their sum. A number that belongs to the batch as a whole, such as a correlation or the root of a mean, is not
 * made of losses of examples; on one example alone it means something else, or nothing.
 *
 * @param where the function that users called, for errors
 * @param prediction, target concrete
 * @throws RangeError for such a loss
 */
export function checkDecomposes(where: string, loss: Loss, prediction: Tensor, target: Tensor): void {
  const [p, t] = [firstRows(prediction), firstRows(target)];
  const count = p.shape[0] as number;
  if (count < 2) return;
  const batch = givenLosses(loss, p, t);
  if (batch.rank > 0) return;
  const whole = batch.itemSync();
  const each = Array.from(exampleLosses(loss, p, t, batch).dataSync());
  const sum = each.reduce((total, one) => total + one, 0);
  const size = each.reduce((total, one) => total + Math.abs(one), 0);
  // What is not finite for the batch is found, and explained better, in training.
  if (!Number.isFinite(whole) || Math.abs(whole - sum) <= ROUNDING * size) return;
  if (Math.abs(whole - sum / count) <= ROUNDING * (size / count)) return;
  const number = (x: number): string => `${Number(x.toPrecision(4))}`;
  const name = ["", "loss"].includes(loss.name) ? "" : `${loss.name} `;
  throw new RangeError(
    `${where}: the loss ${name}must be a mean (or a sum) over the examples, and it is not: of the first ${count} examples ` +
      `together it is ${number(whole)}, and the mean of the losses of each alone is ${number(sum / count)}. ` +
      "Give one loss for each example; if it calls a loss with a mask or weights, pass on its third argument, " +
      "(prediction, target, options) => huber(prediction, target, { ...options, mask }). " +
      "For a loss of the batch as a whole use trainStep, which takes it as it is.",
  );
}

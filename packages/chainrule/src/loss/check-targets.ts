/** Checks of targets against a loss, on the host, before anything is trained. */
import { isFloat } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How far the sum of a row of probabilities may be from 1: more than float32 rounding, less than any real mistake. */
const SUM_TOLERANCE = 1e-3;

/**
 * Looks for targets that a loss cannot take: class numbers out of range, probabilities that are none.
 *
 * @param loss the name of the loss, `loss.name`; for one that is not known nothing is checked
 * @param targets concrete, as the loss would get them
 * @param classes the number of classes, the last extent of the predictions
 * @throws RangeError that names the first such row
 */
export function checkTargets(loss: string, targets: Tensor, classes: number): void {
  if (loss === "softmaxCrossEntropy") {
    if (isFloat(targets.dtype)) checkDistributions(loss, targets, classes);
    // Whether [.., classes] integers are one-hot or class numbers only the shape of the predictions tells.
    else if (targets.dtype === "int32" && (targets.rank < 2 || targets.shape.at(-1) !== classes))
      checkClassNumbers(targets, classes);
  }
  if (loss === "binaryCrossEntropy") checkProbabilities(loss, targets);
}

/** @throws RangeError that names the first row with a class that does not exist */
export function checkClassNumbers(targets: Tensor, classes: number): void {
  const numbers = targets.dataSync();
  const row = numbers.findIndex((label) => !(label >= 0 && label < classes));
  if (row < 0) return;
  throw new RangeError(
    `labels out of range: row ${row} has class ${numbers[row]}, but the logits have ${classes} classes (0…${classes - 1}).`,
  );
}

function checkProbabilities(loss: string, targets: Tensor): void {
  const numbers = targets.dataSync();
  const position = numbers.findIndex((y) => !(y >= 0 && y <= 1));
  if (position < 0) return;
  const row = Math.floor(position / (targets.size / (targets.shape[0] ?? 1)));
  throw new RangeError(
    `${loss}: targets must be between 0 and 1 (0 for no, 1 for yes); row ${row} has ${numbers[position]}.`,
  );
}

function checkDistributions(loss: string, targets: Tensor, classes: number): void {
  const numbers = targets.dataSync();
  checkProbabilities(loss, targets);
  for (let row = 0; (row + 1) * classes <= numbers.length; row++) {
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) sum += numbers[i] as number;
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new RangeError(
        `${loss}: each row of the targets must sum to 1; row ${row} sums to ${Number(sum.toPrecision(6))}.`,
      );
    }
  }
}

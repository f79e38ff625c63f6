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
  if (loss === "softmaxCrossEntropy" || loss === "negativeLogLikelihood") {
    if (isFloat(targets.dtype)) checkDistributions(loss, targets, classes);
    // Whether [.., classes] integers are one-hot or class numbers only the shape of the predictions tells.
    else if (targets.dtype === "int32" && (targets.rank < 2 || targets.shape.at(-1) !== classes))
      checkClassNumbers(loss, targets, classes);
  }
  if (loss === "klDivergence") checkDistributions(loss, targets, classes);
  if (loss === "hinge") checkSigns(loss, targets);
  if (loss === "binaryCrossEntropy") checkProbabilities(loss, targets, "targets");
}

/** @throws RangeError that names the first row with a class that does not exist */
export function checkClassNumbers(loss: string, targets: Tensor, classes: number): void {
  const numbers = targets.dataSync();
  const row = numbers.findIndex((label) => !(label >= 0 && label < classes));
  if (row < 0) return;
  const predictions = loss === "softmaxCrossEntropy" ? "logits" : "predictions";
  throw new RangeError(
    `labels out of range: row ${row} has class ${numbers[row]}, but the ${predictions} have ${classes} classes (0…${classes - 1}).`,
  );
}

/** @throws RangeError that names the first row with a target that is neither −1 nor 1 */
export function checkSigns(loss: string, targets: Tensor): void {
  checkEach(
    targets,
    (y) => y === 1 || y === -1,
    (row, y) => {
      const mend = y === 0 ? " Make −1 and 1 of 0 and 1 with .mul(2).sub(1)." : "";
      return `${loss}: targets must be −1 or 1; row ${row} has ${y}.${mend}`;
    },
  );
}

function checkProbabilities(loss: string, targets: Tensor, what: string): void {
  const meaning = what === "targets" ? " (0 for no, 1 for yes)" : "";
  checkEach(
    targets,
    (y) => y >= 0 && y <= 1,
    (row, y) => `${loss}: ${what} must be between 0 and 1${meaning}; row ${row} has ${y}.`,
  );
}

function checkEach(targets: Tensor, good: (y: number) => boolean, message: (row: number, y: number) => string): void {
  const numbers = targets.dataSync();
  const position = numbers.findIndex((y) => !good(y));
  if (position < 0) return;
  const row = Math.floor(position / (targets.size / (targets.shape[0] ?? 1)));
  throw new RangeError(message(row, numbers[position] as number));
}

/** @throws RangeError that names the first row that is no distribution; `what` is how the message calls the numbers */
export function checkDistributions(loss: string, targets: Tensor, classes: number, what = "targets"): void {
  const numbers = targets.dataSync();
  checkProbabilities(loss, targets, what);
  for (let row = 0; (row + 1) * classes <= numbers.length; row++) {
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) sum += numbers[i] as number;
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new RangeError(
        `${loss}: each row of ${what === "targets" ? "the targets" : what} must sum to 1; row ${row} sums to ${Number(sum.toPrecision(6))}.`,
      );
    }
  }
}

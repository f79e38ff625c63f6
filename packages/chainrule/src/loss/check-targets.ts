/** Checks of targets against a loss, on the host, before anything is trained. */
import { isFloat } from "../tensor/dtype.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How far the sum of a row of probabilities may be from 1: more than float32 rounding, less than any real mistake. */
const SUM_TOLERANCE = 1e-3;

/**
 * Looks for targets that a loss cannot take: class numbers out of range, probabilities that are none.
 *
 * @param loss the name of the loss, `loss.name`; for one that is not known nothing is checked
 * @param targets concrete, as the loss would get them
 * @param classes the number of classes, the last extent of the predictions
 * @param rank of the predictions, if it is known; without it int32 [.., classes] may be class numbers or one-hot
 * @throws RangeError that names the first bad number and its row
 */
export function checkTargets(loss: string, targets: Tensor, classes: number, rank?: number): void {
  if (loss === "softmaxCrossEntropy" || loss === "negativeLogLikelihood") {
    const oneHot = rank === undefined ? isFloat(targets.dtype) : targets.rank === rank;
    if (oneHot) checkDistributions(loss, targets);
    else if (targets.dtype === "int32") checkClassNumbers(loss, targets, classes);
  }
  if (loss === "klDivergence") checkDistributions(loss, targets);
  if (loss === "hinge") checkSigns(loss, targets);
  if (loss === "binaryCrossEntropy") checkProbabilities(loss, targets);
}

/** @throws RangeError that names the first row with a class that does not exist */
export function checkClassNumbers(loss: string, targets: Tensor, classes: number): void {
  checkEach(
    targets,
    (label) => label >= 0 && label < classes,
    (place, label) => {
      const predictions = loss === "softmaxCrossEntropy" ? "logits" : "predictions";
      return `${loss}: labels out of range: ${place} has class ${label}, but the ${predictions} have ${classes} classes (0…${classes - 1}).`;
    },
  );
}

/** @throws RangeError that names the first row with a target that is neither −1 nor 1 */
export function checkSigns(loss: string, targets: Tensor): void {
  checkEach(
    targets,
    (y) => y === 1 || y === -1,
    (place, y) => {
      const mend = y === 0 ? " Make −1 and 1 of 0 and 1 with .mul(2).sub(1)." : "";
      return `${loss}: targets must be −1 or 1; ${place} has ${y}.${mend}`;
    },
  );
}

/** @throws RangeError that names the first number out of [0, 1]; `what` is how the message calls the numbers */
export function checkProbabilities(loss: string, numbers: Tensor, what = "targets"): void {
  const meaning =
    what === "targets" ? " (0 for no, 1 for yes)" : what === "predictions" ? ', for `from` is "probabilities"' : "";
  checkEach(
    numbers,
    (y) => y >= 0 && y <= 1,
    (place, y) => `${loss}: ${what} must be between 0 and 1${meaning}; ${place} has ${y}.`,
  );
}

function checkEach(t: Tensor, good: (x: number) => boolean, message: (place: string, x: number) => string): void {
  const numbers = t.dataSync();
  const position = numbers.findIndex((x) => !good(x));
  if (position >= 0) throw new RangeError(message(placeOf(position, t.shape), numbers[position] as number));
}

/** "row 1", and where rows have several numbers "row 1, index [1, 0],". */
function placeOf(position: number, shape: Shape): string {
  if (shape.length === 0) return "it";
  const index: number[] = [];
  let rest = position;
  for (const extent of shape.toReversed()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return `row ${index[0]}${sizeOf(shape.slice(1)) === 1 ? "" : ` (at [${index.join(", ")}])`}`;
}

/**
 * @param what how the message calls the numbers, [.., classes]
 * @throws RangeError that names the first row that is no distribution
 */
export function checkDistributions(loss: string, p: Tensor, what = "targets"): void {
  checkProbabilities(loss, p, what);
  const found = firstUnlikeOne(p, (x) => x);
  if (found === undefined) return;
  throw new RangeError(
    `${loss}: each row of ${what === "p" ? what : `the ${what}`} must sum to 1; row ${found.row} sums to ${found.sum}.`,
  );
}

/** @throws RangeError that names the first row of predictions whose exponentials do not sum to 1 */
export function checkLogarithms(loss: string, logs: Tensor): void {
  const found = firstUnlikeOne(logs, Math.exp);
  if (found === undefined) return;
  throw new RangeError(
    `${loss}: each row of the predictions must be logarithms of probabilities, whose exponentials sum to 1; those of row ` +
      `${found.row} sum to ${found.sum}. For logits use softmaxCrossEntropy, or logSoftmax first; for probabilities ` +
      '{ from: "probabilities" }.',
  );
}

/** The first row along the last axis whose numbers do not sum to 1, after `f`. */
function firstUnlikeOne(t: Tensor, f: (x: number) => number): { row: number; sum: number } | undefined {
  const numbers = t.dataSync();
  const classes = t.shape.at(-1) as number;
  for (let row = 0; (row + 1) * classes <= numbers.length; row++) {
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) sum += f(numbers[i] as number);
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return { row, sum: Number(sum.toPrecision(6)) };
  }
  return undefined;
}

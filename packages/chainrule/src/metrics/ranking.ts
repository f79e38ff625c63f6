/** Metrics of order: how well scores put examples of a class before the others, whatever the threshold. */
import type { Values } from "../data/dataset.ts";
import { type Outputs, outputsOf, targetClasses } from "./outputs.ts";

/** One point of the ROC curve: what happens when scores of at least `threshold` are called positive. */
export interface RocPoint {
  readonly threshold: number;
  /** Share of the negative examples called positive. */
  readonly falsePositiveRate: number;
  /** Share of the positive examples called positive: the recall. */
  readonly truePositiveRate: number;
}

/**
 * The receiver operating characteristic for two classes: a point for each distinct score, from (0, 0) to (1, 1).
 *
 * @param scores one a row, [rows] or [rows, 1], logits or probabilities; or [rows, 2], of which the second less the first counts
 * @param target 0 and 1
 * @throws RangeError where there are no examples of one class
 * @example
 * ```ts
 * import { rocCurve } from "chainrule/metrics";
 * rocCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).map((p) => p.truePositiveRate); // → [ 0, 0.5, 0.5, 1, 1 ]
 * ```
 */
export function rocCurve(scores: Values, target: Values): RocPoint[] {
  const outputs = outputsOf("rocCurve", scores, "scores");
  if (outputs.width > 2) {
    throw new RangeError(
      `rocCurve: there are ${outputs.width} classes; a curve is for two. Give the scores of one class, and 1 where it is the target.`,
    );
  }
  return curveOf("rocCurve", binaryScores(outputs), targetClasses("rocCurve", target, outputs));
}

function binaryScores({ rows, width, numbers }: Outputs): Float64Array {
  if (width === 1) return Float64Array.from(numbers);
  return Float64Array.from({ length: rows }, (_, i) => (numbers[2 * i + 1] as number) - (numbers[2 * i] as number));
}

function curveOf(where: string, scores: Float64Array, positive: ArrayLike<number>): RocPoint[] {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let positives = 0;
  for (let i = 0; i < positive.length; i++) positives += positive[i] as number;
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError(`${where}: all examples are of one class; a ROC curve needs both.`);
  }
  const points: RocPoint[] = [{ threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 }];
  let [right, wrong] = [0, 0];
  order.forEach((i, at) => {
    if (positive[i] === 1) right++;
    else wrong++;
    const threshold = scores[i] as number;
    if (at + 1 < order.length && scores[order[at + 1] as number] === threshold) return;
    points.push({ threshold, falsePositiveRate: wrong / negatives, truePositiveRate: right / positives });
  });
  return points;
}

/** By the trapezoidal rule, which counts ties half: the probability that a positive example has the higher score. */
function area(points: readonly RocPoint[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as RocPoint, points[i] as RocPoint];
    sum += ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) / 2;
  }
  return sum;
}

/**
 * The area under the ROC curve: the probability that an example of a class gets a higher score than one of another. For
 * more than two classes the mean over classes, each against the rest, as in D. J. Hand and R. J. Till, 2001; there the
 * scores must be probabilities, for logits of different rows cannot be compared.
 *
 * @throws RangeError where there are no examples of a class
 * @example
 * ```ts
 * import { rocAuc } from "chainrule/metrics";
 * rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // → 0.75
 * ```
 */
export function rocAuc(scores: Values, target: Values): number {
  const outputs = outputsOf("rocAuc", scores, "scores");
  const { rows, width, numbers } = outputs;
  const labels = targetClasses("rocAuc", target, outputs);
  if (width <= 2) return area(curveOf("rocAuc", binaryScores(outputs), labels));
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const own = Float64Array.from({ length: rows }, (_, row) => numbers[row * width + c] as number);
    const positive = labels.map((label) => Number(label === c));
    if (!positive.includes(1)) throw new RangeError(`rocAuc: there is no example of class ${c}.`);
    sum += area(curveOf("rocAuc", own, positive));
  }
  return sum / width;
}

/** Metrics of classes: which of them were predicted, and which were right. */
import type { Values } from "../data/dataset.ts";
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { classesBeside, givenClasses, largest, type Outputs, outputsOf, targetClasses, tensorOf } from "./outputs.ts";

/**
 * The predicted class of each row: the position of the largest output, or whether the only output is above 0 (a logit).
 * int32 numbers, one a row, are classes already.
 *
 * @throws RangeError unless the shape is [rows] or [rows, classes]
 */
export function classes(prediction: Values): Int32Array {
  const outputs = outputsOf("classes", prediction);
  return givenClasses(outputs)?.numbers ?? classesOfOutputs(outputs);
}

function classesOfOutputs(outputs: Outputs): Int32Array {
  if (outputs.width > 1) return largest(outputs);
  return Int32Array.from(outputs.numbers, (logit) => Number(logit > 0));
}

/**
 * The share of examples whose class is predicted: the largest of several outputs, or an output above 0 (a logit) where
 * there is one. Targets are class numbers, one-hot rows, or 0 and 1. An Int32Array of predictions holds classes, not logits.
 *
 * For a model whose only output is a probability use the metric `(p, y) => accuracy(p.sub(0.5), y)`.
 *
 * @throws RangeError for targets that are no classes
 * @example
 * ```ts
 * import { accuracy } from "chainrule/metrics";
 * accuracy([[2, 1], [0, 3], [5, 1]], [0, 1, 1]).toFixed(2); // → 0.67
 * ```
 */
export function accuracy(prediction: Values, target: Values): number {
  const [found, wanted] = pairs("accuracy", prediction, target);
  let right = 0;
  for (let i = 0; i < found.length; i++) if (found[i] === wanted[i]) right++;
  return right / found.length;
}

/** Predicted and actual class of each example, and how many classes there are. */
function pairs(where: string, prediction: Values, target: Values): [Int32Array, Int32Array, number] {
  const outputs = outputsOf(where, prediction);
  const given = givenClasses(outputs);
  if (given !== undefined) {
    const wanted = classesBeside(where, target, given);
    return [given.numbers, wanted.numbers, wanted.count];
  }
  return [classesOfOutputs(outputs), targetClasses(where, target, outputs), Math.max(2, outputs.width)];
}

/**
 * The share of examples whose class is among the k with the largest outputs; of equal outputs the first counts as the
 * larger.
 *
 * @throws RangeError where there are fewer than k classes
 * @example
 * ```ts
 * import { topKAccuracy } from "chainrule/metrics";
 * topKAccuracy([[5, 4, 1], [5, 4, 1]], [1, 2], { k: 2 }); // → 0.5
 * ```
 */
export function topKAccuracy(prediction: Values, target: Values, options: { readonly k: number }): number {
  checkOptions("topKAccuracy", options, ["k"]);
  const outputs = outputsOf("topKAccuracy", prediction);
  const { rows, width, numbers } = outputs;
  const k = checkNumber("topKAccuracy", "k", options.k, { least: 1, most: width, integer: true });
  let right = 0;
  targetClasses("topKAccuracy", target, outputs).forEach((label, row) => {
    const own = numbers[row * width + label] as number;
    let before = 0;
    for (let c = 0; c < width; c++) {
      const other = numbers[row * width + c] as number;
      if (other > own || (other === own && c < label)) before++;
    }
    if (before < k) right++;
  });
  return right / rows;
}

/**
 * How often each class (row) was predicted as each class (column).
 *
 * @param count the number of classes; default one more than the largest
 * @throws RangeError for a class out of range
 * @example
 * ```ts
 * import { confusionMatrix } from "chainrule/metrics";
 * confusionMatrix([0, 1, 1], [0, 1, 0], 2); // → [ [ 1, 1 ], [ 0, 1 ] ]
 * ```
 */
export function confusionMatrix(predicted: Values, actual: Values, count?: number): number[][] {
  const [columns, rows] = [labelsOf("predicted", predicted), labelsOf("actual", actual)];
  if (columns.length !== rows.length) {
    throw new RangeError(`confusionMatrix: there are ${columns.length} predictions and ${rows.length} actual classes.`);
  }
  const least = columns.concat(rows).reduce((a, b) => Math.max(a, Number.isInteger(b) ? b + 1 : 1), 1);
  const size = checkNumber("confusionMatrix", "the number of classes", count ?? least, { least: 1, integer: true });
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  columns.forEach((column, i) => {
    const row = matrix[rows[i] as number];
    if (row?.[column] === undefined) {
      throw new RangeError(
        `confusionMatrix: example ${i} has class ${rows[i]}, predicted ${column}; there are ${size} classes (0…${size - 1}).`,
      );
    }
    row[column] = (row[column] as number) + 1;
  });
  return matrix;
}

/** @throws RangeError unless there is one number for each row */
function labelsOf(what: string, values: Values): number[] {
  const labels = tensorOf("confusionMatrix", what, values);
  if (labels.shape[0] === labels.size) return Array.from(labels.dataSync());
  throw new RangeError(
    `confusionMatrix: ${what} must be class numbers [n]; the shape is ${formatShape(labels.shape)}. classes(outputs) makes them of outputs.`,
  );
}

/** How well one class is told from the others. What has no examples to be measured on is 0. */
export interface ClassScores {
  /** Of the examples predicted as this class, the share that is of it: TP / (TP + FP). */
  readonly precision: number;
  /** Of the examples of this class, the share predicted as it: TP / (TP + FN). */
  readonly recall: number;
  /** The harmonic mean of both: 2 TP / (2 TP + FP + FN). */
  readonly f1: number;
  /** The number of examples of this class. */
  readonly support: number;
}

/**
 * Precision, recall and F1 of each class.
 *
 * @example
 * ```ts
 * import { classScores } from "chainrule/metrics";
 * classScores([-1, 2, 3, 4], [0, 0, 1, 1])[1]?.recall; // → 1
 * ```
 */
export function classScores(prediction: Values, target: Values): ClassScores[] {
  return scoresOf("classScores", prediction, target).map(scores);
}

interface Counts {
  readonly right: number;
  readonly predicted: number;
  readonly actual: number;
}

function scoresOf(where: string, prediction: Values, target: Values): Counts[] {
  const [found, wanted, count] = pairs(where, prediction, target);
  const matrix = confusionMatrix(found, wanted, count);
  return matrix.map((row, label) => ({
    right: row[label] as number,
    predicted: matrix.reduce((sum, other) => sum + (other[label] as number), 0),
    actual: row.reduce((sum, n) => sum + n, 0),
  }));
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const scores = ({ right, predicted, actual }: Counts): ClassScores => ({
  precision: ratio(right, predicted),
  recall: ratio(right, actual),
  f1: ratio(2 * right, predicted + actual),
  support: actual,
});

const AVERAGES = ["binary", "macro", "micro", "weighted"] as const;

/**
 * binary: the score of class 1. macro: the mean over the classes that are there or predicted. micro: of all classes counted together. weighted: the mean
 * over classes, weighted by their numbers of examples.
 */
export type Average = (typeof AVERAGES)[number];

export interface AverageOptions {
  /** Default: "binary" where there are two classes, else "macro". */
  readonly average?: Average;
}

type Score = "precision" | "recall" | "f1";

function averaged(score: Score, prediction: Values, target: Values, options: AverageOptions = {}): number {
  checkOptions(score, options, ["average"]);
  const all = scoresOf(score, prediction, target);
  const usual = all.length === 2 ? "binary" : "macro";
  const average = checkChoice(score, "average", options.average ?? usual, AVERAGES);
  // A class that neither is nor is said to be there has nothing to be measured by.
  const counts = average === "binary" ? all : all.filter(({ predicted, actual }) => predicted + actual > 0);
  if (average === "binary" && all.length !== 2) {
    throw new RangeError(
      `${score}: the average "binary" is for two classes, and there are ${all.length}; use "macro".`,
    );
  }
  const total = (of: (count: Counts) => number): number => counts.reduce((sum, count) => sum + of(count), 0);
  if (average === "micro") {
    const [right, predicted, actual] = [total((c) => c.right), total((c) => c.predicted), total((c) => c.actual)];
    return scores({ right, predicted, actual })[score];
  }
  if (average === "binary") return scores(counts[1] as Counts)[score];
  const weight = (count: Counts): number => (average === "weighted" ? count.actual : 1);
  return ratio(
    total((count) => weight(count) * scores(count)[score]),
    total(weight),
  );
}

/**
 * Of the examples predicted as a class, the share that is of it.
 *
 * @throws RangeError for targets that are no classes
 * @example
 * ```ts
 * import { precision } from "chainrule/metrics";
 * precision([2, 1, -1], [1, 0, 1]); // → 0.5
 * ```
 */
export const precision = (prediction: Values, target: Values, options?: AverageOptions): number =>
  averaged("precision", prediction, target, options);

/**
 * Of the examples of a class, the share that is predicted as it.
 *
 * @throws RangeError for targets that are no classes
 * @example
 * ```ts
 * import { recall } from "chainrule/metrics";
 * recall([2, 1, -1], [1, 0, 1]); // → 0.5
 * ```
 */
export const recall = (prediction: Values, target: Values, options?: AverageOptions): number =>
  averaged("recall", prediction, target, options);

/**
 * The harmonic mean of precision and recall.
 *
 * @throws RangeError for targets that are no classes
 * @example
 * ```ts
 * import { f1 } from "chainrule/metrics";
 * f1([2, 1, -1], [1, 0, 1]); // → 0.5
 * ```
 */
export const f1 = (prediction: Values, target: Values, options?: AverageOptions): number =>
  averaged("f1", prediction, target, options);

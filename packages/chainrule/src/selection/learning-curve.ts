/** Learning curves: what more data does to the scores. */
import { asDataset, type Dataset, type DatasetLike } from "../data/dataset.ts";
import { type FoldOptions, foldsFor } from "../data/folds.ts";
import { shuffle } from "../data/shuffle.ts";
import { foldIn, key } from "../ops/composed/random.ts";
import { textChart } from "../tensor/chart.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { checkScore, meanAndDeviation } from "./folds.ts";
import { trialSeed } from "./study.ts";

export interface LearningCurveOptions extends FoldOptions {
  /**
   * The sizes of training sets: up to 1 a share of what a fold has to train on, above 1 a number of examples. Default 0.1,
   * 0.325, 0.55, 0.775 and 1.
   */
  readonly sizes?: readonly number[];
}

/** The scores of the models that were trained on sets of one size, one for each fold. */
export interface CurveScores {
  readonly scores: readonly number[];
  readonly mean: number;
  /** The standard deviation of the scores, with n − 1 in the denominator. */
  readonly deviation: number;
}

export interface CurvePoint {
  /** Examples trained on. */
  readonly size: number;
  /** On the examples trained on. */
  readonly train: CurveScores;
  /** On those that the fold holds back. */
  readonly validation: CurveScores;
}

export interface LearningCurve {
  /** By size, the smallest first. */
  readonly points: readonly CurvePoint[];
  /** A table, and a chart. */
  toString(): string;
}

/** Gives the score of a model that has been trained. */
export type Scorer = (data: Dataset) => number | Promise<number>;

/**
 * Trains a new model on more and more of the training part of each fold, and measures each on what it was trained on and on
 * what the fold holds back. Of a model that overfits the two scores lie apart and draw nearer with more data, so that more
 * data helps; of one that is too stiff they soon meet at a poor value, and only another model helps.
 *
 * A smaller training set is part of a larger one. With the strategy "time" it is the latest examples, in order; else they
 * are drawn at random.
 *
 * @param train trains a new model, and gives the function that scores it on a data set
 * @throws DataError where the data cannot be parted so; RangeError for sizes that no fold has, TypeError for a score that is
 *   no number, RangeError for NaN
 * @example
 * ```ts
 * import type { Tensor } from "chainrule";
 * import { learningCurve } from "chainrule/selection";
 * const data = { x: [[1], [2], [3], [4]], y: [2, 4, 6, 8] };
 * // A model that predicts the mean of what it has seen; the score is how far off the mean of the data is.
 * const mean = (y: Tensor) => y.mean().itemSync();
 * const { points } = await learningCurve(data, { folds: 2, strategy: "time", sizes: [1, 0.5] }, ({ train }) => {
 *   const prediction = mean(train.y);
 *   return ({ y }) => Math.abs(prediction - mean(y));
 * });
 * points.map(({ size, train, validation }) => [size, train.mean, validation.mean]); // → [ [ 1, 0, 2 ], [ 2, 0, 3 ] ]
 * ```
 */
export async function learningCurve(
  data: DatasetLike,
  options: LearningCurveOptions,
  train: (part: { readonly train: Dataset; readonly size: number; readonly seed: number }) => Scorer | Promise<Scorer>,
): Promise<LearningCurve> {
  checkOptions("learningCurve", options, ["sizes", "folds", "strategy", "seed", "groups"]);
  if (typeof train !== "function") {
    throw new TypeError(
      `learningCurve: the last argument must be a function that trains a model; it is ${describeValue(train)}.`,
    );
  }
  const { sizes: wanted = [0.1, 0.325, 0.55, 0.775, 1], ...folding } = options;
  const { seed = 0, strategy } = folding;
  const all = asDataset("learningCurve: the data", data);
  const folds = foldsFor("learningCurve", all.y, folding).map((fold, i) => ({
    validation: all.take(fold.validation),
    // The first of these are a training set.
    order: strategy === "time" ? fold.train.toReversed() : shuffle(fold.train.slice(), foldIn(key(seed), i)),
  }));
  const sizes = sizesOf(wanted, Math.min(...folds.map(({ order }) => order.length)));
  const points: CurvePoint[] = [];
  for (const size of sizes) {
    const scores: { train: number[]; validation: number[] } = { train: [], validation: [] };
    for (const { order, validation } of folds) {
      const number = points.length * folds.length + scores.train.length;
      const part = all.take(strategy === "time" ? order.slice(0, size).toReversed() : order.slice(0, size));
      const score: unknown = await train({ train: part, size, seed: trialSeed(seed, number) });
      const what = `score of fold ${scores.train.length} with ${size} example${size === 1 ? "" : "s"}`;
      const data = { train: part, validation };
      scores.train.push(checkScore("learningCurve", `the training ${what}`, await scorer(score)(part), data));
      scores.validation.push(
        checkScore("learningCurve", `the validation ${what}`, await scorer(score)(validation), data),
      );
    }
    points.push({ size, train: summed(scores.train), validation: summed(scores.validation) });
  }
  return { points, toString: () => text(points) };
}

const summed = (scores: readonly number[]): CurveScores => ({ scores, ...meanAndDeviation(scores) });

/** Numbers of examples, ascending, each once. @throws RangeError */
function sizesOf(wanted: readonly number[], most: number): number[] {
  if (!Array.isArray(wanted) || wanted.length === 0) {
    throw new RangeError(
      `learningCurve: sizes must be an array of one size or more, such as [0.1, 0.5, 1]; it is ${describeValue(wanted)}.`,
    );
  }
  const counts = (wanted as readonly number[]).map((size) => {
    checkNumber("learningCurve", "each of the sizes", size, { above: 0, integer: size > 1 });
    const count = size > 1 ? size : Math.floor(size * most);
    if (count >= 1 && count <= most) return count;
    throw new RangeError(
      `learningCurve: a training set of size ${size} would have ${count} examples; it must have from 1 to ${most}, which is ` +
        "what each fold has to train on.",
    );
  });
  return [...new Set(counts)].sort((a, b) => a - b);
}

function scorer(given: unknown): Scorer {
  if (typeof given === "function") return given as Scorer;
  throw new TypeError(
    `learningCurve: what trains a model must give a function that scores it; it gave ${describeValue(given)}.`,
  );
}

const shown = ({ mean, deviation }: CurveScores): string => `${mean.toPrecision(4)} ± ${deviation.toPrecision(2)}`;

function text(points: readonly CurvePoint[]): string {
  const rows = [
    ["examples", "training score", "validation score"],
    ...points.map(({ size, train, validation }) => [`${size}`, shown(train), shown(validation)]),
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  const table = rows.map((row) => row.map((cell, i) => cell.padStart(widths[i] as number)).join("  "));
  const chart = textChart("learningCurve", { name: "examples", values: points.map(({ size }) => size) }, [
    ["training", points.map(({ train }) => train.mean)],
    ["validation", points.map(({ validation }) => validation.mean)],
  ]);
  return [...table, "", chart].join("\n");
}

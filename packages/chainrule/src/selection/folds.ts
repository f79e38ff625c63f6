/** Cross-validation: a score for each way of holding back a part of the data. */
import { asDataset, type Dataset, type DatasetLike, nonFinite } from "../data/dataset.ts";
import { type FoldOptions, foldsFor } from "../data/folds.ts";
import { checkOptions, describeValue } from "../tensor/options.ts";
import { ruledTable, shown } from "./table.ts";

/** One of the ways in which the data is parted. */
export interface Fold {
  readonly train: Dataset;
  readonly validation: Dataset;
  /** 0 … folds − 1. */
  readonly index: number;
}

export interface CrossValidation {
  /** One for each fold. */
  readonly scores: readonly number[];
  readonly mean: number;
  /** The standard deviation of the scores, with n − 1 in the denominator. */
  readonly deviation: number;
  /** A line for each fold, then the mean and the deviation. */
  toString(): string;
}

/**
 * Trains and measures once for each fold, one after another.
 *
 * @param score trains a new model on `train` and gives its score on `validation`
 * @throws DataError where the data cannot be parted so; TypeError for a score that is no number, RangeError for NaN
 * @example
 * ```ts
 * import type { Tensor } from "chainrule";
 * import { crossValidate } from "chainrule/selection";
 * const data = { x: [[1], [2], [3]], y: [1, 2, 4.5] };
 * // How far the mean of the training targets is from that of the others.
 * const mean = (y: Tensor) => y.mean().itemSync();
 * const { scores } = await crossValidate(data, { folds: 2, strategy: "time" }, ({ train, validation }) =>
 *   Math.abs(mean(train.y) - mean(validation.y)),
 * );
 * scores; // → [ 1, 3 ]
 * ```
 */
export async function crossValidate(
  data: DatasetLike,
  options: FoldOptions,
  score: (fold: Fold) => number | Promise<number>,
): Promise<CrossValidation> {
  checkOptions("crossValidate", options, ["folds", "strategy", "seed", "groups"]);
  if (typeof score !== "function") {
    throw new TypeError(
      `crossValidate: score must be a function of { train, validation }; it is ${describeValue(score)}.`,
    );
  }
  const all = asDataset("crossValidate: the data", data);
  const scores: number[] = [];
  for (const [index, { train, validation }] of foldsFor("crossValidate", all.y, options).entries()) {
    const fold = { train: all.take(train), validation: all.take(validation), index };
    scores.push(checkScore("crossValidate", `the score of fold ${index}`, await score(fold), fold));
  }
  const { mean, deviation } = meanAndDeviation(scores);
  return {
    scores,
    mean,
    deviation,
    toString: () =>
      [
        ...ruledTable(
          ["fold", "score"],
          scores.map((value, index) => [`${index}`, shown(value)]),
        ),
        `The mean is ${shown(mean)}, the standard deviation ${shown(deviation)}.`,
      ].join("\n"),
  };
}

/** The score, if it is a number. @throws TypeError, RangeError that say where a NaN may come from */
export function checkScore(
  where: string,
  what: string,
  value: unknown,
  { train, validation }: { readonly train: Dataset; readonly validation: Dataset },
): number {
  if (typeof value !== "number") {
    throw new TypeError(`${where}: ${what} must be a number; it is ${describeValue(value)}.`);
  }
  if (!Number.isNaN(value)) return value;
  const found =
    nonFinite("x of its training part", train.x) ??
    nonFinite("y of its training part", train.y) ??
    nonFinite("x of its validation part", validation.x) ??
    nonFinite("y of its validation part", validation.y) ??
    "its data are finite, so training diverged (a smaller learning rate helps; detectNaN of chainrule/diagnose names the " +
      "operation), or the score divides by zero";
  throw new RangeError(`${where}: ${what} is NaN: ${found}.`);
}

/** The standard deviation has n − 1 in the denominator. */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

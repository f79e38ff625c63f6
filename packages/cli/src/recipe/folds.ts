/** Cross-validation of the whole recipe: each row is predicted once by a network that has not seen it. */
import type { Tensor } from "chainrule";
import { predict } from "chainrule/train";
import { Failure } from "../failure.ts";
import { foldsOf, type Splitting } from "./rows.ts";
import { type Scores, scoreName, scoresOf } from "./scores.ts";
import { trainNetwork } from "./train.ts";
import type { Control, Problem, Settings, Trained } from "./types.ts";

/** A fold as numbers; encoders and scalers have seen its training rows alone. */
export interface FoldNumbers {
  readonly problem: Problem;
  readonly test: { readonly x: Tensor; readonly y: Tensor };
}

export interface FoldResult extends Scores {
  readonly trained: Trained;
  /** Outputs for the rows held back, in their order. */
  readonly outputs: Tensor;
  readonly rows: Int32Array;
}

export interface FoldScores {
  /** accuracy or R² */
  readonly name: string;
  readonly folds: readonly FoldResult[];
  readonly mean: number;
  /** The standard deviation over the folds, with n − 1 in the denominator; NaN of one fold. */
  readonly deviation: number;
}

export interface FoldControl extends Pick<Control, "onEpoch" | "signal"> {
  onFold?(result: FoldResult, fold: number): void;
}

/**
 * Trains once for each fold with all its choices, and scores on what the fold holds back. An abort ends it after the present
 * fold's best network so far.
 *
 * @param rows how many there are, and how they are parted
 * @param prepare encodes a fold, with nothing learnt from the rows held back
 * @throws Failure where there are too few rows for the folds
 */
export async function foldScores(
  rows: Splitting & { readonly count: number },
  folds: number,
  prepare: (train: Int32Array, held: Int32Array) => FoldNumbers | Promise<FoldNumbers>,
  settings: Settings,
  control: FoldControl = {},
): Promise<FoldScores> {
  const parts = foldsOf(rows.count, folds, rows);
  if (folds < 2 || parts.some(({ train, held }) => train.length === 0 || held.length === 0)) {
    const groups =
      rows.strategy === "group" ? `${new Set(Array.from(rows.groups ?? [])).size} groups` : `${rows.count} rows`;
    throw new Failure(
      `${groups} cannot be parted into ${folds} folds. Use fewer with --folds, at least 2, or more data.`,
    );
  }
  const results: FoldResult[] = [];
  let task: Problem["task"] = "regression";
  for (const [fold, { train, held }] of parts.entries()) {
    if (fold > 0 && control.signal?.aborted === true) break;
    const { problem, test } = await prepare(train, held);
    task = problem.task;
    const trained = await trainNetwork(problem, settings, control);
    const outputs = await predict(trained.network, test.x);
    const result = { trained, outputs, rows: held, ...scoresOf(task, outputs.dataSync(), test.y.dataSync()) };
    results.push(result);
    control.onFold?.(result, fold);
  }
  return { name: scoreName(task), folds: results, ...meanAndDeviation(results.map(({ score }) => score)) };
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * The recipe at a glance: what is chosen by rule, from the task and the size of the table, and what is left to validation.
 *
 * Measured with nothing told, as means over five shuffled folds (stratified for classes) and some seeds, beside scikit-learn
 * 1.9.1 with its defaults on the same folds; inputs standardized by the training rows, here targets too. Seconds of processor
 * time for a fit, after the first (of scikit-learn's on breast cancer, diabetes and regressions up to 4000 rows on the clock); for
 * MLPRegressor with targets as they are, and standardized. Of 20,000 rows scikit-learn saw two of the folds. The rules below were
 * chosen looking at these tables, so the margins flatter.
 *
 * | accuracy (seeds)          | rows  | here  | s    | MLPClassifier | s    |
 * |---------------------------|-------|-------|------|---------------|------|
 * | iris (5)                  |   150 | 0.949 | 0.07 | 0.945         | 0.06 |
 * | wine (5)                  |   178 | 0.980 | 0.05 | 0.973         | 0.07 |
 * | breast cancer (5)         |   569 | 0.981 | 0.08 | 0.974         | 0.19 |
 * | digits, UCI test part (5) |  1797 | 0.981 | 0.46 | 0.979         | 0.57 |
 * | make_classification (1)   |  3000 | 0.761 | 0.5  | 0.718         | 1.1  |
 * | make_classification (1)   | 20000 | 0.871 | 4.5  | 0.801         | 7    |
 *
 * | R² (seeds)                | rows  | here  | s    | MLPRegressor  | s    |
 * |---------------------------|-------|-------|------|---------------|------|
 * | diabetes (3)              |   442 | 0.489 | 0.04 | −1.06, 0.442  | 0.11 |
 * | make_friedman1 (3)        |  1000 | 0.942 | 0.10 | 0.746, 0.922  | 0.25 |
 * | prices of houses, made (3)|  4000 | 0.752 | 0.43 | −4.89, 0.738  | 1.4  |
 * | make_friedman1 (1)        |  5000 | 0.953 | 0.6  | standardized 0.949 | 0.9 |
 * | prices of houses, made (1)| 20000 | 0.792 | 2.1  | standardized 0.778 | 4.0 |
 */

import { Failure } from "../failure.ts";
import { usualRate } from "./makers.ts";
import type { ActivationName, OptimizerName } from "./names.ts";
import { type Fold, foldsOf, holdBack, splittingOf } from "./rows.ts";
import type { Choice, Problem, Settings } from "./types.ts";

export interface Plan {
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly dropout: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly patience: number;
  /** Rows to train on and rows held back: none, one share, or folds in one of which each row is held back. */
  readonly parts: readonly Fold[];
  readonly refit: boolean;
  readonly weights: Float32Array | undefined;
  /** Strengths of the penalty to compare at the first of the widths; then the other widths at the best strength. */
  readonly penalties: readonly number[];
  readonly networks: readonly (readonly number[])[];
  /** Epochs of the comparison, where that is a shorter one. */
  readonly trialEpochs: number;
  /** What is settled without a comparison. */
  readonly choices: readonly Choice[];
}

/** Below this many rows, what is held back tells less than it costs. */
const FEWEST_TO_HOLD_BACK = 20;

/** Below this many rows, one part held back is too small to choose by: each row is held back once, in one of the folds. */
const FOLDED = 1000;

/** Up to this many rows candidates are compared over all epochs; above, over a quarter of them. */
const COMPARED_IN_FULL = 5000;

/** Up to this many rows, training once more on all of them costs little and is worth the rows gained. */
const REFITTED = 20_000;

/** How many times rarer than in equal shares a class is before weights are spoken of. */
const EXTREME = 20;

export function planFor(problem: Problem, settings: Settings): Plan {
  const rows = problem.x.shape[0] as number;
  const choices: Choice[] = [];
  /** What was told, or what is chosen; either way it is noted. */
  const choose = <T>(
    name: string,
    option: string,
    told: T | undefined,
    chosen: T,
    reason: string,
    text: (value: T) => string = String,
  ): T => {
    const value = told ?? chosen;
    choices.push({ name, option, value: text(value), reason: told === undefined ? reason : `told by ${option}` });
    return value;
  };

  const held = holding(problem, settings, rows);
  choices.push(held.choice);
  const activation = choose(
    "activation",
    "--activation",
    settings.activation,
    "relu",
    "the fastest, and on most tables as good as others",
  );
  const optimizer = choose(
    "optimizer",
    "--optimizer",
    settings.optimizer,
    "adam",
    "works at one learning rate on most tables",
  );
  const learningRate = choose(
    "learning rate",
    "--learning-rate",
    settings.learningRate,
    usualRate(optimizer),
    "at first; it falls to 0 along half a cosine",
  );
  // Every training must have a batch of rows at least.
  const most = Math.min(rows, ...held.parts.map(({ train }) => train.length));
  const isTooLarge = settings.batchSize !== undefined && settings.batchSize > most;
  const batchSize = choose(
    "batch size",
    "--batch-size",
    isTooLarge ? undefined : settings.batchSize,
    isTooLarge ? most : Math.min(most, usualBatchSize(rows)),
    isTooLarge
      ? `all rows that are trained on at a time, fewer than --batch-size ${settings.batchSize}`
      : `for ${rows} rows`,
  );
  const epochs = choose("epochs", "--epochs", settings.epochs, usualEpochs(rows), `at most, for ${rows} rows`);
  const isWatched = held.parts.length > 0;
  const patience = choose(
    "patience",
    "--patience",
    isWatched ? settings.patience : undefined,
    isWatched ? Math.max(5, Math.ceil(epochs / 3)) : epochs,
    isWatched ? "epochs without a lower validation loss" : "no rows are held back to watch",
  );
  const dropout = choose("dropout", "--dropout", settings.dropout, 0, "the penalty on the weights does this work");
  const refit =
    isWatched &&
    choose(
      "final training",
      settings.refit === false ? "--no-refit" : "--refit",
      settings.refit,
      rows <= REFITTED,
      rows <= REFITTED
        ? "rows held back are worth having once all is chosen"
        : `${rows} rows leave enough without those held back`,
      (value) => (value ? "on all rows" : "on those not held back"),
    );
  const compared = candidates(settings, rows, isWatched);
  const isOne = compared.penalties.length * compared.networks.length === 1;
  const { weights, choice } = weighting(problem, settings);
  if (choice !== undefined) choices.push(choice);
  return {
    activation,
    optimizer,
    learningRate,
    dropout,
    batchSize,
    epochs,
    patience,
    parts: held.parts,
    refit,
    weights,
    ...compared,
    trialEpochs: isOne || rows <= COMPARED_IN_FULL ? epochs : Math.ceil(epochs / 4),
    choices,
  };
}

/** Batches grow with the table, so that steps become fewer and make better use of the processor. */
const usualBatchSize = (rows: number): number =>
  Math.min(256, Math.max(rows < FOLDED ? 16 : 32, 2 ** Math.floor(Math.log2(rows / 64))));

/** Enough for the rate to fall slowly; fewer where a single epoch has thousands of steps. */
const usualEpochs = (rows: number): number => Math.min(50, Math.max(10, Math.round(50 * (REFITTED / rows) ** (1 / 3))));

/**
 * What is compared where nothing is told, by the number of rows up to which it is. Each first network is where penalties are
 * compared. The more rows, the wider the network that they can train and the weaker the penalty: two layers bring nothing
 * to hundreds of rows and much to thousands (make_classification of scikit-learn with 20,000 rows, 4 classes of 4 clusters:
 * accuracy 0.83 with one layer of 256 units, 0.87 with layers of 256 and 128; MLPClassifier 0.80).
 */
const COMPARED = [
  { most: FOLDED - 1, penalties: [0.001, 0.01, 0.1], networks: [[64], [32]] },
  { most: COMPARED_IN_FULL, penalties: [0.001, 0.003, 0.01], networks: [[128], [256], [128, 64]] },
  { most: Number.POSITIVE_INFINITY, penalties: [0.0001, 0.001, 0.01], networks: [[128, 64], [256], [256, 128]] },
] as const;

/** Where there are no rows to compare on. */
const MIDDLING = { penalties: [0.01], networks: [[64]] } as const;

function candidates({ l2, hidden }: Settings, rows: number, canCompare: boolean): Pick<Plan, "penalties" | "networks"> {
  const usual = canCompare ? (COMPARED.find(({ most }) => rows <= most) as (typeof COMPARED)[number]) : MIDDLING;
  return {
    penalties: l2 === undefined ? usual.penalties : [l2],
    networks: hidden === undefined ? usual.networks : [hidden],
  };
}

/** Which rows are held back to validate with. */
function holding(problem: Problem, settings: Settings, rows: number): { parts: readonly Fold[]; choice: Choice } {
  const strategy = settings.split ?? (problem.task === "regression" ? "random" : "stratified");
  const groups = strategy === "group" ? new Set(Array.from(problem.groups ?? [])).size : rows;
  const how = splittingOf(problem, strategy, settings.splitSeed ?? settings.seed);
  const { validation: told, folds: asked } = settings;
  const option = asked === undefined ? "--validation" : "--folds";
  const result = (parts: readonly Fold[], value: string, reason: string, isTold = (asked ?? told) !== undefined) => ({
    parts,
    choice: { name: "validation", option, value, reason: isTold ? `told by ${option}` : reason },
  });
  if (asked !== undefined) {
    const parts = foldsOf(rows, asked, how);
    if (parts.some(({ train, held }) => train.length === 0 || held.length === 0))
      throw new Failure(
        `The ${groups} ${strategy === "group" ? "groups" : "rows"} to train on cannot be parted into ${asked} folds. ` +
          "Use fewer with --folds, or more data.",
      );
    return result(parts, `${asked} folds, ${strategy}`, "");
  }
  if (told === 0) return result([], "none", "");
  if (groups < 2) return result([], "none", groups < rows ? "all rows are of one group" : "there is one row", false);
  if (told === undefined && rows < FEWEST_TO_HOLD_BACK) {
    return result([], "none", `with ${rows} rows, what is held back would tell too little`);
  }
  if (told === undefined && rows < FOLDED && strategy !== "time") {
    const folds = Math.min(3, groups);
    const parts = foldsOf(rows, folds, how);
    return result(parts, `${folds} folds, ${strategy}`, `a share of ${rows} rows is too few to choose by`);
  }
  const share = told ?? (rows < 10_000 ? 0.2 : 0.1);
  const part = holdBack(rows, share, how);
  if (part.held.length === 0) return result([], "none", "each row is the only one of its class", false);
  return result([part], `${Math.round(share * 100)} % of the rows, ${strategy}`, `enough of ${rows} rows to choose by`);
}

/**
 * Weights of rows, with mean 1, so that rare classes count for more, where that is asked for: they shift the probabilities.
 * Measured on three made tables of 4000 rows, two classes, 1 to 2 % of the rarer, means of three seeds: without weights the log
 * loss is 0.034, 0.022, 0.060 and the ROC AUC 0.896, 0.980, 0.952; with the square root of balanced weights 0.081, 0.039, 0.102 and
 * 0.886, 0.975, 0.937; balanced 0.233, 0.127, 0.282 and 0.879, 0.962, 0.933. They bring recall at a probability of 1/2 (0.00, 0.48,
 * 0.24; balanced 0.61, 0.76, 0.84) for precision, which a lower threshold does too.
 */
function weighting(problem: Problem, { balanced }: Settings): { weights: Float32Array | undefined; choice?: Choice } {
  if (problem.task === "regression") return { weights: undefined };
  const labels = problem.y.dataSync();
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const equal = labels.length / counts.size;
  if (balanced !== true) {
    const isExtreme = Math.min(...counts.values()) * EXTREME < equal;
    const reason = isExtreme
      ? "keeps probabilities true; --balanced finds more of the rare classes and shifts them"
      : `no class is ${EXTREME} times rarer than in equal shares`;
    return { weights: undefined, choice: weightChoice("none", balanced, reason) };
  }
  const of = (label: number): number => equal / (counts.get(label) as number);
  const mean = [...counts].reduce((sum, [label, count]) => sum + count * of(label), 0) / labels.length;
  return {
    weights: Float32Array.from(labels, (label) => of(label) / mean),
    choice: weightChoice("balanced", balanced, ""),
  };
}

const weightChoice = (value: string, told: boolean | undefined, reason: string): Choice => ({
  name: "class weights",
  option: told === false ? "--no-balanced" : "--balanced",
  value,
  reason: told === undefined ? reason : `told by ${told ? "--balanced" : "--no-balanced"}`,
});

/** The recipe at a glance: what is chosen by rule, from the task and the size of the table, and what is left to validation. */

import { Failure } from "../failure.ts";
import type { ActivationName, OptimizerName } from "./names.ts";
import { usualRate } from "./names.ts";
import type { SplitStrategy } from "./rows.ts";
import type { Choice, Problem, Settings } from "./types.ts";

export interface Plan {
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly dropout: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly patience: number;
  /** How often rows are held back: 0 not at all, 1 once, else each row in one of so many folds. */
  readonly folds: number;
  /** The share that is held back once. */
  readonly validation: number;
  readonly split: SplitStrategy;
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

/** How many times rarer than in equal shares a class is before weights are used unasked. */
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
    "fast, and as good as others on tables",
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
    `high for ${optimizer}, since it falls to 0 along half a cosine`,
  );
  const smallest =
    held.folds === 0 ? rows : held.folds === 1 ? rows * (1 - held.validation) : rows * (1 - 1 / held.folds);
  const usualBatch = usualBatchSize(rows);
  const batchSize = Math.min(
    choose("batch size", "--batch-size", settings.batchSize, usualBatch, `for ${rows} rows`),
    Math.max(1, Math.floor(smallest * 0.8)),
  );
  const epochs = choose("epochs", "--epochs", settings.epochs, usualEpochs(rows), `at most, for ${rows} rows`);
  const patience = choose(
    "patience",
    "--patience",
    settings.patience,
    Math.max(5, Math.ceil(epochs / 3)),
    "epochs without a better validation loss, a third of all",
  );
  const dropout = choose(
    "dropout",
    "--dropout",
    settings.dropout,
    0,
    "the penalty on the weights, chosen on validation data, did as well on all tables it was measured on",
  );
  const refit =
    held.folds > 0 &&
    choose(
      "final training",
      settings.refit === false ? "--no-refit" : "--refit",
      settings.refit,
      rows <= REFITTED,
      rows <= REFITTED
        ? "the rows held back are worth having once the choices are made"
        : `${rows} rows leave enough without those held back`,
      (value) => (value ? "on all rows, for the epochs found" : "the best epoch on the rows not held back"),
    );
  const compared = candidates(settings, rows, held.folds > 0);
  const isComparison = compared.penalties.length + compared.networks.length > 2;
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
    ...held,
    refit,
    weights,
    ...compared,
    trialEpochs: isComparison && rows > COMPARED_IN_FULL ? Math.ceil(epochs / 4) : epochs,
    choices,
  };
}

/** Batches grow with the table, so that steps become fewer and make better use of the processor. */
const usualBatchSize = (rows: number): number =>
  Math.min(256, Math.max(rows < FOLDED ? 16 : 32, 2 ** Math.floor(Math.log2(rows / 64))));

/** Enough for the rate to fall slowly; fewer where a single epoch has thousands of steps. */
const usualEpochs = (rows: number): number =>
  Math.min(50, Math.max(10, Math.round(50 * (COMPARED_IN_FULL / rows) ** (1 / 3))));

/** What is compared: see `Plan`. Without rows to compare on, one middling candidate. */
function candidates(settings: Settings, rows: number, canCompare: boolean): Pick<Plan, "penalties" | "networks"> {
  const penalties = settings.l2 !== undefined ? [settings.l2] : canCompare ? PENALTIES : [0.01];
  const networks = settings.hidden !== undefined ? [settings.hidden] : rows < FOLDED ? [[64], [32]] : [[128], [256]];
  return { penalties, networks: canCompare ? networks : networks.slice(0, 1) };
}

const PENALTIES = [0.001, 0.01, 0.1];

function holding(problem: Problem, settings: Settings, rows: number) {
  const split = settings.split ?? (problem.task === "regression" ? "random" : "stratified");
  const groups = split === "group" ? new Set(Array.from(problem.groups ?? [])).size : rows;
  const note = (value: string, reason: string): Choice => ({
    name: "validation",
    option: "--validation",
    value,
    reason: settings.validation === undefined ? reason : "told by --validation",
  });
  const within = (folds: number, how: Choice) => ({ folds, validation: 0, split, choice: how });
  const none = { folds: 0, validation: 0, split };
  const { folds: asked } = settings;
  if (asked !== undefined) {
    // In time the first stretch is never held back.
    if (asked + Number(split === "time") > groups) throw new Failure(tooFew(groups, split, asked));
    return within(asked, { ...note(`${asked} folds, ${split}`, "told by --folds"), option: "--folds" });
  }
  if (settings.validation === 0) return { ...none, choice: note("none", "") };
  if (rows < FEWEST_TO_HOLD_BACK || groups < 2) {
    const why = groups < 2 ? "all rows are of one group" : `with ${rows} rows, what is held back would tell too little`;
    return { ...none, choice: { ...note("none", why), reason: why } };
  }
  if (settings.validation === undefined && rows < FOLDED) {
    const folds = Math.min(3, groups);
    return within(folds, note(`${folds} folds, ${split}`, `a share of ${rows} rows is too few to choose by`));
  }
  const validation = settings.validation ?? (rows < 10_000 ? 0.2 : 0.1);
  return {
    folds: 1,
    validation,
    split,
    choice: note(`${Math.round(validation * 100)} % of the rows, ${split}`, `enough of ${rows} rows to choose by`),
  };
}

const tooFew = (count: number, split: SplitStrategy, folds: number): string =>
  `The ${count} ${split === "group" ? "groups" : "rows"} to train on cannot be parted into ${folds} folds. ` +
  "Use fewer with --folds, or more data.";

/** Weights of rows, with mean 1, so that rare classes count for more. */
function weighting(problem: Problem, { balanced }: Settings): { weights: Float32Array | undefined; choice?: Choice } {
  if (problem.task === "regression") return { weights: undefined };
  const labels = problem.y.dataSync();
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const equal = labels.length / counts.size;
  const isExtreme = Math.min(...counts.values()) * EXTREME < equal;
  if (balanced === false || (balanced === undefined && !isExtreme)) {
    return {
      weights: undefined,
      choice: weightChoice("none", balanced, `no class is ${EXTREME} times rarer than in equal shares`),
    };
  }
  // Unasked, the square root: the rare classes are seen, and probabilities stay nearer to the frequencies.
  const power = balanced === true ? 1 : 0.5;
  const of = (label: number): number => (equal / (counts.get(label) as number)) ** power;
  const mean = [...counts].reduce((sum, [label, count]) => sum + count * of(label), 0) / labels.length;
  return {
    weights: Float32Array.from(labels, (label) => of(label) / mean),
    choice: weightChoice(
      balanced === true ? "balanced" : "square root of balanced",
      balanced,
      `a class is more than ${EXTREME} times rarer than in equal shares`,
    ),
  };
}

const weightChoice = (value: string, told: boolean | undefined, reason: string): Choice => ({
  name: "class weights",
  option: told === false ? "--no-balanced" : "--balanced",
  value,
  reason: told === undefined ? reason : "told by --balanced",
});

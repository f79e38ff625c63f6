/** What all commands have in common that make a model file out of a data file: their options and what comes of them. */
import { type Table, TableModel } from "chainrule/table";
import { type Assessed, assessModel, type Baseline } from "../../assess/index.ts";
import type { EngineOptions } from "../../engine.ts";
import type { OutputOptions } from "../../output.ts";
import {
  type DataFlags,
  type Encoded,
  type Loaded,
  located,
  type SplitFlags,
  type SplitOptions,
  someRows,
  type TestRows,
} from "../../prepare/index.ts";
import type { FoldScores, RecipeFlags, Searched, SearchSpace, Settings, Trained } from "../../recipe/index.ts";
import { taskName } from "../../recipe/names.ts";

export interface TrainingFlags extends DataFlags, SplitFlags, RecipeFlags, EngineOptions, OutputOptions {
  readonly target: string;
  readonly out: string;
  readonly report?: string;
  readonly force?: boolean;
}

/** A search whose winner was trained. */
export interface Search extends Searched {
  readonly space: SearchSpace;
  readonly method: "random" | "grid";
}

/** Everything that a training run came to. */
export interface TrainingRun {
  readonly command: "train" | "search";
  readonly flags: TrainingFlags;
  readonly loaded: Loaded;
  readonly rows: TestRows;
  readonly encoded: Encoded;
  readonly settings: Settings;
  readonly trained: Trained;
  readonly model: TableModel;
  readonly baseline: Baseline;
  /** The rows held back, and how the model does on them. */
  readonly test: { readonly table: Table; readonly assessed: Assessed } | undefined;
  readonly folds?: FoldScores | undefined;
  readonly search?: Search;
}

/** How rows are parted, as the options have it, and the column whose rows stay together. */
export function splittingOf({ seed, split, by }: TrainingFlags): {
  readonly splitting: Omit<SplitOptions, "test">;
  readonly groups: string | undefined;
} {
  const splitting = { seed, ...(split && { strategy: split }), ...(by === undefined ? {} : { by }) };
  return { splitting, groups: split === "group" ? by : undefined };
}

/** Makes the model of a trained network, and looks, once, at the rows held back. */
export async function assess(run: Omit<TrainingRun, "model" | "baseline" | "test">): Promise<TrainingRun> {
  const { loaded, rows, encoded, trained } = run;
  const { input, target } = encoded;
  const model = new TableModel({ network: trained.network, input, target });
  const baseline = baselineOf(encoded);
  const table = rows.test.length === 0 ? undefined : loaded.table.take(rows.test);
  const assessed = table && (await located(someRows(loaded, rows.test), () => assessModel(model, table, baseline)));
  const test = table && assessed && { table, assessed };
  return { ...run, model, baseline, test };
}

/** The most frequent class of the rows trained on, or the mean of their targets. */
function baselineOf({ target, problem }: Encoded): Baseline {
  if (target.classes === undefined) return { value: target.mean };
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const label of problem.y.dataSync()) counts[label] = (counts[label] as number) + 1;
  return { value: counts.indexOf(Math.max(...counts)) };
}

/** What a program wants to know of it. */
export function resultOf({ flags, trained, test, encoded }: TrainingRun) {
  return {
    event: "result",
    model: flags.out,
    ...(flags.report === undefined ? {} : { report: flags.report }),
    task: taskName(encoded.problem.task),
    seed: flags.seed,
    epochs: trained.epochs,
    stopped: trained.stopped,
    seconds: trained.seconds,
    validationLoss: trained.validationLoss ?? null,
    validationScore: trained.validationScore ?? null,
    ...(test === undefined ? {} : { test: test.assessed.assessment }),
  };
}

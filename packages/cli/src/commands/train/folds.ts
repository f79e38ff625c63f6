/** What `--folds` adds: the score on rows that a model has not seen, over folds of all rows. */
import {
  encodeRows,
  type Loaded,
  located,
  requireKnownClasses,
  type SplitOptions,
  someRows,
  splittingOf,
} from "../../prepare/index.ts";
import { type FoldScores, foldScores, foldsOf, type Settings } from "../../recipe/index.ts";
import { share } from "../../render/numbers.ts";
import { wrap } from "../../render/table.ts";
import type { TrainingProgress } from "./progress.ts";

export interface FoldControl {
  readonly signal: AbortSignal;
  readonly progress: TrainingProgress;
}

/** Trains anew for each fold, encoders and all choices included, on the rows outside of it. */
export async function crossValidate(
  loaded: Loaded,
  folds: number,
  options: Omit<SplitOptions, "test">,
  settings: Settings,
  { signal, progress }: FoldControl,
): Promise<FoldScores> {
  const { order, how } = splittingOf(loaded, options);
  const inOrder = (rows: Int32Array): Int32Array => rows.map((row) => order[row] as number);
  // Before the first fold is trained, not after it.
  for (const { train, held } of foldsOf(loaded.table.length, folds, how))
    requireKnownClasses(loaded, how, { train: inOrder(train), held: inOrder(held) });
  const groups = options.strategy === "group" ? options.by : undefined;
  let fold = 0;
  const scores = await foldScores(
    { ...how, count: loaded.table.length },
    folds,
    (train, held) => {
      progress.part = `fold ${++fold}/${folds}`;
      const { input, target, problem } = encodeRows(loaded, inOrder(train), groups);
      const rows = inOrder(held);
      const table = loaded.table.take(rows);
      return located(someRows(loaded, rows), () => ({
        problem,
        test: { x: input.apply(table), y: target.encode(table.column(loaded.target)) },
      }));
    },
    settings,
    { signal, onEpoch: (log, phase) => progress.epoch(log, phase) },
  );
  progress.part = "";
  return scores;
}

/** As plain data. */
export const foldNumbers = ({ name, folds, mean, deviation }: FoldScores) => ({
  metric: name,
  folds: folds.length,
  scores: folds.map(({ score }) => score),
  mean,
  deviation,
});

export function describeFolds({ name, folds, mean, deviation }: FoldScores, columns: number): string {
  const text = (score: number): string => (name === "accuracy" ? share(score, 2) : score.toFixed(4));
  const seconds = folds.reduce((sum, { trained }) => sum + trained.seconds, 0) / folds.length;
  const line =
    `Over ${folds.length} folds: ${name} ${text(mean)} ± ${text(deviation)} (mean and standard deviation of ` +
    `${folds.map(({ score }) => text(score)).join(", ")}); ${seconds.toFixed(2)} s a fit`;
  return wrap(line, columns).join("\n").replaceAll("\u00a0", " ");
}

/** What `--folds` adds: the score on rows that a model has not seen, over folds of all rows. */
import { TableModel } from "chainrule/table";
import { assessModel } from "../../assess/index.ts";
import { encodeRows, foldTable, type Loaded, type SplitOptions } from "../../prepare/index.ts";
import { type Settings, trainNetwork } from "../../recipe/index.ts";
import { percent } from "../../render/format.ts";
import type { TrainingProgress } from "./progress.ts";

export interface FoldScores {
  readonly folds: number;
  /** "accuracy", or "R²". */
  readonly metric: string;
  readonly scores: readonly number[];
  readonly mean: number;
  /** With n − 1 in the denominator. */
  readonly deviation: number;
  /** Of a fit, on average. */
  readonly seconds: number;
}

export interface FoldControl {
  readonly signal: AbortSignal;
  readonly progress: TrainingProgress;
}

/** Trains anew for each fold, encoders and all choices included, on the rows outside of it. */
export async function crossValidate(
  loaded: Loaded,
  folds: number,
  splitting: Omit<SplitOptions, "test">,
  settings: Settings,
  { signal, progress }: FoldControl,
): Promise<FoldScores> {
  const scores: number[] = [];
  let seconds = 0;
  const groups = splitting.strategy === "group" ? splitting.by : undefined;
  for (const [i, { train, test }] of foldTable(loaded, folds, splitting).entries()) {
    if (signal.aborted) break;
    progress.part = `fold ${i + 1}/${folds}`;
    const { input, target, problem } = encodeRows(loaded, train, groups);
    const started = performance.now();
    const { network } = await trainNetwork(problem, settings, {
      signal,
      onEpoch: (log, phase) => progress.epoch(log, phase),
    });
    seconds += (performance.now() - started) / 1000;
    const model = new TableModel({ network, input, target });
    const { assessment } = await assessModel(model, loaded.table.take(test));
    scores.push(assessment.task === "classification" ? assessment.accuracy : assessment.r2);
  }
  progress.part = "";
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return {
    folds: scores.length,
    metric: loaded.task.task === "regression" ? "R²" : "accuracy",
    scores,
    mean,
    deviation: scores.length < 2 ? 0 : Math.sqrt(squares / (scores.length - 1)),
    seconds: seconds / scores.length,
  };
}

export function describeFolds({ folds, metric, scores, mean, deviation, seconds }: FoldScores): string {
  const text = (score: number): string => (metric === "accuracy" ? percent(score) : score.toFixed(4));
  return (
    `Over ${folds} folds: ${metric} ${text(mean)} ± ${text(deviation)} (mean and standard deviation of ${scores.map(text).join(", ")}), ` +
    `${seconds.toFixed(2)} s a fit`
  );
}

/** What `chainrule train` does. */
import type { Engine } from "../../engine.ts";
import { Failure } from "../../failure.ts";
import type { Output } from "../../output.ts";
import { encodeRows, type Loaded, splitTable } from "../../prepare/index.ts";
import { settingsOf, trainNetwork } from "../../recipe/index.ts";
import { choicesOf } from "./choices.ts";
import { describeAssessment, describeFiles, describeTraining } from "./describe.ts";
import { crossValidate, describeFolds, type FoldControl, foldNumbers } from "./folds.ts";
import { produce } from "./produce.ts";
import { TrainingProgress } from "./progress.ts";
import { assess, resultOf, splittingOf, type TrainingFlags, type TrainingRun } from "./training.ts";

export interface TrainFlags extends TrainingFlags {
  readonly folds?: number;
  readonly checkpoint?: string;
  readonly resume?: boolean;
}

export async function run(path: string, flags: TrainFlags): Promise<void> {
  if (flags.resume === true && flags.checkpoint === undefined)
    throw new Failure("--resume goes on from a checkpoint: name its folder by --checkpoint too.");
  await produce(path, flags, {
    interrupted: "Finishing the epoch",
    train: (loaded, output, signal) => train(loaded, flags, output, signal),
    tell,
  });
}

/** Trains on the rows that are not held back, and assesses on those that are. */
async function train(loaded: Loaded, flags: TrainFlags, output: Output, signal: AbortSignal): Promise<TrainingRun> {
  const progress = new TrainingProgress(output);
  try {
    return await trainWith(loaded, flags, output, { signal, progress });
  } finally {
    progress.end();
  }
}

async function trainWith(
  loaded: Loaded,
  flags: TrainFlags,
  output: Output,
  { signal, progress }: FoldControl,
): Promise<TrainingRun> {
  const { folds, checkpoint, resume = false } = flags;
  const settings = settingsOf(flags);
  const { splitting, groups } = splittingOf(flags);
  const scores =
    folds === undefined ? undefined : await crossValidate(loaded, folds, splitting, settings, { signal, progress });
  if (scores !== undefined) output.result(describeFolds(scores, output.columns));
  // With folds there is an estimate already, and every row is worth having.
  const rows = splitTable(loaded, { ...splitting, test: folds === undefined ? flags.test : 0 });
  const encoded = encodeRows(loaded, rows.train, groups);
  const trained = await trainNetwork(encoded.problem, settings, {
    signal,
    onEpoch: (log, phase) => progress.epoch(log, phase),
    ...(checkpoint === undefined ? {} : { checkpoint: { folder: checkpoint, resume } }),
  });
  return assess({ command: "train", flags, loaded, rows, encoded, settings, trained, folds: scores });
}

function tell(run: TrainingRun, output: Output, engine: Engine): void {
  const choices = choicesOf(run);
  output.note(describeTraining(run, choices, output.columns));
  // Folds have said it already.
  if (run.folds === undefined) output.result(describeAssessment(run, output));
  output.result(describeFiles(run));
  for (const choice of choices) output.json({ event: "choice", ...choice });
  const { folds } = run;
  output.json({ ...resultOf(run), ...(folds === undefined ? {} : { folds: foldNumbers(folds) }), ...engine });
}

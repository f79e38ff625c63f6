/** What `chainrule search` does. */
import type { Engine } from "../../engine.ts";
import { Failure } from "../../failure.ts";
import type { Output } from "../../output.ts";
import { encodeRows, type Loaded, splitTable } from "../../prepare/index.ts";
import { type SearchSpace, scoreName, searchNetworks, searchSpace, settingsOf } from "../../recipe/index.ts";
import { figure, score as scoreText } from "../../render/numbers.ts";
import { choicesOf } from "../train/choices.ts";
import { describeAssessment, describeChoices, describeFiles } from "../train/describe.ts";
import type { Extra } from "../train/files.ts";
import { produce } from "../train/produce.ts";
import { assess, resultOf, type Search, splittingOf, type TrainingFlags, type TrainingRun } from "../train/training.ts";
import { SearchProgress } from "./progress.ts";
import { describeSettings, describeTrials, trialsFile } from "./trials.ts";

export interface SearchFlags extends TrainingFlags {
  readonly trials?: number;
  readonly space?: readonly string[];
  readonly grid?: boolean;
  readonly folds?: number;
  readonly csv?: string;
}

/** What a training run is after a search. */
type SearchRun = TrainingRun & { readonly search: Search };

export async function run(path: string, flags: SearchFlags): Promise<void> {
  requireConsistent(flags);
  const space = searchSpace(flags.space ?? [], settingsOf(flags));
  const { csv } = flags;
  await produce(path, flags, {
    interrupted: "Ending the search; the best so far will be kept",
    extras: csv === undefined ? [] : [trialsTo(csv)],
    train: (loaded, output, signal) => search(loaded, flags, space, output, signal),
    tell: (done, output, engine) => tell(done as SearchRun, flags, output, engine),
  });
}

const trialsTo = (path: string): Extra => ({
  option: "--csv",
  path,
  contentOf: (done) => trialsFile((done as SearchRun).search),
});

function requireConsistent({ grid, trials, space, folds, validation, csv }: SearchFlags): void {
  if (grid === true && trials !== undefined)
    throw new Failure("--grid tries all combinations, so --trials has nothing to say. Leave one of them out.");
  if (grid === true && space === undefined)
    throw new Failure(
      "--grid needs to know which values to combine. List them by --space, as in --space 'hidden=64|128,64' --space 'l2=0.01|0.1'.",
    );
  if (folds !== undefined && validation !== undefined)
    throw new Failure("--folds and --validation are two ways to hold rows back for the comparison. Take one of them.");
  if (csv === "-")
    throw new Failure(
      "--csv: standard output is for the results. Name a file, or take --json, which prints the trials there.",
    );
}

/** Compares on the rows that are not held back, and assesses the best, once, on those that are. */
async function search(
  loaded: Loaded,
  flags: SearchFlags,
  space: SearchSpace,
  output: Output,
  signal: AbortSignal,
): Promise<SearchRun> {
  const { trials, folds } = flags;
  const method = flags.grid === true ? "grid" : "random";
  const { splitting, groups } = splittingOf(flags);
  const rows = splitTable(loaded, { ...splitting, test: flags.test });
  const encoded = encodeRows(loaded, rows.train, groups);
  const progress = new SearchProgress(output, space);
  const found = await searchNetworks(
    encoded.problem,
    { ...settingsOf(flags), ...(folds === undefined ? {} : { folds }) },
    { space, method, ...(trials === undefined ? {} : { trials }) },
    {
      signal,
      onTrial: (row, count) => progress.trial(row, count),
      onEpoch: (log, phase, trial) => progress.epoch(log, phase, trial),
    },
  ).finally(() => progress.end());
  const { settings, trained } = found;
  const own: Search = { ...found, space, method };
  return { ...(await assess({ command: "search", flags, loaded, rows, encoded, settings, trained })), search: own };
}

function tell(run: SearchRun, { quiet = false, csv }: SearchFlags, output: Output, engine: Engine): void {
  const { search: found, encoded } = run;
  const choices = choicesOf(run);
  const score = scoreName(encoded.problem.task);
  output.note(`${describeChoices(choices, output.columns)}\n\n${describeTrials(found, score, output.columns)}\n`);
  output.result(`${describeBest(found, score)}${quiet ? "" : "\n"}`);
  output.result(describeAssessment(run, output));
  output.result(`${describeFiles(run)}${csv === undefined ? "" : `\nTrials: ${csv}`}`);
  for (const choice of choices) output.json({ event: "choice", ...choice });
  const { rows, count, best, method } = found;
  output.json({
    ...resultOf(run),
    ...(csv === undefined ? {} : { csv }),
    search: {
      method,
      planned: count,
      trials: rows.length,
      failed: rows.filter(({ failure }) => failure !== undefined).length,
      best: best.trial,
      settings: best.settings,
      seed: best.seed,
    },
    ...engine,
  });
}

const describeBest = ({ best, space }: Search, score: string): string =>
  `Best: trial ${best.trial} (${describeSettings(space, best)}), loss ${figure(best.validationLoss)} and ` +
  `${score} ${scoreText(best.validationScore)} on validation data`;

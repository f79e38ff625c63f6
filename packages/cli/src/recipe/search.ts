/** A search over settings: each trial is trained and scored on rows held back, and the winner is trained in the end. */
import { gridSearch, randomSearch, type Study } from "chainrule/selection";
import { Failure } from "../failure.ts";
import { planFor } from "./plan.ts";
import { INTERRUPTED } from "./run.ts";
import { optionOf, type SearchedSettings, type SearchSpace } from "./space.ts";
import { trainNetwork } from "./train.ts";
import type { Control, EpochLog, Phase, Problem, Settings, Trained } from "./types.ts";
import type { SearchedName } from "./usual-space.ts";

/** One trial, as a row of a table. */
export interface SearchRow {
  /** 1 for the first. */
  readonly trial: number;
  readonly settings: SearchedSettings;
  readonly seed: number;
  readonly validationLoss: number;
  readonly validationScore: number;
  readonly epochs: number;
  readonly seconds: number;
  /** Why it counts for nothing. */
  readonly failure?: string;
}

export interface Searched {
  /** In the order of trial. */
  readonly rows: readonly SearchRow[];
  /** How many trials there were to be; an abort leaves fewer rows. */
  readonly count: number;
  readonly best: SearchRow;
  /** The winner, trained as `train` with these settings would. */
  readonly trained: Trained;
  readonly settings: Settings;
}

export interface SearchOptions {
  readonly space: SearchSpace;
  /** random: so many trials; a grid tries all. */
  readonly trials?: number;
  readonly method: "random" | "grid";
}

export interface TrialNumber {
  /** 1 for the first. */
  readonly number: number;
  readonly count: number;
}

export interface SearchControl extends Pick<Control, "signal"> {
  onTrial?(row: SearchRow, trials: number): void;
  /** @param trial undefined when the winner is trained in the end */
  onEpoch?(log: EpochLog, phase: Phase, trial: TrialNumber | undefined): void;
}

/** What each trial uses of the settings that are neither searched nor told, so that trials differ in what is searched alone. */
export const MIDDLING = { hidden: [64], l2: 0.01, dropout: 0 } as const;

/**
 * All trials hold back the same rows, so that their losses compare; each has a seed of its own, derived from that of the
 * search. An abort ends the search in the present trial, which does not count unless it is the first, and the best so far wins.
 *
 * @throws Failure for a grid with ranges, where no rows can be held back, and where all trials fail
 */
export async function searchNetworks(
  problem: Problem,
  settings: Settings,
  { space, method, trials = 20 }: SearchOptions,
  control: SearchControl = {},
): Promise<Searched> {
  const { parts, refit } = planFor(problem, settings);
  if (parts.length === 0)
    throw new Failure("A search needs rows held back to compare on: give more rows, and leave out --validation 0.");
  const grid = method === "grid" ? gridOf(space) : {};
  const count = method === "grid" ? combinations(grid) : trials;
  const { signal, onTrial, onEpoch } = control;
  const settingsOf = (searched: SearchedSettings, seed: number): Settings => ({
    ...MIDDLING,
    ...settings,
    ...searched,
    seed,
    splitSeed: settings.splitSeed ?? settings.seed,
  });
  const train = (own: Settings, trial?: TrialNumber): Promise<Trained> =>
    trainNetwork(problem, own, {
      ...(onEpoch === undefined ? {} : { onEpoch: (log, phase) => onEpoch(log, phase, trial) }),
      // The winner is trained even if the search was ended early.
      ...(signal === undefined || trial === undefined ? {} : { signal }),
    });
  const rows: SearchRow[] = [];
  let leader: { readonly loss: number; readonly trained: Trained } | undefined;
  const options = {
    seed: settings.seed,
    ...(signal === undefined ? {} : { signal }),
    evaluate: async (searched: object, { seed, trial }: { readonly seed: number; readonly trial: number }) => {
      const own = settingsOf(searched, seed);
      const trained = await train(refit ? { ...own, refit: false } : own, { number: trial + 1, count });
      if (trained.stopped === INTERRUPTED && leader !== undefined) throw new Failure(INTERRUPTED);
      const { validationLoss: loss = Number.NaN, validationScore = Number.NaN, bestEpoch } = trained;
      if (leader === undefined || loss < leader.loss) leader = { loss, trained };
      return { score: loss, metrics: { validationScore, epochs: bestEpoch } };
    },
    onTrial: (trial: Study<object>["trials"][number]) => {
      // A trial that was cut short is no trial.
      if (trial.failure === INTERRUPTED) return;
      const row = rowOf(trial);
      rows.push(row);
      onTrial?.(row, count);
    },
  };
  const study: Study<object> =
    method === "grid"
      ? await gridSearch({ grid, ...options })
      : await randomSearch({ space: distributionsOf(space), trials, ...options });
  const best = rows.find(({ trial }) => trial - 1 === study.best?.number);
  if (best === undefined || leader === undefined) throw new Failure(nothingFound(rows));
  const winning = settingsOf(best.settings, best.seed);
  // Without training on all rows the network of the trial is the one that would be made again.
  return { rows, count, best, trained: refit ? await train(winning) : leader.trained, settings: winning };
}

function rowOf(trial: Study<object>["trials"][number]): SearchRow {
  const { validationScore = Number.NaN, epochs = 0 } = trial.metrics;
  return {
    trial: trial.number + 1,
    settings: trial.configuration,
    seed: trial.seed,
    validationLoss: trial.score,
    validationScore,
    epochs,
    seconds: trial.seconds,
    ...(trial.failure === undefined ? {} : { failure: trial.failure }),
  };
}

const nothingFound = (rows: readonly SearchRow[]): string =>
  rows[0] === undefined
    ? "The search was ended before its first trial, so there is no network."
    : `None of the ${rows.length} trials gave a network. The first failed so: ${rows[0].failure}`;

const combinations = (grid: Record<string, readonly unknown[]>): number =>
  Object.values(grid).reduce((all, { length }) => all * length, 1);

function gridOf(space: SearchSpace): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    Object.entries(space).map(([name, { values, text }]) => {
      if (values !== undefined) return [name, values];
      const option = optionOf(name as SearchedName).slice(2);
      throw new Failure(
        `A grid needs a list of values for each setting, but ${option} has the range ${text}. ` +
          `Write --space '${option}=value|value', or search at random.`,
      );
    }),
  );
}

const distributionsOf = (space: SearchSpace) =>
  Object.fromEntries(Object.entries(space).map(([name, { distribution }]) => [name, distribution]));

/** A search over settings: each trial is trained and scored on rows held back, and the winner is trained in the end. */
import { gridSearch, randomSearch, type Study } from "chainrule/selection";
import { Failure } from "../failure.ts";
import type { SearchedSettings, SearchSpace } from "./space.ts";
import { trainNetwork } from "./train.ts";
import type { Control, Phase, Problem, Settings, Trained } from "./types.ts";

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

export interface SearchControl extends Pick<Control, "signal"> {
  onTrial?(row: SearchRow, trials: number): void;
  onEpoch?(log: Parameters<NonNullable<Control["onEpoch"]>>[0], phase: Phase): void;
}

/** What each trial uses of the settings that are neither searched nor told, so that trials differ in what is searched alone. */
const MIDDLING = { hidden: [64], l2: 0.01, dropout: 0 } as const;

/**
 * All trials hold back the same rows, so that their losses compare; each has a seed of its own, derived from that of the
 * search. An abort ends the search after the present trial, and the best so far wins.
 *
 * @throws Failure for a grid with ranges, and where all trials fail
 */
export async function searchNetworks(
  problem: Problem,
  settings: Settings,
  { space, method, trials = 20 }: SearchOptions,
  control: SearchControl = {},
): Promise<Searched> {
  const rows: SearchRow[] = [];
  const { signal, onEpoch } = control;
  const grid = method === "grid" ? gridOf(space) : {};
  const count = method === "grid" ? Object.values(grid).reduce((all, { length }) => all * length, 1) : trials;
  const settingsOf = (searched: SearchedSettings, seed: number): Settings => ({
    ...MIDDLING,
    ...settings,
    ...searched,
    seed,
    splitSeed: settings.splitSeed ?? settings.seed,
  });
  const options = {
    seed: settings.seed,
    ...(signal === undefined ? {} : { signal }),
    evaluate: async (drawn: object, { seed }: { readonly seed: number }) => {
      const trained = await trainNetwork(
        problem,
        { ...settingsOf(drawn, seed), refit: false },
        {
          ...(onEpoch === undefined ? {} : { onEpoch }),
          ...(signal === undefined ? {} : { signal }),
        },
      );
      const { validationLoss, validationScore, bestEpoch } = trained;
      if (validationLoss === undefined || validationScore === undefined) {
        throw new Failure("A search needs rows held back to compare on: use more rows, and leave out --validation 0.");
      }
      return { score: validationLoss, metrics: { validationScore, epochs: bestEpoch } };
    },
    onTrial: (trial: Study<object>["trials"][number]) => {
      const { validationScore = Number.NaN, epochs = 0 } = trial.metrics;
      const row: SearchRow = {
        trial: trial.number + 1,
        settings: trial.configuration,
        seed: trial.seed,
        validationLoss: trial.score,
        validationScore,
        epochs,
        seconds: trial.seconds,
        ...(trial.failure === undefined ? {} : { failure: trial.failure }),
      };
      rows.push(row);
      control.onTrial?.(row, count);
    },
  };
  const study: Study<object> =
    method === "grid"
      ? await gridSearch({ grid, ...options })
      : await randomSearch({ space: distributionsOf(space), trials, ...options });
  const best = rows.find(({ trial }) => trial - 1 === study.best?.number);
  if (best === undefined) {
    throw new Failure(
      `None of the ${rows.length} trials gave a network. The first failed so: ${rows[0]?.failure ?? "no trial was made"}`,
    );
  }
  const winning = settingsOf(best.settings, best.seed);
  const trained = await trainNetwork(problem, winning, onEpoch === undefined ? {} : { onEpoch });
  return { rows, best, trained, settings: winning };
}

function gridOf(space: SearchSpace): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    Object.entries(space).map(([name, { values, distribution }]) => {
      if (values !== undefined) return [name, values];
      throw new Failure(
        `A grid needs a list of values for each setting, but ${name} has the range ${distribution.text}. Write --space ${name}=value|value, or search at random.`,
      );
    }),
  );
}

const distributionsOf = (space: SearchSpace) =>
  Object.fromEntries(Object.entries(space).map(([name, { distribution }]) => [name, distribution]));

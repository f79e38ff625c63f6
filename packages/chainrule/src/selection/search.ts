/** Searches: every point of a grid, or points drawn at random. */
import { numbersOf } from "../data/dataset.ts";
import { foldIn, key } from "../ops/composed/random.ts";
import { randomBits } from "../ops/random-bits.ts";
import { hashText } from "../tensor/hash.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { type Configuration, checkSpace, type Space } from "./space.ts";
import { runStudy, STUDY_OPTIONS, type Study, type StudyOptions } from "./study.ts";

/** For each setting the values to try. */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/** One value for each setting of a grid. */
export type Point<G extends Grid> = { readonly [K in keyof G]: G[K][number] };

export interface GridSearchOptions<G extends Grid, K> extends StudyOptions<Point<G>, K> {
  readonly grid: G;
}

/**
 * Tries every combination of the values, the last setting changing fastest.
 *
 * @throws TypeError for a grid without values
 * @example
 * ```ts
 * import { gridSearch } from "chainrule/selection";
 * const study = await gridSearch({
 *   grid: { a: [1, 2, 3], b: [10, 20] },
 *   evaluate: ({ a, b }) => (a * b - 40) ** 2,
 * });
 * study.best?.configuration; // → { a: 2, b: 20 }
 * ```
 */
export async function gridSearch<const G extends Grid, K = unknown>(
  options: GridSearchOptions<G, K>,
): Promise<Study<Point<G>, K>> {
  checkOptions("gridSearch", options, ["grid", ...STUDY_OPTIONS]);
  return runStudy("gridSearch", points(options?.grid), options);
}

/** The settings with their values. @throws TypeError for what is no grid */
function checkGrid(where: string, grid: Grid): [string, readonly unknown[]][] {
  if (typeof grid !== "object" || grid === null || Object.keys(grid).length === 0) {
    throw new TypeError(
      `${where}: grid must be an object such as { learningRate: [0.01, 0.1] }; it is ${describeValue(grid)}.`,
    );
  }
  for (const [name, values] of Object.entries(grid)) {
    if (Array.isArray(values) && values.length > 0) continue;
    const given = Array.isArray(values) ? "empty" : describeValue(values);
    throw new TypeError(`${where}: "${name}" must be an array of values to try; it is ${given}.`);
  }
  return Object.entries(grid);
}

function points<G extends Grid>(grid: G): Point<G>[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [name, values] of checkGrid("gridSearch", grid)) {
    all = all.flatMap((point) => values.map((value: unknown) => ({ ...point, [name]: value })));
  }
  return all as Point<G>[];
}

/**
 * A finer grid around a point of another one: each numeric setting gets `count` values from the neighbour below to the
 * neighbour above, evenly spaced, or in equal ratios where the values of the grid are positive and span a factor of ten
 * or more. Settings that are no numbers, or have one value, keep the point's.
 *
 * @throws TypeError, RangeError for a point that is not of the grid
 * @example
 * ```ts
 * import { refine } from "chainrule/selection";
 * refine({ units: [8, 16, 24] }, { units: 16 }, { count: 5 }).units; // → [ 8, 12, 16, 20, 24 ]
 * ```
 */
export function refine<G extends Grid>(
  grid: G,
  best: Point<G>,
  options: { readonly count?: number } = {},
): { readonly [K in keyof G]: G[K][number][] } {
  checkOptions("refine", options, ["count"]);
  const count = checkNumber("refine", "count", options.count ?? 5, { least: 2, integer: true });
  const settings = checkGrid("refine", grid);
  const point: unknown = best;
  if (typeof point !== "object" || point === null || settings.some(([name]) => !Object.hasOwn(point, name))) {
    const [lacking] = settings.find(([name]) => !Object.hasOwn(Object(point), name)) ?? [];
    const given =
      typeof point === "object" && point !== null ? `it has no "${lacking}"` : `it is ${describeValue(point)}`;
    throw new TypeError(
      `refine: best must be a point of the grid, such as study.best.configuration; ${given}. ` +
        "A study in which all trials failed has no best.",
    );
  }
  const entries = settings.map(([name, values]) => {
    const value = (point as Record<string, unknown>)[name];
    if (!values.includes(value)) {
      throw new RangeError(`refine: ${describeValue(value)} is not among the values of "${name}".`);
    }
    if (values.length === 1 || !values.every((v) => typeof v === "number")) return [name, [value]];
    return [name, between(values as number[], value as number, count)];
  });
  return Object.fromEntries(entries) as { readonly [K in keyof G]: G[K][number][] };
}

function between(values: readonly number[], best: number, count: number): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted.indexOf(best);
  const [low, high] = [sorted[Math.max(0, at - 1)] as number, sorted[Math.min(at + 1, sorted.length - 1)] as number];
  const [first, last] = [sorted[0] as number, sorted.at(-1) as number];
  const isGeometric = first > 0 && last / first >= 10;
  const whole = values.every(Number.isInteger);
  const all = Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    const value = isGeometric ? low * (high / low) ** share : low + share * (high - low);
    return whole ? Math.round(value) : value;
  });
  return [...new Set(all)];
}

export interface RandomSearchOptions<S extends Space, K> extends StudyOptions<Configuration<S>, K> {
  readonly space: S;
  /** How many configurations to draw. */
  readonly trials: number;
}

/**
 * Tries configurations drawn at random. The configuration of a trial depends on the study's seed, the trial's number and
 * the setting's name alone: more trials, or another setting, leave the others as they were.
 *
 * @throws TypeError, RangeError for a space or a number of trials that cannot be
 * @example
 * ```ts
 * import { choice, integer, logUniform, randomSearch } from "chainrule/selection";
 * const study = await randomSearch({
 *   space: { rate: logUniform(1e-4, 1), units: integer(2, 64), activation: choice("relu", "tanh") },
 *   trials: 20,
 *   evaluate: ({ rate }) => Math.abs(Math.log10(rate) + 2),
 * });
 * study.trials.length; // → 20
 * ```
 */
export async function randomSearch<const S extends Space, K = unknown>(
  options: RandomSearchOptions<S, K>,
): Promise<Study<Configuration<S>, K>> {
  checkOptions("randomSearch", options, ["space", "trials", ...STUDY_OPTIONS]);
  const space = checkSpace("randomSearch", options?.space);
  const trials = checkNumber("randomSearch", "trials", options.trials, { least: 1, integer: true });
  const seed = checkNumber("randomSearch", "seed", options.seed ?? 0, { integer: true });
  const drawn = Array.from({ length: trials }, (_, trial) =>
    Object.fromEntries(Object.entries(space).map(([name, d]) => [name, d.at(quantile(seed, trial, name))])),
  );
  return runStudy("randomSearch", drawn as Configuration<S>[], options);
}

/** A number in [0, 1) with 32 random bits. */
function quantile(seed: number, trial: number, name: string): number {
  const own = foldIn(foldIn(key(seed), trial), hashText(name));
  return ((numbersOf(randomBits(own, [1]))[0] as number) >>> 0) / 2 ** 32;
}

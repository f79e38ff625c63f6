/** A study: trials with different settings, scored on validation data; the winner, and what it scores on test data. */
import { numbersOf } from "../data/dataset.ts";
import { foldIn, key } from "../ops/composed/random.ts";
import { checkChoice, checkNumber, describeValue } from "../tensor/options.ts";
import { table } from "./table.ts";

/** What a trial is told beside its configuration. */
export interface TrialContext {
  /** 0, 1, 2 … */
  readonly trial: number;
  /** Derived from the study's seed and the trial's number: the same in every run, whatever was tried before. */
  readonly seed: number;
}

/** What a trial found; `keep` is there for `test`, a trained model for example. */
export interface Found<K> {
  /** The score on validation data. */
  readonly score: number;
  /** More numbers for the table. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly keep?: K;
}

/** The trial that won. */
export type Winner<C, K = unknown> = Trial<C, K> & { readonly keep: K };

export interface StudyOptions<C, K> {
  /** Trains a model with a configuration and scores it on validation data: the score alone, or with more. */
  readonly evaluate: (configuration: C, context: TrialContext) => number | Found<K> | Promise<number | Found<K>>;
  /** Whether the best score is the smallest (a loss) or the largest (an accuracy). Default "minimize". */
  readonly goal?: "minimize" | "maximize";
  /** Any integer, default 0. */
  readonly seed?: number;
  /** The score on test data of the winner: called once, after all trials, so that it chooses nothing. */
  readonly test?: (winner: Winner<C, K>) => number | Promise<number>;
  /** Called after each trial. */
  readonly onTrial?: (trial: Trial<C, K>) => void;
  /** Ends the study after the present trial. */
  readonly signal?: AbortSignal;
}

/** The options that all searches have. */
export const STUDY_OPTIONS = ["evaluate", "goal", "seed", "test", "onTrial", "signal"] as const;

export interface Trial<C, K = unknown> {
  readonly number: number;
  readonly seed: number;
  readonly configuration: C;
  /** NaN if the trial failed. */
  readonly score: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Why the trial counts for nothing: the error's message, or a score that is NaN. */
  readonly failure?: string;
  readonly keep?: K;
  readonly seconds: number;
}

export interface Study<C, K = unknown> {
  /** In the order in which they were made. */
  readonly trials: readonly Trial<C, K>[];
  /** The trial with the best score, the first of equal ones; undefined if all failed. */
  readonly best: Winner<C, K> | undefined;
  /** What `test` gave for it. */
  readonly testScore?: number;
  /** Why there is none, where `test` failed: the error's message, or a score that is no number. */
  readonly testFailure?: string;
  /** Best first, as text; failed trials at the end with their reason. */
  toString(): string;
}

/** Any integer of 31 bits, from the study's seed and the number of the trial. */
export const trialSeed = (seed: number, trial: number): number =>
  (numbersOf(foldIn(key(seed), trial))[0] as number) & 0x7fffffff;

/** Carries out trials one after another. A trial that fails is recorded, and the study goes on. */
export async function runStudy<C extends object, K>(
  where: string,
  configurations: readonly C[],
  options: StudyOptions<C, K>,
): Promise<Study<C, K>> {
  const { evaluate, test, onTrial, signal } = options;
  if (typeof evaluate !== "function") {
    throw new TypeError(
      `${where}: evaluate must be a function of the configuration; it is ${describeValue(evaluate)}.`,
    );
  }
  const goal = checkChoice(where, "goal", options.goal ?? "minimize", ["minimize", "maximize"]);
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });
  const trials: Trial<C, K>[] = [];
  for (const [number, configuration] of configurations.entries()) {
    if (signal?.aborted === true) break;
    const context = { trial: number, seed: trialSeed(seed, number) };
    const start = performance.now();
    const outcome = await attempt(where, () => evaluate(configuration, context));
    const trial = {
      number,
      seed: context.seed,
      configuration,
      ...outcome,
      seconds: (performance.now() - start) / 1000,
    };
    trials.push(trial);
    onTrial?.(trial);
  }
  const ranked = rank(trials, goal);
  const best = ranked.find(({ failure }) => failure === undefined) as Winner<C, K> | undefined;
  const tested = best === undefined || test === undefined ? {} : await attemptTest(() => test(best));
  return { trials, best, ...tested, toString: () => table(ranked, tested) };
}

/** What a test gave. A long study is not lost by its failure. */
export type Tested = Pick<Study<unknown>, "testScore" | "testFailure">;

async function attemptTest(test: () => unknown): Promise<Tested> {
  try {
    const score: unknown = await test();
    if (typeof score !== "number") return { testFailure: `test must give a number; it gave ${describeValue(score)}` };
    return Number.isNaN(score) ? { testFailure: "the score is NaN" } : { testScore: score };
  } catch (error) {
    return { testFailure: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Outcome<K> = Pick<Trial<unknown, K>, "score" | "metrics" | "failure" | "keep">;

async function attempt<K>(
  where: string,
  evaluate: () => number | Found<K> | Promise<number | Found<K>>,
): Promise<Outcome<K>> {
  let found: number | Found<K>;
  try {
    found = await evaluate();
  } catch (error) {
    return { score: Number.NaN, metrics: {}, failure: messageOf(error) };
  }
  const { score, metrics = {}, keep } = typeof found === "number" ? { score: found } : (found ?? {});
  if (typeof score !== "number") {
    throw new TypeError(`${where}: evaluate must give a number or { score }; it gave ${describeValue(found)}.`);
  }
  const failure = Number.isNaN(score) ? "the score is NaN" : undefined;
  return { score, metrics, ...(failure === undefined ? {} : { failure }), ...(keep === undefined ? {} : { keep }) };
}

/** Best first, failed ones last, else in their order. */
function rank<C, K>(trials: readonly Trial<C, K>[], goal: "minimize" | "maximize"): Trial<C, K>[] {
  const worth = ({ score, failure }: Trial<C, K>): number => {
    if (failure !== undefined) return Number.NEGATIVE_INFINITY;
    return goal === "maximize" ? score : -score;
  };
  // Infinite scores are worth no more than failures, but come before them.
  const isFailed = ({ failure }: Trial<C, K>): number => Number(failure !== undefined);
  return trials.toSorted((a, b) => {
    if (isFailed(a) !== isFailed(b)) return isFailed(a) - isFailed(b);
    const [x, y] = [worth(a), worth(b)];
    return x === y ? 0 : x > y ? -1 : 1;
  });
}

/** Parting a data set into folds, each of which is held back once. */
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Values } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { identity } from "./shuffle.ts";
import { type Cut, cutOf, cutRandom, cutStratified, type SplitOptions, shuffledGroups } from "./split.ts";

export interface FoldOptions extends SplitOptions {
  /** Default 5. */
  readonly folds?: number;
}

/** Positions of the examples to train on and of those held back, ascending. */
export interface FoldIndices {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * The folds of a data set, by the strategies of `split`. With "random", "stratified" and "group" each example is held
 * back once and trained on otherwise; of groups the largest goes first, each to the fold that has fewest examples. With
 * "time" the future is never trained on: each fold holds back a stretch of ⌊n / (folds + 1)⌋ examples, the last ones, and
 * trains on all that came before.
 *
 * @param y the targets: they give the number of examples, and the classes of "stratified"
 * @throws DataError where a fold would be empty
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { foldIndices } from "chainrule/data";
 * const folds = foldIndices(tensor([5, 6, 7, 8, 9]), { folds: 2, strategy: "time" });
 * folds.map(({ train, validation }) => [train.length, [...validation]]); // → [ [ 3, [ 3 ] ], [ 4, [ 4 ] ] ]
 * ```
 */
export function foldIndices(y: Values, options: FoldOptions = {}): FoldIndices[] {
  return foldsFor("foldIndices", y, options);
}

/** The same for a function that users know by another name. */
export function foldsFor(where: string, y: Values, options: FoldOptions = {}): FoldIndices[] {
  checkOptions(where, options, ["folds", "strategy", "seed", "groups"]);
  const folds = checkNumber(where, "folds", options.folds ?? 5, { least: 2, integer: true });
  const cut = cutOf(where, "fold", y, new Array<number>(folds).fill(1 / folds), options);
  const all = identity(cut.count);
  const least = cut.strategy === "time" ? folds + 1 : folds;
  if (all.length < least) {
    throw new DataError(`${where}: ${folds} folds need at least ${least} examples, and there are ${all.length}.`);
  }
  if (cut.strategy === "time") return inTime(all, folds);
  return { random: cutRandom, stratified: cutStratified, group: groupFolds }[cut.strategy](cut).map((part) => {
    const held = new Set(part);
    return { train: all.filter((i) => !held.has(i)), validation: Int32Array.from(part).sort() };
  });
}

/** The largest group first, each to the smallest fold so far, as scikit-learn's GroupKFold; equal ones in random order. */
function groupFolds(cut: Cut): number[][] {
  const groups = shuffledGroups(cut).sort((a, b) => b.length - a.length);
  const folds = cut.fractions.map((): number[] => []);
  if (groups.length < folds.length) {
    throw new DataError(
      `${cut.where}: ${folds.length} folds need at least ${folds.length} groups, and there are ${groups.length}.`,
    );
  }
  for (const group of groups) folds.reduce((a, b) => (b.length < a.length ? b : a)).push(...group);
  return folds;
}

function inTime(all: Int32Array, folds: number): FoldIndices[] {
  const length = Math.floor(all.length / (folds + 1));
  const first = all.length - folds * length;
  return Array.from({ length: folds }, (_, i) => {
    const from = first + i * length;
    return { train: all.slice(0, from), validation: all.slice(from, from + length) };
  });
}

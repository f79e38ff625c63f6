/** Parting a data set into folds, each of which is held back once. */
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { DataError } from "./errors.ts";
import { identity } from "./shuffle.ts";
import { type SplitOptions, splitIndices } from "./split.ts";

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
 * back once and trained on otherwise. With "time" the future is never trained on: each fold holds back a stretch of
 * ⌊n / (folds + 1)⌋ examples, the last ones, and trains on all that came before.
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
export function foldIndices(y: Tensor, { folds = 5, ...options }: FoldOptions = {}): FoldIndices[] {
  checkOptions("foldIndices", options, ["strategy", "seed", "groups"]);
  checkNumber("foldIndices", "folds", folds, { least: 2, integer: true });
  const all = identity(y.shape[0] ?? 0);
  const least = options.strategy === "time" ? folds + 1 : folds;
  if (all.length < least) {
    throw new DataError(`foldIndices: ${folds} folds need at least ${least} examples, and there are ${all.length}.`);
  }
  if (options.strategy === "time") return inTime(all, folds);
  const parts = splitIndices(y, { ...options, fractions: new Array<number>(folds).fill(1 / folds) });
  return parts.map((part) => {
    const held = new Set(part);
    return { train: all.filter((i) => !held.has(i)), validation: part.toSorted() };
  });
}

function inTime(all: Int32Array, folds: number): FoldIndices[] {
  const length = Math.floor(all.length / (folds + 1));
  const first = all.length - folds * length;
  return Array.from({ length: folds }, (_, i) => {
    const from = first + i * length;
    return { train: all.slice(0, from), validation: all.slice(from, from + length) };
  });
}

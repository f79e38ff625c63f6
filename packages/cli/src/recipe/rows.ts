/** Which rows are trained on, validated with and tested with, and in which order: functions of the seed alone. */
import type { Problem } from "./types.ts";

/**
 * stratified: each class in the same proportions in all parts; random: any row in any part; time: the last rows are held
 * back; group: rows of one group stay together.
 */
export const SPLIT_STRATEGIES = ["stratified", "random", "time", "group"] as const;
export type SplitStrategy = (typeof SPLIT_STRATEGIES)[number];

/** What decides how rows are parted. */
export interface Splitting {
  readonly strategy: SplitStrategy;
  readonly seed: number;
  /** The class of each row. "stratified" and "random" leave a row of each class to train on. */
  readonly classes?: ArrayLike<number>;
  /** For "group". */
  readonly groups?: ArrayLike<number | string>;
}

/** Rows to train on and rows held back, both ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly held: Int32Array;
}

/**
 * Numbers in [0, 1) that depend on the seeds alone: mulberry32 (T. Ettinger, 2017), on a state into which the seeds are
 * mixed by the finalizer of MurmurHash3 (A. Appleby, 2008).
 */
export function randomNumbers(...seeds: readonly number[]): () => number {
  let state = 0x9e3779b9;
  for (const seed of seeds) state = finalize(finalize(state ^ seed) + Math.floor(seed / 2 ** 32) + 0x6d2b79f5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

function finalize(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Puts positions into random order, in place (R. Durstenfeld, "Algorithm 235: Random permutation", 1964). */
export function shuffle<T extends Int32Array | unknown[]>(positions: T, random: () => number): T {
  for (let i = positions.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = positions[i];
    positions[i] = positions[j] as number;
    positions[j] = held as number;
  }
  return positions;
}

/** 0 … count − 1. */
export const range = (count: number): Int32Array => new Int32Array(count).map((_, i) => i);

/**
 * Parts rows into folds, each of which is held back once. Stratified rows are dealt out class by class like cards, which
 * works for classes of any size; groups are dealt out the largest first, each to the fold that has fewest rows so far. In
 * time, each fold holds back a stretch of ⌊n / (folds + 1)⌋ rows, the last ones, and trains on all before it. The only row
 * of a class is trained on in all of them.
 */
export function foldsOf(count: number, folds: number, how: Splitting): Fold[] {
  if (how.strategy === "time") {
    const length = Math.floor(count / (folds + 1));
    return Array.from({ length: folds }, (_, i) => cutInTime(count - (folds - i) * length, length));
  }
  const dealt = deal(count, folds, how);
  return Array.from({ length: folds }, (_, fold) => partition(count, (row) => dealt[row] === fold, how));
}

/** Holds back a share of the rows, at least one. */
export function holdBack(count: number, share: number, how: Splitting): Fold {
  const wanted = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  if (how.strategy === "time") return cutInTime(count - wanted, wanted);
  if (how.strategy === "group") {
    const order = shuffle([...membersOf(how.groups, count).values()], randomNumbers(how.seed));
    const held = new Set<number>();
    // Whole groups, for as long as that brings the number nearer to the one wanted; some group is always left to train on.
    for (const members of order.slice(1)) {
      if (held.size > 0 && Math.abs(held.size + members.length - wanted) > Math.abs(held.size - wanted)) continue;
      for (const row of members) held.add(row);
    }
    return partition(count, (row) => held.has(row), how);
  }
  // Every so many of the rows in the order of the deal: classes in their proportions.
  const held = new Set<number>();
  const order = dealingOrder(count, how);
  for (let i = 0; i < wanted; i++) held.add(order[Math.floor(((i + 0.5) * count) / wanted)] as number);
  return partition(count, (row) => held.has(row), how);
}

/** How the rows of a problem are parted. */
export function splittingOf(problem: Problem, strategy: SplitStrategy, seed: number): Splitting {
  return {
    strategy,
    seed,
    ...(problem.task === "regression" ? {} : { classes: problem.y.dataSync() }),
    ...(problem.groups === undefined ? {} : { groups: problem.groups }),
  };
}

/** Rows in random order, or class by class and in random order in each. */
function dealingOrder(count: number, { strategy, classes, seed }: Splitting): Int32Array {
  const order = shuffle(range(count), randomNumbers(seed));
  if (strategy !== "stratified" || classes === undefined) return order;
  return order.sort((a, b) => (classes[a] as number) - (classes[b] as number));
}

/** The fold of each row. */
function deal(count: number, folds: number, how: Splitting): Int32Array {
  const dealt = new Int32Array(count);
  if (how.strategy !== "group") {
    dealingOrder(count, how).forEach((row, i) => {
      dealt[row] = i % folds;
    });
    return dealt;
  }
  const sizes = new Array<number>(folds).fill(0);
  const shuffled = shuffle([...membersOf(how.groups, count).values()], randomNumbers(how.seed));
  for (const members of shuffled.toSorted((a, b) => b.length - a.length)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] = (sizes[fold] as number) + members.length;
    for (const row of members) dealt[row] = fold;
  }
  return dealt;
}

function membersOf(groups: Splitting["groups"], count: number): Map<number | string, number[]> {
  if (groups?.length !== count) throw new TypeError(`Rows are parted by group, but ${count} rows need a group each.`);
  const members = new Map<number | string, number[]>();
  for (let row = 0; row < count; row++) {
    const group = groups[row] as number | string;
    const list = members.get(group);
    if (list === undefined) members.set(group, [row]);
    else list.push(row);
  }
  return members;
}

const cutInTime = (from: number, length: number): Fold => ({
  train: range(from),
  held: range(length).map((i) => from + i),
});

function partition(count: number, isHeld: (row: number) => boolean, { strategy, classes }: Splitting): Fold {
  const train = range(count).filter((row) => !isHeld(row));
  const held = range(count).filter(isHeld);
  // Of groups and times all rows stay on their side.
  if (classes === undefined || strategy === "group") return { train, held };
  const known = new Set(Array.from(train, (row) => classes[row]));
  // What a model has not met it cannot predict: the first row of such a class is trained on.
  const needed = new Set(held.filter((row) => !known.has(classes[row]) && known.add(classes[row])));
  if (needed.size === 0) return { train, held };
  return { train: Int32Array.from([...train, ...needed]).sort(), held: held.filter((row) => !needed.has(row)) };
}

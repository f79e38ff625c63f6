/** Cutting a data set into parts by a named strategy. */
import { key } from "../ops/composed/random.ts";
import { asTensor } from "../tensor/create.ts";
import { checkChoice, checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { asDataset, type Dataset, type DatasetLike, numbersOf, type Values } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { identity, shuffle } from "./shuffle.ts";

const STRATEGIES = ["random", "stratified", "time", "group"] as const;

/**
 * random: any example to any part. stratified: each class in the same proportions in all parts. time: in order, the
 * first rows to the first part. group: examples of one group (a patient, a document) stay together.
 */
export type SplitStrategy = (typeof STRATEGIES)[number];

export interface SplitOptions {
  /** Default "random". */
  readonly strategy?: SplitStrategy;
  /** Any integer, default 0. */
  readonly seed?: number;
  /** For "group": the group of each example. */
  readonly groups?: ArrayLike<number | string>;
}

export interface FractionOptions extends SplitOptions {
  /** The share of the second part, in (0, 1). */
  readonly fraction: number;
}

export interface FractionsOptions extends SplitOptions {
  /** The shares of all parts, which sum to 1. */
  readonly fractions: readonly number[];
}

/**
 * Cuts a data set into parts.
 *
 * @throws DataError if a part would be empty or the strategy does not fit the data
 * @example
 * ```ts
 * import { dataset, split } from "chainrule/data";
 * const all = dataset([[1], [2], [3], [4]], [[2], [4], [6], [8]]);
 * const [train, test] = split(all, { fraction: 0.25, seed: 1 });
 * [train.length, test.length]; // → [ 3, 1 ]
 * ```
 */
export function split(data: DatasetLike, options: FractionOptions): [Dataset, Dataset];
export function split<const F extends readonly number[]>(
  data: DatasetLike,
  options: FractionsOptions & { readonly fractions: F },
): { -readonly [K in keyof F]: Dataset };
export function split(data: DatasetLike, options: FractionOptions | FractionsOptions): Dataset[] {
  const all = asDataset("split: the data", data);
  return splitIndices(all.y, options).map((positions) => all.take(positions));
}

/** The positions of the examples of each part, ascending except for "random"; y gives the number of examples and the classes. */
export function splitIndices(y: Values, options: FractionOptions | FractionsOptions): Int32Array[] {
  checkOptions("split", options, ["fraction", "fractions", "strategy", "seed", "groups"]);
  const fractions = fractionsOf(options ?? {});
  const cut = cutOf("split", "part", y, fractions, options);
  const parts = { random: cutRandom, stratified: cutStratified, time: cutInOrder, group: cutGroups }[cut.strategy](cut);
  parts.forEach((part, i) => {
    if (part.length === 0) {
      throw new DataError(
        `split: part ${i}, a share of ${fractions[i]}, got none of the ${cut.count} examples` +
          `${cut.strategy === "group" ? ", which are in too few groups" : ""}. Make it larger, or get more data.`,
      );
    }
  });
  return parts.map((part) => Int32Array.from(part));
}

/** What the strategies work on, checked. */
export function cutOf(
  where: string,
  noun: Cut["noun"],
  y: Values,
  fractions: readonly number[],
  { strategy, seed, groups }: SplitOptions,
): Cut {
  const chosen = checkChoice(where, "strategy", strategy ?? "random", STRATEGIES);
  if (groups !== undefined && chosen !== "group") {
    throw new TypeError(`${where}: groups are for the strategy "group", and this one is "${chosen}".`);
  }
  const targets = asTensor(y);
  const count = targets.shape[0] ?? 0;
  const whole = checkNumber(where, "seed", seed ?? 0, { integer: true });
  return { where, noun, y: targets, count, seed: whole, fractions, groups, strategy: chosen };
}

function fractionsOf(options: FractionOptions | FractionsOptions): readonly number[] {
  const { fraction, fractions } = options as { fraction?: unknown; fractions?: unknown };
  if ((fraction === undefined) === (fractions === undefined)) {
    throw new TypeError("split: give either fraction, the share of the second part, or fractions, the shares of all.");
  }
  if (fractions === undefined) {
    const second = checkNumber("split", "fraction", fraction, { above: 0, below: 1 });
    return [1 - second, second];
  }
  if (!Array.isArray(fractions) || fractions.length < 2) {
    throw new TypeError(`split: fractions must be an array of two or more shares; it is ${describeValue(fractions)}.`);
  }
  for (const share of fractions) checkNumber("split", "each of the fractions", share, { above: 0, below: 1 });
  const sum = (fractions as number[]).reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-6)
    throw new RangeError(`split: the fractions must sum to 1; ${fractions.join(" + ")} is ${sum}.`);
  return fractions as number[];
}

/** What is to be cut, how, and what a message calls it. */
export interface Cut {
  readonly where: string;
  readonly noun: "part" | "fold";
  readonly strategy: SplitStrategy;
  readonly y: Tensor;
  readonly count: number;
  readonly seed: number;
  readonly fractions: readonly number[];
  readonly groups: ArrayLike<number | string> | undefined;
}

/** Where the parts end among `count` examples. */
function ends(fractions: readonly number[], count: number): number[] {
  let share = 0;
  return fractions.map((fraction, i) => {
    share += fraction;
    return i === fractions.length - 1 ? count : Math.round(share * count);
  });
}

function cutAt(positions: ArrayLike<number>, where: readonly number[]): number[][] {
  const all = Array.from(positions);
  return where.map((end, i) => all.slice(i === 0 ? 0 : where[i - 1], end));
}

const cutInOrder = ({ count, fractions }: Cut): number[][] => cutAt(identity(count), ends(fractions, count));

export const cutRandom = ({ count, seed, fractions }: Cut): number[][] =>
  cutAt(shuffle(identity(count), key(seed)), ends(fractions, count));

/** Parts are as large as those of "random"; each takes its share of what the parts after it have left of each class. */
export function cutStratified({ where, noun, y, count, seed, fractions }: Cut): number[][] {
  const members = new Map<number, number[]>();
  const classes = classesOf(where, y);
  for (const i of shuffle(identity(count), key(seed))) {
    const label = classes[i] as number;
    const list = members.get(label);
    if (list === undefined) members.set(label, [i]);
    else list.push(i);
  }
  const lists = [...members].sort(([a], [b]) => a - b).map(([, list]) => list);
  for (const [label, { length }] of members) {
    if (length < fractions.length) {
      throw new DataError(
        `${where}: class ${label} has ${length} example${length === 1 ? "" : "s"}, too few for ${fractions.length} stratified ${noun}s. ` +
          `Get more, ${noun === "fold" ? "use fewer folds, " : ""}drop the class, or use the strategy "random".`,
      );
    }
  }
  const limits = ends(fractions, count);
  const parts: number[][] = fractions.map(() => []);
  for (let i = fractions.length - 1; i >= 0; i--) {
    const size = (limits[i] as number) - (limits[i - 1] ?? 0);
    const seats = proportional(
      lists.map((list) => list.length),
      size,
    );
    lists.forEach((list, c) => {
      parts[i]?.push(...list.splice(0, seats[c]));
    });
  }
  return parts.map((part) => part.sort((a, b) => a - b));
}

/** `total` whole numbers in proportion to sizes, by the method of the largest remainder (A. Hamilton, 1792). */
function proportional(sizes: readonly number[], total: number): number[] {
  const sum = sizes.reduce((a, b) => a + b, 0);
  const seats = sizes.map((size) => Math.floor((size * total) / sum));
  const left = total - seats.reduce((a, b) => a + b, 0);
  // size · total mod sum, so that remainders are integers and compare exactly; of equal ones the first comes first.
  const remainder = (i: number): number => ((sizes[i] as number) * total) % sum;
  const byRemainder = sizes.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const i of byRemainder.slice(0, left)) seats[i] = (seats[i] as number) + 1;
  return seats;
}

/** The class number of each example: integers [n], or the position of the largest in rows [n, classes]. */
export function classesOf(where: string, y: Tensor): ArrayLike<number> {
  const numbers = numbersOf(y);
  const [count = 0, width = 1] = y.shape;
  if (y.rank === 2 && width > 1) {
    return Int32Array.from({ length: count }, (_, row) => {
      const scores = Array.from(numbers.subarray(row * width, (row + 1) * width));
      return scores.indexOf(Math.max(...scores));
    });
  }
  const row = y.rank > 2 ? 0 : numbers.findIndex((label) => !Number.isInteger(label));
  if (row >= 0) {
    throw new DataError(
      `${where}: classes are needed, as integers [n] or one-hot rows [n, classes]; y is ${y.dtype}${formatShape(y.shape)}` +
        `${y.rank > 2 ? "" : ` with ${Number((numbers[row] as number).toPrecision(7))} in row ${row}`}.`,
    );
  }
  return numbers;
}

/** Groups in random order; each goes to the part in which its middle falls. */
function cutGroups(cut: Cut): number[][] {
  const limits = ends(cut.fractions, cut.count);
  const parts = cut.fractions.map((): number[][] => []);
  let before = 0;
  for (const group of shuffledGroups(cut)) {
    const middle = before + group.length / 2;
    parts[limits.findIndex((end) => middle < end)]?.push(group);
    before += group.length;
  }
  parts.forEach((part, i) => {
    if (part.length === 0) part.push(...spare(parts, (cut.fractions[i] as number) * cut.count));
  });
  return parts.map((part) => part.flat().sort((a, b) => a - b));
}

/** A large group may fill the place of a whole part: of those that another part can spare, the one of the fittest size. */
function spare(parts: number[][][], size: number): number[][] {
  const spared = parts.flatMap((part) => (part.length > 1 ? part.map((group) => ({ part, group })) : []));
  const misfit = ({ group }: (typeof spared)[number]): number => Math.abs(group.length - size);
  const found = spared.toSorted((a, b) => misfit(a) - misfit(b))[0];
  return found === undefined ? [] : found.part.splice(found.part.indexOf(found.group), 1);
}

/** The examples of each group, the groups in random order. */
export function shuffledGroups({ where, count, seed, groups }: Cut): number[][] {
  if (groups === undefined || groups === null || groups.length !== count) {
    throw new DataError(
      `${where}: the strategy "group" needs groups, one for each of the ${count} examples; there are ${groups?.length ?? "none"}.`,
    );
  }
  const members = new Map<number | string, number[]>();
  for (let i = 0; i < count; i++) {
    const group = groups[i] as number | string;
    if (group === undefined || group === null || Number.isNaN(group)) {
      throw new DataError(`${where}: example ${i} has no group, ${group}; give it one of its own, or drop it.`);
    }
    const list = members.get(group);
    if (list === undefined) members.set(group, [i]);
    else list.push(i);
  }
  const lists = [...members.values()];
  return Array.from(shuffle(identity(lists.length), key(seed)), (g) => lists[g] as number[]);
}

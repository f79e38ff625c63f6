/**
 * From a cell to its features, by what was learned from the training rows: one function for each kind of column. The encoders
 * apply them, and exported models hold their text, so nothing here imports more than what a model can carry along.
 */
import { booleanOf, type Cell, isMissing, numberOf, textOf } from "./cells.ts";
import { type DateFormat, daysOf } from "./dates.ts";

/** What can be strange about a cell: no value, a word that is no number or date, a category that training did not have. */
export type CellNote = "missing" | "unreadable" | "unseen";

/**
 * Writes the features of a cell to numbers[at], numbers[at + 1] …, which are 0 before. It says what is strange about the cell;
 * an infinite number has no features, and must be refused.
 */
export type Writer = (cell: Cell, numbers: Float32Array, at: number) => CellNote | "infinite" | undefined;

export interface QuantitySpec {
  /** What stands for a missing value. */
  readonly fill: number;
  /** Whether a second feature says that the value is missing. */
  readonly indicator: boolean;
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Standardized values beyond so many deviations are brought to this bound, so that a single absurd number can neither drive
 * a network far from anything it was trained on nor become infinite in float32. A normal variable never gets there.
 */
const MOST_DEVIATIONS = 10;

/** Standardizes what is read. `more` gets the value of each cell, and the place after its features. */
export function quantityWriter(
  { fill, indicator, mean, deviation }: QuantitySpec,
  read: (cell: Cell) => number | undefined,
  more?: (value: number | undefined, numbers: Float32Array, at: number) => void,
): Writer {
  return (cell, numbers, at) => {
    const missing = isMissing(cell);
    const value = missing ? undefined : read(cell);
    if (value !== undefined && Math.abs(value) === Number.POSITIVE_INFINITY) return "infinite";
    const z = ((value ?? fill) - mean) / deviation;
    numbers[at] = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, z));
    if (indicator) numbers[at + 1] = value === undefined ? 1 : 0;
    more?.(value, numbers, at + (indicator ? 2 : 1));
    return value !== undefined ? undefined : missing ? "missing" : "unreadable";
  };
}

export const numberWriter = (spec: QuantitySpec): Writer => quantityWriter(spec, numberOf);

/** What comes again: after how many days. The year is the mean one of the Gregorian calendar. */
export const PERIODS = { year: 365.2425, week: 7, day: 1 } as const;

export type Cycle = keyof typeof PERIODS;

export interface DateSpec extends QuantitySpec {
  readonly format: DateFormat;
  /** Of each the sine and the cosine are features. */
  readonly cycles: readonly Cycle[];
}

/** The days since 1970, standardized, and where in its cycles a date is: 0 where there is none. */
export function dateWriter(spec: DateSpec): Writer {
  const periods = spec.cycles.map((cycle) => PERIODS[cycle]);
  return quantityWriter(spec, dateReader(spec.format), (days, numbers, at) => {
    periods.forEach((period, k) => {
      const turn = days === undefined ? 0 : 2 * Math.PI * phaseOf(days, period);
      numbers[at + 2 * k] = days === undefined ? 0 : Math.sin(turn);
      numbers[at + 2 * k + 1] = days === undefined ? 0 : Math.cos(turn);
    });
  });
}

/** The days of a date. ISO 8601 is never ambiguous, so it is understood in every column. */
export const dateReader =
  (format: DateFormat) =>
  (cell: Cell): number | undefined => {
    const text = textOf(cell);
    return daysOf(text, format) ?? daysOf(text, "iso");
  };

/** How far in its period a time is, in [0, 1). */
export const phaseOf = (days: number, period: number): number => days / period - Math.floor(days / period);

export interface BooleanSpec {
  /** What stands for a missing value. */
  readonly fill: boolean;
  readonly indicator: boolean;
}

/** 1 for yes, 0 for no. */
export const booleanWriter =
  ({ fill, indicator }: BooleanSpec): Writer =>
  (cell, numbers, at) => {
    const missing = isMissing(cell);
    const value = missing ? undefined : booleanOf(cell);
    numbers[at] = value ?? Number(fill);
    if (indicator) numbers[at + 1] = value === undefined ? 1 : 0;
    return value !== undefined ? undefined : missing ? "missing" : "unreadable";
  };

export interface CategorySpec {
  readonly categories: readonly string[];
  /** Whether one more feature is for all other categories. */
  readonly other: boolean;
  readonly indicator: boolean;
  /** The category that stands for a missing value; undefined if none does. */
  readonly fill?: string | undefined;
}

/** 1 for the category, 0 for the others. */
export function categoryWriter({ categories, other, indicator, fill }: CategorySpec): Writer {
  const positions = new Map(categories.map((category, i) => [category, i]));
  return (cell, numbers, at) => {
    const missing = isMissing(cell);
    if (missing && indicator) numbers[at + categories.length + Number(other)] = 1;
    const text = missing ? fill : textOf(cell);
    const position = text === undefined ? undefined : positions.get(text);
    if (position !== undefined) numbers[at + position] = 1;
    else if (text !== undefined && other) numbers[at + categories.length] = 1;
    if (missing) return "missing";
    // Among the rare ones of training there is nothing to tell a new one by.
    return position === undefined && !other ? "unseen" : undefined;
  };
}

/** Data as columns: numbers where they are numbers, and the texts that are none. */
import type { TypedArray } from "../tensor/dtype.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { type Dataset, numbersOf } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { classesOf } from "./split.ts";
import { isAbsent, numberOfText } from "./words.ts";

export interface Column {
  readonly name: string;
  /** NaN where there is none. */
  readonly numbers: Float64Array;
  /** Cells that are words, with their rows; none in a column of words only. */
  readonly words: readonly { readonly row: number; readonly text: string }[];
  /** Rows without a value. */
  readonly missing: readonly number[];
  /** Of a column of words the different ones, in order: `numbers` are positions here. Undefined for numbers. */
  readonly texts: readonly string[] | undefined;
}

export interface Table {
  readonly columns: readonly Column[];
  /** The number of rows. */
  readonly length: number;
  /** undefined where nothing is to be predicted, or it is not known yet what. */
  readonly target: Target | undefined;
}

export interface Target {
  readonly name: string;
  /** Class numbers, or real values; NaN where there is none. */
  readonly numbers: Float64Array;
  /** Names of the classes by number; undefined for real values. */
  readonly classes: readonly string[] | undefined;
  /** As it was given. */
  readonly column: Column;
}

/** Integer targets with at most so many values are classes, */
const MOST_CLASSES = 50;

/** if there are at least twice as many rows. */
export const fewForClasses = (distinct: number, rows: number): boolean => distinct <= Math.min(MOST_CLASSES, rows / 2);

export function columnsOfDataset({ x, length }: Dataset, names?: readonly string[]): Column[] {
  const width = length === 0 ? (names?.length ?? 0) : sizeOf(x.shape) / length;
  if (names !== undefined && names.length !== width) {
    throw new DataError(
      `checkData: there are ${names.length} names for ${width} columns of x, ${formatShape(x.shape)}.`,
    );
  }
  const all = numbersOf(x);
  return Array.from({ length: width }, (_, j) =>
    columnOfNumbers(
      names?.[j] ?? `column ${j}`,
      Float64Array.from({ length }, (_, i) => all[i * width + j] as number),
    ),
  );
}

function columnOfNumbers(name: string, numbers: Float64Array): Column {
  const missing = Array.from(numbers.keys()).filter((row) => Number.isNaN(numbers[row]));
  return { name, numbers, words: [], missing, texts: undefined };
}

/** Integers and one-hot rows are classes, a column of other numbers is not; of several outputs the first stands for all. */
export function targetColumn({ y, length }: Dataset, name = "y"): Target {
  const width = length === 0 ? 1 : y.size / length;
  const all = numbersOf(y);
  const first = Float64Array.from({ length }, (_, i) => all[i * width] as number);
  const rows = Array.from({ length }, (_, i) => all.subarray(i * width, (i + 1) * width));
  const isOneHot =
    y.rank === 2 && width > 1 && rows.every((row) => row.every((v) => v === 0 || v === 1) && sum(row) === 1);
  return targetOf(columnOfNumbers(name, isOneHot ? Float64Array.from(classesOf("checkData", y)) : first), isOneHot);
}

export function columnsOfCells(cells: readonly (readonly string[])[], target: string | undefined): Table {
  const isTable =
    Array.isArray(cells) && cells.every((row) => Array.isArray(row) && row.every((c) => typeof c === "string"));
  if (!isTable) {
    throw new TypeError(
      "checkData: cells must be rows of texts, the names of the columns first, as parseCSV gives them; numbers go into { x, y }.",
    );
  }
  const [names = [], ...rows] = cells;
  const at = target === undefined ? -1 : names.indexOf(target);
  if (target !== undefined && at < 0) {
    const there = names.map((name) => `"${name}"`).join(", ");
    const hint = names.length === 1 ? " Is the delimiter right?" : "";
    throw new DataError(
      `checkData: there is no target column ${describeValue(target)}; the columns are ${there}.${hint}`,
    );
  }
  const twice = names.find((name, j) => names.indexOf(name) !== j);
  if (twice !== undefined) throw new DataError(`checkData: two columns are named "${twice}".`);
  const odd = rows.findIndex((row) => row.length !== names.length);
  if (odd >= 0) {
    throw new DataError(`checkData: row ${odd} has ${rows[odd]?.length} cells, but there are ${names.length} columns.`);
  }
  const columns = names.map((name, j) =>
    columnOf(
      name,
      rows.map((row) => (row[j] as string).trim()),
    ),
  );
  const wanted = columns[at];
  return {
    columns: columns.filter((_, j) => j !== at),
    length: rows.length,
    target: wanted && targetOf(wanted),
  };
}

/** One number in ten makes a column of words a column of words. */
const MOSTLY = 0.9;

function columnOf(name: string, cells: readonly string[]): Column {
  const missing = cells.flatMap((cell, row) => (isAbsent(cell) ? [row] : []));
  const gone = new Set(missing);
  const parsed = cells.map((cell, row) => (gone.has(row) ? undefined : numberOfText(cell)));
  const words = cells.flatMap((text, row) => (parsed[row] === undefined && !gone.has(row) ? [{ row, text }] : []));
  if (words.length === 0 || words.length < MOSTLY * (cells.length - missing.length)) {
    return { name, numbers: Float64Array.from(parsed, (v) => v ?? Number.NaN), words, missing, texts: undefined };
  }
  const texts = [...new Set(cells.filter((_, row) => !gone.has(row)))].sort();
  const positions = new Map(texts.map((text, i) => [text, i]));
  // What is missing is not among them.
  const numbers = Float64Array.from(cells, (cell) => positions.get(cell) ?? Number.NaN);
  return { name, numbers, words: [], missing, texts };
}

const sum = (values: TypedArray): number => Array.from(values).reduce((total, v) => total + v, 0);

/** Whole numbers with few values are classes, numbered in the order of their values, and so are words. */
function targetOf(column: Column, isClass = false): Target {
  const { name, numbers, texts } = column;
  if (texts !== undefined) return { name, numbers, classes: texts, column };
  const known = numbers.filter((v) => !Number.isNaN(v));
  const values = [...new Set(known)].sort((a, b) => a - b);
  const areClasses = known.every(Number.isInteger) && fewForClasses(values.length, known.length);
  if (!areClasses && !isClass) return { name, numbers, classes: undefined, column };
  const order = new Map(values.map((value, i) => [value, i]));
  return {
    name,
    numbers: numbers.map((value) => order.get(value) ?? Number.NaN),
    classes: values.map(String),
    column,
  };
}

/** Data as columns: numbers where they are numbers, and the texts that are none. */
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { parseNumber } from "./csv.ts";
import { type Dataset, numbersOf } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { classesOf } from "./split.ts";

export interface Column {
  readonly name: string;
  /** NaN where there is none. */
  readonly numbers: Float64Array;
  /** Cells that are words, with their rows; none in a column of words only. */
  readonly words: readonly { readonly row: number; readonly text: string }[];
  /** Rows without a value. */
  readonly missing: readonly number[];
  /** All cells are words: a category for each number. */
  readonly isText: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly target: Target;
}

export interface Target {
  readonly name: string;
  /** Class numbers, or real values. */
  readonly numbers: Float64Array;
  /** Names of the classes by number; undefined for real values. */
  readonly classes: readonly string[] | undefined;
}

/** What tables write where they have no value. */
const ABSENT = new Set(["", "na", "n/a", "nan", "null", "none", "?", "-"]);

/** Whether a text is one of those that tables write where they have no value. */
export const isAbsent = (text: string): boolean => text.length <= 4 && ABSENT.has(text.toLowerCase());

/** Integer targets with at most so many values are classes, */
const MOST_CLASSES = 50;

/** if there are at least twice as many rows. */
export const fewForClasses = (distinct: number, rows: number): boolean => distinct <= Math.min(MOST_CLASSES, rows / 2);

export function columnsOfDataset({ x, length }: Dataset, names?: readonly string[]): Column[] {
  const width = length === 0 ? 0 : sizeOf(x.shape) / length;
  if (names !== undefined && names.length !== width) {
    throw new DataError(
      `checkData: there are ${names.length} names for ${width} columns of x, ${formatShape(x.shape)}.`,
    );
  }
  const all = numbersOf(x);
  return Array.from({ length: width }, (_, j) => {
    const numbers = Float64Array.from({ length }, (_, i) => all[i * width + j] as number);
    return {
      name: names?.[j] ?? `column ${j}`,
      numbers,
      words: [],
      missing: rowsWhere(numbers, Number.isNaN),
      isText: false,
    };
  });
}

const rowsWhere = (numbers: Float64Array, test: (value: number) => boolean): number[] =>
  Array.from(numbers.keys()).filter((row) => test(numbers[row] as number));

/** Integers and one-hot rows are classes, a column of other numbers is not; of several outputs the first stands for all. */
export function targetColumn({ y, length }: Dataset): Target {
  const width = length === 0 ? 1 : y.size / length;
  const all = numbersOf(y);
  const first = Float64Array.from({ length }, (_, i) => all[i * width] as number);
  const isOneHot = y.rank === 2 && width > 1 && Array.from(all).every((v) => v === 0 || v === 1);
  if (isOneHot) return classTarget("y", Float64Array.from(classesOf(y)));
  const isWhole = first.every(Number.isInteger);
  return isWhole && fewForClasses(new Set(first).size, length)
    ? classTarget("y", first)
    : { name: "y", numbers: first, classes: undefined };
}

/** Classes are numbered in the order of their values. */
function classTarget(name: string, numbers: Float64Array): Target {
  const values = [...new Set(numbers)].sort((a, b) => a - b);
  const order = new Map(values.map((value, i) => [value, i]));
  return { name, numbers: numbers.map((value) => order.get(value) as number), classes: values.map(String) };
}

export function columnsOfCells(cells: readonly (readonly string[])[], target: string): Table {
  const [names = [], ...rows] = cells;
  const at = names.indexOf(target);
  if (at < 0) {
    const there = names.map((name) => `"${name}"`).join(", ");
    throw new DataError(`checkData: there is no target column "${target}"; the columns are ${there}.`);
  }
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
  const column = columns[at] as Column;
  return {
    columns: columns.filter((_, j) => j !== at),
    target: targetOf(
      column,
      rows.map((row) => (row[at] as string).trim()),
    ),
  };
}

function columnOf(name: string, cells: readonly string[]): Column {
  const missing = cells.flatMap((cell, row) => (isAbsent(cell) ? [row] : []));
  const gone = new Set(missing);
  const parsed = cells.map((cell, row) => (gone.has(row) ? undefined : parseNumber(cell)));
  const words = cells.flatMap((text, row) => (parsed[row] === undefined && !gone.has(row) ? [{ row, text }] : []));
  // One number in ten makes a column of words a column of words.
  const isText = words.length > 0 && words.length >= 0.9 * (cells.length - missing.length);
  if (!isText) return { name, numbers: Float64Array.from(parsed, (v) => v ?? Number.NaN), words, missing, isText };
  return { name, numbers: categories(cells, gone), words: [], missing, isText };
}

function categories(cells: readonly string[], gone: ReadonlySet<number>): Float64Array {
  const numbers = new Map([...new Set(cells)].sort().map((text, i) => [text, i]));
  return Float64Array.from(cells, (cell, row) => (gone.has(row) ? Number.NaN : (numbers.get(cell) as number)));
}

function targetOf(column: Column, cells: readonly string[]): Target {
  const { name, numbers, isText } = column;
  if (isText) return { name, numbers, classes: [...new Set(cells)].sort() };
  const isWhole = numbers.every(Number.isInteger);
  return isWhole && fewForClasses(new Set(numbers).size, cells.length)
    ? classTarget(name, numbers)
    : { name, numbers, classes: undefined };
}

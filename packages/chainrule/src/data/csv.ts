/** Tables of numbers and class names from text: RFC 4180, with other delimiters and line ends also accepted. */
import { checkChoice, checkOptions, describeValue } from "../tensor/options.ts";
import { fromData } from "../tensor/tensor.ts";
import { Dataset } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { decimalOf } from "./words.ts";

export interface CSVOptions {
  /** The column to predict: its name, or its position from 0. */
  readonly target: string | number;
  /** One character, default ",". */
  readonly delimiter?: string;
  /** Whether the first row holds the names of the columns; default true. */
  readonly header?: boolean;
  /** Default: regression if all of the target column are numbers, else classification. */
  readonly task?: "regression" | "classification";
}

/** A data set with the names from its file. */
export class CSVData extends Dataset {
  /** The names of the columns of x. */
  readonly columns: readonly string[];
  readonly target: string;
  /** The names of the classes by number; undefined for regression. */
  readonly classes: readonly string[] | undefined;

  constructor(data: Dataset, columns: readonly string[], target: string, classes: readonly string[] | undefined) {
    super(data.x, data.y);
    this.columns = columns;
    this.target = target;
    this.classes = classes;
  }
}

const isNumber = (cell: string): boolean => decimalOf(cell.trim()) !== undefined;

/**
 * A data set from CSV text: x is float32 [n, columns]; y is float32 [n, 1] for regression, int32 class numbers [n] for
 * classification, with the class names in order (by value if they are numbers).
 *
 * @throws DataError that names row and column of what is no number, rows of unequal length, broken quotes
 * @example
 * ```ts
 * import { fromCSV } from "chainrule/data";
 * const iris = fromCSV("length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n", { target: "species" });
 * iris.classes; // → [ 'setosa', 'versicolor' ]
 * ```
 */
export function fromCSV(text: string, options: CSVOptions): CSVData {
  checkOptions("fromCSV", options, ["target", "delimiter", "header", "task"]);
  const rows = parseCSVRows(text, options.delimiter ?? ",");
  const { names, body } = withNames(rows, options.header ?? true);
  const target = findColumn(names, options?.target);
  const task =
    options.task === undefined
      ? undefined
      : checkChoice("fromCSV", "task", options.task, ["regression", "classification"]);
  const others = names.flatMap((_, j) => (j === target ? [] : [j]));
  if (others.length === 0) throw new DataError(`fromCSV: there is no column beside the target "${names[target]}".`);
  const x = new Float32Array(body.length * others.length);
  body.forEach((row, i) => {
    others.forEach((j, k) => {
      x[i * others.length + k] = numberAt(row, i, j, names);
    });
  });
  const cells = body.map((row, i) => cellAt(row, i, target, names));
  const classes =
    (task ?? (cells.every(isNumber) ? "regression" : "classification")) === "regression"
      ? undefined
      : classNames(cells);
  const numbers = new Map(classes?.map((name, i) => [name, i]));
  const y =
    classes === undefined
      ? fromData(
          Float32Array.from(body, (row, i) => numberAt(row, i, target, names)),
          [body.length, 1],
          "float32",
        )
      : fromData(
          Int32Array.from(cells, (cell) => numbers.get(cell) as number),
          [body.length],
          "int32",
        );
  const data = new Dataset(fromData(x, [body.length, others.length], "float32"), y);
  return new CSVData(
    data,
    others.map((j) => names[j] as string),
    names[target] as string,
    classes,
  );
}

function classNames(cells: readonly string[]): string[] {
  const names = [...new Set(cells)];
  return names.every(isNumber) ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/** A row of CSV text. */
export interface CSVRow {
  readonly cells: readonly string[];
  /** The line of the text on which it begins, from 1. */
  readonly line: number;
}

function withNames(rows: readonly CSVRow[], header: boolean): { names: readonly string[]; body: readonly CSVRow[] } {
  const [first, ...rest] = rows;
  if (first === undefined) throw new DataError("fromCSV: the text is empty.");
  if (header && first.cells.every(isNumber)) {
    throw new DataError(
      "fromCSV: the first row holds numbers only, not names of columns. If it is data, pass { header: false }.",
    );
  }
  const names = header ? first.cells.map((cell) => cell.trim()) : first.cells.map((_, j) => `column ${j}`);
  const body = header ? rest : rows;
  const twice = names.find((name, j) => names.indexOf(name) !== j);
  if (twice !== undefined) throw new DataError(`fromCSV: two columns are named "${twice}".`);
  if (body.length === 0) throw new DataError("fromCSV: there are names of columns but no rows.");
  const odd = body.find(({ cells }) => cells.length !== names.length);
  if (odd !== undefined) {
    throw new DataError(
      `fromCSV: line ${odd.line} has ${odd.cells.length} cells, but there are ${names.length} columns. Is the delimiter right?`,
    );
  }
  return { names, body };
}

function findColumn(names: readonly string[], target: unknown): number {
  const at = typeof target === "number" ? target : names.indexOf(target as string);
  if (Number.isInteger(at) && at >= 0 && at < names.length) return at;
  throw new DataError(
    `fromCSV: there is no target column ${describeValue(target)}; the columns are ${names.map((n) => `"${n}"`).join(", ")}.`,
  );
}

function cellAt({ cells, line }: CSVRow, row: number, column: number, names: readonly string[]): string {
  const cell = (cells[column] as string).trim();
  if (cell === "")
    throw new DataError(
      `fromCSV: row ${row} (line ${line}), column "${names[column]}" is empty. Drop the row or fill it in.`,
    );
  return cell;
}

function numberAt(row: CSVRow, i: number, column: number, names: readonly string[]): number {
  const cell = cellAt(row, i, column, names);
  if (isNumber(cell)) return Number(cell);
  throw new DataError(
    `fromCSV: row ${i} (line ${row.line}), column "${names[column]}" holds ${JSON.stringify(cell)}, which is no number. ` +
      "Encode texts as numbers, or drop the column.",
  );
}

/**
 * The cells of CSV text, row by row: quotes may enclose delimiters, line ends and doubled quotes. Blank lines count
 * only in tables of one column, where they are empty cells.
 *
 * @throws DataError for broken quotes
 */
export const parseCSV = (text: string, delimiter = ","): string[][] =>
  parseCSVRows(text, delimiter).map(({ cells }) => [...cells]);

/**
 * The rows of CSV text as `parseCSV` reads them, each with the line on which it begins: for messages that say where something is.
 *
 * @throws DataError for broken quotes
 * @example
 * ```ts
 * import { parseCSVRows } from "chainrule/data";
 * parseCSVRows('a,b\n1,"2\n3"\n\n4,5\n').map(({ line }) => line); // → [ 1, 2, 5 ]
 * ```
 */
export function parseCSVRows(text: string, delimiter = ","): CSVRow[] {
  if (typeof text !== "string") throw new TypeError(`fromCSV: takes the text of a file, not ${describeValue(text)}.`);
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) {
    throw new TypeError(
      `fromCSV: the delimiter must be one character, and no quote or line end; it is ${JSON.stringify(delimiter)}.`,
    );
  }
  const rows: CSVRow[] = [];
  const end = text.length;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < end) {
    const cells: string[] = [];
    const start = line;
    for (;;) {
      const cell = text[at] === '"' ? quoted(text, at, line) : plain(text, at, delimiter);
      cells.push(cell.text);
      at = cell.next;
      line += cell.lines;
      if (at < end && text[at] === delimiter) at++;
      else break;
    }
    if (at < end && text[at] !== "\r" && text[at] !== "\n") {
      throw new DataError(
        `fromCSV: line ${line} has text after a closing quote. A quote inside of a quoted cell is written "".`,
      );
    }
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
    rows.push({ cells, line: start });
  }
  const wide = rows.some(({ cells }) => cells.length > 1);
  return wide ? rows.filter(({ cells }) => cells.length > 1 || cells[0] !== "") : rows;
}

function plain(text: string, from: number, delimiter: string) {
  let next = from;
  while (next < text.length && text[next] !== delimiter && text[next] !== "\n" && text[next] !== "\r") next++;
  return { text: text.slice(from, next), next, lines: 0 };
}

function quoted(text: string, from: number, line: number) {
  let close = text.indexOf('"', from + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0)
    throw new DataError(`fromCSV: the quote that opens on line ${line} is never closed. Close it, or remove it.`);
  const inside = text.slice(from + 1, close);
  return { text: inside.replaceAll('""', '"'), next: close + 1, lines: inside.match(/\r\n|\r|\n/g)?.length ?? 0 };
}

/** A visitor's CSV as a table whose columns can be chosen. */
import { type CSVRow, DataError, parseCSVRows } from "chainrule/data";
import {
  type ColumnInfo,
  columnNumbers,
  inferColumns,
  isMissing,
  numberOf,
  Table,
  TargetEncoder,
} from "chainrule/table";
import {
  isInput,
  LARGEST,
  MOST_CLASSES,
  MOST_COLUMNS,
  MOST_ROWS,
  type OwnTable,
  oneLine,
  quote,
  Refusal,
  suggest,
  type TableColumn,
  tidyName,
} from "../state/index.ts";
import { textOf } from "./read-text.ts";

/**
 * Reads CSV; columns may also be parted by ";", tabs or "|".
 *
 * @param content a text, or the bytes of a file
 * @throws Refusal that says what is wrong, where, and how to mend it
 */
export function readTable(name: string, content: string | ArrayBuffer): OwnTable {
  try {
    return read(name, content);
  } catch (error) {
    if (error instanceof DataError) throw new Refusal(`${quote(name)} cannot be read: ${visible(error.message)}`);
    throw error instanceof Refusal ? new Refusal(`${quote(name)} cannot be read: ${error.message}`) : error;
  }
}

/** A message of the library, without the name of the function that only programs call. */
const visible = (message: string): string => oneLine(message.replace(/^\w+: /, ""));

function read(name: string, content: string | ArrayBuffer): OwnTable {
  const { text, notes: found } = textOf(content);
  // Excel is told the delimiter by a line before the names, and knows no other way.
  const told = /^\uFEFF?sep=([^\r\n"])(?=[\r\n])/i.exec(text)?.[1];
  const delimiter = told ?? delimiterOf(text);
  const { names, body, notes: heading } = headed(parseCSVRows(text, delimiter).slice(told === undefined ? 0 : 1));
  const { rows, notes: sampling } = sampled(body);
  const { cells, notes: commas } = cellsOf(rows, names, delimiter);
  const table = new Table(names, cells);
  const lines = Int32Array.from(rows, ({ line }) => line);
  const infos = inferColumns(table);
  const all = infos.map((info, at) => columnOf(info, cells[at] as readonly string[], lines));
  const columns = all.filter((column) => "values" in column);
  const unused = all.filter((column) => "reason" in column);
  const inputs = usable(columns, infos, unused);
  const notes = [
    `${body.length.toLocaleString("en")} rows, ${names.length} columns${PARTED[delimiter] ?? ""}.`,
    ...found,
    ...heading,
    ...sampling,
    ...commas,
    ...infos.flatMap(oddCell(lines)).slice(0, 5),
  ];
  return suggest(columns, inputs, { name: tidyName(name), notes, unused, lines });
}

const PARTED: Readonly<Record<string, string>> = {
  ";": ", parted by “;”",
  "\t": ", parted by tabs",
  "|": ", parted by “|”",
};

/** What parts most of the first lines into equally many cells. */
function delimiterOf(text: string): string {
  const start = text.slice(0, 20_000);
  const head = start.length < text.length ? start.slice(0, start.lastIndexOf("\n") + 1) || start : start;
  const scores = [",", ...Object.keys(PARTED)].map((delimiter) => {
    const widths = widthsOf(head, delimiter);
    const width = widths[0] ?? 0;
    return { delimiter, score: width < 2 ? 0 : widths.filter((each) => each === width).length / widths.length };
  });
  return scores.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}

function widthsOf(text: string, delimiter: string): number[] {
  try {
    return parseCSVRows(text, delimiter).map(({ cells }) => cells.length);
  } catch {
    // What is wrong with it is said when all of it is read.
    return [];
  }
}

const isNumber = (cell: string): boolean => numberOf(cell) !== undefined;

/** @throws Refusal for rows of different lengths, or too many columns */
function headed(rows: readonly CSVRow[]): { names: string[]; body: readonly CSVRow[]; notes: string[] } {
  const [first] = rows;
  if (first === undefined) throw new Refusal("it is empty.");
  const width = first.cells.length;
  if (width > MOST_COLUMNS) {
    throw new Refusal(
      `it has ${width.toLocaleString("en")} columns, and at most ${MOST_COLUMNS} are read. Leave out some columns.`,
    );
  }
  if (width < 3) {
    throw new Refusal(
      `line ${first.line} has ${width === 1 ? "one cell" : "two cells"}, and three columns are needed: two for the picture and one to ` +
        "predict. Columns are parted by commas, semicolons or tabs.",
    );
  }
  const numbers = first.cells.filter(isNumber).length;
  const nameless = 2 * numbers >= width;
  const body = nameless ? rows : rows.slice(1);
  const odd = body.find(({ cells }) => cells.length !== width);
  if (odd !== undefined) {
    throw new Refusal(
      `line ${odd.line} has ${odd.cells.length} cell${odd.cells.length === 1 ? "" : "s"}, and line ${first.line} has ${width}. ` +
        "A cell that is empty still needs its comma, and one that holds a comma needs quotes around it.",
    );
  }
  if (body.length === 0) throw new Refusal("it has names of columns, and no rows beneath them.");
  return {
    names: distinct(first.cells.map((cell, j) => (nameless ? "" : tidyName(cell)) || `column ${j + 1}`)),
    body,
    notes: nameless ? ["Its first line holds numbers, so it counts as a row: the columns have no names."] : [],
  };
}

/** "size" and "size" become "size" and "size (2)". */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name} (${i})`;
    taken.add(free);
    return free;
  });
}

/** At even distances, for rows are often sorted. */
function sampled(rows: readonly CSVRow[]): { rows: readonly CSVRow[]; notes: string[] } {
  if (rows.length <= MOST_ROWS) return { rows, notes: [] };
  return {
    rows: Array.from({ length: MOST_ROWS }, (_, i) => rows[Math.floor((i * rows.length) / MOST_ROWS)] as CSVRow),
    notes: [`${MOST_ROWS.toLocaleString("en")} of the rows are used, at even distances.`],
  };
}

const COMMA_NUMBER = /^[+-]?\d+,\d+$/;

/** The cells of each column; where commas do not part cells they may stand before decimals. */
function cellsOf(rows: readonly CSVRow[], names: readonly string[], delimiter: string) {
  const notes: string[] = [];
  const cells = names.map((name, j) => {
    const column = rows.map((row) => (row.cells[j] as string).trim());
    if (delimiter === ",") return column;
    const commas = column.filter((cell) => COMMA_NUMBER.test(cell)).length;
    const present = column.filter((cell) => !isMissing(cell));
    if (commas === 0 || !present.every((cell) => COMMA_NUMBER.test(cell) || isNumber(cell))) return column;
    notes.push(`Commas in ${quote(name)} stand before decimals.`);
    return column.map((cell) => (COMMA_NUMBER.test(cell) ? cell.replace(",", ".") : cell));
  });
  return { cells, notes };
}

type Unused = { readonly name: string; readonly reason: string };

/** A word among numbers, which counts as missing. */
const oddCell =
  (lines: Int32Array) =>
  ({ name, odd, kind }: ColumnInfo): string[] =>
    odd === undefined || kind === "date"
      ? []
      : [`${quote(odd.example)} in line ${lines[odd.row]}, column ${quote(name)}, is no number and counts as missing.`];

/** Why a column of which most cells are numbers cannot be one of numbers; undefined for others. */
function mixed(cells: readonly string[], lines: Int32Array): string | undefined {
  const words = cells.filter((cell) => !isMissing(cell) && !isNumber(cell));
  const numbers = cells.filter(isNumber).length;
  if (words.length === 0 || numbers <= words.length) return undefined;
  const first = cells.indexOf(words[0] as string);
  return (
    `line ${lines[first]} has ${quote(words[0] as string)}, which is no number, as ${words.length} of the ` +
    `${words.length + numbers} cells are. Correct them, or leave them empty`
  );
}

/** What a column is used as, or why it cannot be. */
function columnOf(info: ColumnInfo, cells: readonly string[], lines: Int32Array): TableColumn | Unused {
  const { name, kind, reason, distinct, numbers } = info;
  const unused = (why: string): Unused => ({ name, reason: oneLine(why) });
  if (kind === "category" || kind === "boolean") {
    const why = distinct < 2 ? reason : mixed(cells, lines);
    if (why !== undefined) return unused(why);
    if (distinct <= MOST_CLASSES) return wordColumn(name, cells);
    return unused(`${reason}. At most ${MOST_CLASSES} words can be told apart`);
  }
  if (kind === "date") return unused(`${reason}. The network takes numbers: give the day of the year, or the hour`);
  if (numbers === undefined) return unused(reason);
  const values = tidied(columnNumbers(info, cells));
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.every((value) => value === present[0]))
    return unused(
      present.length === 0
        ? "it has no number that can be used"
        : `all its numbers are ${present[0]}: nothing can be learned from it`,
    );
  return { name, values };
}

function wordColumn(name: string, cells: readonly string[]): TableColumn {
  const present = cells.filter((cell) => !isMissing(cell));
  const encoder = TargetEncoder.fit(name, present, { task: "classification" });
  const labels = encoder.encode(present).dataSync();
  let next = 0;
  const values = Float64Array.from(cells, (cell) => (isMissing(cell) ? Number.NaN : (labels[next++] as number)));
  return { name, values, words: (encoder.classes ?? []).map(tidyName) };
}

/**
 * Numbers to a millionth of their range, which neither a picture nor training in single precision tells from exact ones, and which
 * halves the length of links. What is too large to compute with counts as missing.
 */
function tidied(numbers: Float64Array): Float64Array {
  const usable = numbers.map((value) => (Math.abs(value) <= LARGEST ? value : Number.NaN));
  const [least, most] = usable.reduce<readonly [number, number]>(
    ([low, high], value) => (Number.isNaN(value) ? [low, high] : [Math.min(low, value), Math.max(high, value)]),
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const decimals = 6 - Math.floor(Math.log10(most - least));
  // More than a text of a number may have.
  if (!(decimals <= 20)) return usable.map((value) => value + 0);
  return usable.map((value) => Number(value.toFixed(Math.max(0, decimals))) + 0);
}

/** The columns of numbers to begin with. @throws Refusal if there are too few */
function usable(columns: readonly TableColumn[], infos: readonly ColumnInfo[], unused: readonly Unused[]): number[] {
  const inputs = columns.flatMap((column, at) => (isInput(column) ? [at] : []));
  const needed = inputs.length < columns.length ? 2 : 3;
  if (inputs.length < needed) {
    const why = unused.slice(0, 3).map(({ name, reason }) => `${quote(name)}: ${reason}.`);
    throw new Refusal(
      `three columns are needed, two of numbers for the picture and one to predict, and there ${columns.length === 1 ? "is" : "are"} ` +
        `${columns.length === 0 ? "none" : columns.length} that can be used${inputs.length < 2 && columns.length >= 3 ? `, ${inputs.length} of them of numbers` : ""}. ${why.join(" ")}`.trim(),
    );
  }
  const good = inputs.filter((at) => infos.some(({ name, use }) => use === "feature" && name === columns[at]?.name));
  return good.length >= needed ? good : inputs;
}

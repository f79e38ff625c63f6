/** CSV and TSV: RFC 4180, and what files in the wild do besides. */
import type { Cell } from "chainrule/table";
import { Failure } from "../../failure.ts";
import type { Source } from "../source.ts";
import { type Batch, batchLength, linedBatch, quoted, type Reader, type ReadOptions } from "../table-file.ts";
import { openText } from "../text.ts";
import { describeRagged } from "./errors.ts";
import { withPoint } from "./numbers.ts";
import { type Records, readRecords } from "./records.ts";
import { findCommaNumber, isData, sniffDelimiter } from "./sniff.ts";

/**
 * @param usual the delimiter that the name of the file lets one expect: "\t" is taken as it is, "," is looked for
 * @param written whether batches are to have the texts of the file too
 */
export async function openCSV(
  source: Source,
  options: ReadOptions,
  usual: "," | "\t",
  written = false,
): Promise<Reader> {
  const text = await openText(source, options.encoding);
  const quote = options.quote === undefined ? '"' : options.quote;
  const guess = usual === "\t" ? "\t" : sniffDelimiter(text.head, quote);
  const delimiter = options.delimiter ?? guess;
  if (quote !== null && delimiter.includes(quote))
    throw new Failure(
      `the delimiter ${quoted(delimiter)} and the quotation mark ${quoted(quote)} must differ: see --delimiter and --quote.`,
    );
  const notes: string[] = [];
  if (options.encoding === undefined && text.encoding !== "utf-8") notes.push(`encoding ${text.encoding}`);
  if (options.delimiter === undefined && guess !== usual) notes.push(`delimiter ${quoted(guess)}`);
  if (options.decimalComma !== true) {
    const example = delimiter === "," ? undefined : findCommaNumber(text.head, delimiter, quote);
    if (example !== undefined)
      notes.push(`values such as ${quoted(example)} stay texts: to read them as numbers, use --decimal-comma`);
  }

  let columns: readonly string[] | undefined;
  const records = readRecords(text.chunks(), { name: source.name, delimiter, quote, columns: () => columns });
  const first = await records.next();
  if (first.done === true) throw new Failure(`${source.name} has nothing but blank lines.`);
  const header = (first.value.rows[0] as string[]).map((cell) => cell.trim());
  const hasHeader = options.header ?? !(options.columns !== undefined || isData(header, options.decimalComma === true));
  columns = hasHeader ? nameColumns(source.name, header, notes) : numberedColumns(header.length);
  if (!hasHeader && options.header === undefined && options.columns === undefined)
    notes.push("no header: the first row has numbers only (if it holds names, use --header)");
  if (options.columns !== undefined) columns = renamed(source.name, header.length, options.columns);
  if (hasHeader) for (const list of [first.value.rows, first.value.lines, first.value.ends]) list.shift();

  const decimalComma = options.decimalComma === true;
  const table = { name: source.name, columns, hasHeader, delimiter, decimalComma, written };
  return { columns, notes, delimiter, batches: () => readBatches(first.value, records, table) };
}

interface Layout {
  readonly name: string;
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly delimiter: string;
  readonly decimalComma: boolean;
  readonly written: boolean;
}

async function* readBatches(first: Records, rest: AsyncIterable<Records>, layout: Layout): AsyncGenerator<Batch> {
  const length = batchLength(layout.columns.length);
  const written = (): string[][] | undefined => (layout.written ? [] : undefined);
  let [rows, lines, texts]: [Cell[][], number[], string[][] | undefined] = [[], [], written()];
  let count = 0;
  for await (const records of chain(first, rest)) {
    for (let i = 0; i < records.rows.length; i++) {
      texts?.push((records.rows[i] as string[]).slice());
      rows.push(readRow(records, i, count++, layout));
      lines.push(records.lines[i] as number);
      if (rows.length < length) continue;
      yield linedBatch(rows, lines, texts);
      [rows, lines, texts] = [[], [], written()];
    }
  }
  if (rows.length > 0) yield linedBatch(rows, lines, texts);
}

async function* chain<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** Texts without spaces around them; an empty one is no value. In place: the row is nobody else's. */
function readRow(records: Records, i: number, position: number, layout: Layout): Cell[] {
  const row = records.rows[i] as Cell[];
  const { columns, name, hasHeader, delimiter } = layout;
  if (row.length !== columns.length) {
    const [line, end] = [records.lines[i] as number, records.ends[i] as number];
    const last = records.last && i === records.rows.length - 1;
    const cells = row as string[];
    throw describeRagged({
      name,
      line,
      end,
      cells,
      width: columns.length,
      hasHeader,
      second: position === 0,
      delimiter,
      last,
    });
  }
  for (let j = 0; j < row.length; j++) {
    const text = (row[j] as string).trim();
    row[j] = text === "" ? null : layout.decimalComma ? withPoint(text) : text;
  }
  return row;
}

const numberedColumns = (length: number): string[] => Array.from({ length }, (_, j) => `column_${j + 1}`);

function nameColumns(name: string, header: readonly string[], notes: string[]): string[] {
  const columns = header.map((text, j) => (text === "" ? `column_${j + 1}` : text));
  const nameless = header.flatMap((text, j) => (text === "" ? [columns[j] as string] : []));
  if (nameless.length > 0) notes.push(`columns without a name are called ${nameless.map(quoted).join(", ")}`);
  const second = columns.findIndex((column, j) => columns.indexOf(column) !== j);
  if (second < 0) return columns;
  const first = columns.indexOf(columns[second] as string);
  throw new Failure(
    `${name}: columns ${first + 1} and ${second + 1} are both named ${quoted(columns[second] as string)}. Give every column ` +
      "a name of its own; if the first line holds no names, use --no-header.",
  );
}

function renamed(name: string, width: number, columns: readonly string[]): readonly string[] {
  if (columns.length === width) return columns;
  throw new Failure(`${name} has ${width} columns, and --columns gives ${columns.length} names. Name all of them.`);
}

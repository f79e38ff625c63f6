/** Rows of texts from the bytes of a CSV file. */
import type { CsvError, Options, Parser } from "csv-parse";
import { describeSyntax } from "./errors.ts";

/** A longer row has a quotation mark that is not closed: without a bound it would take up the whole file. */
const LONGEST_ROW = 4_000_000;

export interface RecordOptions {
  readonly name: string;
  readonly delimiter: string;
  readonly quote: string | null;
  /** The names of the columns, once they are known. */
  readonly columns: () => readonly string[] | undefined;
}

/** Rows that were parsed together. */
export interface Records {
  readonly rows: string[][];
  /** The lines on which the rows begin. */
  readonly lines: number[];
  /** The lines on which they end. */
  readonly ends: number[];
  /** Whether these rows were found at the end of the file. */
  readonly last: boolean;
}

const noRecords = (last: boolean): Records => ({ rows: [], lines: [], ends: [], last });

/**
 * Blank lines are left out. Rows before a mistake are given before it is thrown.
 *
 * @param chunks UTF-8
 * @throws Failure for quotation marks that do not match
 */
export async function* readRecords(chunks: AsyncIterable<Uint8Array>, options: RecordOptions): AsyncGenerator<Records> {
  const { Parser } = await import("csv-parse");
  let records = noRecords(false);
  // Lines as the parser counts them, which takes the CR LF in a quoted value for two.
  let [end, surplus, blank] = [0, 0, 0];
  const parser = new Parser({
    delimiter: options.delimiter,
    quote: options.quote,
    escape: options.quote,
    // All of them in every file: some have rows from several systems.
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    // Also lets spaces stand between a delimiter and a quotation mark.
    trim: true,
    max_record_size: LONGEST_ROW,
    // Collected here, and null to the stream: an event for each row would cost more than parsing it.
    on_record: (row: string[], { lines, empty_lines }: { lines: number; empty_lines: number }) => {
      const breaks = lines - surplus > end + 1 ? countBreaks(row) : { lines: 0, pairs: 0 };
      surplus += breaks.pairs;
      end = lines - surplus;
      blank = empty_lines;
      records.rows.push(row);
      records.lines.push(end - breaks.lines);
      records.ends.push(end);
      return null;
    },
  } as unknown as Options);
  parser.resume();
  // The stream may tell of an error after the callback did.
  parser.on("error", () => {});
  const explain = (error: unknown): unknown => {
    const { code, lines, empty_lines, index } = error as CsvError & Record<"lines" | "empty_lines" | "index", number>;
    const line = end + 1 + empty_lines - blank;
    const place = { name: options.name, line, end: lines - surplus, cell: index, columns: options.columns() };
    return describeSyntax(code, place) ?? error;
  };
  for await (const chunk of chunks) yield* step((done) => parser.write(chunk, done));
  records = noRecords(true);
  yield* step((done) => finish(parser, done));

  async function* step(act: (done: (error?: Error | null) => void) => void): AsyncGenerator<Records> {
    const error = await new Promise<unknown>((resolve) => {
      parser.once("error", resolve);
      act((failed) => {
        if (failed) return resolve(failed);
        parser.off("error", resolve);
        resolve(undefined);
      });
    });
    if (records.rows.length > 0) yield records;
    if (error !== undefined) throw explain(error);
    records = noRecords(false);
  }
}

const finish = (parser: Parser, done: () => void): void => {
  parser.once("end", done);
  parser.end();
};

/** The line breaks within the values of a row, and how many of them are CR LF. */
function countBreaks(row: readonly string[]): { lines: number; pairs: number } {
  let [lines, pairs] = [0, 0];
  for (const cell of row) {
    lines += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
    pairs += cell.match(/\r\n/g)?.length ?? 0;
  }
  return { lines, pairs };
}

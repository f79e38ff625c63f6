/** What every reader of a file format gives: columns by name, and rows in batches. */
import type { Cell } from "chainrule/table";

export const FORMATS = ["csv", "tsv", "jsonl", "json", "parquet", "npy", "npz", "idx"] as const;
export type Format = (typeof FORMATS)[number];

/** How a file is to be read; what is absent is found out from the file. */
export interface ReadOptions {
  readonly format?: Format;
  /** Between the values of a row of CSV: one character or more. */
  readonly delimiter?: string;
  /** What encloses values that hold a delimiter or a line break; null where quotation marks are ordinary characters. */
  readonly quote?: string | null;
  /** A label of the WHATWG Encoding Standard, such as "windows-1252". */
  readonly encoding?: string;
  /** Whether the first row of CSV holds the names of the columns. */
  readonly header?: boolean;
  /** Whether "1.234,5" is the number 1234.5. */
  readonly decimalComma?: boolean;
  /** Names for the columns of a file that has none. */
  readonly columns?: readonly string[];
  /** Which arrays of an .npz that has several parts: those named "x_train", "y_train" are the part "train", the default. */
  readonly part?: string;
}

/** Some rows, one after another in the file. */
export interface Batch {
  readonly rows: readonly (readonly Cell[])[];
  /** Where a row of the batch is in the file, for messages: "line 17" of a text, else "row 17", counted from 1. */
  place(row: number): string;
  /**
   * The rows as the file has them, in CSV and where `OpenOptions.written` asks for it: texts with the spaces that stand within
   * quotation marks, and numbers with their decimal comma.
   */
  readonly written?: readonly (readonly string[])[];
}

/** What a command wants of a file beside its rows. */
export interface OpenOptions {
  /** Whether the rows are to be written again. */
  readonly written?: boolean;
}

/** What the reader of a format gives. */
export interface Reader {
  readonly columns: readonly string[];
  /** What was found out or decided, for the user to see. */
  readonly notes: readonly string[];
  /** Between the values, in CSV and TSV. */
  readonly delimiter?: string;
  /** The number of rows, where the file says it beforehand. */
  readonly length?: number;
  /** To be read once. */
  batches(): AsyncIterable<Batch>;
}

/** A file that is open for reading. Close it, whether or not all batches were read. */
export interface TableFile {
  /** The path as it was given, or "standard input". */
  readonly name: string;
  readonly format: Format;
  readonly columns: readonly string[];
  readonly notes: readonly string[];
  /** Between the values, in CSV and TSV: rows that are written for the same reader have it too. */
  readonly delimiter?: string;
  /** To be read once. @throws Failure that names the place in the file, also when there is no row */
  batches(): AsyncIterable<Batch>;
  /** SHA-256 of the file as it is on the disk, in hexadecimal digits. Reads what was not read. */
  fingerprint(): Promise<string>;
  close(): Promise<void>;
}

/** Few rows where they are wide, so that a batch stays within some megabytes. */
export const batchLength = (columns: number): number => Math.max(1, Math.min(1000, Math.floor(200_000 / columns)));

/** A batch of a file whose rows have no lines; `first` is the position of its first row. */
export const numberedBatch = (rows: readonly (readonly Cell[])[], first: number): Batch => ({
  rows,
  place: (row) => `row ${first + row + 1}`,
});

/** A batch of a text file. */
export const linedBatch = (
  rows: readonly (readonly Cell[])[],
  lines: readonly number[],
  written?: readonly (readonly string[])[],
): Batch => ({
  rows,
  place: (row) => `line ${lines[row]}`,
  ...(written === undefined ? {} : { written }),
});

/** A name for messages. */
export const quoted = (name: string): string => JSON.stringify(name);

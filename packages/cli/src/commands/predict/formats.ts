/** How rows are written. */
import { extname } from "node:path";
import type { Cell } from "chainrule/table";
import { Failure } from "../../failure.ts";
import { formatRow, type TableFile } from "../../files/index.ts";

export const OUTPUT_FORMATS = ["csv", "tsv", "jsonl"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Writes rows of some columns. */
export interface RowWriter {
  /** What stands before the first row. */
  readonly head: string;
  /** With its end of line. */
  row(cells: readonly Cell[]): string;
}

const EXTENSIONS: Readonly<Record<string, OutputFormat>> = {
  ".csv": "csv",
  ".txt": "csv",
  ".tsv": "tsv",
  ".tab": "tsv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

/** What was asked for, or the name of the file tells; else that of the data where it is TSV, and CSV of all others. */
export function formatOf(to: OutputFormat | undefined, out: string | undefined, data: TableFile): OutputFormat {
  const usual = data.format === "tsv" ? "tsv" : "csv";
  if (to !== undefined) return to;
  const extension = out === undefined ? "" : extname(out).toLowerCase();
  const format = extension === "" ? usual : EXTENSIONS[extension];
  // A device such as /dev/stdout has no extension, and a name that says nothing else is no reason to refuse it.
  if (format !== undefined) return format;
  throw new Failure(
    `--out: a file is written as ${OUTPUT_FORMATS.join(", ")}, and ${out} ends in ${extension}. Say which one by --to, or name it otherwise.`,
  );
}

/**
 * @param names of the columns
 * @param numbers which of them hold numbers, as far as they are written as such: JSON tells them from texts
 */
export function createWriter(
  format: OutputFormat,
  names: readonly string[],
  numbers: readonly boolean[],
  data: TableFile,
): RowWriter {
  if (format === "jsonl") return jsonWriter(names, numbers);
  const delimiter = format === "tsv" ? "\t" : data.format === "csv" ? data.delimiter : ",";
  return { head: formatRow(names, delimiter), row: (cells) => formatRow(cells, delimiter) };
}

function jsonWriter(names: readonly string[], numbers: readonly boolean[]): RowWriter {
  // By hand: objects put keys such as "1" first.
  const keys = names.map((name) => `${JSON.stringify(name)}:`);
  return {
    head: "",
    row: (cells) => `{${cells.map((cell, j) => `${keys[j]}${jsonOf(cell, numbers[j] === true)}`).join(",")}}\n`,
  };
}

/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Numbers out of texts keep their digits. */
const jsonOf = (cell: Cell, isNumber: boolean): string =>
  isNumber && typeof cell === "string" && NUMBER.test(cell) ? cell : JSON.stringify(cell);

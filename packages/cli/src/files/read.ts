/** Whole files as tables. */
import { getHeapStatistics } from "node:v8";
import { type Cell, Table } from "chainrule/table";
import { Failure } from "../failure.ts";
import { atLeastOne, type OpenFile, openFile } from "./open.ts";
import type { Batch, Format, ReadOptions } from "./table-file.ts";

/** A file that was read as a whole. */
export interface TableData {
  readonly table: Table;
  readonly file: { readonly name: string; readonly format: Format; readonly notes: readonly string[] };
  /** Where a row is in the file: "line 17", or "row 17" counted from 1. */
  place(row: number): string;
  /** SHA-256 of the file as it is on the disk, in hexadecimal digits. */
  readonly fingerprint: string;
}

/**
 * Bytes in memory for each byte of a text file: 3.9 measured for different numbers such as "-12.345678", which take 9 or 10 in
 * the file and 8 + 32 as a text of its own; 1.4 where most texts are equal to others.
 */
const BYTES_PER_BYTE = 4;

/** Bytes in memory of a cell: a number, or a reference to a text that other cells share. */
const BYTES_PER_CELL = 8;

/** V8 holds a text in 16 bytes and its characters, rounded up to 8. */
const bytesOfText = (text: string): number => 24 + text.length;

/** So many different texts of a column are held once each; in a column that has more, sharing would cost more than it saves. */
const SHARED = 1000;

/**
 * Reads a whole file.
 *
 * @param path "-" for standard input
 * @param maxBytes the memory that the table may take; by default three quarters of what Node and the machine have left
 * @throws Failure for a file that cannot be read; also, before it is read where its size tells, for one that is too large
 */
export async function readTable(
  path: string,
  options: ReadOptions = {},
  { maxBytes = freeMemory() }: { readonly maxBytes?: number } = {},
): Promise<TableData> {
  const file = await openFile(path, options, true);
  const { source, format, reader } = file;
  try {
    requireMemory(file, expectedBytes(file), maxBytes);
    const columns = reader.columns.map(() => new Column());
    const batches: { readonly first: number; readonly batch: Pick<Batch, "place"> }[] = [];
    let length = 0;
    for await (const { rows, place } of atLeastOne(source.name, reader)) {
      for (const row of rows)
        columns.forEach((column, j) => {
          column.push(row[j] as Cell);
        });
      batches.push({ first: length, batch: { place } });
      length += rows.length;
      requireMemory(
        file,
        columns.reduce((sum, { bytes }) => sum + bytes, 0),
        maxBytes,
      );
    }
    return {
      table: new Table(
        reader.columns,
        columns.map(({ cells }) => cells),
      ),
      file: { name: source.name, format, notes: reader.notes },
      place: (row) => {
        const { first, batch } = batches.findLast((entry) => entry.first <= row) as (typeof batches)[number];
        return batch.place(row - first);
      },
      fingerprint: await source.fingerprint(),
    };
  } finally {
    await source.close();
  }
}

/** The cells of a column, with equal texts held once. */
class Column {
  readonly cells: Cell[] = [];
  /** About how much memory they take. */
  bytes = 0;
  readonly #texts = new Map<string, string>();

  push(cell: Cell): void {
    this.cells.push(this.#share(cell));
    this.bytes += BYTES_PER_CELL;
  }

  #share(cell: Cell): Cell {
    if (typeof cell !== "string") return cell;
    const known = this.#texts.get(cell);
    if (known !== undefined) return known;
    this.bytes += bytesOfText(cell);
    if (this.#texts.size < SHARED) this.#texts.set(cell, cell);
    return cell;
  }
}

const freeMemory = (): number => {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  return 0.75 * Math.min(limit - used, process.availableMemory());
};

/** Known where the file says how many rows it has, or where it is a text; 0 for what is packed. */
function expectedBytes({ source, format, reader }: OpenFile): number {
  if (reader.length !== undefined) return reader.length * reader.columns.length * BYTES_PER_CELL;
  const text = format === "csv" || format === "tsv" || format === "json" || format === "jsonl";
  return text && !source.gzip ? BYTES_PER_BYTE * (source.size ?? 0) : 0;
}

function requireMemory({ source, format }: OpenFile, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const sample =
    (format === "csv" || format === "tsv") && source.path !== undefined && !source.gzip
      ? `: (head -n 1 ${shell(source.path)}; tail -n +2 ${shell(source.path)} | shuf -n 100000) > sample.${format}`
      : "";
  throw new Failure(
    `${source.name} does not fit into memory: as a table it takes ${megabytes(bytes)} MB or more, and there are ` +
      `${megabytes(maxBytes)} MB for it. Take a sample of its rows${sample}; or leave out columns that are not needed; or, if the ` +
      "machine has more memory, give Node more of it: NODE_OPTIONS=--max-old-space-size=<MB>.",
  );
}

const shell = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

const megabytes = (bytes: number): string =>
  bytes < 1e7 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6).toString();

/** JSON Lines (https://jsonlines.org), and JSON files that hold an array of objects. */
import type { Cell } from "chainrule/table";
import { Failure, messageOf } from "../failure.ts";
import type { Source } from "./source.ts";
import {
  type Batch,
  batchLength,
  linedBatch,
  numberedBatch,
  quoted,
  type Reader,
  type ReadOptions,
} from "./table-file.ts";
import { openText, type Text } from "./text.ts";

/** An object as it stands in the file, and where. */
interface Entry {
  readonly value: unknown;
  readonly line: number;
  /** For messages. */
  readonly where: string;
}

/**
 * @param growing whether later rows may bring new columns; where batches are used as they come, that is too late, and the
 * columns are those of the first thousand rows
 */
export async function openJSONLines(source: Source, options: ReadOptions, growing: boolean): Promise<Reader> {
  const text = await openText(source, options.encoding);
  return await readEntries(source.name, parseLines(text, source.name), linedBatch, growing);
}

export async function openJSON(source: Source, options: ReadOptions, growing: boolean): Promise<Reader> {
  const text = await openText(source, options.encoding);
  // One object on each line is often named .json too.
  if (text.head.trimStart().startsWith("{"))
    return await readEntries(source.name, parseLines(text, source.name), linedBatch, growing);
  const all: Uint8Array[] = [];
  for await (const chunk of text.chunks()) all.push(chunk);
  const value = parse(Buffer.concat(all).toString(), source.name);
  if (!Array.isArray(value))
    throw new Failure(
      `${source.name} must hold an array of objects, or one object on each line; it holds ${typeName(value)}.`,
    );
  const entries = value.map((item, i) => ({ value: item, line: i, where: `${source.name}, row ${i + 1}` }));
  const numbered = (rows: readonly (readonly Cell[])[], at: readonly number[]) => numberedBatch(rows, at[0] ?? 0);
  return await readEntries(source.name, each(entries), numbered, true);
}

async function* each(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries;
}

async function readEntries(
  name: string,
  entries: AsyncGenerator<Entry>,
  batch: (rows: readonly (readonly Cell[])[], lines: readonly number[]) => Batch,
  growing: boolean,
): Promise<Reader> {
  const columns: string[] = [];
  const collector = new Collector(name, columns);
  // The columns must be known before the first batch is.
  const first = await collector.take(entries, growing ? Number.POSITIVE_INFINITY : 1000);
  if (first.rows.length === 0) throw new Failure(`${name} has no objects.`);
  collector.closed = true;
  const notes =
    collector.nested === undefined ? [] : [`objects in objects become columns such as ${quoted(collector.nested)}`];
  const length = batchLength(columns.length);

  async function* batches(): AsyncGenerator<Batch> {
    for (let part = first; part.rows.length > 0; part = await collector.take(entries, length)) {
      for (let start = 0; start < part.rows.length; start += length) {
        const rows = part.rows.slice(start, start + length);
        for (const row of rows) while (row.length < columns.length) row.push(null);
        yield batch(rows, part.lines.slice(start, start + length));
      }
    }
  }
  return { columns, notes, batches };
}

/** Makes rows of objects, and columns of their keys. */
class Collector {
  readonly #name: string;
  readonly #columns: string[];
  readonly #positions = new Map<string, number>();
  /** Whether a new key is a mistake. */
  closed = false;
  /** A column that was made of a key in a nested object. */
  nested: string | undefined;

  constructor(name: string, columns: string[]) {
    this.#name = name;
    this.#columns = columns;
  }

  async take(entries: AsyncGenerator<Entry>, count: number): Promise<{ rows: Cell[][]; lines: number[] }> {
    const [rows, lines]: [Cell[][], number[]] = [[], []];
    while (rows.length < count) {
      const { done, value: entry } = await entries.next();
      if (done === true) break;
      if (typeof entry.value !== "object" || entry.value === null || Array.isArray(entry.value))
        throw new Failure(
          `${entry.where}: there must be an object such as {"length": 5.1}; there is ${typeName(entry.value)}.`,
        );
      const row: Cell[] = new Array<Cell>(this.#columns.length).fill(null);
      this.#fill(row, new Set(), entry.value, "", entry.where);
      rows.push(row);
      lines.push(entry.line);
    }
    return { rows, lines };
  }

  #fill(row: Cell[], given: Set<string>, object: object, prefix: string, where: string): void {
    for (const [key, value] of Object.entries(object)) {
      const name = prefix + key;
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        this.nested ??= Object.keys(value).map((inner) => `${name}.${inner}`)[0];
        this.#fill(row, given, value, `${name}.`, where);
        continue;
      }
      if (given.has(name)) throw new Failure(`${where}: there are two values for ${quoted(name)}.`);
      given.add(name);
      row[this.#position(name, where)] = cellOf(value, name, where);
    }
  }

  #position(name: string, where: string): number {
    const known = this.#positions.get(name);
    if (known !== undefined) return known;
    if (this.closed) {
      throw new Failure(
        `${where}: the key ${quoted(name)} is new; none of the first 1000 objects of ${this.#name} has it. Give it to the first ` +
          "object, with the value null if it has none.",
      );
    }
    this.#positions.set(name, this.#columns.length);
    return this.#columns.push(name) - 1;
  }
}

function cellOf(value: unknown, name: string, where: string): Cell {
  if (typeof value === "string") return value.trim() === "" ? null : value.trim();
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  throw new Failure(
    `${where}: the value of ${quoted(name)} is ${typeName(value)}. A table has one value in a cell: write a key for each item.`,
  );
}

async function* parseLines(text: Text, name: string): AsyncGenerator<Entry> {
  let line = 0;
  for await (const written of splitLines(text)) {
    line++;
    if (written.trim() === "") continue;
    const where = `${name}, line ${line}`;
    yield { value: parse(written, where), line, where };
  }
}

async function* splitLines(text: Text): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of text.chunks()) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() as string;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** An integer that a number cannot hold stays the text that it is, for it is rather an identifier. */
function parse(text: string, where: string): unknown {
  try {
    const exact = /\d{16}/.test(text) ? exactIntegers : undefined;
    return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    const start = text.trim();
    const excerpt = start.length > 60 ? `${start.slice(0, 60)} …` : start;
    throw new Failure(
      `${where} is not JSON: ${messageOf(error).replace(/, "[\s\S]*is not valid JSON$/, "")}. It begins ${quoted(excerpt)}. There must ` +
        "be one object on each line, or an array of objects in the whole file.",
    );
  }
}

const exactIntegers = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === "number" && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
    ? source
    : value;

const typeName = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "an array"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;

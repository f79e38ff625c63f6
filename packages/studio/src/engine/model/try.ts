/** One row through a model. */
import { type Tensor, tensor } from "chainrule";
import { DataError, parseCSV } from "chainrule/data";
import { Refusal } from "../../state/index.ts";
import type { Opened } from "./open.ts";
import { label } from "./text.ts";
import type { RowInput, Tried } from "./types.ts";

const NOTE = {
  missing: "is missing",
  unreadable: "cannot be read, and is taken for missing",
  unseen: "was not among those it learned from",
} as const;

/** @throws Refusal for cells or numbers that do not fit */
export function tryModel(opened: Opened, input: RowInput): Tried {
  const { x, notes } = encode(opened, input);
  const outputs = (opened.table?.outputs(x) ?? opened.outputs(x)).dataSync() as Float32Array;
  const read = opened.table === undefined ? readPlain(opened, outputs) : readTable(opened, opened.table.outputs(x));
  const winner = likeliest(read.probabilities);
  // Of two classes there is one output, and what speaks for the first speaks against it.
  const binary = opened.facts.reading === "binary";
  const pick = Float32Array.from(outputs, (_, k) => (binary ? (winner === 0 ? -1 : 1) : Number(k === winner)));
  return {
    features: Float32Array.from(x.dataSync() as ArrayLike<number>),
    outputs: Float32Array.from(outputs),
    ...read,
    winner,
    slopes: Float32Array.from(
      opened.slopes(x, tensor(pick, { shape: [1, pick.length] }).cast(x.dtype)).dataSync() as ArrayLike<number>,
    ),
    notes,
  };
}

/** Of no classes the first output. */
function likeliest(probabilities: Float32Array): number {
  let best = 0;
  for (let k = 1; k < probabilities.length; k++)
    if ((probabilities[k] as number) > (probabilities[best] as number)) best = k;
  return best;
}

interface EncodedRow {
  readonly x: Tensor;
  readonly notes: readonly string[];
}

/** What the network gets. @throws Refusal */
export function encode({ facts, table, tables, input: made }: Opened, input: RowInput): EncodedRow {
  if (table === undefined) {
    const values = "values" in input ? input.values : new Float32Array(0);
    if (values.length !== facts.inputs)
      throw new Refusal(`The network takes ${facts.inputs} numbers; there are ${values.length}.`);
    return { x: made(values), notes: [] };
  }
  const cells = "cells" in input ? input.cells : {};
  const names = table.input.columns.map(({ name }) => name);
  const row = names.map((name) => [Object.hasOwn(cells, name) ? (cells[name] as string) : null]);
  const { x, notes } = refusing(() => table.input.encode(new tables.Table(names, row)));
  return {
    x,
    notes: notes.map(
      ({ column, what, example }) =>
        `${label(column)}${what === "missing" ? "" : ` “${label(example, 20)}”`} ${NOTE[what]}`,
    ),
  };
}

type Read = Pick<Tried, "probabilities" | "values">;

function readTable({ table }: Opened, outputs: Tensor): Read {
  const { probabilities, values } = table!.target.decode(outputs);
  return {
    probabilities: Float32Array.from(probabilities?.[0] ?? []),
    values: Float64Array.from(values ?? []),
  };
}

function readPlain({ facts, ends }: Opened, outputs: Float32Array): Read {
  if (facts.reading === "values") return { probabilities: new Float32Array(0), values: Float64Array.from(outputs) };
  if (facts.reading === "binary") {
    const [output = 0] = outputs;
    const p = ends === "probabilities" ? output : 1 / (1 + Math.exp(-output));
    return { probabilities: Float32Array.of(1 - p, p), values: new Float64Array(0) };
  }
  const probabilities = ends === "probabilities" ? outputs : (tensor(outputs).softmax().dataSync() as Float32Array);
  return { probabilities: Float32Array.from(probabilities), values: new Float64Array(0) };
}

/**
 * The cells of a row that was pasted: with the names of the columns in a line above it, or in the order of the model's columns, after
 * which the target may stand.
 *
 * @throws Refusal
 */
export function readRow({ facts, table }: Opened, text: string): RowInput {
  const lines = refusing(() => parseCSV(text.trim(), delimiterOf(text)));
  if (table === undefined) {
    const values = Float32Array.from(lines.flat(), (cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
    const wrong = lines.flat().find((_, i) => Number.isNaN(values[i]));
    if (wrong !== undefined) throw new Refusal(`“${label(wrong, 20)}” is not a number.`);
    if (values.length !== facts.inputs)
      throw new Refusal(`The network takes ${facts.inputs} numbers; there are ${values.length}.`);
    return { values };
  }
  const own = table.input.columns.map(({ name }) => name);
  const [first = [], second] = lines;
  const header = first.map((name) => name.trim());
  if (second !== undefined && own.every((name) => header.includes(name))) {
    if (second.length !== header.length)
      throw new Refusal(`There are ${header.length} names and ${second.length} cells.`);
    return { cells: Object.fromEntries(own.map((name) => [name, second[header.indexOf(name)]?.trim() ?? ""])) };
  }
  if (first.length !== own.length && first.length !== own.length + 1) {
    throw new Refusal(
      `The model has ${own.length} columns, and the row has ${first.length} cells. Put the names of its columns into a line above it.`,
    );
  }
  return { cells: Object.fromEntries(own.map((name, j) => [name, first[j]?.trim() ?? ""])) };
}

/** What the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? "";
  const counted = [",", ";", "\t", " "].map((mark) => [mark, line.split(mark).length] as const);
  return counted.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function refusing<T>(f: () => T): T {
  try {
    return f();
  } catch (error) {
    // A CellError is one too.
    if (error instanceof DataError) throw new Refusal(label(error.message, 300));
    throw error;
  }
}

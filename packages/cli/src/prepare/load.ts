/** A data file as a table, with what its columns hold and what is to be predicted. */
import {
  type Cell,
  type ColumnInfo,
  type ColumnKind,
  type Imputation,
  inferColumns,
  inferTask,
  isMissing,
  numberOf,
  type Table,
  type TargetTask,
  type TaskChoice,
} from "chainrule/table";
import { Failure } from "../failure.ts";
import { type ReadOptions, readTable, type TableData } from "../files/index.ts";
import { closest } from "../render/closest.ts";
import { located, type Origin } from "./located.ts";
import { requireNoHiddenNumbers } from "./target.ts";

export interface LoadOptions {
  readonly read: ReadOptions;
  /** Kinds of columns that the user knows better. */
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  /** Columns to leave out. */
  readonly drop: readonly string[];
  /** What stands for missing values, by column. */
  readonly impute: Readonly<Record<string, Imputation>>;
  readonly task?: TargetTask;
  readonly unit?: string;
}

/** Rows to learn from: those of the file that have a target. */
export interface Loaded extends Origin {
  readonly table: Table;
  readonly columns: readonly ColumnInfo[];
  readonly target: string;
  readonly task: TaskChoice;
  readonly options: LoadOptions;
  /** The rows of the whole file, and where they are in it. */
  readonly all: Table;
  readonly origin: Origin;
  /** What was found out about the file's form. */
  readonly notes: readonly string[];
  /** SHA-256 of the file. */
  readonly fingerprint: string;
}

/** Reads a file and finds out what its columns hold. @throws Failure for a column that is not there */
export async function loadColumns(
  path: string,
  options: LoadOptions,
  target?: string,
): Promise<{ readonly data: TableData; readonly origin: Origin; readonly columns: readonly ColumnInfo[] }> {
  const data = await readTable(path, options.read);
  const origin: Origin = { name: data.file.name, place: (row) => data.place(row) };
  const { names } = data.table;
  if (target !== undefined) requireColumn(names, "--target", target);
  for (const name of Object.keys(options.kinds)) requireColumn(names, "--kind", name);
  for (const name of Object.keys(options.impute)) requireColumn(names, "--impute", name);
  for (const name of options.drop) {
    requireColumn(names, "--drop", name);
    if (name === target) throw new Failure(`--drop: ${JSON.stringify(name)} is the target. Drop another column.`);
  }
  const kinds = Object.fromEntries(Object.entries(options.kinds).filter(([name]) => name !== target));
  const inferred = located(origin, () =>
    inferColumns(data.table, { kinds, ...(target === undefined ? {} : { target }) }),
  );
  const columns = inferred.map((column) =>
    options.drop.includes(column.name) ? { ...column, use: "none" as const, reason: "left out by --drop" } : column,
  );
  return { data, origin, columns };
}

/** Reads a file to learn from. @throws Failure where there is nothing to learn, or a column is not there */
export async function loadTable(path: string, target: string, options: LoadOptions): Promise<Loaded> {
  const { data, origin, columns } = await loadColumns(path, options, target);
  const task = taskOf(data.table, columns, origin, target, options);
  if (!columns.some(({ use }) => use === "feature"))
    throw new Failure(nothingToLearn(origin.name, target, columns, data.file.notes));
  if (options.unit !== undefined && task.task !== "regression")
    throw new Failure(
      "--unit is that of numbers, and the target has classes. Leave it out, or take --task regression.",
    );
  const { kept, table } = withTarget(data.table, target);
  const place: Origin["place"] = (row) => origin.place(kept[row] as number);
  requireFinite({ name: origin.name, place }, table, columns);
  return {
    name: origin.name,
    place,
    table,
    columns,
    target,
    task,
    options,
    all: data.table,
    origin,
    notes: data.file.notes,
    fingerprint: data.fingerprint,
  };
}

/** What the target asks for. @throws Failure where there is nothing to learn */
export function taskOf(
  table: Table,
  columns: readonly ColumnInfo[],
  origin: Origin,
  target: string,
  { task }: LoadOptions,
): TaskChoice {
  const column = columns.find(({ name }) => name === target);
  if (column !== undefined && task !== "classification")
    requireNoHiddenNumbers(origin.name, column, table.column(target));
  // Of two classes the task is the binary one.
  const isTwo = column?.distinct === 2;
  const asked = task === "classification" && isTwo ? "binary" : task;
  return located(origin, () => inferTask(target, table.column(target), asked));
}

function withTarget(table: Table, target: string): { readonly kept: readonly number[]; readonly table: Table } {
  const kept = table.column(target).flatMap((cell, row) => (isMissing(cell) ? [] : [row]));
  return { kept, table: kept.length === table.length ? table : table.take(kept) };
}

/** Wherever the row will be, to learn from or held back: before any work. @throws Failure for the first infinite number */
function requireFinite({ name: file, place }: Origin, table: Table, columns: readonly ColumnInfo[]): void {
  for (const { name, use, numbers } of columns) {
    if (use !== "feature" || numbers === undefined || Number.isFinite(numbers.max - numbers.min)) continue;
    const cells = table.column(name);
    const row = cells.findIndex((cell) => Math.abs(numberOf(cell) ?? 0) === Number.POSITIVE_INFINITY);
    if (row < 0) continue;
    throw new Failure(
      `${file}, ${place(row)}: column ${JSON.stringify(name)} has ${numberOf(cells[row] as Cell)}. Correct it, drop the row, or leave ` +
        "the cell empty.",
    );
  }
}

function nothingToLearn(
  name: string,
  target: string,
  columns: readonly ColumnInfo[],
  notes: readonly string[],
): string {
  const others = columns.filter((column) => column.name !== target);
  if (others.length === 0)
    return `${name} has no column beside the target ${JSON.stringify(target)}, so there is nothing to learn from.`;
  const why = others.slice(0, 5).map((column) => `${JSON.stringify(column.name)} (${column.kind}: ${column.reason})`);
  return (
    `${name} has no column to learn from beside the target: ${why.join("; ")}${others.length > 5 ? " …" : ""}. ` +
    `If one is wrongly judged, say what it holds, as in --kind name=category.${notes.length > 0 ? ` Of the file: ${notes.join("; ")}.` : ""}`
  );
}

/** @throws Failure that lists the columns */
export function requireColumn(names: readonly string[], option: string, name: string): void {
  if (names.includes(name)) return;
  const near = closest(name, names);
  const list = names
    .slice(0, 20)
    .map((n) => JSON.stringify(n))
    .join(", ");
  throw new Failure(
    `${option}: there is no column ${JSON.stringify(name)}${near === undefined ? "." : `; did you mean ${JSON.stringify(near)}?`} ` +
      `The columns are ${list}${names.length > 20 ? ` and ${names.length - 20} more` : ""}.`,
  );
}

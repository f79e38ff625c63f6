/** Which rows are for the test. */
import { type Cell, columnNumbers, type Table, TargetEncoder } from "chainrule/table";
import { Failure } from "../failure.ts";
import { holdBack, range, type SplitStrategy, type Splitting } from "../recipe/index.ts";
import { count } from "../render/format.ts";
import { type Loaded, requireColumn } from "./load.ts";

export interface SplitOptions {
  /** Share of the rows. */
  readonly test: number;
  /** Default: "stratified" for classes, "random" for numbers. */
  readonly strategy?: SplitStrategy;
  /** The column of the groups, or of the times. */
  readonly by?: string;
  readonly seed: number;
}

/** Rows to learn from and rows for the test. */
export interface TestRows {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Holds rows back for the test. @throws Failure for a column that does not fit, or too few rows */
export function splitTable(loaded: Loaded, options: SplitOptions): TestRows {
  const { length } = loaded.table;
  if (options.test === 0) return { train: range(length), test: new Int32Array(0) };
  if (length < 5) {
    throw new Failure(
      `${loaded.name} has ${length} rows with a target, too few to hold some back for a test. Give more rows, or take --test 0.`,
    );
  }
  const { order, how } = splittingOf(loaded, options);
  const { train, held } = holdBack(length, options.test, how);
  const at = (rows: Int32Array): Int32Array => rows.map((row) => order[row] as number);
  if (held.length === 0 && how.strategy !== "group")
    throw new Failure(
      `Each row is the only one of its class of ${JSON.stringify(loaded.target)}, so none can be held back. Take --test 0, or give more rows.`,
    );
  if (held.length === 0)
    throw new Failure(
      `--split group: all rows are of one group of ${JSON.stringify(options.by)}, and groups are not parted. Take another column, or --test 0.`,
    );
  requireEnough(loaded, options.test, at(train));
  requireKnownClasses(loaded, how, { train: at(train), held: at(held) });
  return { train: at(train), test: at(held) };
}

/** @throws Failure where the rows left have nothing to tell apart */
function requireEnough({ table, target }: Loaded, test: number, rows: Int32Array): void {
  const cells = table.column(target);
  const values = new Set(Array.from(rows, (row) => String(cells[row])));
  if (values.size > 1) return;
  throw new Failure(
    `--test ${test} leaves ${count(rows.length, "row")} to learn from, with ${JSON.stringify([...values][0])} as the only value of the ` +
      `target ${JSON.stringify(target)}. Take a smaller share, or another --split.`,
  );
}

/**
 * Of groups and times all rows stay on their side, also those of a class that is nowhere else.
 *
 * @throws Failure where rows are held back whose class is not trained on
 */
export function requireKnownClasses(
  loaded: Loaded,
  { strategy }: Splitting,
  { train, held }: { readonly train: Int32Array; readonly held: Int32Array },
): void {
  const { table, target, task, name, place } = loaded;
  if (task.task === "regression") return;
  const cells = table.column(target);
  const classes = classesOf(cells, loaded);
  const known = new Set(Array.from(train, (row) => classes[row]));
  const row = held.find((held) => !known.has(classes[held]));
  if (row === undefined) return;
  throw new Failure(
    `--split ${strategy} holds back ${place(row)} of ${name}, whose class ${JSON.stringify(String(cells[row]))} of ` +
      `${JSON.stringify(target)} no row has that is left to learn from. Take --split stratified, give more rows of the class, ` +
      "or take --task regression if the classes are quantities.",
  );
}

/** The strategy, and the order in which it sees the rows: by time, they are sorted. */
export function splittingOf(
  loaded: Loaded,
  { strategy, by, seed }: Omit<SplitOptions, "test">,
): { order: Int32Array; how: Splitting } {
  const { table, target, task } = loaded;
  const order = range(table.length);
  const chosen = strategy ?? (task.task === "regression" ? "random" : "stratified");
  if (by !== undefined) requireColumn(table.names, "--by", by);
  if (by !== undefined && chosen !== "group" && chosen !== "time")
    throw new Failure("--by names the column of groups or times: it belongs to --split group or --split time.");
  if (chosen === "group") {
    if (by === undefined)
      throw new Failure("--split group needs the column of the groups, as in --split group --by patient.");
    return { order, how: { strategy: chosen, seed, groups: groupsOf(table, by) } };
  }
  if (chosen === "time")
    return { order: by === undefined ? order : byTime(loaded, by), how: { strategy: chosen, seed } };
  if (task.task === "regression") {
    if (chosen === "random") return { order, how: { strategy: chosen, seed } };
    throw new Failure("--split stratified needs classes, and the target holds numbers. Take --split random.");
  }
  return { order, how: { strategy: chosen, seed, classes: classesOf(table.column(target), loaded) } };
}

const groupsOf = (table: Table, by: string): (string | number)[] => table.column(by).map((cell) => String(cell));

function classesOf(cells: readonly Cell[], { target, task }: Loaded): ArrayLike<number> {
  return TargetEncoder.fit(target, cells, { task: task.task }).encode(cells).dataSync();
}

/** Rows in the order of their times; equal times in that of the file. @throws Failure for a row without one */
function byTime({ table, columns, name, place }: Loaded, by: string): Int32Array {
  const column = columns.find((c) => c.name === by) as (typeof columns)[number];
  if (column.format === undefined && column.numbers === undefined)
    throw new Failure(
      `--by: the column ${JSON.stringify(by)} holds neither dates nor numbers, so rows have no order by it.`,
    );
  const times = columnNumbers(column, table.column(by));
  const row = times.findIndex(Number.isNaN);
  if (row >= 0)
    throw new Failure(
      `--by: ${name}, ${place(row)}, has no time in the column ${JSON.stringify(by)}. Drop the row, or fill it in.`,
    );
  return range(table.length).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
}

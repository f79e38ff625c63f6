/** A look at data before training: what will go wrong, where, and what to do about it. */
import { checkOptions } from "../tensor/options.ts";
import { CSVData } from "./csv.ts";
import { asDataset, type DatasetLike } from "./dataset.ts";
import { LEAST_ROWS } from "./finding.ts";
import { constants, duplicates, emptiness, nonNumbers, scales } from "./findings.ts";
import { kinds } from "./kinds.ts";
import { leaks } from "./leaks.ts";
import { codes, repeated, wide } from "./rows.ts";
import { columnsOfCells, columnsOfDataset, type Table, targetColumn } from "./table.ts";
import { imbalance, sortedTargets } from "./targets.ts";

/**
 * empty: no rows, or no columns. missing: empty cells or NaN. text: words among numbers, numbers written as text, or free
 * text. infinite: ±∞. constant: one value only. duplicate: a column that is another one, or a multiple of it, but for rounding. identifier: a
 * number or a name for each row. date: dates or times. category: words, few different ones. scale: columns of very different
 * size. sorted: rows in the order of their targets. imbalance: classes with few examples. leak: a column that knows the
 * target. repeated: rows that are the same. code: a number far from all others that comes often, as those that stand for no
 * value. wide: more columns than rows.
 */
export type FindingKind =
  | "empty"
  | "missing"
  | "text"
  | "infinite"
  | "constant"
  | "duplicate"
  | "identifier"
  | "date"
  | "category"
  | "scale"
  | "sorted"
  | "imbalance"
  | "leak"
  | "repeated"
  | "code"
  | "wide";

/** One thing that is wrong, or may be. */
export interface Finding {
  readonly kind: FindingKind;
  /**
   * error: training is refused or makes no sense. warning: it works, but worse than it could, or looks better than it is; or a
   * column must be encoded first.
   */
  readonly severity: "error" | "warning";
  /** The columns it is about. */
  readonly columns: readonly string[];
  /** What was found, with numbers. */
  readonly message: string;
  /** How to mend it. */
  readonly advice: string;
}

export interface DataReport {
  /** Errors first. */
  readonly findings: readonly Finding[];
  /** No errors. */
  readonly ok: boolean;
  /** A line for each finding, or that there are none. */
  toString(): string;
}

export interface CheckDataOptions {
  /** Names of the columns of x; default "column 0", "column 1" …, or those of the file. */
  readonly columns?: readonly string[];
}

/** Rows of texts with the names of the columns first, as `parseCSV` gives them. */
export interface Cells {
  readonly cells: readonly (readonly string[])[];
  /** The name of the column to predict, if that is known: else only what the columns tell by themselves is looked at. */
  readonly target?: string;
}

/**
 * Looks for what spoils training or makes its result look better than it is. Takes a data set, or the cells of a table.
 *
 * @throws TypeError, DataError for what is neither
 * @example
 * ```ts
 * import { checkData } from "chainrule/data";
 * const report = checkData({ x: [[1, 7], [2, 7], [Number.NaN, 7]], y: [0, 1, 0] });
 * report.findings.map(({ kind, columns }) => `${kind}: ${columns}`); // → [ 'missing: column 0', 'constant: column 1' ]
 * ```
 */
export function checkData(data: DatasetLike | Cells, options: CheckDataOptions = {}): DataReport {
  checkOptions("checkData", options, ["columns"]);
  const table = tableOf(data, options);
  const empty = emptiness(table);
  const { target } = table;
  const ofColumns = [nonNumbers, constants, duplicates, kinds, scales, codes, wide, repeated].flatMap((check) =>
    check(table),
  );
  const ofTarget = target === undefined ? [] : [sortedTargets(target), imbalance(target), leaks(table, target)].flat();
  const findings = (empty.length > 0 ? empty : [...ofColumns, ...ofTarget]).sort(
    (a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"),
  );
  const lines = findings.map(({ severity, message, advice }) => `${severity}: ${message} ${advice}`);
  return {
    findings,
    ok: findings.every(({ severity }) => severity === "warning"),
    toString: () => (lines.length === 0 ? nothing(table.length) : lines.join("\n")),
  };
}

const nothing = (rows: number): string =>
  rows >= LEAST_ROWS
    ? "Nothing stands out."
    : `Nothing stands out; fewer than ${LEAST_ROWS} rows say nothing of order, identifiers and leaks.`;

function tableOf(data: DatasetLike | Cells, { columns }: CheckDataOptions): Table {
  if (typeof data === "object" && data !== null && "cells" in data) {
    if (columns === undefined) return columnsOfCells(data.cells, data.target);
    throw new TypeError("checkData: columns are for a data set; cells have the names of their columns first.");
  }
  const set = asDataset("checkData: the data", data as DatasetLike);
  const read = set instanceof CSVData ? set : undefined;
  const known = targetColumn(set, read?.target);
  const target = read?.classes === undefined ? known : { ...known, classes: read.classes };
  return { columns: columnsOfDataset(set, columns ?? read?.columns), length: set.length, target };
}

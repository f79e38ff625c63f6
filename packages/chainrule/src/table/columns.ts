/** What is in the columns of a table. */
import { DataError } from "../data/errors.ts";
import { checkChoice, checkOptions } from "../tensor/options.ts";
import { booleanOf, CellError, numberOf, type Tally, tally, textOf, type Value } from "./cells.ts";
import { COLUMN_KINDS, type ColumnKind, kindOf, type OddCells, oddOf, shortened, told, type Verdict } from "./kinds.ts";
import { DATE_FORMATS, type DateFormat, daysOf } from "./standalone/dates.ts";
import type { Table } from "./table.ts";

/** What a column holds, and what is made of it. */
export interface ColumnInfo {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Whether features are made of it, or it is what shall be predicted. */
  readonly use: "feature" | "target" | "none";
  /** Why it is of this kind: one sentence for the user. */
  readonly reason: string;
  /** Rows without a value. */
  readonly missing: number;
  /** How many different values there are. */
  readonly distinct: number;
  /** The first different values, at most three. */
  readonly examples: readonly string[];
  /** Cells that do not fit the kind, which count as missing; undefined if there are none. */
  readonly odd: OddCells | undefined;
  /** How dates are written; undefined for what is no date. */
  readonly format: DateFormat | undefined;
  /** Of numbers: the smallest, the largest, the mean. */
  readonly numbers: { readonly min: number; readonly max: number; readonly mean: number } | undefined;
}

export interface InferOptions {
  /** Kinds of columns by name, where the inferred one would be wrong; "text", for example, to leave a column out. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
  /** How dates are written, by the name of the column: "d/m/y" where 01/02/2024 is in February. */
  readonly dates?: Readonly<Record<string, DateFormat>>;
  /** The column that shall be predicted. */
  readonly target?: string;
}

/** Columns of these kinds are features. */
const FEATURES: readonly ColumnKind[] = ["number", "category", "boolean", "date"];

/**
 * Finds out what the columns of a table hold: numbers, categories, booleans, dates; and what no feature can be made of:
 * free text, identifiers, columns that are constant or empty. Whole numbers that are codes (leading zeros, names such as
 * zip or plz) are categories. Where up to a tenth of the values do not fit, they count as missing, and `odd` tells of them.
 *
 * @throws DataError for a name that no column has, or a column of which no value is of the kind that was asked for
 * @example
 * ```ts
 * import { inferColumns, Table } from "chainrule/table";
 * const table = Table.fromRows([{ zip: "03012", size: "51.6" }, { zip: "04001", size: "36" }, { zip: "03012" }]);
 * inferColumns(table).map(({ name, kind }) => `${name}: ${kind}`); // → [ 'zip: category', 'size: number' ]
 * ```
 */
export function inferColumns(table: Table, options: InferOptions = {}): ColumnInfo[] {
  const where = "inferColumns";
  checkOptions(where, options, ["kinds", "dates", "target"]);
  const { kinds = {}, dates = {}, target } = options;
  // Column says which there are, if one is not.
  for (const name of [...Object.keys(kinds), ...Object.keys(dates), ...(target === undefined ? [] : [target])])
    table.column(name);
  const columns = table.names.map((name, j) => {
    const values = tally(table.columns[j] as Table["columns"][number]);
    const format = Object.hasOwn(dates, name)
      ? checkChoice(where, `dates.${name}`, dates[name], DATE_FORMATS)
      : undefined;
    const wanted = Object.hasOwn(kinds, name)
      ? checkChoice(where, `kinds.${name}`, kinds[name], COLUMN_KINDS)
      : undefined;
    if (format !== undefined && wanted !== undefined && wanted !== "date") {
      throw new DataError(
        `inferColumns: column ${JSON.stringify(name)} cannot both be of the kind "${wanted}" and hold dates.`,
      );
    }
    const kind = wanted ?? (format && "date");
    const verdict = kind === undefined ? kindOf(name, values) : asked(name, kind, values, format);
    return describe(name, values, verdict, name === target);
  });
  if (columns.some(({ use }) => use === "feature")) return columns;
  return columns.map((column) => (Object.hasOwn(kinds, column.name) ? column : rescued(column)));
}

/** A column that counts the rows is the x of a curve if there is nothing else to learn from. */
function rescued(column: ColumnInfo): ColumnInfo {
  const { kind, use, numbers, distinct } = column;
  if (kind !== "identifier" || use === "target" || numbers === undefined || numbers.max - numbers.min + 1 !== distinct)
    return column;
  return {
    ...column,
    kind: "number",
    use: "feature",
    reason: "whole numbers that count the rows; there is no other column to learn from",
  };
}

function describe(name: string, values: Tally, { kind, reason, odd, format }: Verdict, isTarget: boolean): ColumnInfo {
  return {
    name,
    kind,
    use: isTarget ? "target" : FEATURES.includes(kind) ? "feature" : "none",
    reason,
    missing: values.missing,
    distinct: values.values.length,
    examples: values.values.slice(0, 3).map(({ text }) => shortened(text)),
    odd,
    format,
    numbers: ["number", "identifier"].includes(kind) ? summarize(values.values) : undefined,
  };
}

function summarize(values: readonly Value[]): ColumnInfo["numbers"] {
  let [min, max, mean, rows] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const { cell, count } of values) {
    const number = numberOf(cell);
    if (number === undefined) continue;
    min = Math.min(min, number);
    max = Math.max(max, number);
    rows += count;
    // A running mean, for the sum of large numbers would be infinite.
    mean += (number - mean) * (count / rows);
  }
  return rows === 0 ? undefined : { min, max, mean };
}

/** The kind that the caller knows better. */
function asked(name: string, kind: ColumnKind, values: Tally, format: DateFormat | undefined): Verdict {
  const reason = "as you asked";
  if (kind === "date") return askedDate(name, values, format);
  if (kind !== "number" && kind !== "boolean") return { kind, reason };
  const fits = ({ cell }: Value): boolean => (kind === "number" ? numberOf(cell) : booleanOf(cell)) !== undefined;
  return withOdd(name, { kind, reason }, values, fits);
}

function askedDate(name: string, values: Tally, asked: DateFormat | undefined): Verdict {
  const inferred = kindOf(name, values);
  const fitting = (format: DateFormat): number =>
    values.values.reduce((sum, { text, count }) => sum + (daysOf(text, format) === undefined ? 0 : count), 0);
  const best = DATE_FORMATS.reduce((a, b) => (fitting(b) > fitting(a) ? b : a));
  const format = asked ?? inferred.format ?? best;
  const fits = ({ text }: Value): boolean => daysOf(text, format) !== undefined;
  return withOdd(name, { kind: "date", reason: "as you asked", format }, values, fits);
}

function withOdd(name: string, verdict: Verdict, { values, present }: Tally, fits: (value: Value) => boolean): Verdict {
  const odd = oddOf(values.filter((value) => !fits(value)));
  if (odd === undefined) return verdict;
  if (odd.count < present) return { ...verdict, reason: `${verdict.reason}, but for ${told(odd)}`, odd };
  throw new CellError(
    `inferColumns: column ${JSON.stringify(name)} cannot be of the kind "${verdict.kind}"${verdict.format ? ` (${verdict.format})` : ""}: ` +
      `none of its ${present} values fits, such as ${JSON.stringify(textOf(odd.example))} in row ${odd.row}.`,
    name,
    odd.row,
  );
}

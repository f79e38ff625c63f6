/** From the columns of a table to the numbers that a network takes. */
import { DataError } from "../data/errors.ts";
import { checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { textOf } from "./cells.ts";
import type { ColumnInfo } from "./columns.ts";
import { type CellNote, type ColumnEncoder, columnFromJSON, fitColumn, type Imputation } from "./encoders/index.ts";
import { Fields } from "./json.ts";
import { shortened } from "./kinds.ts";
import { Table } from "./table.ts";

/** A feature: its name, as "species=setosa", and the column of which it is made. */
export interface Feature {
  readonly name: string;
  readonly column: string;
}

/** Cells of a column that were taken for something else: nothing in them, no number or date, or a category never seen. */
export interface EncodingNote {
  readonly column: string;
  readonly what: CellNote;
  readonly count: number;
  /** The first of them: its row, from 0, and what it holds. */
  readonly row: number;
  readonly example: string;
}

/** What `encode` gives. */
export interface Encoded {
  /** float32 [rows, features] */
  readonly x: Tensor;
  /** Column by column; none where all cells are as in training. */
  readonly notes: readonly EncodingNote[];
  /** Columns of the table that no feature is made of. */
  readonly ignored: readonly string[];
}

export interface EncoderOptions {
  /** What stands for missing values, by the name of the column. */
  readonly impute?: Readonly<Record<string, Imputation>>;
}

/**
 * The features of raw rows, with all that was learned from the training rows for it: which columns, what stands for
 * missing values, means and deviations, categories. Made by `TableEncoder.fit`; `toJSON` holds everything.
 *
 * - Numbers: a missing value is replaced (by the median, if nothing else is asked for), then the column is standardized,
 *   (x − mean) / deviation, within ± 10 deviations.
 * - Dates: the same with the days since 1970, and sine and cosine of the time of the year, of the week and of the day, as
 *   far as the training rows show such cycles.
 * - Booleans: 0 or 1; a missing value is replaced by the most frequent.
 * - Categories: 1 for the category, 0 for the others; the most frequent 50, the rest together as "other". For a missing
 *   value, and for a category that training did not have, all are 0 (or "other" is 1).
 *
 * Where the training rows had gaps, one more feature of the column is 1 for a missing value.
 */
export class TableEncoder {
  readonly columns: readonly ColumnEncoder[];
  readonly features: readonly Feature[];

  constructor(columns: readonly ColumnEncoder[]) {
    if (columns.length === 0) throw new DataError("TableEncoder: there is no column to make features of.");
    const twice = columns.find(({ name }, j) => columns.findIndex((column) => column.name === name) !== j);
    if (twice !== undefined) throw new DataError(`TableEncoder: there are two columns ${JSON.stringify(twice.name)}.`);
    this.columns = [...columns];
    this.features = columns.flatMap((column) => column.features.map((name) => ({ name, column: column.name })));
  }

  /**
   * Learns from the training rows, and from nothing else, what `apply` must know. A column of which these rows have no
   * value at all is left out.
   *
   * @param columns what `inferColumns` gave; of those whose use is "feature" features are made
   * @throws DataError if no column is left, or for a rule that a column cannot have; CellError for an infinite number
   * @example
   * ```ts
   * import { inferColumns, Table, TableEncoder } from "chainrule/table";
   * const table = Table.fromRows([{ a: 1, b: "x" }, { a: 3, b: "y" }, { a: 5, b: "x" }]);
   * const encoder = TableEncoder.fit(table, inferColumns(table));
   * encoder.features.map(({ name }) => name); // → [ 'a', 'b=x', 'b=y' ]
   * encoder.apply(Table.fromRows([{ a: 3, b: "y" }])).arraySync(); // → [ [ 0, 0, 1 ] ]
   * ```
   */
  static fit(table: Table, columns: readonly ColumnInfo[], options: EncoderOptions = {}): TableEncoder {
    checkOptions("TableEncoder.fit", options, ["impute"]);
    const { impute = {} } = options;
    const used = columns.filter(({ use }) => use === "feature");
    const unknown = Object.keys(impute).find((name) => !used.some((column) => column.name === name));
    if (unknown !== undefined) {
      throw new DataError(
        `TableEncoder.fit: impute names the column ${JSON.stringify(unknown)}, of which no features are made.`,
      );
    }
    if (table.length === 0) throw new DataError("TableEncoder.fit: the table has no rows.");
    const fitted = used.flatMap(
      (info) =>
        fitColumn(info, table.column(info.name), Object.hasOwn(impute, info.name) ? impute[info.name] : undefined) ??
        [],
    );
    if (fitted.length > 0) return new TableEncoder(fitted);
    const why = columns
      .filter(({ use }) => use !== "target")
      .map(({ name, kind }) => `${JSON.stringify(name)} (${kind})`);
    throw new DataError(
      `TableEncoder.fit: no features can be made of ${why.length === 0 ? "a table without other columns" : why.join(", ")}.`,
    );
  }

  /** What `toJSON` gave. @throws DataError that says what is wrong with it */
  static fromJSON(json: unknown): TableEncoder {
    return new TableEncoder(
      new Fields("TableEncoder.fromJSON: the encoder", json).objects("columns").map(columnFromJSON),
    );
  }

  /**
   * The features of the rows of a table, float32 [rows, features]. Its columns are found by name; others are ignored.
   *
   * @throws DataError if a column is missing, CellError for an infinite number
   */
  apply(table: Table): Tensor {
    return this.encode(table).x;
  }

  /** The features, with what was strange about the rows. @throws DataError, CellError like `apply` */
  encode(table: Table): Encoded {
    if (!((table as unknown) instanceof Table)) {
      throw new TypeError(`TableEncoder: takes a Table, such as Table.fromRows(rows), not ${describeValue(table)}.`);
    }
    this.#requireColumns(table);
    const [width, notes] = [this.features.length, [] as EncodingNote[]];
    const numbers = new Float32Array(table.length * width);
    let at = 0;
    for (const column of this.columns) {
      const cells = table.column(column.name);
      const told = new Map<CellNote, { count: number; row: number }>();
      const tell = (what: CellNote, row: number): void => {
        const before = told.get(what);
        if (before === undefined) told.set(what, { count: 1, row });
        else before.count++;
      };
      column.write(cells, { numbers, width, at, tell });
      for (const [what, { count, row }] of told) {
        notes.push({ column: column.name, what, count, row, example: shortened(textOf(cells[row] ?? "")) });
      }
      at += column.features.length;
    }
    const known = new Set(this.columns.map(({ name }) => name));
    const ignored = table.names.filter((name) => !known.has(name));
    return { x: fromData(numbers, [table.length, width], "float32"), notes, ignored };
  }

  toJSON(): JsonObject {
    return { columns: this.columns.map((column) => column.toJSON()) };
  }

  #requireColumns(table: Table): void {
    const there = new Set(table.names);
    const missing = this.columns.filter(({ name }) => !there.has(name));
    if (missing.length === 0) return;
    const list = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");
    throw new DataError(
      `TableEncoder: the table lacks the column${missing.length > 1 ? "s" : ""} ${list(missing.map(({ name }) => name))}; ` +
        `it has ${table.names.length === 0 ? "none" : list(table.names)}.`,
    );
  }
}

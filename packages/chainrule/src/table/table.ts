/** Cells in named columns. */
import { DataError } from "../data/errors.ts";
import { describeValue } from "../tensor/options.ts";
import type { Cell } from "./standalone/cells.ts";

export type { Cell };

/** A row by the names of the columns. What is absent has no value. */
export interface Row {
  readonly [column: string]: Cell | undefined;
}

/** A table of raw cells, column by column. */
export class Table {
  readonly names: readonly string[];
  /** The cells of each column, in the order of the names. */
  readonly columns: readonly (readonly Cell[])[];
  /** The number of rows. */
  readonly length: number;

  /** @throws DataError unless every column has a name of its own and as many cells as the others */
  constructor(names: readonly string[], columns: readonly (readonly Cell[])[]) {
    if (names.length !== columns.length)
      throw new DataError(`Table: there are ${names.length} names for ${columns.length} columns.`);
    const twice = names.find((name, j) => names.indexOf(name) !== j);
    if (twice !== undefined) throw new DataError(`Table: two columns are named ${JSON.stringify(twice)}.`);
    const length = columns[0]?.length ?? 0;
    const odd = columns.findIndex((column) => column.length !== length);
    if (odd >= 0) {
      throw new DataError(
        `Table: column ${JSON.stringify(names[odd])} has ${columns[odd]?.length} cells and ${JSON.stringify(names[0])} has ${length}.`,
      );
    }
    this.names = [...names];
    this.columns = columns;
    this.length = length;
  }

  /**
   * A table of rows by the names of their columns; the columns are those of all rows, in the order in which they come.
   *
   * @param names which columns, in which order; a row may lack any of them
   * @throws DataError for a row that is no object, or a cell that is none
   * @example
   * ```ts
   * import { Table } from "chainrule/table";
   * const table = Table.fromRows([{ city: "Bern", size: 51 }, { city: "Basel" }]);
   * table.column("size"); // → [ 51, null ]
   * ```
   */
  static fromRows(rows: readonly Row[], names?: readonly string[]): Table {
    rows.forEach((row, i) => {
      if (typeof row !== "object" || row === null || Array.isArray(row))
        throw new DataError(`Table: row ${i} must be an object such as { length: 5.1 }; it is ${describeValue(row)}.`);
    });
    const all = names ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const columns = all.map((name) =>
      rows.map((row, i) => requireCell(Object.hasOwn(row, name) ? row[name] : null, i, name)),
    );
    return new Table(all, columns);
  }

  /** The cells of a column. @throws DataError that lists the columns, if there is none of that name */
  column(name: string): readonly Cell[] {
    const column = this.columns[this.names.indexOf(name)];
    if (column !== undefined) return column;
    const there = this.names.map((n) => JSON.stringify(n)).join(", ");
    throw new DataError(`Table: there is no column ${JSON.stringify(name)}; the columns are ${there}.`);
  }

  /** The row at a position. */
  row(index: number): Row {
    return Object.fromEntries(this.names.map((name, j) => [name, this.columns[j]?.[index]]));
  }

  /** The rows at the given positions, in that order. */
  take(positions: ArrayLike<number>): Table {
    const rows = Array.from(positions);
    return new Table(
      this.names,
      this.columns.map((column) => rows.map((i) => column[i] as Cell)),
    );
  }

  /** A table of some of the columns, in the given order. @throws DataError for a name that no column has */
  select(names: readonly string[]): Table {
    return new Table(
      names,
      names.map((name) => this.column(name)),
    );
  }
}

function requireCell(value: unknown, row: number, name: string): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new DataError(
    `Table: row ${row}, column ${JSON.stringify(name)} must be a text, a number, true, false or null; it is ${describeValue(value)}.`,
  );
}

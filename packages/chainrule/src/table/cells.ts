/** Cells that cannot be used, the different values of a column; and what a cell says, from `standalone/cells.ts`. */
import { DataError } from "../data/errors.ts";
import { isMissing, textOf } from "./standalone/cells.ts";
import type { Cell } from "./table.ts";

export { areBooleans, booleanOf, isMissing, numberOf, textOf } from "./standalone/cells.ts";

/** A cell that cannot be used; the message names its place. */
export class CellError extends DataError {
  override name = "CellError";
  readonly column: string;
  /** From 0. */
  readonly row: number;

  constructor(message: string, column: string, row: number) {
    super(message);
    this.column = column;
    this.row = row;
  }
}

/** @throws CellError for an infinite number */
export function requireFiniteCell(where: string, column: string, row: number, value: number): void {
  if (value !== Number.POSITIVE_INFINITY && value !== Number.NEGATIVE_INFINITY) return;
  throw new CellError(
    `${where}: column ${JSON.stringify(column)} has ${value} in row ${row}. Correct it, drop the row, or leave the cell empty.`,
    column,
    row,
  );
}

/** The different values of a column, in the order in which they first come. */
export interface Tally {
  readonly rows: number;
  readonly missing: number;
  /** Rows with a value. */
  readonly present: number;
  readonly values: readonly Value[];
}

export interface Value {
  /** One of the cells. */
  readonly cell: Cell;
  readonly text: string;
  readonly count: number;
  /** The first row that has it, from 0. */
  readonly row: number;
}

/** Counts the different values of a column; cells of one text are one value. */
export function tally(cells: readonly Cell[]): Tally {
  const values = new Map<string, { cell: Cell; text: string; count: number; row: number }>();
  let missing = 0;
  cells.forEach((cell, row) => {
    if (isMissing(cell)) {
      missing++;
      return;
    }
    const text = textOf(cell);
    const known = values.get(text);
    if (known === undefined) values.set(text, { cell, text, count: 1, row });
    else known.count++;
  });
  return { rows: cells.length, missing, present: cells.length - missing, values: [...values.values()] };
}

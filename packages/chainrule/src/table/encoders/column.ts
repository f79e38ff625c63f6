/** What the encoders of all kinds of columns have in common. */
import { DataError } from "../../data/errors.ts";
import type { JsonObject } from "../../tensor/options.ts";
import { numberOf, requireFiniteCell } from "../cells.ts";
import type { CellNote, Writer } from "../standalone/writers.ts";
import type { Cell } from "../table.ts";

export type { CellNote };

/** Where the features of a column go: those of row i begin at numbers[i · width + at]. */
export interface Sink {
  readonly numbers: Float32Array;
  readonly width: number;
  readonly at: number;
  tell(what: CellNote, row: number): void;
}

/** Makes the features of one column. */
export interface ColumnEncoder {
  readonly name: string;
  readonly kind: "number" | "date" | "boolean" | "category";
  /** The names of the features. */
  readonly features: readonly string[];
  /** @throws CellError for an infinite number */
  write(cells: readonly Cell[], sink: Sink): void;
  toJSON(): JsonObject;
}

/** Writes the features of all cells of a column. @throws CellError for an infinite number */
export function writeCells(
  name: string,
  cells: readonly Cell[],
  write: Writer,
  { numbers, width, at, tell }: Sink,
): void {
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row] as Cell;
    const note = write(cell, numbers, row * width + at);
    if (note === "infinite") requireFiniteCell("TableEncoder", name, row, numberOf(cell) as number);
    else if (note !== undefined) tell(note, row);
  }
}

/** What stands for a missing value: of numbers and dates by default the median, of booleans the most frequent. */
export type Imputation = (typeof RULES)[number] | { readonly constant: number | string | boolean };

/**
 * "category" is for categories: no value is a category of its own, and none of the others is assumed. It is their default.
 */
export const RULES = ["median", "mean", "most-frequent", "category"] as const;

export type Rule = (typeof RULES)[number] | "constant";

export const ruleOf = (imputation: Imputation): Rule => (typeof imputation === "object" ? "constant" : imputation);

/** @throws DataError */
export function refuseRule(name: string, kind: string, imputation: Imputation, there: string): never {
  const given =
    typeof imputation === "object"
      ? `{ constant: ${JSON.stringify(imputation.constant)} }`
      : JSON.stringify(imputation);
  throw new DataError(
    `TableEncoder: missing values of column ${JSON.stringify(name)}, a ${kind}, cannot be replaced by ${given}; there are ${there}.`,
  );
}

export const missingName = (column: string): string => `${column} (missing)`;

/** What a cell says: nothing, a number, yes or no, or a text. */
import { DataError } from "../data/errors.ts";
import { isAbsent, numberOf as numberOfText } from "../data/table.ts";
import type { Cell } from "./table.ts";

/**
 * Whether there is no value: null, NaN, an empty text, or one of NA, N/A, NaN, null, None, ? and - and their like.
 *
 * @example
 * ```ts
 * import { isMissing } from "chainrule/table";
 * ["5.1", "n/a", null, 0].map(isMissing); // → [ false, true, true, false ]
 * ```
 */
export const isMissing = (cell: Cell): boolean =>
  typeof cell === "string" ? isAbsent(cell.trim()) : cell === null || (typeof cell === "number" && Number.isNaN(cell));

/** The cell as a text, without white space around it. */
export const textOf = (cell: Cell): string => (typeof cell === "string" ? cell.trim() : String(cell));

/** The number that a cell holds, which may be infinite; undefined if it holds none. */
export function numberOf(cell: Cell): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell !== "string") return undefined;
  return numberOfText(cell.trim());
}

/** The pairs of words that stand for yes and no. */
const PAIRS = [
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
] as const;

const WORDS = new Map<string, 0 | 1>([...PAIRS.flatMap(([yes, no]) => [[yes, 1] as const, [no, 0] as const])]);

/** Whether the texts are the words of one pair such as yes and no, in any case. */
export function areBooleans(texts: Iterable<string>): boolean {
  const words = new Set([...texts].map((text) => text.toLowerCase()));
  return PAIRS.some((pair) => [...words].every((word) => (pair as readonly string[]).includes(word)));
}

/** 1 for yes, 0 for no; undefined for what is neither. The numbers 1 and 0 count too. */
export function booleanOf(cell: Cell): 0 | 1 | undefined {
  if (typeof cell === "boolean") return cell ? 1 : 0;
  const text = textOf(cell).toLowerCase();
  return WORDS.get(text) ?? (text === "1" ? 1 : text === "0" ? 0 : undefined);
}

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

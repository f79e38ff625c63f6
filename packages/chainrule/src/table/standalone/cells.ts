/** What a cell says: nothing, a number, yes or no, or a text. */
import { isAbsent, numberOfText } from "../../data/words.ts";

/** What a cell of a table can hold; null for no value. Dates are texts, as in "2024-02-29" and "2024-02-29T12:00:00Z". */
export type Cell = string | number | boolean | null;

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

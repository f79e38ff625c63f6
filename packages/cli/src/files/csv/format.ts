/** Rows as CSV, RFC 4180. */
import type { Cell } from "chainrule/table";

/** What would be read otherwise than it was written: marks, ends of lines, and spaces at the ends. */
const SPECIAL = /["\r\n]|^\s|\s$/;

/**
 * A row with its end of line, such as "5.1,setosa\n". A cell without a value is empty; read again, the row has the same texts.
 *
 * @param delimiter as the file has it that the rows belong to
 */
export function formatRow(cells: readonly Cell[], delimiter = ","): string {
  // A line with nothing on it would be taken for a blank one.
  if (cells.length === 1 && (cells[0] === null || cells[0] === "")) return '""\n';
  return `${cells.map((cell) => formatCell(cell, delimiter)).join(delimiter)}\n`;
}

function formatCell(cell: Cell, delimiter: string): string {
  if (cell === null) return "";
  const text = String(cell);
  return SPECIAL.test(text) || holdsPart(text, delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Of a long delimiter any part counts: what stands beside it could complete it. */
const holdsPart = (text: string, delimiter: string): boolean =>
  delimiter.length === 1 ? text.includes(delimiter) : Array.from(delimiter).some((part) => text.includes(part));

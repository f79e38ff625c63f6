/** What a CSV file does not say: its delimiter, and whether its first row holds names. */
import { isCommaNumber, isNumber } from "./numbers.ts";

const DELIMITERS = [",", "\t", ";", "|"];

/** How many rows are looked at. */
const ROWS = 100;

/**
 * The delimiter that splits the most rows into as many cells as the first; among several, that which yields the larger share
 * of numbers ("1,5;2,5" has one comma more than semicolons, but only the semicolon leaves numbers), and then the first.
 *
 * @param head the beginning of the file, which may end within a row
 * @returns "," for one column
 */
export function sniffDelimiter(head: string, quote: string | null): string {
  const rows = completeRows(head, quote);
  let best = { delimiter: ",", even: 0, numbers: 0 };
  for (const delimiter of DELIMITERS) {
    const cells = rows.map((row) => splitRow(row, delimiter, quote));
    const width = cells[0]?.length ?? 1;
    if (width < 2) continue;
    const even = cells.filter((row) => row.length === width).length / cells.length;
    const flat = cells.flat().map((cell) => cell.trim());
    const numbers = flat.filter((cell) => isNumber(cell) || isCommaNumber(cell)).length / flat.length;
    if (even > best.even || (even === best.even && numbers > best.numbers)) best = { delimiter, even, numbers };
  }
  return best.delimiter;
}

/** Whether a first row can only be data: it has numbers and nothing else. */
export function isData(cells: readonly string[], decimalComma: boolean): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.every((cell) => isNumber(cell) || (decimalComma && isCommaNumber(cell)));
}

/** A value at the beginning that has a decimal comma, if the delimiter leaves any. */
export const findCommaNumber = (head: string, delimiter: string, quote: string | null): string | undefined =>
  completeRows(head, quote)
    .flatMap((row) => splitRow(row, delimiter, quote))
    .map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"))
    .find((cell) => cell.includes(",") && isCommaNumber(cell) && /\d,\d/.test(cell));

/** The first rows; the last one only where nothing else is there, as it may be cut off. */
function completeRows(head: string, quote: string | null): string[] {
  const rows: string[] = [];
  let [start, inQuotes] = [0, false];
  for (let i = 0; i < head.length && rows.length < ROWS; i++) {
    if (head[i] === quote) inQuotes = !inQuotes;
    if (inQuotes || (head[i] !== "\n" && head[i] !== "\r")) continue;
    if (i > start) rows.push(head.slice(start, i));
    start = i + 1;
  }
  return rows.length > 0 ? rows : [head];
}

function splitRow(row: string, delimiter: string, quote: string | null): string[] {
  const cells: string[] = [];
  let [start, inQuotes] = [0, false];
  for (let i = 0; i < row.length; i++) {
    if (row[i] === quote) inQuotes = !inQuotes;
    if (inQuotes || row[i] !== delimiter) continue;
    cells.push(row.slice(start, i));
    start = i + 1;
  }
  cells.push(row.slice(start));
  return cells;
}

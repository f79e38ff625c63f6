/** A confusion matrix as a table. */
import { percent } from "./format.ts";

/**
 * Rows are the true classes, columns the predicted ones; the last column is the share of a row that is right. Zeros are
 * dots, so that mistakes stand out.
 *
 * @param matrix counts, [true][predicted]
 */
export function renderConfusion(matrix: readonly (readonly number[])[]): string {
  const head = ["", ...matrix.map((_, i) => `${i}`), "right"];
  const rows = matrix.map((row, i) => [`${i}`, ...row.map((n) => (n === 0 ? "·" : `${n}`)), shareRight(row, i)]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => (cells[column] as string).length)));
  return [head, ...rows]
    .map((cells) => cells.map((cell, i) => cell.padStart(widths[i] as number)).join("  "))
    .join("\n");
}

function shareRight(row: readonly number[], i: number): string {
  const total = row.reduce((sum, n) => sum + n, 0);
  return total === 0 ? "–" : percent((row[i] as number) / total, 1);
}

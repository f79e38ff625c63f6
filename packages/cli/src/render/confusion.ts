/** A confusion matrix as a table. */
import { percent } from "./format.ts";
import { renderTable } from "./table.ts";
import { label } from "./text.ts";

/**
 * Rows are the true classes, columns the predicted ones; the last column is the share of a row that is right. Zeros are
 * dots, so that mistakes stand out.
 *
 * @param matrix counts, [true][predicted]
 * @param names of the classes; default their numbers
 */
export function renderConfusion(
  matrix: readonly (readonly number[])[],
  names: readonly string[] = matrix.map((_, i) => `${i}`),
): string {
  const shown = names.map((name) => label(name, 16));
  const rows = matrix.map((row, i) => [
    shown[i] as string,
    ...row.map((n) => (n === 0 ? "·" : `${n}`)),
    shareRight(row, i),
  ]);
  return renderTable([["", ...shown, "right"], ...rows]);
}

function shareRight(row: readonly number[], i: number): string {
  const total = row.reduce((sum, n) => sum + n, 0);
  return total === 0 ? "–" : percent((row[i] as number) / total, 1);
}

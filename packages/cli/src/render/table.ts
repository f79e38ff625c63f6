/** Tables of text. */
import { widthOf } from "./text.ts";

/** The head and the rows in columns, two blanks apart. Columns are flush right, those named in `left` flush left. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    all.reduce((most, cells) => Math.max(most, widthOf(cells[column] as string)), 0),
  );
  const padded = (cell: string, column: number): string => {
    const blanks = " ".repeat((widths[column] as number) - widthOf(cell));
    return left.includes(column) ? cell + blanks : blanks + cell;
  };
  return all.map((cells) => cells.map(padded).join("  ").trimEnd()).join("\n");
}

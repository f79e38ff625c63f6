/** Tables and paragraphs as text. */

/** How the cells of a column stand. */
export type Side = "left" | "right";

export interface TableOptions {
  /** Of each column; default left. */
  readonly sides?: readonly Side[];
  /** What stands before each line; default nothing. */
  readonly indent?: string;
  /** The width of the terminal: the last column wraps to stay within. Default no limit. */
  readonly columns?: number;
}

/** No last column is made narrower than this, in characters. */
const NARROWEST = 20;

/**
 * Rows of cells as lines, columns side by side with two spaces between them.
 *
 * @param rows the heads first, if there are any
 */
export function renderTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { sides = [], indent = "", columns = Number.POSITIVE_INFINITY } = options;
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, j) => Math.max(...rows.map((row) => width(row[j] ?? ""))));
  const before = indent.length + widths.slice(0, -1).reduce((sum, w) => sum + w + 2, 0);
  const room = Math.max(NARROWEST, columns - before);
  return rows
    .flatMap((row) => {
      const head = widths.slice(0, -1).map((w, j) => pad(row[j] ?? "", w, sides[j]));
      const last = row[count - 1] ?? "";
      const lines = sides[count - 1] === "right" ? [pad(last, widths[count - 1] as number, "right")] : wrap(last, room);
      return lines.map((line, i) =>
        `${i === 0 ? `${indent}${[...head, ""].join("  ")}` : " ".repeat(before)}${line}`.trimEnd(),
      );
    })
    .join("\n");
}

/** The lines of a paragraph that is at most so many characters wide; a longer word stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line === "") lines[lines.length - 1] = word;
    else if (width(line) + 1 + width(word) <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Characters, not code units: an emoji is one. */
const width = (text: string): number => [...text].length;

function pad(text: string, to: number, side: Side = "left"): string {
  const space = " ".repeat(Math.max(0, to - width(text)));
  return side === "left" ? text + space : space + text;
}

/** Tables and paragraphs as text. */
import { widthOf } from "./text.ts";

export interface TableOptions {
  /** Columns that are flush left, by position; the others are flush right. */
  readonly left?: readonly number[];
  /** What stands before each line. */
  readonly indent?: string;
  /** The width of the terminal: a last column that is flush left wraps to stay within. Default no limit. */
  readonly columns?: number;
}

/** No last column is made narrower than this, in characters. */
const NARROWEST = 20;

/** Rows of cells as lines, columns side by side with two blanks between them; the head, if there is one, is the first row. */
export function renderTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { left = [], indent = "", columns = Number.POSITIVE_INFINITY } = options;
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: count }, (_, j) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[j] ?? "")), 0),
  );
  const before = indent.length + widths.slice(0, -1).reduce((sum, w) => sum + w + 2, 0);
  const room = Math.max(NARROWEST, columns - before);
  const padded = (row: readonly string[], j: number): string => {
    const cell = row[j] ?? "";
    const blanks = " ".repeat((widths[j] as number) - widthOf(cell));
    return left.includes(j) ? cell + blanks : blanks + cell;
  };
  return rows
    .flatMap((row) => {
      const head =
        indent +
        widths
          .slice(0, -1)
          .map((_, j) => `${padded(row, j)}  `)
          .join("");
      const last = left.includes(count - 1) ? wrap(row[count - 1] ?? "", room) : [padded(row, count - 1)];
      return last.map((line, i) => `${i === 0 ? head : " ".repeat(before)}${line}`.trimEnd());
    })
    .join("\n");
}

/** Each line of a text wrapped to the width; what it goes on in is indented by two more than the line. */
export function wrapLines(text: string, columns: number): string {
  const wrapped = (line: string): string => {
    if (widthOf(line) <= columns) return line;
    const indent = line.slice(0, line.length - line.trimStart().length);
    const [first = "", ...rest] = wrap(line.trimStart(), columns - indent.length - 2);
    return [indent + first, ...rest.map((part) => `${indent}  ${part}`)].join("\n");
  };
  return text.split("\n").map(wrapped).join("\n");
}

/** The lines of a paragraph that is at most so many characters wide; a longer word stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line === "") lines[lines.length - 1] = word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The points as a CSV file. */
import { isRegression, type OwnTable, type Point, tableOf, toReal, usedPart, usedRows } from "../../state/index.ts";
import type { Shown } from "../../store/index.ts";

type Points = Pick<Shown, "state" | "training" | "test" | "rows">;

/**
 * Columns x, y, class (or value), or those of the visitor's table that are used, and split, "training" or "test". Numbers are written
 * so that they come back to the last bit.
 */
export function pointsCSV({ state, training, test, rows }: Points): string {
  const table = tableOf(state);
  const cellsOf = table === undefined ? ([x, y, target]: Point) => [x, y, target] : cellsOfTable(table);
  const names =
    table === undefined
      ? ["x", "y", isRegression(state) ? "value" : "class"]
      : usedPart(table).columns.map(({ name }) => name);
  const lines = (points: readonly Point[], places: readonly number[], split: string): string[] =>
    points.map((point, i) => [...cellsOf(point, places[i] as number), split].map(quoted).join());
  return `${[
    [...names, "split"].map(quoted).join(),
    ...lines(training, rows.training, "training"),
    ...lines(test, rows.test, "test"),
  ].join("\n")}\n`;
}

/** The cells of a row of the table; a point that was added has what the picture says, and nothing in further columns. */
function cellsOfTable(table: OwnTable): (point: Point, row: number) => (number | string)[] {
  const { columns } = usedPart(table);
  const { x, y, target: scale } = usedRows(table);
  const words = columns.at(-1)?.words;
  const word = (label: number): number | string => words?.[label] ?? label;
  return ([px, py, target], row) => {
    const values = columns.map(({ values }) => values[row] as number);
    if (row >= 0) return [...values.slice(0, -1), word(values.at(-1) as number)];
    const added = scale === undefined ? word(target) : toReal(scale, target);
    return [toReal(x, px), toReal(y, py), ...table.more.map(() => ""), added];
  };
}

/** Spreadsheets take a word that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

/** As RFC 4180 writes a cell; before a word that a spreadsheet would compute stands an apostrophe. */
function quoted(cell: number | string): string {
  const text = typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

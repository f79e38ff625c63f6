/** The points as a CSV file. */
import {
  classNames,
  isRegression,
  type OwnTable,
  type Point,
  type Scale,
  tableOf,
  toReal,
  usedPart,
  usedRows,
} from "../../state/index.ts";
import type { Shown } from "../../store/index.ts";

/**
 * Columns x, y, class (or value) and split, "training" or "test"; of a visitor's table its own columns, as far as they are used.
 * Numbers are written so that they come back to the last bit.
 */
export function pointsCSV({ state, training, test }: Shown): string {
  const table = tableOf(state);
  const names = ["x", "y", isRegression(state) ? "value" : "class"];
  const rowOf = table === undefined ? (point: Point) => point.map(String) : rowsOf(table);
  const header = table === undefined ? names : usedPart(table).columns.map(({ name }) => name);
  const lines = (points: readonly Point[], split: string): string[][] =>
    points.map((point) => [...rowOf(point), split]);
  const all = [[...header, "split"], ...lines(training, "training"), ...lines(test, "test")];
  return `${all.map((cells) => cells.map(cell).join(",")).join("\n")}\n`;
}

/** RFC 4180. */
const cell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Gives for a point the cells of its row, and for one that was added those of its place. */
function rowsOf(table: OwnTable): (point: Point) => string[] {
  const used = usedRows(table);
  const { columns, more } = usedPart(table);
  const rows = new Map<string, number[]>();
  used.points.forEach((point, row) => {
    rows.set(point.join(), [...(rows.get(point.join()) ?? []), row]);
  });
  return (point) => {
    const row = rows.get(point.join())?.shift();
    if (row === undefined) return placeCells(point);
    return columns.map(({ values, words }) => {
      const value = values[row] as number;
      return words?.[value] ?? String(value);
    });
  };

  function placeCells([x, y, target]: Point): string[] {
    const value = used.target === undefined ? classNames(table)?.[target] : real(used.target, target);
    return [real(used.x, x), real(used.y, y), ...more.map(() => ""), value ?? String(target)];
  }
}

const real = (scale: Scale, place: number): string => String(toReal(scale, place));

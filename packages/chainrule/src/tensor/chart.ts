/** Curves as text. */
import { checkChoice, checkNumber, checkOptions } from "./options.ts";

export interface ChartOptions {
  /** Characters across; default 60. */
  readonly width?: number;
  /** Lines down; default 12. */
  readonly height?: number;
  /** How values are laid off upwards; default "linear". With "log" those that are not positive are left out. */
  readonly scale?: "linear" | "log";
}

export const CHART_OPTIONS = ["width", "height", "scale"] as const;

/** A curve: its name and its value at each x. */
export type Series = readonly [name: string, values: readonly number[]];

/** The marks of the curves, in turn; where two meet, the later one stands. */
const MARKS = ["o", "x", "+", "*", "#", "%"];

/** Three significant digits at least; all of an integer. */
const label = (value: number): string => (Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`);

/**
 * Points over x, with the least and the greatest value at the left, the first and the last x below, and the marks under
 * them. Values that are not finite are left out.
 *
 * @param where the function that users called, for errors
 */
export function textChart(
  where: string,
  x: { readonly name: string; readonly values: readonly number[] },
  series: readonly Series[],
  options: ChartOptions = {},
): string {
  checkOptions(where, options, CHART_OPTIONS);
  const width = checkNumber(where, "width", options.width ?? 60, { least: 2, integer: true });
  const height = checkNumber(where, "height", options.height ?? 12, { least: 2, integer: true });
  const scale = checkChoice(where, "scale", options.scale ?? "linear", ["linear", "log"]) === "log" ? Math.log : Number;
  const rowOf = (y: number): number => place(scale(y), scale(high), scale(low), height);
  const shows = (y: number | undefined): y is number => y !== undefined && Number.isFinite(scale(y));
  const all = series.flatMap(([, values]) => values.filter(shows));
  const [low, high] = [least(all), -least(all.map((y) => -y))];
  const [from, to] = [least(x.values), -least(x.values.map((value) => -value))];
  const rows = Array.from({ length: height }, () => new Array<string>(width).fill(" "));
  series.forEach(([, values], i) => {
    values.forEach((y, j) => {
      if (!shows(y)) return;
      (rows[rowOf(y)] as string[])[place(x.values[j] as number, from, to, width)] = MARKS[i % MARKS.length] as string;
    });
  });
  if (all.length === 0) return `${where}: there is no finite value to show.`;
  const labels = new Map([low, high].map((y) => [rowOf(y), label(y)]));
  const margin = Math.max(...[...labels.values()].map((text) => text.length));
  const lines = rows.map((row, i) => {
    const text = labels.get(i);
    return `${(text ?? "").padStart(margin)} ${text === undefined ? "│" : "┤"}${row.join("")}`.trimEnd();
  });
  const ends = label(from) + label(to).padStart(Math.max(1, width - label(from).length));
  const names = series.map(([name], i) => `${MARKS[i % MARKS.length]} ${name}`).join("   ");
  const indent = " ".repeat(margin + 2);
  return [...lines, `${" ".repeat(margin)} └${"─".repeat(width)}`, `${indent}${ends}  ${x.name}`, indent + names].join(
    "\n",
  );
}

/** The least of some values; a spread of too many arguments would overflow the stack. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** Which of `count` places from `first` to `last` a value stands at; the middle where they are the same. */
const place = (value: number, first: number, last: number, count: number): number =>
  Math.round((first === last ? 0.5 : (value - first) / (last - first)) * (count - 1));

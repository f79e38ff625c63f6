/** A curve of losses over learning rates as text, both laid off by their logarithms where that is possible. */
import { figure } from "../../render/numbers.ts";

export interface Curve {
  /** Rising by the same factor from one to the next. */
  readonly rates: ArrayLike<number>;
  readonly losses: ArrayLike<number>;
}

/** A rate to point at, by a letter under the curve. */
export interface Mark {
  readonly letter: string;
  readonly rate: number;
}

export interface ChartSize {
  /** Characters across, and lines down, of the curve alone. */
  readonly width: number;
  readonly height: number;
}

/** @param curve of two rates at least */
export function drawCurve({ rates, losses }: Curve, marks: readonly Mark[], { width, height }: ChartSize): string {
  const values = Array.from(losses);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A loss that falls to 0 has no logarithm.
  const scale = least > 0 ? Math.log : Number;
  const [low, high] = [scale(least), scale(most)];
  const lineOf = (loss: number): number =>
    high === low ? height - 1 : Math.round(((high - scale(loss)) / (high - low)) * (height - 1));
  const [from, to] = [Math.log(rates[0] as number), Math.log(rates[rates.length - 1] as number)];
  const columnOf = (rate: number): number => Math.round(((Math.log(rate) - from) / (to - from)) * (width - 1));
  const lines = Array.from({ length: height }, () => new Array<string>(width).fill(" "));
  values.forEach((loss, i) => {
    (lines[lineOf(loss)] as string[])[columnOf(rates[i] as number)] = "•";
  });
  const labels = new Map([
    [lineOf(most), figure(most, 3)],
    [height - 1, figure(least, 3)],
  ]);
  const margin = Math.max(...[...labels.values()].map(({ length }) => length));
  const drawn = lines.map((line, i) => {
    const text = labels.get(i);
    return `${(text ?? "").padStart(margin)} ${text === undefined ? "│" : "┤"}${line.join("")}`.trimEnd();
  });
  const pointers = row(
    width,
    marks.map(({ letter, rate }) => [columnOf(rate), letter] as const),
  );
  const decades = decadesOf(rates[0] as number, rates[rates.length - 1] as number);
  const ticks = new Array<string>(width).fill("─");
  for (const rate of decades) ticks[columnOf(rate)] = "┬";
  const blank = " ".repeat(margin + 2);
  return [
    ...drawn,
    `${" ".repeat(margin + 1)}└${ticks.join("")}`,
    `${blank}${row(
      width + 8,
      decades.map((rate) => [columnOf(rate), powerOf(rate)] as const),
    )}`.trimEnd(),
    `${blank}${pointers}`.trimEnd(),
  ].join("\n");
}

/** The powers of ten within. */
function decadesOf(from: number, to: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

const powerOf = (rate: number): string => {
  const exponent = Math.round(Math.log10(rate));
  return exponent >= -3 && exponent <= 3 ? figure(rate) : `1e${exponent}`;
};

/** Texts at their places; one that would touch the text before it is left out, unless it is a letter, which moves on. */
function row(width: number, texts: readonly (readonly [column: number, text: string])[]): string {
  let line = "";
  for (const [column, text] of [...texts].sort((a, b) => a[0] - b[0])) {
    if (text.length === 1) line = line.padEnd(column) + text;
    else if (column === 0 || column > line.length) line = line.padEnd(column) + text;
  }
  return line.slice(0, width);
}

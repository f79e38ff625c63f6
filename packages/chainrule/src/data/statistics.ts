/** Statistics of columns. */
import type { Column } from "./table.ts";

export interface Statistics {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** Of the finite values. */
export function statistics({ numbers }: Column): Statistics {
  const finite = numbers.filter(Number.isFinite);
  const mean = finite.reduce((sum, v) => sum + v, 0) / finite.length;
  const squares = finite.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of finite) [least, most] = [Math.min(least, v), Math.max(most, v)];
  return { count: finite.length, mean, deviation: Math.sqrt(squares / finite.length), least, most };
}

export const varies = (column: Column): boolean => {
  const { least, most } = statistics(column);
  return most > least;
};

/** The correlation coefficient of K. Pearson over the rows in which both are finite; NaN if these are fewer than half. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let [n, sa, sb] = [0, 0, 0];
  const both = (i: number): boolean => Number.isFinite(a[i]) && Number.isFinite(b[i]);
  for (let i = 0; i < a.length; i++) if (both(i)) [n, sa, sb] = [n + 1, sa + (a[i] as number), sb + (b[i] as number)];
  if (n < a.length / 2) return Number.NaN;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!both(i)) continue;
    const [x, y] = [(a[i] as number) - sa / n, (b[i] as number) - sb / n];
    [ab, aa, bb] = [ab + x * y, aa + x * x, bb + y * y];
  }
  return ab / Math.sqrt(aa * bb);
}

/** Positions in ascending order, the mean of them for equal values. */
export function ranks(numbers: Float64Array): Float64Array {
  const order = Array.from(numbers.keys()).sort((a, b) => (numbers[a] as number) - (numbers[b] as number));
  const result = new Float64Array(numbers.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && numbers[order[to] as number] === numbers[order[from] as number]) to++;
    for (let i = from; i < to; i++) result[order[i] as number] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

/** How often each value is there; NaN, which is no value, is not counted. */
export function countsOf(labels: Float64Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) {
    if (!Number.isNaN(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

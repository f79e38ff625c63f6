/** The numbers of one parameter, and what they are like. */
import { histogram } from "chainrule/diagnose";
import { Refusal } from "../../state/index.ts";
import type { Opened } from "./open.ts";
import { gradientOf } from "./pass.ts";
import type { Case, WeightFacts } from "./types.ts";

/** More cells than a picture of them has pixels. */
const MOST_ROWS = 1024;
const MOST_COLUMNS = 1024;
const BINS = 40;

/**
 * A vector is one row; what has more than two axes is as many rows as fit before the last.
 *
 * @param one a row, for the gradient of its loss in place of the weights
 * @throws Refusal
 */
export function weightFacts(opened: Opened, name: string, one?: Case): WeightFacts {
  const t = one === undefined ? opened.variables.get(name)?.value : gradientOf(opened, opened.within(name), one);
  if (t === undefined) throw new Refusal("There is no such parameter.");
  const numbers = t.dataSync() as ArrayLike<number>;
  const allColumns = t.shape.at(-1) ?? 1;
  const allRows = allColumns === 0 ? 0 : numbers.length / allColumns;
  const [rows, columns] = [Math.min(allRows, MOST_ROWS), Math.min(allColumns, MOST_COLUMNS)];
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) values[i * columns + j] = numbers[i * allColumns + j] as number;
  const { edges, counts } = histogram(numbers, { bins: BINS });
  return {
    name,
    gradient: one !== undefined,
    rows,
    columns,
    allRows,
    allColumns,
    values,
    ...statistics(numbers),
    edges: Float64Array.from(edges),
    counts: Float64Array.from(counts),
  };
}

/** Mean and deviation, with the divisor n, in two passes; those that are no numbers are counted apart. */
function statistics(numbers: ArrayLike<number>) {
  let [least, most, sum, zeros, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i] as number;
    if (!Number.isFinite(x)) continue;
    finite++;
    sum += x;
    if (x === 0) zeros++;
    if (x < least) least = x;
    if (x > most) most = x;
  }
  const mean = sum / finite;
  let squares = 0;
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i] as number;
    if (Number.isFinite(x)) squares += (x - mean) ** 2;
  }
  return {
    count: finite,
    least,
    most,
    mean,
    deviation: Math.sqrt(squares / finite),
    zeros,
    broken: numbers.length - finite,
  };
}

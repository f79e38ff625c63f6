/** Histograms that can be printed. */
import { formatNumber } from "../check/numbers.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { barChart } from "./bars.ts";

/** How often values fall between edges. */
export class Histogram {
  /** One more than there are bins. A bin has its lower edge, the last one also its upper. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Values that are in no bin, since they are NaN or infinite. */
  readonly nonFinite: number;

  /** @internal */
  constructor(edges: readonly number[], counts: readonly number[], nonFinite: number) {
    this.edges = edges;
    this.counts = counts;
    this.nonFinite = nonFinite;
  }

  /** A line for each bin: its edges, how many values, and a bar. */
  toString(): string {
    const labels = this.counts.map((count, i) => {
      const [from, to] = [this.edges[i], this.edges[i + 1]].map((edge) =>
        formatNumber(Number((edge as number).toPrecision(3))),
      );
      return `${from} … ${to}  ${count}`;
    });
    const rest = this.nonFinite === 0 ? "" : `\n(${this.nonFinite} not finite)`;
    return barChart(labels, this.counts) + rest;
  }
}

const isNumbers = (values: unknown): boolean =>
  ArrayBuffer.isView(values) || (Array.isArray(values) && values.every((x) => typeof x === "number"));

export interface HistogramOptions {
  /** Bins of equal width; default 10. */
  readonly bins?: number;
  /** The lower edge of the first bin and the upper one of the last, such as [-1, 1], so that histograms can be compared. */
  readonly range?: readonly [least: number, most: number];
}

/**
 * Counts values in bins of equal width, as `numpy.histogram` does: in a range, which leaves out what lies beyond it, or else from the
 * least to the greatest finite one; if all are the same, from half below to half above.
 *
 * @throws TypeError for values that are no numbers; RangeError unless there is a whole number of bins, and a range that grows
 * @example
 * ```ts
 * import { histogram } from "chainrule/diagnose";
 * histogram([0, 1, 1, 2, 4], { bins: 4 }).counts; // → [ 1, 2, 1, 1 ]
 * ```
 */
export function histogram(values: ArrayLike<number>, options: HistogramOptions = {}): Histogram {
  checkOptions("histogram", options, ["bins", "range"]);
  const { bins = 10, range } = options;
  const where = "histogram";
  if (!isNumbers(values)) {
    throw new TypeError(
      `${where}: values must be an array of numbers, or a typed array such as t.dataSync(); it is ${describeValue(values)}.`,
    );
  }
  checkNumber(where, "bins", bins, { least: 1, integer: true });
  if (range !== undefined) requireRange(where, range);
  const { least, most, finite } = spanOf(values, range);
  const counts = new Array<number>(bins).fill(0);
  const width = (most - least) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? most : least + i * width));
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (!Number.isFinite(x) || x < least || x > most) continue;
    const bin = Math.min(bins - 1, Math.floor((x - least) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return new Histogram(edges, counts, values.length - finite);
}

/** The edges of the outermost bins, and how many values are finite. */
function spanOf(values: ArrayLike<number>, range: HistogramOptions["range"]) {
  let [least, most, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (!Number.isFinite(x)) continue;
    least = Math.min(least, x);
    most = Math.max(most, x);
    finite++;
  }
  if (range !== undefined) return { least: range[0], most: range[1], finite };
  if (finite === 0) return { least: 0, most: 1, finite };
  return least === most ? { least: least - 0.5, most: most + 0.5, finite } : { least, most, finite };
}

function requireRange(where: string, range: unknown): void {
  const [least, most] = Array.isArray(range) ? (range as unknown[]) : [];
  if (Number.isFinite(least) && Number.isFinite(most) && (least as number) < (most as number)) return;
  throw new RangeError(
    `${where}: range must be two finite numbers, the lesser first, such as [-1, 1]; it is ${describeValue(range)}.`,
  );
}

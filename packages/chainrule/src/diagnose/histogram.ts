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

/**
 * Counts values in bins of equal width from the least to the greatest finite one, as `numpy.histogram` does; if all are
 * the same, from half below to half above.
 *
 * @throws TypeError for values that are no numbers; RangeError unless there is a whole number of bins
 * @example
 * ```ts
 * import { histogram } from "chainrule/diagnose";
 * histogram([0, 1, 1, 2, 4], { bins: 4 }).counts; // → [ 1, 2, 1, 1 ]
 * ```
 */
export function histogram(values: ArrayLike<number>, options: { readonly bins?: number } = {}): Histogram {
  checkOptions("histogram", options, ["bins"]);
  const { bins = 10 } = options;
  const where = "histogram";
  if (!isNumbers(values)) {
    throw new TypeError(
      `${where}: values must be an array of numbers, or a typed array such as t.dataSync(); it is ${describeValue(values)}.`,
    );
  }
  checkNumber(where, "bins", bins, { least: 1, integer: true });
  let [least, most, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (Number.isFinite(x)) [least, most, finite] = [Math.min(least, x), Math.max(most, x), finite + 1];
  }
  if (finite === 0) [least, most] = [0, 1];
  else if (least === most) [least, most] = [least - 0.5, most + 0.5];
  const counts = new Array<number>(bins).fill(0);
  const width = (most - least) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? most : least + i * width));
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (!Number.isFinite(x)) continue;
    const bin = Math.min(bins - 1, Math.floor((x - least) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return new Histogram(edges, counts, values.length - finite);
}

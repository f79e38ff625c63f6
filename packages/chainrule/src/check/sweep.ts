/** The difference quotient as its step shrinks: truncation against round-off. */

import { textTable } from "../tensor/table.ts";
import { estimates, type Line } from "./differences.ts";

export interface SweepRow {
  /** h */
  readonly step: number;
  /** (f(x + h) − f(x − h)) / 2h */
  readonly difference: number;
  /** |difference − analytic| */
  readonly error: number;
  /** What is expected of it: c·h², with c from the extrapolation, and the bound of round-off, η/h. */
  readonly truncation: number;
  readonly roundoff: number;
}

/** The rows of a sweep, largest step first. */
export class EpsilonSweep {
  readonly analytic: number;
  readonly rows: readonly SweepRow[];

  /** @internal */
  constructor(analytic: number, rows: readonly SweepRow[]) {
    [this.analytic, this.rows] = [analytic, rows];
  }

  /** The row of the smallest error. */
  get best(): SweepRow {
    return this.rows.reduce((least, row) => (row.error < least.error ? row : least));
  }

  /** A table with a bar for the exponent of each error: long at both ends and short between them, if the gradient is right. */
  toString(): string {
    const exponent = (error: number): number => Math.max(-17, Math.floor(Math.log10(error)));
    const rows = this.rows.map((row) => [
      row.step.toExponential(0),
      row.difference.toPrecision(12),
      row.error.toExponential(1),
      row.truncation.toExponential(1),
      row.roundoff.toExponential(1),
      row.error > 0 ? "█".repeat(Math.max(0, 18 + exponent(row.error))) : "",
    ]);
    return textTable(["step", "difference", "error", "truncation", "round-off", ""], rows, [5]);
  }
}

/** Steps of 10⁻¹ … 10⁻¹⁵, relative to max(1, |x|). */
const DECADES = 15;

export function epsilonSweep(line: Line, analytic: number): EpsilonSweep {
  const curvature = curvatureOf(line);
  const scale = Math.max(1, line.magnitude);
  const rows = Array.from({ length: DECADES }, (_, i): SweepRow => {
    const step = scale * 10 ** -(i + 1);
    const [low, high] = [line.along(-step), line.along(step)];
    const difference = (high - low) / (2 * step);
    const eta = line.noise + (Number.EPSILON / 2) * Math.max(Math.abs(low), Math.abs(high));
    return {
      step,
      difference,
      error: Math.abs(difference - analytic),
      truncation: curvature * step * step,
      roundoff: eta / step + (Math.abs(difference) * line.magnitude * Number.EPSILON) / 2 / step,
    };
  });
  return new EpsilonSweep(analytic, rows);
}

/** c in D(h) − f′ = c·h² + O(h⁴), |f‴|/6: from the first extrapolation that is clear of noise. */
function curvatureOf(line: Line): number {
  let found = 0;
  for (const { step, difference, value, roundoff } of estimates(line)) {
    const missing = Math.abs(difference - value);
    if (missing > 10 * roundoff) found = missing / step ** 2;
  }
  return found;
}

/** One partial derivative by finite differences, and the verdict on an analytic value. */

export interface Comparison {
  readonly analytic: number;
  readonly numeric: number;
  readonly relativeError: number;
  /** kink: the one-sided derivatives differ there, and the analytic value lies between them. */
  readonly verdict: "right" | "kink" | "wrong";
}

/**
 * Steps relative to max(1, |x|). The first suits Richardson extrapolation, whose error is O(h⁴) + ε/h; the smaller ones
 * step inside a kink that lies near x.
 */
const STEPS = [1e-3, 1e-4, 1e-5, 1e-6];

/** An agreement so far below the tolerance needs no second opinion from a smaller step. */
const CLOSE = 1e-3;

/**
 * Compares an analytic derivative with differences of `along`, the function as an offset is added to one coordinate.
 *
 * @param scale the largest derivative of the same parameter: errors far below it are round-off
 */
export function compare(
  along: (offset: number) => number,
  at: number,
  analytic: number,
  scale: number,
  tolerance: number,
): Comparison {
  const magnitude = Math.max(1, Math.abs(at));
  let best: Comparison | undefined;
  for (const step of STEPS) {
    const numeric = richardson(along, step * magnitude);
    const relativeError = relative(analytic, numeric, scale);
    if (best === undefined || relativeError < best.relativeError) {
      best = { analytic, numeric, relativeError, verdict: relativeError <= tolerance ? "right" : "wrong" };
    }
    if (best.relativeError <= CLOSE * tolerance) break;
  }
  const found = best as Comparison;
  return found.verdict === "right" ? found : (atKink(along, magnitude, analytic, scale) ?? found);
}

/**
 * Central differences with one step of Richardson extrapolation, (4·D(h/2) − D(h)) / 3. L. F. Richardson, 1911.
 */
function richardson(along: (offset: number) => number, h: number): number {
  const central = (step: number): number => (along(step) - along(-step)) / (2 * step);
  return (4 * central(h / 2) - central(h)) / 3;
}

/** |a − n| relative to the larger of the two, where both are not negligible against the other derivatives. */
function relative(a: number, n: number, scale: number): number {
  const size = Math.max(Math.abs(a), Math.abs(n), 1e-4 * scale);
  if (Number.isNaN(a) || Number.isNaN(n)) return Number.NaN;
  return size === 0 ? 0 : Math.abs(a - n) / size;
}

/** At a kink the one-sided derivatives differ however small the step, and every value between them is a subgradient. */
function atKink(along: (offset: number) => number, magnitude: number, analytic: number, scale: number): Comparison | undefined {
  const here = along(0);
  const sides = (h: number): [number, number] => [(here - along(-h)) / h, (along(h) - here) / h];
  const [left, right] = sides(1e-6 * magnitude);
  const [left0, right0] = sides(1e-5 * magnitude);
  const jump = Math.abs(right - left);
  const slack = 1e-4 * Math.max(Math.abs(left), Math.abs(right), scale);
  // A smooth function's jump shrinks with the step; a kink's stays.
  if (!(jump > slack) || jump < 0.5 * Math.abs(right0 - left0)) return undefined;
  const [low, high] = [Math.min(left, right) - slack, Math.max(left, right) + slack];
  if (!(analytic >= low && analytic <= high)) return undefined;
  return { analytic, numeric: (left + right) / 2, relativeError: 0, verdict: "kink" };
}

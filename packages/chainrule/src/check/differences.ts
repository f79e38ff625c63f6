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
const STEPS = [1e-3, 1e-4, 1e-5, 1e-6] as const;

/** An agreement so far below the tolerance needs no second opinion from a smaller step. */
const CLOSE = 1e-3;

/** Derivatives smaller than this share of the largest one of their parameter are compared as if they were that large. */
const NEGLIGIBLE = 1e-4;

/** Roundings that the differences of a function's values are taken to carry, in units in the last place of the value. */
const ROUNDINGS = 16;

/**
 * The size of a derivative below which errors are round-off: derivatives that are 0 in exact arithmetic come out as some
 * 10⁻¹⁶, and their differences as ε·|f|/h.
 *
 * @param largest the largest derivative of the same parameter
 * @param value the function's value there
 */
export const floorOf = (largest: number, value: number, tolerance: number): number =>
  Math.max(NEGLIGIBLE * largest, (ROUNDINGS * Number.EPSILON * Math.abs(value)) / STEPS[0] / tolerance);

/**
 * Compares an analytic derivative with differences of `along`, the function as an offset is added to one coordinate.
 *
 * @param floor from `floorOf`: errors are relative to the derivative, or to this if it is larger
 */
export function compare(
  along: (offset: number) => number,
  at: number,
  analytic: number,
  floor: number,
  tolerance: number,
): Comparison {
  const magnitude = Math.max(1, Math.abs(at));
  let best: Comparison | undefined;
  for (const step of STEPS) {
    const numeric = richardson(along, step * magnitude);
    const relativeError = relative(analytic, numeric, floor);
    // A step may leave the function's domain, where it is NaN; a smaller one need not.
    if (best === undefined || Number.isNaN(best.relativeError) || relativeError < best.relativeError) {
      best = { analytic, numeric, relativeError, verdict: relativeError <= tolerance ? "right" : "wrong" };
    }
    if (best.relativeError <= CLOSE * tolerance) break;
  }
  const found = best as Comparison;
  return found.verdict === "right" ? found : (atKink(along, magnitude, analytic, floor) ?? found);
}

/**
 * Central differences with one step of Richardson extrapolation, (4·D(h/2) − D(h)) / 3. L. F. Richardson, 1911.
 */
function richardson(along: (offset: number) => number, h: number): number {
  const central = (step: number): number => (along(step) - along(-step)) / (2 * step);
  return (4 * central(h / 2) - central(h)) / 3;
}

function relative(a: number, n: number, floor: number): number {
  if (a === n) return 0;
  return Math.abs(a - n) / Math.max(Math.abs(a), Math.abs(n), floor);
}

/** At a kink the one-sided derivatives differ however small the step, and every value between them is a subgradient. */
function atKink(
  along: (offset: number) => number,
  magnitude: number,
  analytic: number,
  floor: number,
): Comparison | undefined {
  const here = along(0);
  const sides = (h: number): [number, number] => [(here - along(-h)) / h, (along(h) - here) / h];
  const [left, right] = sides(1e-6 * magnitude);
  const [left0, right0] = sides(1e-5 * magnitude);
  const jump = Math.abs(right - left);
  const slack = Math.max(1e-4 * Math.abs(left), 1e-4 * Math.abs(right), floor);
  // A smooth function's jump shrinks with the step; a kink's stays.
  if (!(jump > slack) || jump < 0.5 * Math.abs(right0 - left0)) return undefined;
  const [low, high] = [Math.min(left, right) - slack, Math.max(left, right) + slack];
  if (!(analytic >= low && analytic <= high)) return undefined;
  return { analytic, numeric: (left + right) / 2, relativeError: 0, verdict: "kink" };
}

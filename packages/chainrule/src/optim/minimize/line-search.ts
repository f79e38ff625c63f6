/** The line search for a step that meets the strong Wolfe conditions. */
import { hiddenOf, NO_STEP, NOT_FINITE, type Point, unbounded } from "./method.ts";
import { along, dot, maxNorm, type Vector } from "./vectors.ts";

/** A step on the line: f at α, and its slope there. */
interface Trial<P> {
  readonly alpha: number;
  readonly value: number;
  readonly slope: number;
  readonly point: P;
}

export type Searched<P> = { readonly point: P; readonly alpha: number } | { readonly failed: string };

/** Of J. Nocedal and S. J. Wright, "Numerical optimization", 2nd ed., 2006, section 3.1, for Newton's methods. */
const [DECREASE, CURVATURE] = [1e-4, 0.9];

/** Each is a factor of up to ten: the line has been followed for 10³⁰ times the first step. */
const EXPANSIONS = 30;
const ZOOMS = 40;

/**
 * Finds α with f(x + αp) ≤ f(x) + c₁·α·∇f·p and |∇f(x + αp)·p| ≤ c₂·|∇f·p| by algorithms 3.5 and 3.6 of Nocedal and
 * Wright. Values that are not finite count as too large. The first condition is asked for up to rounding, or near a
 * minimum, where f no longer tells its points apart, nothing would meet it (W. W. Hager and H. Zhang, "A new conjugate
 * gradient method with guaranteed descent and an efficient line search", 2005, section 4).
 *
 * @param first the first α to try
 */
export async function lineSearch<P extends Point>(
  evaluate: (x: Vector) => Promise<P>,
  from: P,
  direction: Vector,
  first: number,
  epsilon: number,
): Promise<Searched<P>> {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return { failed: "the direction found does not lead down" };
  const slack = hiddenOf(from.value, epsilon);
  const start: Trial<P> = { alpha: 0, value: from.value, slope, point: from };
  let [nonFinite, zooms] = [Number.NaN, 0];
  const at = async (alpha: number): Promise<Trial<P>> => {
    const point = await evaluate(along(from.x, alpha, direction));
    const finite = Number.isFinite(point.value) && Number.isFinite(maxNorm(point.gradient));
    if (!finite) nonFinite = alpha;
    return {
      alpha,
      value: finite ? point.value : Number.POSITIVE_INFINITY,
      slope: finite ? dot(point.gradient, direction) : Number.NaN,
      point,
    };
  };
  const tooHigh = ({ alpha, value }: Trial<P>): boolean => !(value <= from.value + DECREASE * alpha * slope + slack);
  const isFlat = (trial: Trial<P>): boolean => Math.abs(trial.slope) <= -CURVATURE * slope;
  const found = ({ point, alpha }: Trial<P>): Searched<P> => ({ point, alpha });

  /** Closes in on a step between `low`, the best so far, and `high`. */
  const zoom = async (low: Trial<P>, high: Trial<P>): Promise<Searched<P>> => {
    for (; zooms < ZOOMS; zooms++) {
      const alpha = between(low, high);
      if (alpha === low.alpha || alpha === high.alpha) break;
      const trial = await at(alpha);
      if (tooHigh(trial) || trial.value > low.value + slack) {
        high = trial;
        continue;
      }
      if (isFlat(trial)) return found(trial);
      if (trial.slope * (high.alpha - low.alpha) >= 0) high = low;
      low = trial;
    }
    // The interval is as small as numbers are: a step that goes down is better than none.
    if (low.alpha > 0 && low.value < from.value) return found(low);
    if (Number.isNaN(nonFinite)) return { failed: NO_STEP };
    return { failed: NOT_FINITE };
  };

  let before = start;
  let alpha = first;
  for (let i = 0; i < EXPANSIONS; i++) {
    const trial = await at(alpha);
    // A value of −∞ is not finite, and yet what was asked for.
    if (trial.point.value === Number.NEGATIVE_INFINITY) break;
    if (tooHigh(trial) || (i > 0 && trial.value > before.value + slack)) return zoom(before, trial);
    if (isFlat(trial)) return found(trial);
    if (trial.slope >= 0) return zoom(trial, before);
    alpha = trial.alpha * expansion(before, trial);
    before = trial;
  }
  return { failed: unbounded(before.value, before.alpha * maxNorm(direction)) };
}

/** By how much to lengthen a step along which the function still falls: to where the slope, if a line, is 0; 2 to 10. */
function expansion(before: Trial<unknown>, trial: Trial<unknown>): number {
  const change = trial.slope - before.slope;
  const zero =
    change > 0 ? trial.alpha - (trial.slope * (trial.alpha - before.alpha)) / change : Number.POSITIVE_INFINITY;
  return Math.min(10, Math.max(2, zero / trial.alpha));
}

/** The minimum of the cubic through two values and slopes (Nocedal and Wright, eq. 3.59), kept away from the ends. */
function between(low: Trial<unknown>, high: Trial<unknown>): number {
  const width = high.alpha - low.alpha;
  const d1 = low.slope + high.slope - (3 * (low.value - high.value)) / (low.alpha - high.alpha);
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - low.slope * high.slope);
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
  return low.alpha + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}

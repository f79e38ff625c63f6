/**
 * Derivatives along a line by differences, with a bound of their error, and the verdict on an analytic value.
 *
 * Differences at steps h, h/4, h/16 … are extrapolated once (L. F. Richardson, "The approximate arithmetical solution by
 * finite differences", 1911): for central ones, whose error is c·h² + O(h⁴), R = (16·D(h/4) − D(h)) / 15; for one-sided
 * ones, with an error of c·h + O(h²), R = (4·D(h/4) − D(h)) / 3. The error of R has two parts. Truncation is what the
 * sequence of R says of its own convergence. Round-off is η/h for central differences and 2η/h for one-sided ones, if
 * each value of the function is known to within η.
 */

/** A scalar function of the distance moved from a point, in one direction. */
export interface Line {
  along(distance: number): number;
  /** The round-off of a value: what it scatters by. */
  readonly noise: number;
  /** The largest coordinate that moves: moving it rounds. */
  readonly magnitude: number;
}

/** What the differences say of a derivative. */
export interface Estimate {
  readonly step: number;
  /** The difference at that step, and extrapolated with the one before. */
  readonly difference: number;
  readonly value: number;
  readonly truncation: number;
  readonly roundoff: number;
}

/** The bound of its error; none where the function has no value. */
export const errorOf = ({ truncation, roundoff }: Estimate): number =>
  Number.isNaN(roundoff) ? Number.POSITIVE_INFINITY : truncation + roundoff;

/** Steps get smaller by this factor. */
const RATIO = 4;

/** The first step, relative to the scale of x. */
const FIRST = 2 ** -5;

/** A line that starts at 0 has no smallest step; this many span 36 orders of magnitude. */
const MOST_STEPS = 60;

const EPSILON = Number.EPSILON / 2; // the unit round-off of double precision, 2⁻⁵³

type Side = "central" | "left" | "right";

/** One difference, with the bound of its round-off. */
function differenceAt({ along, noise, magnitude }: Line, h: number, side: Side, here: number) {
  const [low, high] = [side === "right" ? here : along(-h), side === "left" ? here : along(h)];
  const width = side === "central" ? 2 * h : h;
  const value = (high - low) / width;
  const eta = noise + EPSILON * Math.max(Math.abs(low), Math.abs(high));
  // The coordinates that were moved are rounded too, to within ε·(|x| + h), which tilts the line: by as much as its slope at
  // the ends says, which for a cubic, the first term that is not extrapolated away, is three times the difference.
  return {
    value,
    gap: Math.abs(high - low),
    roundoff: (2 * eta) / width + Math.abs(value) * EPSILON * (magnitude / h + 3),
  };
}

/** The scales that x may vary on: 1, or x itself if it is larger; and x itself if it is smaller. */
export const scalesOf = ({ magnitude }: Line): readonly number[] =>
  magnitude > 0 && magnitude < 1 ? [1, magnitude] : [Math.max(1, magnitude)];

/** Estimates at smaller and smaller steps, until round-off must be larger than the best error there was. */
export function* estimates(
  line: Line,
  side: Side = "central",
  scale = Math.max(1, line.magnitude),
): Generator<Estimate & { readonly gap: number }> {
  const here = side === "central" ? Number.NaN : line.along(0);
  const power = side === "central" ? RATIO ** 2 : RATIO;
  let best = Number.POSITIVE_INFINITY;
  let previous: ReturnType<typeof differenceAt> | undefined;
  let [last, lastChange] = [undefined as Estimate | undefined, Number.POSITIVE_INFINITY];
  for (let i = 0; i < MOST_STEPS; i++) {
    const step = FIRST * scale * RATIO ** -i;
    if (step < 8 * EPSILON * line.magnitude) return;
    const rung = differenceAt(line, step, side, here);
    if (previous !== undefined) {
      const value = (power * rung.value - previous.value) / (power - 1);
      const roundoff = (power * rung.roundoff + previous.roundoff) / (power - 1);
      const change = last === undefined ? Number.NaN : Math.abs(value - last.value);
      const begun = Number.isFinite(lastChange) || change <= Math.abs(value) / 2;
      const noise = roundoff + (last?.roundoff ?? 0);
      const truncation =
        begun || change <= noise ? truncationOf(change, lastChange, noise, power) : Number.POSITIVE_INFINITY;
      last = { step, difference: rung.value, value, truncation, roundoff };
      lastChange = Number.isNaN(change) ? Number.POSITIVE_INFINITY : change;
      yield { ...last, gap: rung.gap };
      best = Math.min(best, errorOf(last));
      if (roundoff >= best) return;
    }
    previous = rung;
  }
}

/**
 * What is still missing when the last change of a sequence was `change` and the one before `before`. If changes go on to
 * shrink by a factor ρ, what is to come is change/(ρ − 1). Theory promises ρ = power² for a smooth function; credited is
 * what was observed, and at most its square root; at the first change, which has none before it, a factor of 2. A sequence
 * that does not shrink by 2, beyond its noise, does not converge, nor does one that begins with a change by more than half.
 */
function truncationOf(change: number, before: number, noise: number, power: number): number {
  if (Number.isNaN(change)) return Number.POSITIVE_INFINITY;
  if (change <= noise) return change;
  const rate = before === Number.POSITIVE_INFINITY ? 2 : before / change;
  return rate < 2 ? Number.POSITIVE_INFINITY : change / (Math.min(rate, power) - 1);
}

/** The estimate of the smallest error bound. */
export function bestEstimate(line: Line, side: Side): Estimate {
  let best: Estimate | undefined;
  for (const found of estimates(line, side)) {
    if (best === undefined || errorOf(found) < errorOf(best)) best = found;
  }
  return best ?? NOTHING;
}

export const NOTHING: Estimate = {
  step: Number.NaN,
  difference: Number.NaN,
  value: Number.NaN,
  truncation: Number.POSITIVE_INFINITY,
  roundoff: 0,
};

/**
 * The scatter of a function's values by round-off, from the differences of order 4, 5 and 6 of values at nine points that lie
 * so close together that nothing but noise is left in them: J. J. Moré and S. M. Wild, "Estimating computational noise",
 * SIAM J. Sci. Comput. 33 (2011), eq. 2.3. Four standard deviations.
 */
export function noiseOf(along: (distance: number) => number, spacing: number): number {
  let row = Array.from({ length: 9 }, (_, i) => along((i - 4) * spacing));
  let [gamma, most] = [1, 0];
  for (let k = 1; k <= 6; k++) {
    row = row.slice(1).map((value, i) => value - (row[i] as number));
    gamma *= k / (2 * (2 * k - 1)); // (k!)²/(2k)!
    const variance = (gamma * row.reduce((sum, value) => sum + value * value, 0)) / row.length;
    if (k >= 4 && Number.isFinite(variance)) most = Math.max(most, Math.sqrt(variance));
  }
  return 4 * most;
}

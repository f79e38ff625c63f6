/** The verdict on an analytic derivative along a line. */
import { bestEstimate, type Estimate, errorOf, estimates, type Line, NOTHING, scalesOf } from "./differences.ts";

/**
 * - right: within the tolerance and the error bound of the differences
 * - kink: the one-sided derivatives differ and the analytic value lies between them, or the point lies on kinks of several
 *   parts of the function and the gradient is right at all points around it
 * - jump: the function is discontinuous there, so that differences say nothing
 * - unresolved: not contradicted, but the differences are too coarse to tell a right value from half or twice of it
 * - wrong: contradicted
 */
export type Verdict = "right" | "kink" | "jump" | "unresolved" | "wrong";

export interface Comparison {
  /** By reverse mode, or the gradient function that was given. */
  readonly analytic: number;
  /** By differences. */
  readonly numeric: number;
  /** By forward mode: the third opinion. */
  readonly forward: number;
  /** |analytic − numeric| over the larger of them, where errors within `bound` count as the tolerance at most. */
  readonly relativeError: number;
  /** The error that the differences and the rounding of the analytic value may have. */
  readonly bound: number;
  readonly verdict: Verdict;
}

export interface Scales {
  readonly tolerance: number;
  /** Rounding of the analytic value. */
  readonly rounding: number;
  /** The largest derivative by any parameter. What is below the tolerance beside it is of no consequence. */
  readonly largest: number;
}

/** To tell a value from its half, its double, its negative and 0, which differ by half of it at least, with room to spare. */
const RESOLVED = 1 / 4;

/**
 * Compares an analytic derivative with differences. Right is |analytic − numeric| ≤ tolerance·max(|analytic|, |numeric|) +
 * error of the differences + rounding of the analytic value.
 *
 * @param nearby whether the analytic derivative is right at points around, asked only if it seems wrong here
 */
export function judge(
  line: Line,
  analytic: number,
  forward: number,
  scales: Scales,
  nearby: () => boolean,
): Comparison {
  // A function that varies on the scale of a small x may look flat from further away.
  const tries: ReturnType<typeof approach>[] = [];
  for (const scale of scalesOf(line)) {
    tries.push(approach(line, scale, analytic, scales));
    if (tries.some(({ best }) => confirms(analytic, best, scales))) break;
  }
  const { best, gaps } =
    tries.find((one) => confirms(analytic, one.best, scales)) ??
    tries.find((one) => agrees(analytic, one.best, scales)) ??
    tries.reduce((least, one) => (errorOf(one.best) < errorOf(least.best) ? one : least));
  const at = (verdict: Verdict, numeric = best.value): Comparison => {
    const compared = { analytic, numeric, forward, bound: boundOf(best, scales), verdict };
    return { ...compared, relativeError: verdict === "kink" ? 0 : relative(analytic, numeric, best, scales) };
  };
  if (!Number.isFinite(analytic)) return at("wrong");
  if (confirms(analytic, best, scales)) return at("right");
  if (isJump(gaps, line.noise)) return at("jump");
  const sides = oneSided(line, analytic, scales);
  if (sides?.inside === true) return at("kink", sides.middle);
  if (agrees(analytic, best, scales)) return at("unresolved");
  if (sides?.differ !== true && errorOf(best) === Number.POSITIVE_INFINITY) return at("unresolved");
  return nearby() ? at("kink") : at("wrong", sides?.differ === true ? sides.middle : best.value);
}

/** The best estimate from steps that start at a scale; ends early when it agrees and a smaller step has nothing to add. */
function approach(line: Line, scale: number, analytic: number, scales: Scales): { best: Estimate; gaps: number[] } {
  let best: Estimate = NOTHING;
  const gaps: number[] = [];
  for (const found of estimates(line, "central", scale)) {
    gaps.push(found.gap);
    if (errorOf(found) < errorOf(best) || Number.isNaN(best.value)) best = found;
    if (agrees(analytic, best, scales) && fine(analytic, best, scales)) break;
  }
  return { best, gaps };
}

const boundOf = (found: Estimate, { rounding }: Scales): number => errorOf(found) + rounding;

const larger = (a: number, b: number): number => Math.max(Math.abs(a), Math.abs(b));

function agrees(analytic: number, found: Estimate, scales: Scales): boolean {
  if (!Number.isFinite(errorOf(found))) return false;
  const allowed = scales.tolerance * larger(analytic, found.value) + boundOf(found, scales);
  return Math.abs(analytic - found.value) <= allowed;
}

/** Whether a smaller step has nothing to add to the agreement. */
function fine(analytic: number, found: Estimate, { tolerance, largest }: Scales): boolean {
  return errorOf(found) <= tolerance * Math.max(larger(analytic, found.value), largest);
}

const confirms = (analytic: number, found: Estimate, scales: Scales): boolean =>
  agrees(analytic, found, scales) && resolved(analytic, found, scales);

function resolved(analytic: number, found: Estimate, scales: Scales): boolean {
  if (analytic === 0 && found.value === 0) return true;
  return errorOf(found) <= RESOLVED * larger(analytic, found.value) || fine(analytic, found, scales);
}

function relative(analytic: number, numeric: number, found: Estimate, scales: Scales): number {
  if (analytic === numeric) return 0;
  const bound = boundOf(found, scales);
  const floor = Number.isFinite(bound) ? bound / scales.tolerance : 0;
  return Math.abs(analytic - numeric) / (larger(analytic, numeric) + floor);
}

/** f(x + h) − f(x − h) shrinks by 4 with h at a kink and where f is smooth, and by 2 for √h; at a jump it stays. */
function isJump(gaps: readonly number[], noise: number): boolean {
  const last = gaps.slice(-4);
  const [first, end] = [last[0] ?? 0, last.at(-1) ?? 0];
  return last.length === 4 && end > 8 * noise && end > 0.5 * first;
}

/** The one-sided derivatives; between them, where they differ, everything is a subgradient. */
function oneSided(line: Line, analytic: number, scales: Scales) {
  const found = (["left", "right"] as const)
    .map((side) => bestEstimate(line, side))
    .filter((estimate) => Number.isFinite(errorOf(estimate)) && Number.isFinite(estimate.value));
  const [a, b = a] = found;
  if (a === undefined || b === undefined) return undefined;
  const slack = scales.tolerance * larger(a.value, b.value) + errorOf(a) + errorOf(b) + scales.rounding;
  const [low, high] = [Math.min(a.value, b.value) - slack, Math.max(a.value, b.value) + slack];
  // At the border of the domain there is one side, and its derivative is the one to have.
  const differ = found.length === 1 || Math.abs(a.value - b.value) > slack;
  return {
    differ,
    inside: differ && analytic >= low && analytic <= high,
    middle: (a.value + b.value) / 2,
  };
}

/** What a method of minimization is. */
import type { JsonObject } from "../../tensor/options.ts";
import type { Kind, Problem } from "./problem.ts";
import { maxNorm, norm, type Vector } from "./vectors.ts";

/** A place, with what is known of the function there. */
export interface Point {
  readonly x: Vector;
  readonly value: number;
  readonly gradient: Vector;
}

/** What one iteration has come to. */
export interface Step<P extends Point = Point> {
  readonly to: P;
  /** Why there is no further step, and whether that is because a minimum was found. */
  readonly end?: { readonly reason: string; readonly converged: boolean };
}

/** A method at work on one problem. */
export interface Iteration<P extends Point = Point> {
  evaluate(x: Vector): Promise<P>;
  step(at: P): Promise<Step<P>>;
  /** Whether the derivative vanishes, by this tolerance; without it, `isStationary`. */
  isStationary?(at: P, tolerance: number): boolean;
  /** From a place where the gradient is 0 a step down, if that is a saddle point or a maximum. */
  escape?(at: P): Promise<P | undefined>;
}

/** A way to a minimum that sees the whole objective in every step: `lbfgs()`, `newton()` … */
export interface Method {
  readonly name: string;
  /** The settings, for records. */
  readonly config: JsonObject;
  /** What the function must return: one number, or the residuals of a least-squares problem. */
  readonly of: Kind;
  /** @internal */
  begin(problem: Problem): Iteration;
}

/** ‖∇f‖∞ ≤ tolerance. */
export const isStationary = ({ gradient }: Point, tolerance: number): boolean => maxNorm(gradient) <= tolerance;

export const NO_STEP = "no step along the direction found reduces the value";

/**
 * The end where Newton's step was found to lead nowhere: a minimum, if by the quadratic model of the function it would
 * have made no more difference than rounding, to the value or to the place.
 */
export function endOf(
  failed: string,
  at: Point,
  step: Vector,
  promised: number,
  epsilon: number,
): NonNullable<Step["end"]> {
  const least = promised <= hiddenOf(at.value, epsilon) || norm(step) <= 10 * epsilon * norm(at.x);
  return failed === NO_STEP && least
    ? { reason: "the value cannot become less by more than rounding", converged: true }
    : { reason: failed, converged: false };
}

/** What rounding may hide of a value: a hundred units in the last place. */
export const hiddenOf = (value: number, epsilon: number): number => 100 * epsilon * Math.abs(value);

export const NOT_FINITE =
  "the value or the gradient is NaN or infinite near this place, and no step was found that avoids that";

export const unbounded = (value: number, distance: number): string =>
  `the function seems to be unbounded below: it is ${value} and falling ${distance.toPrecision(2)} away`;

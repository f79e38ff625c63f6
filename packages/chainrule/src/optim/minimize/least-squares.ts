/** What the methods for half the sum of squares of residuals have in common. */
import { columnNorms, multiplyTransposed } from "./matrices.ts";
import type { Point } from "./method.ts";
import type { Problem } from "./problem.ts";
import { norm, type Vector } from "./vectors.ts";

/** A place, with the residuals there and their derivatives, [residuals, size]. */
export interface SquaresPoint extends Point {
  readonly residuals: Vector;
  readonly jacobian: Vector;
}

/** The end that rounding sets. */
export const SMALLEST = { reason: "the sum of squares cannot become less by more than rounding", converged: true };

/** f = ½·‖r‖² and ∇f = Jᵀr. */
export async function evaluateSquares(problem: Problem, x: Vector): Promise<SquaresPoint> {
  const { residuals, jacobian } = await problem.jacobian(x);
  return {
    x,
    residuals,
    jacobian,
    value: norm(residuals) ** 2 / 2,
    gradient: multiplyTransposed(jacobian, residuals, problem.size),
  };
}

/**
 * Whether the residuals are orthogonal to all columns of the Jacobian: the cosine of the angle between them is at most the
 * tolerance. It does not depend on the units of the parameters (MINPACK's test of `gtol`).
 */
export function isOrthogonal({ residuals, jacobian, gradient }: SquaresPoint, tolerance: number): boolean {
  const length = norm(residuals);
  if (length === 0) return true;
  const columns = columnNorms(jacobian, gradient.length);
  return gradient.every((g, j) => Math.abs(g) <= tolerance * length * (columns[j] as number));
}

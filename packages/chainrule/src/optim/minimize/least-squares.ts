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

/** The largest cosine of an angle between the residuals and a column of the Jacobian; 0 where they are 0. */
export function largestCosine({ residuals, jacobian, gradient }: SquaresPoint): number {
  const length = norm(residuals);
  const columns = columnNorms(jacobian, gradient.length);
  return gradient.reduce(
    (most, g, j) => (g === 0 ? most : Math.max(most, Math.abs(g) / length / (columns[j] as number))),
    0,
  );
}

/**
 * Whether the residuals are orthogonal to all columns of the Jacobian, up to cosines of this size. It does not depend on
 * the units of the parameters (MINPACK's test of `gtol`).
 */
export const isOrthogonal = (at: SquaresPoint, tolerance: number): boolean => largestCosine(at) <= tolerance;

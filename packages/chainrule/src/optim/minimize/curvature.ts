/** Steps down from where the gradient is 0. */
import type { Point } from "./method.ts";
import { along, dot, maxNorm, type Vector } from "./vectors.ts";

/** Halvings of the step, from one about as long as the place is far from 0. */
const HALVINGS = 60;

/**
 * A lower place along a direction of negative curvature: for curvature κ = pᵀHp < 0 a step of α changes the value by about
 * α²κ/2, of which a quarter must be there. J. J. Moré and D. C. Sorensen, "On the use of directions of negative curvature
 * in a modified Newton method", 1979, section 4.
 */
export async function descend<P extends Point>(
  evaluate: (x: Vector) => Promise<P>,
  at: P,
  direction: Vector,
  curvature: number,
): Promise<P | undefined> {
  const sign = dot(at.gradient, direction) > 0 ? -1 : 1;
  let alpha = (sign * Math.max(1, maxNorm(at.x))) / maxNorm(direction);
  for (let i = 0; i < HALVINGS; i++) {
    const trial = await evaluate(along(at.x, alpha, direction));
    const lower = trial.value < at.value && trial.value <= at.value + (alpha * alpha * curvature) / 8;
    if (lower && Number.isFinite(maxNorm(trial.gradient))) return trial;
    alpha /= 2;
  }
  return undefined;
}

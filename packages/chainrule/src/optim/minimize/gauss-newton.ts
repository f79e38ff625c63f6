/** The Gauss–Newton method. */
import { checkOptions } from "../../tensor/options.ts";
import { evaluateSquares, isOrthogonal, SMALLEST, type SquaresPoint } from "./least-squares.ts";
import { lineSearch } from "./line-search.ts";
import { qr, solveUpper } from "./matrices.ts";
import { endOf, type Iteration, type Method, type Step } from "./method.ts";
import type { Problem } from "./problem.ts";
import { maxNorm, norm, scaled, type Vector } from "./vectors.ts";

/**
 * The Gauss–Newton method for functions that return residuals r: p solves the linear least-squares problem ‖J·p + r‖ → min, by
 * a QR factorization, and a line search along p makes ½‖r‖² smaller: J. Nocedal and S. J. Wright, "Numerical
 * optimization", 2nd ed., 2006, section 10.3. Fast where residuals are small in the end; where J has dependent columns
 * it gives up, and `levenbergMarquardt` does not.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { gaussNewton, minimize } from "chainrule/optim";
 * const t = tensor([0, 1, 2, 3]);
 * const y = tensor([2, 1, 0.5, 0.25]);
 * const residuals = ({ a, k }: { a: Tensor; k: Tensor }) => k.neg().mul(t).exp().mul(a).sub(y);
 * const { parameters } = await minimize(residuals, { a: tensor(1), k: tensor(1) }, { method: gaussNewton() });
 * Math.abs(parameters.k.itemSync() - Math.log(2)) < 1e-4; // → true
 * ```
 */
export function gaussNewton(options: Readonly<Record<string, never>> = {}): Method {
  checkOptions("gaussNewton", options, []);
  return { name: "gaussNewton", config: {}, of: "residuals", begin: (problem) => new GaussNewton(problem) };
}

class GaussNewton implements Iteration<SquaresPoint> {
  readonly #problem: Problem;
  readonly isStationary = isOrthogonal;

  constructor(problem: Problem) {
    this.#problem = problem;
  }

  evaluate(x: Vector): Promise<SquaresPoint> {
    return evaluateSquares(this.#problem, x);
  }

  async step(at: SquaresPoint): Promise<Step<SquaresPoint>> {
    const { size, epsilon } = this.#problem;
    const { r, qtb } = qr(at.jacobian, at.residuals, size);
    const diagonal = Float64Array.from({ length: size }, (_, i) => Math.abs(r[i * size + i] as number));
    const least = diagonal.reduce((a, b) => Math.min(a, b));
    if (!(least > size * epsilon * maxNorm(diagonal))) {
      const reason = "the columns of the Jacobian depend on each other, so the Gauss–Newton step is not determined";
      return { to: at, end: { reason: `${reason}; use levenbergMarquardt()`, converged: false } };
    }
    // The most by which the sum of squares could become less, if the residuals were linear.
    if ((norm(qtb) / norm(at.residuals)) ** 2 <= epsilon) return { to: at, end: SMALLEST };
    const direction = scaled(-1, solveUpper(r, qtb));
    const found = await lineSearch((x) => this.evaluate(x), at, direction, 1, epsilon);
    if ("point" in found) return { to: found.point };
    return { to: at, end: endOf(found.failed, at, direction, norm(qtb) ** 2 / 2, epsilon) };
  }
}

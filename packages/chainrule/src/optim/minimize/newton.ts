/** Newton's method with the whole Hessian. */
import { checkOptions } from "../../tensor/options.ts";
import { descend } from "./curvature.ts";
import { lineSearch } from "./line-search.ts";
import { cholesky, leastEigenvalue, solveUpper, solveUpperTransposed } from "./matrices.ts";
import { endOf, type Iteration, type Method, type Point, type Step } from "./method.ts";
import type { Problem } from "./problem.ts";
import { dot, maxNorm, scaled, type Vector } from "./vectors.ts";

/**
 * Newton's method: p = −(∇²f + τI)⁻¹·∇f with the exact Hessian, then a line search along p. τ is 0 where the Hessian is
 * positive definite, so that near a minimum the number of right digits doubles in every step; elsewhere it grows until
 * the sum is positive definite (J. Nocedal and S. J. Wright, "Numerical optimization", 2nd ed., 2006, algorithm 3.3). A
 * place where the gradient is 0 and the Hessian has a negative eigenvalue, a saddle point or a maximum, is left along
 * its eigenvector.
 *
 * n² numbers are kept and n³ operations done in each step: for up to some hundreds of parameters.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { minimize, newton } from "chainrule/optim";
 * const f = (x: Tensor) => x.exp().sub(x.mul(2)).sum();
 * const { parameters } = await minimize(f, tensor([0, 3]), { method: newton(), dtype: "float64" });
 * parameters.sub(Math.log(2)).abs().max().itemSync() < 1e-8; // → true
 * ```
 */
export function newton(options: Readonly<Record<string, never>> = {}): Method {
  checkOptions("newton", options, []);
  return { name: "newton", config: {}, of: "value", begin: (problem) => new Newton(problem) };
}

class Newton implements Iteration {
  readonly #problem: Problem;

  constructor(problem: Problem) {
    this.#problem = problem;
  }

  async evaluate(x: Vector): Promise<Point> {
    return { x, ...(await this.#problem.gradient(x)) };
  }

  async step(at: Point): Promise<Step> {
    const { epsilon } = this.#problem;
    const found = this.#direction(await this.#problem.hessian(at.x), at.gradient);
    if (found === undefined) return { to: at, end: { reason: "the Hessian is NaN or infinite", converged: false } };
    const { direction, shift } = found;
    const searched = await lineSearch((x) => this.evaluate(x), at, direction, 1, epsilon);
    if ("point" in searched) return { to: searched.point };
    if (shift > 0) return { to: at, end: { reason: searched.failed, converged: false } };
    const promised = -dot(at.gradient, direction) / 2;
    return { to: at, end: endOf(searched.failed, at, direction, promised, epsilon) };
  }

  async escape(at: Point): Promise<Point | undefined> {
    const hessian = await this.#problem.hessian(at.x);
    if (!Number.isFinite(maxNorm(hessian))) return undefined;
    const { value, vector, largest } = leastEigenvalue(hessian, this.#problem.size);
    if (value >= -Math.sqrt(this.#problem.epsilon) * largest) return undefined;
    return descend((x) => this.evaluate(x), at, vector, value);
  }

  #direction(hessian: Vector, gradient: Vector): { direction: Vector; shift: number } | undefined {
    const n = this.#problem.size;
    const size = maxNorm(hessian);
    if (!Number.isFinite(size)) return undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) least = Math.min(least, hessian[i * n + i] as number);
    // β of algorithm 3.3; a Hessian of zeros makes it a step down the gradient.
    const beta = size === 0 ? 1 : 1e-3 * size;
    let shift = least > 0 ? 0 : beta - least;
    for (;;) {
      const factor = cholesky(hessian, n, shift, this.#problem.epsilon);
      if (factor !== undefined)
        return { direction: scaled(-1, solveUpper(factor, solveUpperTransposed(factor, gradient))), shift };
      shift = Math.max(2 * shift, beta);
    }
  }
}

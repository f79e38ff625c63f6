/** L-BFGS. */
import { checkNumber, checkOptions } from "../../tensor/options.ts";
import { lineSearch } from "./line-search.ts";
import type { Iteration, Method, Point, Step } from "./method.ts";
import type { Problem } from "./problem.ts";
import { addTo, along, dot, maxNorm, scaled, type Vector } from "./vectors.ts";

export interface LBFGSOptions {
  /** How many of the last steps it remembers; default 10. */
  readonly memory?: number;
}

/**
 * The limited-memory BFGS method with a line search for the strong Wolfe conditions: J. Nocedal and S. J. Wright,
 * "Numerical optimization", 2nd ed., 2006, algorithms 7.4 and 7.5. It needs gradients only, and memory for a few of them, so
 * it is for any number of parameters.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { lbfgs, minimize } from "chainrule/optim";
 * const f = ({ a, b }: { a: Tensor; b: Tensor }) => a.sub(3).square().add(b.sub(a).square());
 * const { parameters } = await minimize(f, { a: tensor(0), b: tensor(0) }, { method: lbfgs() });
 * Math.abs(parameters.b.itemSync() - 3) < 1e-3; // → true
 * ```
 */
export function lbfgs(options: LBFGSOptions = {}): Method {
  checkOptions("lbfgs", options, ["memory"]);
  const memory = checkNumber("lbfgs", "memory", options.memory ?? 10, { least: 1, integer: true });
  return { name: "lbfgs", config: { memory }, of: "value", begin: (problem) => new LBFGS(problem, memory) };
}

/** A step and by how much it changed the gradient. */
interface Pair {
  readonly s: Vector;
  readonly y: Vector;
  /** 1 / yᵀs. */
  readonly rho: number;
}

class LBFGS implements Iteration {
  readonly #problem: Problem;
  readonly #memory: number;
  #pairs: Pair[] = [];

  constructor(problem: Problem, memory: number) {
    this.#problem = problem;
    this.#memory = memory;
  }

  async evaluate(x: Vector): Promise<Point> {
    return { x, ...(await this.#problem.gradient(x)) };
  }

  async step(at: Point): Promise<Step> {
    // The first step has no scale yet: one that moves no number by more than 1, nor by more than its slope.
    const first = this.#pairs.length === 0 ? Math.min(1, 1 / maxNorm(at.gradient)) : 1;
    const { epsilon } = this.#problem;
    const found = await lineSearch((x) => this.evaluate(x), at, this.#direction(at.gradient), first, epsilon);
    if ("point" in found) {
      this.#remember(along(found.point.x, -1, at.x), along(found.point.gradient, -1, at.gradient));
      return { to: found.point };
    }
    if (this.#pairs.length === 0) return { to: at, end: { reason: found.failed, converged: false } };
    // What is remembered may be of another region: once more from the gradient alone.
    this.#pairs = [];
    return this.step(at);
  }

  /** −H·g by the two loops of algorithm 7.4. */
  #direction(gradient: Vector): Vector {
    const q = scaled(-1, gradient);
    const shares = this.#pairs.map(() => 0);
    for (let i = this.#pairs.length - 1; i >= 0; i--) {
      const { s, y, rho } = this.#pairs[i] as Pair;
      shares[i] = rho * dot(s, q);
      addTo(q, -(shares[i] as number), y);
    }
    const last = this.#pairs.at(-1);
    const r = last === undefined ? q : scaled(1 / (last.rho * dot(last.y, last.y)), q);
    this.#pairs.forEach(({ s, y, rho }, i) => {
      addTo(r, (shares[i] as number) - rho * dot(y, r), s);
    });
    return r;
  }

  #remember(s: Vector, y: Vector): void {
    const curvature = dot(s, y);
    // The Wolfe conditions give sᵀy > 0; rounding may not.
    if (!(curvature > this.#problem.epsilon * dot(y, y))) return;
    this.#pairs.push({ s, y, rho: 1 / curvature });
    if (this.#pairs.length > this.#memory) this.#pairs.shift();
  }
}

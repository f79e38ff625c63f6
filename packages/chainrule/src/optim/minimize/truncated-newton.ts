/** Newton's method by conjugate gradients, without the Hessian. */
import { checkNumber, checkOptions } from "../../tensor/options.ts";
import { descend } from "./curvature.ts";
import {
  hiddenOf,
  type Iteration,
  type Method,
  NO_STEP,
  NOT_FINITE,
  type Point,
  type Step,
  unbounded,
} from "./method.ts";
import type { Problem } from "./problem.ts";
import { along, dot, maxNorm, norm, scaled, type Vector } from "./vectors.ts";

export interface TruncatedNewtonOptions {
  /** The most Hessian-vector products in a step; default 100, or twice the number of parameters if that is less. */
  readonly products?: number;
}

/**
 * Truncated Newton, or Newton–CG: minimizes the quadratic model g·p + ½·pᵀ∇²f·p within ‖p‖ ≤ Δ by conjugate gradients, each
 * iteration one Hessian-vector product, only as exactly as pays off: to min(½, √‖g‖)·‖g‖. Where a direction of negative
 * curvature turns up, it is followed to the bound. Δ grows and shrinks as the model proves right or wrong. T. Steihaug, "The
 * conjugate gradient method and trust regions in large scale optimization", 1983; J. Nocedal and S. J. Wright, "Numerical
 * optimization", 2nd ed., 2006, algorithms 4.1 and 7.2. A place where the gradient is 0 is tried for negative curvature by
 * conjugate gradients from a random vector, and left if there is one.
 *
 * Memory for a few vectors only: for any number of parameters.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { minimize, truncatedNewton } from "chainrule/optim";
 * const f = (x: Tensor) => x.exp().sub(x.mul(2)).sum();
 * const { converged } = await minimize(f, tensor([0, 3]), { method: truncatedNewton(), dtype: "float64" });
 * converged; // → true
 * ```
 */
export function truncatedNewton(options: TruncatedNewtonOptions = {}): Method {
  checkOptions("truncatedNewton", options, ["products"]);
  const products = checkNumber("truncatedNewton", "products", options.products ?? 100, { least: 1, integer: true });
  return {
    name: "truncatedNewton",
    config: { products },
    of: "value",
    begin: (problem) => new TruncatedNewton(problem, Math.min(products, 2 * problem.size)),
  };
}

/** What conjugate gradients have come to. */
interface Solved {
  readonly step: Vector;
  /** By how much the quadratic model says that the value falls. */
  readonly predicted: number;
  /** Whether the step goes as far as it may. */
  readonly bounded: boolean;
  /** A direction d with dᵀHd ≤ 0, if one turned up. */
  readonly negative?: { readonly direction: Vector; readonly curvature: number };
}

/** A region larger than any function with a minimum needs. */
const LARGEST = 1e20;

class TruncatedNewton implements Iteration {
  readonly #problem: Problem;
  readonly #products: number;
  /** Δ. */
  #radius: number;

  constructor(problem: Problem, products: number) {
    this.#problem = problem;
    this.#products = products;
    this.#radius = Math.max(1, norm(problem.start));
  }

  async evaluate(x: Vector): Promise<Point> {
    return { x, ...(await this.#problem.gradient(x)) };
  }

  async step(at: Point): Promise<Step> {
    const { epsilon } = this.#problem;
    const end = (reason: string): Step => ({ to: at, end: { reason, converged: false } });
    const length = norm(at.gradient);
    const hidden = hiddenOf(at.value, epsilon);
    let finite = true;
    while (this.#radius > (epsilon * norm(at.x)) / 1000 && this.#radius > Number.MIN_VALUE) {
      const solved = await this.#solve(at, at.gradient, this.#radius, Math.min(0.5, Math.sqrt(length)) * length);
      if (!Number.isFinite(solved.predicted)) return end("the Hessian is NaN or infinite");
      const to = await this.evaluate(along(at.x, 1, solved.step));
      const usable = Number.isFinite(to.value) && Number.isFinite(maxNorm(to.gradient));
      finite &&= usable;
      const fall = at.value - to.value;
      // What rounding may hide: there a smaller gradient tells that a step is good.
      const measured = solved.predicted > hidden ? fall / solved.predicted : 1;
      const better = solved.predicted > hidden || (fall >= -hidden && norm(to.gradient) < length);
      const ratio = usable && better ? measured : -1;
      if (ratio < 0.25) this.#radius = norm(solved.step) / 4;
      else if (ratio > 0.75 && solved.bounded) this.#radius *= 2;
      if (this.#radius > LARGEST || to.value === Number.NEGATIVE_INFINITY)
        return end(unbounded(at.value, this.#radius));
      if (ratio > 1e-4) return { to };
    }
    return end(finite ? NO_STEP : NOT_FINITE);
  }

  async escape(at: Point): Promise<Point | undefined> {
    const { size, epsilon } = this.#problem;
    const { negative } = await this.#solve(at, noise(size), Number.POSITIVE_INFINITY, 0);
    if (negative === undefined) return undefined;
    const { direction, curvature } = negative;
    if (curvature >= -Math.sqrt(epsilon) * dot(direction, direction)) return undefined;
    return descend((x) => this.evaluate(x), at, direction, curvature);
  }

  /** Conjugate gradients for H·p = −g from p = 0 within the radius, until the residual is no longer than the tolerance. */
  async #solve(at: Point, g: Vector, radius: number, tolerance: number): Promise<Solved> {
    let step: Vector = new Float64Array(g.length);
    let image = step;
    let residual = g;
    let direction = scaled(-1, g);
    let square = dot(g, g);
    const found = (p: Vector, hp: Vector) => ({ step: p, predicted: -(dot(g, p) + dot(p, hp) / 2) });
    for (let i = 0; i < this.#products && Math.sqrt(square) > tolerance; i++) {
      const product = await this.#problem.product(at.x, direction);
      const curvature = dot(direction, product);
      const alpha = square / curvature;
      const next = along(step, alpha, direction);
      if (curvature <= 0 || norm(next) >= radius) {
        const beta = Number.isFinite(radius) ? toBound(step, direction, radius) : 0;
        const negative = curvature <= 0 ? { negative: { direction, curvature } } : {};
        return { ...found(along(step, beta, direction), along(image, beta, product)), bounded: true, ...negative };
      }
      step = next;
      image = along(image, alpha, product);
      residual = along(residual, alpha, product);
      const before = square;
      square = dot(residual, residual);
      direction = along(scaled(square / before, direction), -1, residual);
    }
    return { ...found(step, image), bounded: false };
  }
}

/** The β ≥ 0 for which ‖p + β·d‖ is the radius. */
function toBound(p: Vector, d: Vector, radius: number): number {
  const [dd, pd, pp] = [dot(d, d), dot(p, d), dot(p, p)];
  return (Math.sqrt(pd * pd + dd * Math.max(0, radius * radius - pp)) - pd) / dd;
}

/** Numbers in (−1, 1) without a pattern, the same every time: the fractions of multiples of the golden ratio. */
const noise = (n: number): Vector =>
  Float64Array.from({ length: n }, (_, i) => 2 * (((i + 1) * 0.6180339887498949) % 1) - 1);

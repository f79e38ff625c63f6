/** The Levenberg–Marquardt method. */
import { checkNumber, checkOptions } from "../../tensor/options.ts";
import { evaluateSquares, isOrthogonal, SMALLEST, type SquaresPoint } from "./least-squares.ts";
import {
  columnNorms,
  type Factored,
  multiply,
  multiplyTransposed,
  qr,
  solveUpper,
  solveUpperTransposed,
} from "./matrices.ts";
import type { Iteration, Method, Step } from "./method.ts";
import type { Problem } from "./problem.ts";
import { along, norm, scaled, times, type Vector } from "./vectors.ts";

export interface LevenbergMarquardtOptions {
  /** The first step is at most this times the length of the start, both scaled; default 100. Less is more careful. */
  readonly firstRadius?: number;
  /** It has converged when no step longer than this, relative to the parameters, is trusted; default 10⁻¹⁰. */
  readonly stepTolerance?: number;
}

/**
 * The Levenberg–Marquardt method for functions that return residuals r: each step minimizes ‖J·p + r‖ among all p with
 * ‖D·p‖ ≤ Δ, which is (JᵀJ + λD²)·p = −Jᵀr for some λ ≥ 0, solved by QR factorizations and without forming JᵀJ. D holds the
 * largest norms that the columns of J have had, so that the units of the parameters do not matter, and Δ grows and
 * shrinks as the linear model proves right or wrong. J. J. Moré, "The Levenberg–Marquardt algorithm: implementation and
 * theory", 1978, with the constants of MINPACK's lmder.
 *
 * It ends when the residuals are orthogonal to the columns of J to `gradientTolerance`, when the sum of squares cannot
 * become less by more than rounding, or by `stepTolerance`.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { levenbergMarquardt, minimize } from "chainrule/optim";
 * const t = tensor([0, 1, 2, 3]);
 * const y = tensor([2, 1, 0.5, 0.25]);
 * const residuals = ({ a, k }: { a: Tensor; k: Tensor }) => k.neg().mul(t).exp().mul(a).sub(y);
 * const { parameters } = await minimize(residuals, { a: tensor(1), k: tensor(10) }, { method: levenbergMarquardt() });
 * Math.abs(parameters.k.itemSync() - Math.log(2)) < 1e-4; // → true
 * ```
 */
export function levenbergMarquardt(options: LevenbergMarquardtOptions = {}): Method {
  const name = "levenbergMarquardt";
  checkOptions(name, options, ["firstRadius", "stepTolerance"]);
  const firstRadius = checkNumber(name, "firstRadius", options.firstRadius ?? 100, { above: 0 });
  const stepTolerance = checkNumber(name, "stepTolerance", options.stepTolerance ?? 1e-10, { above: 0 });
  return {
    name,
    config: { firstRadius, stepTolerance },
    of: "residuals",
    begin: (problem) => new LevenbergMarquardt(problem, firstRadius, stepTolerance),
  };
}

class LevenbergMarquardt implements Iteration<SquaresPoint> {
  readonly #problem: Problem;
  readonly #firstRadius: number;
  readonly #stepTolerance: number;
  readonly isStationary = isOrthogonal;
  /** D. */
  #scale: Vector | undefined;
  /** Δ. */
  #radius = 0;
  /** λ. */
  #lambda = 0;

  constructor(problem: Problem, firstRadius: number, stepTolerance: number) {
    this.#problem = problem;
    this.#firstRadius = firstRadius;
    this.#stepTolerance = stepTolerance;
  }

  evaluate(x: Vector): Promise<SquaresPoint> {
    return evaluateSquares(this.#problem, x);
  }

  async step(at: SquaresPoint): Promise<Step<SquaresPoint>> {
    const { size, epsilon } = this.#problem;
    const columns = columnNorms(at.jacobian, size);
    const first = this.#scale === undefined;
    this.#scale =
      this.#scale?.map((d, i) => Math.max(d, columns[i] as number)) ?? columns.map((d) => (d === 0 ? 1 : d));
    const scale = this.#scale;
    const place = norm(times(scale, at.x));
    if (first) this.#radius = this.#firstRadius * (place === 0 ? 1 : place);
    const factored = qr(at.jacobian, at.residuals, size);
    const before = norm(at.residuals);
    let bad = false;
    for (let rejected = 0; ; rejected++) {
      const { lambda, step } = restrictedStep(factored, scale, this.#radius, this.#lambda);
      this.#lambda = lambda;
      const length = norm(times(scale, step));
      if (first && rejected === 0) this.#radius = Math.min(this.#radius, length);
      const x = along(at.x, 1, step);
      const after = norm(await this.#problem.values(x));
      bad ||= !Number.isFinite(after);
      // Relative reductions of the sum of squares, as it is and as the linear model has it.
      const actual = after / 10 < before ? 1 - (after / before) ** 2 : -1;
      const linear = (norm(multiply(factored.r, step)) / before) ** 2;
      const damped = lambda * (length / before) ** 2;
      const predicted = linear + 2 * damped;
      const ratio = predicted === 0 ? 0 : actual / predicted;
      this.#adjust(ratio, actual, linear + damped, length);
      const accepted = ratio >= 1e-4;
      const to = accepted ? await this.evaluate(x) : at;
      const usable = to.gradient.every(Number.isFinite);
      const end = (reason: string, converged: boolean): Step<SquaresPoint> => ({
        to: usable ? to : at,
        end: { reason, converged },
      });
      if (!usable) return end("the derivative of the residuals is NaN or infinite at the next place", false);
      if (Math.abs(actual) <= epsilon && predicted <= epsilon && ratio <= 2) {
        return end(SMALLEST.reason, SMALLEST.converged);
      }
      if (this.#radius <= this.#stepTolerance * place) {
        return bad
          ? end("the residuals are NaN or infinite near this place, and no step was found that avoids that", false)
          : end("no step longer than the tolerance makes the sum of squares less", true);
      }
      if (accepted) return { to };
    }
  }

  /** Δ and λ after a step: smaller where the model was wrong, larger where it was right. */
  #adjust(ratio: number, actual: number, slope: number, length: number): void {
    if (ratio <= 0.25) {
      const wanted = actual >= 0 ? 0.5 : (0.5 * slope) / (slope - 0.5 * actual);
      const factor = actual <= -1 || !(wanted >= 0.1) ? 0.1 : wanted;
      this.#radius = factor * Math.min(this.#radius, length * 10);
      this.#lambda /= factor;
    } else if (this.#lambda === 0 || ratio >= 0.75) {
      this.#radius = 2 * length;
      this.#lambda /= 2;
    }
  }
}

/**
 * The step of least ‖J·p + r‖ with ‖D·p‖ ≤ Δ, to a tenth of Δ, and its λ: Newton's iteration for the root of
 * φ(λ) = ‖D·p(λ)‖ − Δ between bounds (Moré, 1978, algorithm 5.5).
 */
function restrictedStep(
  factored: Factored,
  scale: Vector,
  radius: number,
  guess: number,
): { lambda: number; step: Vector } {
  const n = scale.length;
  const free = solveUpper(factored.r, factored.qtb);
  const regular = free.every(Number.isFinite);
  const freeLength = norm(times(scale, free));
  if (regular && freeLength <= 1.1 * radius) return { lambda: 0, step: scaled(-1, free) };
  const slopeOf = (r: Vector, p: Vector, length: number): number =>
    norm(solveUpperTransposed(r, times(times(scale, scale), scaled(1 / length, p))));
  const gradient = multiplyTransposed(factored.r, factored.qtb, n).map((g, i) => g / (scale[i] as number));
  let upper = norm(gradient) / radius || Number.MIN_VALUE / Math.min(radius, 0.1);
  let lower = regular ? (freeLength - radius) / radius / slopeOf(factored.r, free, freeLength) ** 2 : 0;
  let lambda = Math.min(Math.max(guess, lower), upper) || norm(gradient) / freeLength || 1e-3 * upper;
  let excess = freeLength - radius;
  for (let i = 1; ; i++) {
    if (lambda === 0) lambda = Math.max(Number.MIN_VALUE, 1e-3 * upper);
    const { r, qtb } = damp(factored, scale, lambda);
    const p = solveUpper(r, qtb);
    const length = norm(times(scale, p));
    const previous = excess;
    excess = length - radius;
    const flat = lower === 0 && excess <= previous && previous < 0;
    if (Math.abs(excess) <= 0.1 * radius || flat || i === 10) return { lambda, step: scaled(-1, p) };
    const correction = excess / radius / slopeOf(r, p, length) ** 2;
    if (excess > 0) lower = Math.max(lower, lambda);
    else upper = Math.min(upper, lambda);
    lambda = Math.max(lower, lambda + correction);
  }
}

/**
 * The factorization of [R; √λ·D] with the right side [Qᵀr; 0], by Givens rotations, which keep small rows accurate beside
 * large ones (MINPACK's qrsolv).
 */
function damp(factored: Factored, scale: Vector, lambda: number): Factored {
  const n = scale.length;
  const [r, qtb] = [factored.r.slice(), factored.qtb.slice()];
  for (let j = 0; j < n; j++) {
    const row = new Float64Array(n);
    row[j] = Math.sqrt(lambda) * (scale[j] as number);
    let right = 0;
    for (let k = j; k < n; k++) {
      const [a, b] = [r[k * n + k] as number, row[k] as number];
      if (b === 0) continue;
      const length = Math.hypot(a, b);
      const [c, s] = [a / length, b / length];
      for (let i = k; i < n; i++) {
        const x = r[k * n + i] as number;
        const y = row[i] as number;
        r[k * n + i] = c * x + s * y;
        row[i] = c * y - s * x;
      }
      const above = qtb[k] as number;
      qtb[k] = c * above + s * right;
      right = c * right - s * above;
    }
  }
  return { r, qtb };
}

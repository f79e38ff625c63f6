/** The spectrum of the Hessian: how curved a loss is, and in how many directions. */
import { formatNumber } from "../check/numbers.ts";
import { ofFunction, ofModel, requireLeaves, requireScalar, type Subject } from "../check/subject.ts";
import { compile } from "../compile/index.ts";
import { numbersOf } from "../data/dataset.ts";
import { ChainruleError } from "../graph/errors.ts";
import { evaluate, traceFunction } from "../graph/trace.ts";
import { Module } from "../nn/index.ts";
import { foldIn, key, normal } from "../ops/composed/random.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import type { Model } from "../train/model.ts";
import { exampleLosses } from "../train/weighted-loss.ts";
import { hvp } from "../transform/index.ts";
import { promote } from "../transform/promote.ts";
import { barChart } from "./bars.ts";
import { lanczos, type RitzValue } from "./lanczos.ts";
import { checkSample, type Sample } from "./sample.ts";

export type { RitzValue } from "./lanczos.ts";

export interface SpectrumOptions {
  /** Hessian-vector products for each start vector; default 60, or as many as there are parameters if these are fewer. */
  readonly steps?: number;
  /** Random start vectors, over which the density is averaged; default 4. Extreme eigenvalues need one only. */
  readonly probes?: number;
  /** Standard deviation of the bell curve that stands for each eigenvalue in the density; default 1 % of their range. */
  readonly deviation?: number;
  /** Points of the density; default 200. */
  readonly points?: number;
  /** Any integer, default 0. */
  readonly seed?: number;
}

/** Where eigenvalues lie: at each place, the share of them for a unit of length. Its integral is 1. */
export interface SpectralDensity {
  readonly at: Float64Array;
  readonly density: Float64Array;
}

/** What `hessianSpectrum` found. */
export class HessianSpectrum {
  /** The number of parameters, and so of eigenvalues. */
  readonly size: number;
  /** The algebraically largest and smallest eigenvalue. */
  readonly largest: RitzValue;
  readonly smallest: RitzValue;
  /** The approximate eigenvalues from the first start vector, ascending. Those at the ends of the spectrum are found first. */
  readonly eigenvalues: readonly RitzValue[];
  readonly density: SpectralDensity;
  /** Estimates of the sum of all eigenvalues and of the share of those below 0, from the quadrature. */
  readonly trace: number;
  readonly negativeShare: number;

  /** @internal */
  constructor(runs: readonly (readonly RitzValue[])[], size: number, deviation: number | undefined, points: number) {
    const ends = (i: number): RitzValue[] => runs.map((run) => run.at(i) as RitzValue);
    this.size = size;
    this.eigenvalues = runs[0] as readonly RitzValue[];
    this.largest = ends(-1).reduce((a, b) => (b.value > a.value ? b : a));
    this.smallest = ends(0).reduce((a, b) => (b.value < a.value ? b : a));
    // All eigenvalues are worth more than an estimate from random vectors.
    const quadrature =
      this.eigenvalues.length === size
        ? this.eigenvalues.map(({ value }) => ({ value, weight: 1 / size }))
        : runs.flat().map(({ value, weight }) => ({ value, weight: weight / runs.length }));
    this.trace = size * quadrature.reduce((sum, { value, weight }) => sum + weight * value, 0);
    const range = this.largest.value - this.smallest.value;
    const scale = Math.max(Math.abs(this.largest.value), Math.abs(this.smallest.value));
    // Eigenvalues that are 0 in exact arithmetic come out on either side of it.
    const below = quadrature.filter(({ value }) => value < -NEGLIGIBLE * scale);
    this.negativeShare = below.reduce((sum, { weight }) => sum + weight, 0);
    const width = deviation ?? Math.max(WIDTH * range, NEGLIGIBLE * scale, Number.MIN_VALUE ** 0.25);
    this.density = smoothed(quadrature, this.smallest.value, this.largest.value, width, points);
  }

  /** The ends, what they mean for the learning rate, and the density as bars. */
  toString(): string {
    const { largest, smallest, size, negativeShare, density } = this;
    const withError = ({ value, error }: RitzValue): string =>
      `${formatNumber(value)} (± ${formatNumber(Number(error.toPrecision(1)))})`;
    const every = Math.ceil(density.at.length / LINES);
    const rows = Array.from(density.at.keys()).filter((i) => i % every === 0);
    return [
      `${size} eigenvalues: from ${withError(smallest)} to ${withError(largest)}, sum about ${formatNumber(Number(this.trace.toPrecision(3)))}.`,
      ...(largest.value > 0
        ? [
            `Plain gradient descent is stable for learning rates below 2/λ = ${formatNumber(Number((2 / largest.value).toPrecision(3)))}.`,
          ]
        : []),
      negativeShare > 0
        ? `About ${formatNumber(Number((100 * negativeShare).toPrecision(2)))} % are negative: there are directions down, this is no minimum.`
        : "None is negative: as far as curvature tells, this is a minimum.",
      barChart(
        rows.map((i) => formatNumber(Number((density.at[i] as number).toPrecision(3)))),
        rows.map((i) => density.density.subarray(i, i + every).reduce((sum, p) => sum + p, 0)),
      ),
    ].join("\n");
  }
}

/** Lines of a printed density. */
const LINES = 20;
/** Of the range of eigenvalues: the width of a bell curve. */
const WIDTH = 0.01;
/** Of the largest eigenvalue: what cannot be told from 0. */
const NEGLIGIBLE = 1e-10;

/** Σ wᵢ·N(t; λᵢ, σ²), from three deviations below the smallest eigenvalue to three above the largest. */
function smoothed(
  quadrature: readonly { readonly value: number; readonly weight: number }[],
  least: number,
  most: number,
  deviation: number,
  points: number,
): SpectralDensity {
  const [from, to] = [least - 3 * deviation, most + 3 * deviation];
  const at = Float64Array.from({ length: points }, (_, i) => from + (i * (to - from)) / (points - 1));
  const density = at.map((t) =>
    quadrature.reduce((sum, { value, weight }) => sum + weight * Math.exp(-(((t - value) / deviation) ** 2) / 2), 0),
  );
  return { at, density: density.map((sum) => sum / (deviation * Math.sqrt(2 * Math.PI))) };
}

export interface ModelSpectrum extends Sample, SpectrumOptions {}
export interface FunctionSpectrum<T> extends SpectrumOptions {
  /** Where: a tree of float tensors; or boxes by name, such as params(model), for a function without arguments. */
  readonly at: T;
}

const OPTIONS = ["steps", "probes", "deviation", "points", "seed"] as const;

/**
 * The eigenvalues of the Hessian of the mean loss of examples by a model's parameters, or of any scalar function, from
 * Hessian-vector products alone, in double precision: the Lanczos process gives those at the ends with error bounds, and its tridiagonal matrices
 * are Gauss quadratures of the spectral density (B. Ghorbani, S. Krishnan and Y. Xiao, "An investigation into neural net
 * optimization via Hessian eigenvalue density", 2019). An eigenvalue that occurs several times is found once; the density
 * and the trace count it as often as it occurs, up to chance. The model is in evaluation mode and is not changed.
 *
 * @throws TypeError, RangeError, DataError for options and data that cannot be right; TraceError unless the function gives one
 *   float; ChainruleError if a second derivative is not finite
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { hessianSpectrum } from "chainrule/diagnose";
 * // x² + 5y²: the Hessian is diag(2, 10).
 * const f = (p: Tensor) => p.square().mul(tensor([1, 5])).sum();
 * const { smallest, largest } = hessianSpectrum(f, { at: tensor([1, 1]) });
 * [smallest.value.toFixed(6), largest.value.toFixed(6)]; // → [ '2.000000', '10.000000' ]
 * ```
 */
export function hessianSpectrum(model: Model, options: ModelSpectrum): HessianSpectrum;
export function hessianSpectrum<T>(f: (x: T) => Tensor, options: FunctionSpectrum<T>): HessianSpectrum;
export function hessianSpectrum(
  f: Model | ((x: never) => Tensor),
  options: ModelSpectrum | FunctionSpectrum<unknown>,
): HessianSpectrum {
  const where = "hessianSpectrum";
  const isModel = f instanceof Module;
  checkOptions(where, options, isModel ? ["loss", "x", "y", ...OPTIONS] : ["at", ...OPTIONS]);
  const subject = isModel
    ? ofSample(where, f as unknown as Model, options as ModelSpectrum)
    : ofFunction(where, f as (x: never) => Tensor, (options as FunctionSpectrum<unknown>)?.at);
  const { size, multiply } = hessianOf(where, subject);
  const whole = (name: "steps" | "probes" | "points", value: number, least: number): number =>
    checkNumber(where, name, options[name] ?? value, { least, integer: true });
  const [steps, probes, points] = [whole("steps", 60, 1), whole("probes", 4, 1), whole("points", 200, 2)];
  const { deviation } = options;
  if (deviation !== undefined) checkNumber(where, "deviation", deviation, { above: 0 });
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });
  const runs = Array.from({ length: probes }, (_, i) => {
    const start = numbersOf(normal(foldIn(key(seed), i), [size], { dtype: "float64" })) as Float64Array;
    return lanczos(multiply, start, steps);
  });
  return new HessianSpectrum(runs, size, deviation, points);
}

function ofSample(where: string, model: Model, options: ModelSpectrum): Subject {
  const { loss, x, y } = checkSample(where, model, options);
  return ofModel(model, (prediction, target) => exampleLosses(loss, prediction, target).mean(), x, y, {
    mode: "evaluation",
  });
}

/** The Hessian as a function of vectors: all parameters one after another. */
function hessianOf(where: string, { leaves, call }: Subject) {
  requireLeaves(where, leaves);
  const { graph, captured } = traceFunction((...args) => [requireScalar(where, call(args)).reshape([])], leaves);
  const exact = promote(graph);
  const [point, rest] = [leaves, captured].map((list) =>
    list.map((t) => (t.dtype === "float32" ? t.cast("float64") : t)),
  ) as [Tensor[], Tensor[]];
  const f = (theta: Tensor[]): Tensor => evaluate(exact, [...theta, ...rest])[0] as Tensor;
  const product = compile((direction: Tensor[]) => hvp(f)(point, direction));
  const size = point.reduce((sum, t) => sum + t.size, 0);
  const multiply = (v: Float64Array): Float64Array => {
    let from = 0;
    const direction = point.map(({ shape, size: own }) => {
      from += own;
      return fromData(v.slice(from - own, from), shape, "float64");
    });
    const result = new Float64Array(size);
    let to = 0;
    for (const part of product(direction) as Tensor[]) {
      result.set(numbersOf(part), to);
      to += part.size;
    }
    if (result.every(Number.isFinite)) return result;
    throw new ChainruleError(
      `${where}: a second derivative is not finite there; detectNaN tells where such numbers come from.`,
    );
  };
  return { size, multiply };
}

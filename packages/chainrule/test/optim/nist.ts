/**
 * The nonlinear regression problems of the NIST Statistical Reference Datasets with their certified values:
 * https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml. The files in nist/ are NIST's own, in the public domain.
 */
import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

export interface NistProblem {
  readonly name: string;
  /** The two published starts. */
  readonly starts: readonly [number[], number[]];
  readonly certified: number[];
  readonly residualSumOfSquares: number;
  /** Observed minus modelled. */
  residuals(b: Tensor): Tensor;
}

type Model = (b: Tensor[], x: Tensor, second: Tensor) => Tensor;

/** cᵀ·(1, x, x², …). */
const polynomial = (coefficients: readonly Tensor[], x: Tensor): Tensor =>
  coefficients.reduceRight((sum, c) => sum.mul(x).add(c), x.mul(0));

const one = (x: Tensor): Tensor => x.mul(0).add(1);

/** numerator / (1 + x·denominator). */
const rational = (numerator: Tensor[], denominator: Tensor[], x: Tensor): Tensor =>
  polynomial(numerator, x).div(polynomial(denominator, x).mul(x).add(1));

/** b·exp(−k·x). */
const decay = (b: Tensor, k: Tensor, x: Tensor): Tensor => k.neg().mul(x).exp().mul(b);

/** b·exp(−((x − centre)/width)²). */
const bell = (b: Tensor, centre: Tensor, width: Tensor, x: Tensor): Tensor =>
  x.sub(centre).div(width).square().neg().exp().mul(b);

/** b·cos(2πx/period) + c·sin(2πx/period). */
const cycle = (b: Tensor, c: Tensor, period: Tensor, x: Tensor): Tensor => {
  const angle = x.mul(2 * Math.PI).div(period);
  return b.mul(angle.cos()).add(c.mul(angle.sin()));
};

/** arctan, by Euler's ∫₀¹ z/(1 + z²t²) dt, which the 40-point Gauss rule gives to rounding for |z| ≤ 1. */
const arctan = (z: Tensor): Tensor => {
  // arctan z = 2·arctan(z/(1 + √(1 + z²))) twice makes any z small; then its series.
  const halve = (t: Tensor): Tensor => t.div(t.square().add(1).sqrt().add(1));
  const small = halve(halve(halve(halve(z))));
  const square = small.square().neg();
  let sum = one(small).mul(1 / 25);
  for (let k = 23; k >= 1; k -= 2) sum = sum.mul(square).add(1 / k);
  return sum.mul(small).mul(16);
};

const exponentials: Model = ([a, k, b, l, c, m], x) =>
  decay(a as Tensor, k as Tensor, x)
    .add(decay(b as Tensor, l as Tensor, x))
    .add(decay(c as Tensor, m as Tensor, x));

const gauss: Model = ([a, k, b, p, v, c, q, w], x) =>
  decay(a as Tensor, k as Tensor, x)
    .add(bell(b as Tensor, p as Tensor, v as Tensor, x))
    .add(bell(c as Tensor, q as Tensor, w as Tensor, x));

const cubic: Model = (b, x) => rational(b.slice(0, 4), b.slice(4), x);

const chwirut: Model = ([a, b, c], x) => decay(one(x), a as Tensor, x).div((b as Tensor).add((c as Tensor).mul(x)));

const saturation: Model = ([a, k], x) =>
  (a as Tensor).mul(
    decay(one(x), k as Tensor, x)
      .neg()
      .add(1),
  );

const models: Readonly<Record<string, Model>> = {
  Bennett5: ([a, b, c], x) =>
    (b as Tensor)
      .add(x)
      .pow((c as Tensor).reciprocal().neg())
      .mul(a as Tensor),
  BoxBOD: saturation,
  Chwirut1: chwirut,
  Chwirut2: chwirut,
  DanWood: ([a, p], x) => x.pow(p as Tensor).mul(a as Tensor),
  ENSO: ([a, b, c, p, d, e, q, f, g], x) =>
    cycle(b as Tensor, c as Tensor, one(a as Tensor).mul(12), x)
      .add(cycle(d as Tensor, e as Tensor, p as Tensor, x))
      .add(cycle(f as Tensor, g as Tensor, q as Tensor, x))
      .add(a as Tensor),
  Eckerle4: ([a, b, c], x) => bell((a as Tensor).div(b as Tensor), c as Tensor, (b as Tensor).mul(Math.SQRT2), x),
  Gauss1: gauss,
  Gauss2: gauss,
  Gauss3: gauss,
  Hahn1: cubic,
  Kirby2: (b, x) => rational(b.slice(0, 3), b.slice(3), x),
  Lanczos1: exponentials,
  Lanczos2: exponentials,
  Lanczos3: exponentials,
  MGH09: ([a, b, c, d], x) =>
    x
      .square()
      .add(x.mul(b as Tensor))
      .mul(a as Tensor)
      .div(
        x
          .square()
          .add(x.mul(c as Tensor))
          .add(d as Tensor),
      ),
  MGH10: ([a, b, c], x) =>
    (b as Tensor)
      .div(x.add(c as Tensor))
      .exp()
      .mul(a as Tensor),
  MGH17: ([a, b, c, k, l], x) =>
    decay(b as Tensor, k as Tensor, x)
      .add(decay(c as Tensor, l as Tensor, x))
      .add(a as Tensor),
  Misra1a: saturation,
  Misra1b: ([a, b], x) =>
    x
      .mul(b as Tensor)
      .div(2)
      .add(1)
      .pow(-2)
      .neg()
      .add(1)
      .mul(a as Tensor),
  Misra1c: ([a, b], x) =>
    x
      .mul(b as Tensor)
      .mul(2)
      .add(1)
      .pow(-0.5)
      .neg()
      .add(1)
      .mul(a as Tensor),
  Misra1d: ([a, b], x) =>
    x
      .mul(b as Tensor)
      .div(x.mul(b as Tensor).add(1))
      .mul(a as Tensor),
  Nelson: ([a, b, c], x, second) => (a as Tensor).sub(decay(x.mul(b as Tensor), c as Tensor, second)),
  Rat42: ([a, b, c], x) =>
    (a as Tensor).div(
      (b as Tensor)
        .sub(x.mul(c as Tensor))
        .exp()
        .add(1),
    ),
  Rat43: ([a, b, c, d], x) =>
    (a as Tensor).div(
      (b as Tensor)
        .sub(x.mul(c as Tensor))
        .exp()
        .add(1)
        .pow((d as Tensor).reciprocal()),
    ),
  Roszman1: ([a, b, c, d], x) =>
    (a as Tensor).sub(x.mul(b as Tensor)).sub(arctan((c as Tensor).div(x.sub(d as Tensor))).div(Math.PI)),
  Thurber: cubic,
};

export const nistNames: readonly string[] = Object.keys(models);

export function readNist(name: string): NistProblem {
  const lines = readFileSync(new URL(`./nist/${name}.dat`, import.meta.url), "utf8").split("\n");
  const numbers = (text: string): number[] => text.trim().split(/\s+/).map(Number);
  const rows = lines
    .slice(40)
    .filter((line) => /^\s*b\d+ =/.test(line))
    .map((line) => numbers(line.split("=")[1] as string));
  const column = (i: number): number[] => rows.map((row) => row[i] as number);
  const rss = lines.find((line) => line.includes("Residual Sum of Squares")) as string;
  const data = lines
    .slice(60)
    .filter((line) => line.trim() !== "" && !line.includes(":"))
    .map(numbers);
  const variable = (i: number): Tensor => tensor(Float64Array.from(data, (row) => row[i] ?? Number.NaN));
  const observed = name === "Nelson" ? variable(0).log() : variable(0);
  const model = models[name] as Model;
  const [x, second] = [variable(1), variable(2)];
  return {
    name,
    starts: [column(0), column(1)],
    certified: column(2),
    residualSumOfSquares: Number((rss.split(":")[1] as string).trim()),
    residuals: (b) =>
      observed.sub(
        model(
          rows.map((_, i) => b.slice(0, i, i + 1).reshape([])),
          x,
          second,
        ),
      ),
  };
}

/** How many leading digits agree, by NIST's measure: −log₁₀ of the relative error, at most 11. */
export function digits(found: ArrayLike<number>, certified: readonly number[]): number {
  const each = certified.map((value, i) => -Math.log10(Math.abs((found[i] as number) - value) / Math.abs(value)));
  return Math.min(11, ...each.map((d) => (Number.isNaN(d) ? -99 : d)));
}

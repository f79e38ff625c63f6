import { describe, expect, it } from "vitest";
import { hessianSpectrum } from "../../src/diagnose/index.ts";
import { lanczos } from "../../src/diagnose/lanczos.ts";
import { tridiagonalEigen } from "../../src/diagnose/tridiagonal.ts";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, dropout, initialize, params, sequential, tanh } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

const close = (found: Iterable<number>, expected: readonly number[], digits: number): void => {
  const list = [...found];
  expect(list.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(list[i]).toBeCloseTo(value, digits);
  });
};

/** Eigenvalues by numpy 1.24.2, np.linalg.eigvalsh; Hessians of networks by PyTorch 1.13, torch.autograd.functional.hessian. */
const MATRIX = [
  [4, 1, 0, -2],
  [1, 3, 1, 0],
  [0, 1, -1, 2],
  [-2, 0, 2, 5],
];
const MATRIX_EIGENVALUES = [-1.8222461565497772, 1.8690173299111037, 4.027548800402286, 6.925680026236384];

const INPUTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [0.5, -0.5],
];

describe("a tridiagonal matrix", () => {
  it("has the eigenvalues and vector ends that numpy finds", () => {
    // np.linalg.eigh of diag(2, −1, 3, ½) with 1, ¼, −2 beside it.
    const { values, first, last } = tridiagonalEigen([2, -1, 3, 0.5], [1, 0.25, -2]);
    close(values, [-1.329507694877339, -0.5902717165269131, 2.300987966132508, 4.118791445271744], 12);
    const squares = (a: Float64Array): Float64Array => a.map((x) => x * x);
    close(squares(first), [0.08053639705796423, 0.003284484756403716, 0.915686560929266, 0.0004925572563657454], 12);
    close(squares(last), [0.014518705206826887, 0.7513864086011053, 0.0007498825771299627, 0.23334500361493796], 12);
  });

  it("may be diagonal, and may not be NaN", () => {
    expect([...tridiagonalEigen([3, 1, 2], [0, 0]).values]).toEqual([1, 2, 3]);
    expect(() => tridiagonalEigen([1, Number.NaN], [1])).toThrow("not finite");
  });
});

describe("the Lanczos process", () => {
  const diagonal = (values: readonly number[]) => (v: Float64Array) => v.map((x, i) => x * (values[i] as number));

  it("finds each eigenvalue once, however far it goes", () => {
    const values = Array.from({ length: 200 }, (_, i) => (i === 199 ? 1000 : i / 10));
    const start = new Float64Array(200).fill(1);
    const found = lanczos(diagonal(values), start, 200);
    // Without reorthogonalization 1000, found after a few steps, would come again and again.
    expect(found.filter(({ value }) => value > 900).length).toBe(1);
    close(
      found.map(({ value }) => value),
      values,
      9,
    );
    close(
      found.map(({ weight }) => weight),
      values.map(() => 1 / 200),
      9,
    );
  });

  it("ends where the vectors span an invariant subspace", () => {
    const found = lanczos(diagonal([2, 2, 5, 5, 5]), Float64Array.from([1, 1, 1, 1, 1]), 5);
    close(
      found.map(({ value }) => value),
      [2, 5],
      12,
    );
    close(
      found.map(({ weight }) => weight),
      [2 / 5, 3 / 5],
      12,
    );
    expect(found.every(({ error }) => error === 0)).toBe(true);
  });

  it("bounds its errors", () => {
    const values = Array.from({ length: 100 }, (_, i) => Math.sin(i) * i);
    const found = lanczos(diagonal(values), new Float64Array(100).fill(1), 25);
    expect(found.length).toBe(25);
    for (const { value, error } of found) {
      const nearest = Math.min(...values.map((exact) => Math.abs(exact - value)));
      expect(nearest).toBeLessThanOrEqual(error * (1 + 1e-9) + 1e-10);
    }
    expect(found.at(-1)?.error).toBeLessThan(1e-3);
  });
});

describe("the Hessian", () => {
  it("of a quadratic function has the eigenvalues of its matrix", () => {
    const a = tensor(MATRIX);
    const f = ({ x }: { x: Tensor }): Tensor => x.mul(a.matmul(x)).sum().mul(0.5);
    const found = hessianSpectrum(f, { at: { x: tensor([1, 2, 3, 4]) } });
    close(
      found.eigenvalues.map(({ value }) => value),
      MATRIX_EIGENVALUES,
      10,
    );
    expect(found).toMatchObject({ size: 4, smallest: found.eigenvalues[0], largest: found.eigenvalues[3] });
    expect(found.largest.error).toBe(0);
  });

  it("has the trace and the share below 0 exactly where all eigenvalues were found", () => {
    // diag(1, −1): trace 0, one of two below 0.
    const saddle = ({ w }: { w: Tensor }): Tensor =>
      w
        .square()
        .mul(tensor([0.5, -0.5]))
        .sum();
    const { trace, negativeShare, eigenvalues } = hessianSpectrum(saddle, { at: { w: tensor([0.3, 0.7]) }, steps: 2 });
    expect(eigenvalues).toHaveLength(2);
    expect(trace).toBeCloseTo(0, 10);
    expect(negativeShare).toBe(0.5);
  });

  it("of a network with squared error is that of PyTorch", () => {
    const model = initialize(sequential(dense(2, 3), tanh, dropout(0.5), dense(3, 1)));
    const set = (name: string, values: number[], shape: number[]): void => {
      const parameter = params(model)[name];
      if (parameter) parameter.value = tensor(Float32Array.from(values), { shape });
    };
    set("0.weight", [0.5, -0.3, 0.8, 0.1, 0.7, -0.6], [2, 3]);
    set("0.bias", [0.1, -0.2, 0.05], [3]);
    set("3.weight", [0.9, -0.4, 0.3], [3, 1]);
    set("3.bias", [0.2], [1]);
    const y = [[0], [1], [1], [0], [0.25]];
    const found = hessianSpectrum(model, { loss: meanSquaredError, x: INPUTS, y, probes: 1 });
    // Parameters are rounded to float32 on the way in.
    close(
      found.eigenvalues.map(({ value }) => value),
      [
        -0.662689766110123, -0.5669943588668783, -0.48579529923196013, -0.20246622985879795, -0.16961163269538104,
        -0.09400255488642993, -0.02487943547988888, 0.03049726191128405, 0.2575477849283283, 0.43419739015349756,
        0.5023711759422063, 1.3061428785209368, 4.250347405767959,
      ],
      6,
    );
    const f = (): Tensor => meanSquaredError(model(tensor(INPUTS)), tensor(y));
    expect(hessianSpectrum(f, { at: params(model), probes: 1 }).largest.value).toBeCloseTo(4.250347405767959, 6);
  });

  it("of a larger network with cross-entropy, at its ends", () => {
    const model = initialize(sequential(dense(2, 4), tanh, dense(4, 3)));
    let at = 0;
    for (const parameter of Object.values(params(model))) {
      const values = Float32Array.from({ length: parameter.value.size }, () => Math.sin(1.7 * ++at));
      parameter.value = tensor(values, { shape: [...parameter.shape] });
    }
    const y = Int32Array.from([0, 2, 1, 0, 1]);
    const found = hessianSpectrum(model, { loss: softmaxCrossEntropy, x: INPUTS, y, probes: 200 });
    const few = hessianSpectrum(model, { loss: softmaxCrossEntropy, x: INPUTS, y, steps: 18, probes: 1 });
    expect(few.eigenvalues.length).toBe(18);
    expect(few.largest.value).toBeCloseTo(1.0345350113196585, 6);
    expect(few.smallest.value).toBeCloseTo(-0.8096451677713903, 6);
    // Of 27 eigenvalues 11 are below 0 and 5 are 0. Hutchinson's estimate has a deviation of 27·√(2·Σλ²/27³/200) ≈ 0.18.
    expect(Math.abs(found.trace - -0.17983507979449795)).toBeLessThan(0.6);
    expect(Math.abs(found.negativeShare - 11 / 27)).toBeLessThan(0.05);
    expect(String(found)).toMatch(/^27 eigenvalues: from −0\.80964.* to 1\.0345/);
    expect(String(found)).toContain("learning rates below 2/λ = 1.93.");
    expect(String(found)).toMatch(/% are negative: there are directions down, this is no minimum\./);
  });

  it("has a density whose integral is 1, with the mass where the eigenvalues are", () => {
    const d = tensor([1, 1, 1, 3]);
    const f = (x: Tensor): Tensor => x.square().mul(d).sum().mul(0.5);
    const { density, eigenvalues } = hessianSpectrum(f, { at: tensor([1, 1, 1, 1]), probes: 300, deviation: 0.1 });
    // 1 occurs three times and is found once.
    close(
      eigenvalues.map(({ value }) => value),
      [1, 3],
      9,
    );
    const step = (density.at[1] as number) - (density.at[0] as number);
    const mass = (from: number, to: number): number =>
      density.density.reduce((sum, p, i) => {
        const t = density.at[i] as number;
        return t >= from && t < to ? sum + p * step : sum;
      }, 0);
    expect(mass(-9, 9)).toBeCloseTo(1, 2);
    // The share of a Gaussian vector on 3 of 4 axes is ¾ on average, with deviation √(3·1/(16·3))/√300 ≈ 0.014.
    expect(Math.abs(mass(-9, 2) - 3 / 4)).toBeLessThan(0.05);
  });
});

it("refuses what cannot be", () => {
  const model = dense(2, 1);
  const sample = { loss: meanSquaredError, x: [[1, 2]], y: [[1]] };
  expect(() => hessianSpectrum(model, { ...sample, step: 3 } as never)).toThrow(
    'hessianSpectrum: unknown option "step"; there are loss, x, y, steps, probes, deviation, points, seed.',
  );
  expect(() => hessianSpectrum(model, undefined as never)).toThrow('hessianSpectrum: the option "loss" is missing.');
  expect(() => hessianSpectrum((x: Tensor) => x.sum(), { at: [1, 2] as never })).toThrow(
    "hessianSpectrum: x is an array of numbers, not a tensor; make one with tensor(…)",
  );
  expect(() => hessianSpectrum(model, { ...sample, steps: 0 })).toThrow(
    "hessianSpectrum: steps must be an integer ≥ 1; it is 0.",
  );
  expect(() => hessianSpectrum(model, { ...sample, deviation: 0 })).toThrow(
    "deviation must be a finite number > 0; it is 0.",
  );
  expect(() => hessianSpectrum(model, { ...sample, y: undefined } as never)).toThrow(
    'hessianSpectrum: the option "y" is missing.',
  );
  expect(() => hessianSpectrum((x: Tensor) => x, { at: tensor([1, 2]) })).toThrow(
    "hessianSpectrum: the function must return one float scalar",
  );
  expect(() => hessianSpectrum((x: Tensor) => x.sqrt().sum(), { at: tensor([0, 1]) })).toThrow(
    "hessianSpectrum: a second derivative is not finite there; detectNaN tells where such numbers come from.",
  );
});

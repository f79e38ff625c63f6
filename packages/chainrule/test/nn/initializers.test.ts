import { describe, expect, it } from "vitest";
import {
  constant,
  Dense,
  dense,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  initialize,
  lecunNormal,
  lecunUniform,
  Module,
  normal,
  ones,
  orthogonal,
  Param,
  State,
  uniform,
  zeros,
} from "../../src/nn/index.ts";
import { orthonormalRows } from "../../src/nn/orthonormal.ts";
import * as random from "../../src/ops/composed/random.ts";
import { eye } from "../../src/ops/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

const [fanIn, fanOut] = [200, 100];
const count = fanIn * fanOut;
const sample = (init: Initializer, dtype: "float32" | "float64" = "float32"): number[] => [
  ...init(random.key(11), [fanIn, fanOut], fanIn, fanOut, dtype).dataSync(),
];
const moment = (values: number[], power: number, about = 0): number =>
  values.reduce((sum, v) => sum + (v - about) ** power, 0) / values.length;

/** Standard errors allowed; 5 would be exceeded by chance once in two million seeds. */
const SIGMAS = 5;

describe("distributions of initial weights", () => {
  // Variances: Glorot and Bengio 2010, eqs. 12 and 16, 2/(in + out); He et al. 2015, eq. 10, 2/in; LeCun et al. 1998,
  // eq. 16, 1/in.
  const cases: [string, Initializer, number, "uniform" | "normal"][] = [
    ["glorotUniform", glorotUniform, 2 / (fanIn + fanOut), "uniform"],
    ["glorotNormal", glorotNormal, 2 / (fanIn + fanOut), "normal"],
    ["heUniform", heUniform, 2 / fanIn, "uniform"],
    ["heNormal", heNormal, 2 / fanIn, "normal"],
    ["lecunUniform", lecunUniform, 1 / fanIn, "uniform"],
    ["lecunNormal", lecunNormal, 1 / fanIn, "normal"],
    ["uniform", uniform({ low: -0.3, high: 0.3 }), 0.6 ** 2 / 12, "uniform"],
    ["normal", normal({ deviation: 0.02 }), 0.02 ** 2, "normal"],
  ];

  it.each(cases)(
    "%s has mean 0, the variance of its formula and the shape of its family",
    (_, init, variance, family) => {
      const values = sample(init);
      // Fourth standardized moment: 9/5 for a uniform, 3 for a normal distribution. The variance of the estimate of the
      // variance is (kurtosis − 1)·σ⁴/n.
      const kurtosis = family === "uniform" ? 1.8 : 3;
      const estimate = moment(values, 2);
      expect(Math.abs(moment(values, 1))).toBeLessThan(SIGMAS * Math.sqrt(variance / count));
      expect(Math.abs(estimate / variance - 1)).toBeLessThan(SIGMAS * Math.sqrt((kurtosis - 1) / count));
      // The variance of the estimated kurtosis: 24/n for a normal distribution (R. A. Fisher); for a uniform one at most
      // Var(x⁴)/σ⁸/n = (9 − 1.8²)/n.
      const error = family === "uniform" ? 9 - 1.8 ** 2 : 24;
      expect(Math.abs(moment(values, 4) / estimate ** 2 - kurtosis)).toBeLessThan(SIGMAS * Math.sqrt(error / count));
      if (family === "uniform") {
        const limit = Math.sqrt(3 * variance);
        expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(limit));
        expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
        expect(Math.min(...values)).toBeLessThan(-0.99 * limit);
      }
    },
  );

  it("are the same for the same key, others for another, and exist in float64", () => {
    expect(sample(heNormal)).toEqual(sample(heNormal));
    expect([...heNormal(random.key(12), [2], 1, 1, "float32").dataSync()]).not.toEqual([
      ...heNormal(random.key(11), [2], 1, 1, "float32").dataSync(),
    ]);
    expect(moment(sample(heNormal, "float64"), 2) * (fanIn / 2)).toBeCloseTo(1, 1);
  });

  it("are centred and scaled as asked", () => {
    const values = sample(normal({ mean: 3, deviation: 0.5 }));
    expect(Math.abs(moment(values, 1) - 3)).toBeLessThan((SIGMAS * 0.5) / Math.sqrt(count));
    const shifted = sample(uniform({ low: 1, high: 2 }));
    expect(Math.min(...shifted)).toBeGreaterThanOrEqual(1);
    expect(Math.abs(moment(shifted, 1) - 1.5)).toBeLessThan(SIGMAS * Math.sqrt(1 / 12 / count));
  });
});

describe("orthogonal", () => {
  const matrix = (shape: number[], seed: number, gain?: number, dtype: "float32" | "float64" = "float64"): Tensor =>
    orthogonal(gain === undefined ? {} : { gain })(random.key(seed), shape, 1, 1, dtype);
  const distanceFromIdentity = (product: Tensor): number => {
    const [size = 0] = product.shape;
    return product.sub(eye(size, product.dtype)).abs().max().itemSync();
  };

  it.each([
    [5, 5],
    [7, 3],
    [64, 40],
    [1, 1],
    [4, 1],
  ])("is orthonormal in its columns for [%i, %i], and in its rows for the transposed shape", (large, small) => {
    const tall = matrix([large, small], 1);
    expect(tall.shape).toEqual([large, small]);
    expect(distanceFromIdentity(tall.transpose().matmul(tall))).toBeLessThan(1e-14);
    const wide = matrix([small, large], 1);
    expect(distanceFromIdentity(wide.matmul(wide.transpose()))).toBeLessThan(1e-14);
    const single = matrix([large, small], 1, undefined, "float32");
    expect(distanceFromIdentity(single.transpose().matmul(single))).toBeLessThan(1e-6);
  });

  it("is multiplied by the gain, and takes leading dimensions as more inputs", () => {
    const q = matrix([2, 3, 4], 2, 1.5).reshape([6, 4]);
    expect(distanceFromIdentity(q.transpose().matmul(q).div(2.25))).toBeLessThan(1e-14);
  });

  it("makes all orthogonal matrices equally likely", () => {
    // For such a matrix of size n, E q₁₁ = 0 with variance 1/n, E q₁₁⁴ = 3/(n(n+2)), E q₁₁²q₁₂² = 1/(n(n+2)),
    // E q₁₁²q₂₂² = (n+1)/(n(n−1)(n+2)), E tr Q = 0 and E (tr Q)² = 1: B. Collins and P. Śniady, "Integration with respect to
    // the Haar measure on unitary, orthogonal and symplectic group", 2006; P. Diaconis and M. Shahshahani, "On the
    // eigenvalues of random matrices", 1994. With the signs of Householder's method E q₁₁ would be about −½.
    const [n, draws] = [3, 1500];
    const samples = Array.from({ length: draws }, (_, seed) => matrix([n, n], seed).arraySync() as number[][]);
    const check = (f: (q: number[][]) => number, expected: number): void => {
      const values = samples.map(f);
      const mean = moment(values, 1);
      const error = Math.sqrt(moment(values, 2, mean) / draws);
      expect(Math.abs(mean - expected)).toBeLessThan(SIGMAS * error);
    };
    const at = (q: number[][], i: number, j: number): number => (q[i] as number[])[j] as number;
    const trace = (q: number[][]): number => at(q, 0, 0) + at(q, 1, 1) + at(q, 2, 2);
    for (const [i, j] of [
      [0, 0],
      [1, 2],
      [2, 2],
    ] as const) {
      check((q) => at(q, i, j), 0);
      check((q) => at(q, i, j) ** 2, 1 / n);
      check((q) => at(q, i, j) ** 4, 3 / (n * (n + 2)));
    }
    check((q) => at(q, 0, 0) ** 2 * at(q, 0, 1) ** 2, 1 / (n * (n + 2)));
    check((q) => at(q, 0, 0) ** 2 * at(q, 1, 1) ** 2, (n + 1) / (n * (n - 1) * (n + 2)));
    check(trace, 0);
    check((q) => trace(q) ** 2, 1);
  });

  it("is Q of the factorization Q·R with a positive diagonal of R, also of rows that are nearly dependent", () => {
    // numpy 2.4.6: q, r = numpy.linalg.qr(a.T); (q * sign(diag(r))).T
    const cases: [number[][], number[][]][] = [
      [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
        ],
        [
          [0.4364357804719847, 0.8728715609439694, 0.21821789023599236],
          [-0.3788939030215485, -0.04167832933237034, 0.9245011233725786],
        ],
      ],
      [
        [
          [1, 1e-6, 0, 0],
          [1, 0, 1e-6, 0],
          [1, 0, 0, 1e-6],
        ],
        [
          [0.9999999999995, 9.999999999994998e-7, 0, 0],
          [7.071067811860168e-7, -0.7071067811860169, 0.7071067811867243, 0],
          [4.0824829046369274e-7, -0.4082482904636928, -0.40824829046369276, 0.8164965809277941],
        ],
      ],
    ];
    for (const [rows, expected] of cases) {
      const q = orthonormalRows(tensor(rows, { dtype: "float64" }));
      const wanted = tensor(expected, { dtype: "float64" });
      expect(q.sub(wanted).abs().max().itemSync()).toBeLessThan(1e-9);
      expect(distanceFromIdentity(q.matmul(q.transpose()))).toBeLessThan(1e-15);
    }
  });

  it("refuses vectors, and gains that are not positive", () => {
    expect(() => initialize(new Dense(2, 2, { biasInit: orthogonal() }))).toThrow(
      "orthogonal: a parameter of shape [2] is no matrix; use zeros or normal(…) for it.",
    );
    expect(() => orthogonal({ gain: 0 })).toThrow("orthogonal: gain must be a finite number > 0; it is 0.");
    expect(() => orthogonal({ scale: 1 } as never)).toThrow('orthogonal: unknown option "scale"; there are gain.');
  });
});

describe("initial values", () => {
  it("of dense are glorotUniform for the weight and 0 for the bias, unless others are asked for", () => {
    const layer = initialize(dense(300, 200));
    const limit = Math.sqrt(6 / 500);
    const weights = [...layer.weight.value.dataSync()];
    expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.max(...weights)).toBeGreaterThan(0.99 * limit);
    expect(new Set(layer.bias?.value.dataSync())).toEqual(new Set([0]));
    const other = initialize(dense(2, 2, { weightInit: ones, biasInit: constant(0.5) }));
    expect(other.weight.value.arraySync()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(other.bias?.value.arraySync()).toEqual([0.5, 0.5]);
  });

  it("take a parameter's fans from its shape: the last two extents, times those before", () => {
    const fansOf = (shape: number[]): number[] => {
      let fans: number[] = [];
      const spy: Initializer = (key, s, inputs, outputs, dtype) => {
        fans = [inputs, outputs];
        return zeros(key, s, inputs, outputs, dtype);
      };
      new Param(shape, spy).initialValue(random.key(0));
      return fans;
    };
    expect(fansOf([])).toEqual([1, 1]);
    expect(fansOf([7])).toEqual([7, 7]);
    expect(fansOf([7, 5])).toEqual([7, 5]);
    expect(fansOf([3, 3, 7, 5])).toEqual([63, 45]);
  });

  it("say so when they are called as if they had settings, or passed uncalled although they have", () => {
    const plain = { heNormal, heUniform, lecunNormal, lecunUniform, glorotNormal, glorotUniform, zeros, ones };
    for (const [name, initializer] of Object.entries(plain)) {
      expect(() => dense(2, 2, { weightInit: (initializer as () => never)() })).toThrow(
        `${name}: takes a random key and a shape, which a layer gives to it. Hand it over uncalled, ` +
          'dense(2, 3, { weightInit: heNormal }), or call it as heNormal(random.key(1), [2, 3], 2, 3, "float32").',
      );
    }
    const makers = { "orthogonal()": orthogonal, "constant(0.1)": constant, "normal()": normal, "uniform()": uniform };
    for (const [call, maker] of Object.entries(makers)) {
      expect(() => initialize(dense(2, 2, { weightInit: maker as never }))).toThrow(
        `${maker.name}: has settings, so it is called to get an initializer. Write ${call}, not ${maker.name}, as in dense(2, 3, { weightInit: ${call} }).`,
      );
    }
    expect(() => constant(0.1, { holdSteps: 3 } as never)).toThrow(
      'constant (the initializer): unknown option "holdSteps"; it takes none.',
    );
  });

  it("say how values become a parameter", () => {
    const values = tensor([1, 2]);
    expect(() => new Param(values as never, zeros)).toThrow(
      "parameter: the shape must be an array such as [3, 2]; it is a Tensor. For given values the shape is [2] and the initializer () => values.",
    );
    expect(() => new State(3 as never, zeros)).toThrow("state: the shape must be an array such as [3, 2]; it is 3.");
    expect(() => new Param([2], values as never)).toThrow(
      "parameter: the initializer must be a function such as glorotUniform; it is a Tensor. For given values write () => values.",
    );
    expect(() => dense(2, 2, { biasInit: 0.5 as never })).toThrow("it is 0.5. Write constant(0.5).");
    class Given extends Module {
      shift = new Param([2], () => values);
      forward(x: Tensor): Tensor {
        return x.add(this.shift.value);
      }
    }
    expect(new Given()(tensor([10, 10])).arraySync()).toEqual([11, 12]);
  });

  it("refuse settings that make no sense", () => {
    expect(() => constant(Number.NaN)).toThrow("constant: the value must be a finite number; it is NaN.");
    expect(() => uniform({ low: 1, high: 1 })).toThrow("uniform: high must be a finite number > 1; it is 1.");
    expect(() => uniform({ low: Number.NEGATIVE_INFINITY })).toThrow(
      "uniform: low must be a finite number; it is -Infinity.",
    );
    expect(() => uniform({ max: 1 } as never)).toThrow('uniform: unknown option "max"; there are low, high.');
    expect(() => normal({ deviation: 0 })).toThrow("normal: deviation must be a finite number > 0; it is 0.");
    expect(() => normal({ mean: Number.POSITIVE_INFINITY })).toThrow(
      "normal: mean must be a finite number; it is Infinity.",
    );
    expect(() => normal({ std: 1 } as never)).toThrow('normal: unknown option "std"; there are mean, deviation.');
  });
});

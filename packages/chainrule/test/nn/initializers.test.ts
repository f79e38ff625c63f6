import { describe, expect, it } from "vitest";
import {
  constant,
  dense,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  initialize,
  normal,
  ones,
  Param,
  uniform,
  zeros,
} from "../../src/nn/index.ts";
import * as random from "../../src/ops/composed/random.ts";

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
  // Variances: Glorot and Bengio 2010, eqs. 12 and 16, 2/(in + out); He et al. 2015, eq. 10, 2/in.
  const cases: [string, Initializer, number, "uniform" | "normal"][] = [
    ["glorotUniform", glorotUniform, 2 / (fanIn + fanOut), "uniform"],
    ["glorotNormal", glorotNormal, 2 / (fanIn + fanOut), "normal"],
    ["heUniform", heUniform, 2 / fanIn, "uniform"],
    ["heNormal", heNormal, 2 / fanIn, "normal"],
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

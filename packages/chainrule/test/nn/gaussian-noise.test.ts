import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { loadModel, saveModel } from "../../src/io/index.ts";
import {
  dense,
  type GaussianNoise,
  gaussianNoise,
  initialize,
  sequential,
  states,
  training,
} from "../../src/nn/index.ts";
import { full, zeros } from "../../src/ops/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const n = 20_000;
const deviation = 0.3;

describe("gaussianNoise", () => {
  it("does nothing outside of training and at deviation 0", () => {
    const x = tensor([1, 2]);
    expect(gaussianNoise(1)(x)).toBe(x);
    expect(training(() => gaussianNoise(0)(x))).toBe(x);
  });

  it.each(["float32", "float64"] as const)("adds normal deviates of %s, of mean 0 and the deviation given", (dtype) => {
    const y = training(() => initialize(gaussianNoise(deviation), { seed: 3 })(full([n], 5, dtype)));
    expect(y.dtype).toBe(dtype);
    const noise = [...y.dataSync()].map((value) => (value - 5) / deviation);
    const moment = (power: number): number => noise.reduce((sum, value) => sum + value ** power, 0) / n;
    // Of a standard normal deviate: variance 1 of its mean, 2 of its square, 15 of its cube and 96 of its fourth power,
    // over n; five standard errors.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it("draws anew in each call, the same for the same seed, eagerly and compiled", () => {
    const draw = (seed: number, call: (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor): number[][] => {
      const model = initialize(sequential(gaussianNoise(1)), { seed });
      const f = call((x) => training(() => model(x)));
      return [0, 1, 2].map(() => [...f(zeros([16])).dataSync()]);
    };
    const eager = draw(1, (f) => f);
    expect(new Set(eager.map(String)).size).toBe(3);
    const compiled = draw(1, compile);
    // The logarithm and the cosine of the two targets may differ in the last bit.
    eager.flat().forEach((value, i) => {
      expect(compiled.flat()[i]).toBeCloseTo(value, 5);
    });
    expect(draw(1, compile)).toEqual(compiled);
    expect(draw(2, compile)).not.toEqual(compiled);
  });

  it("lets gradients through as they are", () => {
    const noise = gaussianNoise(1);
    expect(training(() => grad((x: Tensor) => noise(x).mul(3).sum())(tensor([1, 2]))).arraySync()).toEqual([3, 3]);
  });

  it("is saved and loaded with its key", async () => {
    const model = initialize(sequential(gaussianNoise(0.5), dense(2, 1)), { seed: 9 });
    const loaded = (await loadModel(await saveModel(model))) as typeof model;
    expect((loaded.layers[0] as GaussianNoise).deviation).toBe(0.5);
    const x = tensor([[1, 2]]);
    expect(states(loaded)["0.key"]?.value.arraySync()).toEqual(states(model)["0.key"]?.value.arraySync());
    expect(training(() => loaded(x)).arraySync()).toEqual(training(() => model(x)).arraySync());
  });

  it("refuses deviations that cannot be", () => {
    expect(() => gaussianNoise(-1)).toThrow("gaussianNoise: the deviation must be a finite number ≥ 0; it is -1.");
    expect(() => gaussianNoise("0.1" as never)).toThrow('it is "0.1".');
  });
});

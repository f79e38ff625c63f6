/** The bias–variance study: by hand, and polynomials on a sine. */
import { describe, expect, it } from "vitest";
import { random, tensor } from "../../src/index.ts";
import { biasVariance } from "../../src/selection/index.ts";

describe("biasVariance", () => {
  const test = { x: [[0], [1]], y: [1, 4] };

  it("is what a hand calculation gives for two models that say 0 and 2", async () => {
    // Means 1, so bias² is (1 − 1)² and (1 − 4)², variance 1 and 1, error ((1 + 1) + (16 + 4)) / 4.
    const result = await biasVariance({
      train: test,
      test,
      resamples: 2,
      fit: (_, __, { resample }) => [2 * resample, 2 * resample],
    });
    expect(result).toMatchObject({ squaredBias: 4.5, variance: 1, noise: undefined, error: 5.5 });
    expect(String(result).split("\n")).toEqual([
      "part             mean square  of the error",
      "──────────────────────────────────────────",
      "bias² and noise          4.5        81.8 %",
      "variance                   1        18.2 %",
      "error                    5.5       100.0 %",
    ]);
  });

  it("tells the noise of the targets from the bias, where the truth is known", async () => {
    // Truth 1 and 3: bias² 0 and 4, noise 0 and 1.
    const result = await biasVariance({
      train: test,
      test,
      truth: [1, 3],
      resamples: 2,
      fit: (_, __, { resample }) => [2 * resample, 2 * resample],
    });
    expect(result).toMatchObject({ squaredBias: 2, variance: 1, noise: 0.5, error: 5.5 });
    expect(String(result).split("\n").slice(2)).toEqual([
      "bias²               2        36.4 %",
      "variance            1        18.2 %",
      "noise             0.5         9.1 %",
      "error             5.5       100.0 %",
    ]);
  });

  it("draws samples with replacement, another for each training, the same for the same seed", async () => {
    const train = { x: [[0], [1], [2], [3], [4]], y: [0, 1, 2, 3, 4] };
    const run = async (seed: number): Promise<number[][]> => {
      const seen: number[][] = [];
      await biasVariance({
        train,
        test,
        seed,
        resamples: 8,
        fit: (sample) => {
          expect(sample.x.dataSync()).toEqual(sample.y.dataSync());
          seen.push([...sample.y.dataSync()]);
          return [0, 0];
        },
      });
      return seen;
    };
    const first = await run(0);
    expect(first.every((sample) => sample.length === 5)).toBe(true);
    expect(new Set(first.map(String)).size).toBeGreaterThan(5);
    expect(first.some((sample) => new Set(sample).size < 5)).toBe(true);
    expect(await run(0)).toEqual(first);
    expect(await run(1)).not.toEqual(first);
  });

  it("finds what theory says of straight lines fitted to y = x + ε at fixed x", async () => {
    // Least squares with two coefficients on n points at which it is measured: bias 0, mean variance σ²·2/n, and noise σ²
    // (T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2nd ed., eq. 7.12).
    const n = 16;
    const x = Array.from({ length: n }, (_, i) => i / n);
    const truth = x;
    const noisy = (seed: number) => {
      const noise = random.normal(random.key(seed), [n], { dtype: "float64" }).dataSync();
      return { x: tensor(x.map((v) => [v])), y: tensor(Float64Array.from(x, (v, i) => v + (noise[i] as number))) };
    };
    const { squaredBias, variance, noise, error } = await biasVariance({
      train: noisy,
      test: noisy(12345),
      truth,
      resamples: 600,
      fit: ({ y }) => {
        const t = y.dataSync();
        const mean = (f: (i: number) => number): number => x.reduce((sum, _, i) => sum + f(i), 0) / n;
        const [mx, my] = [mean((i) => x[i] as number), mean((i) => t[i] as number)];
        const slope =
          mean((i) => ((x[i] as number) - mx) * (t[i] as number)) / mean((i) => ((x[i] as number) - mx) ** 2);
        return Float64Array.from(x, (v) => my + slope * (v - mx));
      },
    });
    expect(squaredBias).toBeLessThan(0.005);
    expect(Math.abs(variance - 2 / n)).toBeLessThan(0.015);
    expect(noise).toBeGreaterThan(0.2);
    expect(error).toBeGreaterThan(variance);
  });

  it("names the resample whose model gave no numbers, and targets that are none", async () => {
    const fit = (_: unknown, __: unknown, { resample }: { resample: number }) => [0, resample === 3 ? Number.NaN : 0];
    await expect(biasVariance({ train: test, test, fit })).rejects.toThrow(
      "biasVariance: the prediction for example 1 of test in resample 3 is NaN: the training diverged (a smaller learning rate " +
        "helps; detectNaN of chainrule/diagnose names the operation).",
    );
    const lost = { x: [[0], [1]], y: [Number.NaN, 1] };
    await expect(biasVariance({ train: test, test: lost, fit })).rejects.toThrow(
      "biasVariance: y of test has NaN at row 0. Remove such rows",
    );
    await expect(biasVariance({ train: test, test, fit, truth: [1, Number.NaN] })).rejects.toThrow(
      "biasVariance: truth has NaN at row 1.",
    );
  });

  it("says what it was given", async () => {
    const fit = () => [0, 0];
    await expect(biasVariance({ train: test, test, fit: () => [1] })).rejects.toThrow(
      "biasVariance: the predictions of fit must be one number for each of the 2 targets of test; the shape is [1].",
    );
    await expect(biasVariance({ train: test, test, fit, truth: [1, 2, 3] })).rejects.toThrow(
      "biasVariance: truth must be one number for each of the 2 targets of test; the shape is [3].",
    );
    await expect(biasVariance({ train: test, test, fit, resamples: 1 })).rejects.toThrow(
      "biasVariance: resamples must be an integer ≥ 2; it is 1.",
    );
    await expect(biasVariance({ train: test, test, fit: 1 as never })).rejects.toThrow(
      "biasVariance: fit must be a function of (sample, x); it is 1.",
    );
    await expect(biasVariance({ train: 3 as never, test, fit })).rejects.toThrow(
      "biasVariance: train must be a data set or { x, y }; it is 3.",
    );
  });
});

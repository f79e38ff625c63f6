import { describe, expect, it } from "vitest";
import { type FindLearningRateOptions, findLearningRate } from "../../src/diagnose/index.ts";
import { suggestRates } from "../../src/diagnose/rate-suggestions.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import { constant, dense, dropout, initialize, params, sequential, states, tanh } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { regression } from "../train/toy.ts";

/** (w − 1)², from w = 0. */
const point = () => dense(1, 1, { bias: false, weightInit: constant(0) });
const options = { train: { x: [[1]], y: [[1]] }, loss: meanSquaredError };

describe("suggestions", () => {
  // The functions steep, minimum and valley of fastai 2, fastai/callback/schedule.py of fastai/fastai at commit 0a049e8, with PyTorch
  // 1.13 in float64 on lrs[num_it//10:-5] and losses[num_it//10:-5], as its lr_find calls them; for the cycle, numpy 1.24.2 on these:
  // from where they stay below S[0] − .05(S[0] − S.min()) to the least.
  it("are those of fastai", () => {
    // R = 10**np.linspace(-6, 0, 25), S = 2 + .9 tanh(−3(log₁₀R + 3)) + .05 sin(2.3 i) + 5R².
    const rates = Array.from({ length: 25 }, (_, i) => 10 ** (-6 + i / 4));
    const losses = rates.map(
      (r, i) => 2 + Math.tanh(-3 * (Math.log10(r) + 3)) * 0.9 + 0.05 * Math.sin(i * 2.3) + 5 * r * r,
    );
    const found = suggestRates(rates, losses);
    expect(found?.steepest).toBeCloseTo(0.001, 9);
    expect(found?.tenthOfMinimum).toBeCloseTo(0.001, 9);
    expect(found?.valley).toBeCloseTo(0.0001778279410038923, 9);
    expect(found?.cycle.low).toBeCloseTo(0.000562341325190349, 9);
    expect(found?.cycle.high).toBeCloseTo(0.01, 9);
  });

  it("are those of fastai on a noisy curve of 100 points", () => {
    // R = 10**np.linspace(-7, 1, 100), S = 2.5 − 1.1/(1 + e^(−3(log₁₀R + 2))) + .04 sin(1.7 i) + .02 cos(5 i) + R²/4.
    const rates = Array.from({ length: 100 }, (_, i) => 10 ** (-7 + (8 * i) / 99));
    const losses = rates.map(
      (r, i) =>
        2.5 -
        1.1 / (1 + Math.exp(-3 * (Math.log10(r) + 2))) +
        0.04 * Math.sin(1.7 * i) +
        0.02 * Math.cos(5 * i) +
        r ** 2 / 4,
    );
    const found = suggestRates(rates, losses);
    expect(found?.steepest).toBeCloseTo(0.014849682622544665, 9);
    expect(found?.tenthOfMinimum).toBeCloseTo(0.029150530628251813, 9);
    expect(found?.valley).toBeCloseTo(0.012328467394420683, 9);
    expect(found?.cycle.low).toBeCloseTo(0.0023101297000831626, 9);
    expect(found?.cycle.high).toBeCloseTo(0.29150530628251814, 9);
    // What was to be 200 steps and diverged after 100: a tenth of 200 is left out.
    const later = suggestRates(rates, losses, 200);
    expect(later).toEqual(suggestRates(rates.slice(10), losses.slice(10), 100));
  });

  it("do not take the fall of a loss that has exploded for learning", () => {
    const rates = Array.from({ length: 30 }, (_, i) => 2 ** i);
    const losses = rates.map((_, i) => (i < 10 ? 2 : i < 20 ? 2 - (i - 9) / 10 : i === 20 ? 4 : i === 21 ? 3.9 : 3.2));
    losses[15] = 1.3;
    // From 1.5 to 1.3 at i = 14, and from 3.9 to 3.2 at i = 21, behind the least.
    expect(suggestRates(rates, losses)?.steepest).toBe(2 ** 14);
  });

  it("do not take a jump of noise, where the curve is flat, for the steepest fall", () => {
    // A logistic fall around 0.01: R = 10^(−7 + 8i/99), steepest at i = 62; from i = 20 to 21, at 3e-6, noise jumps by 0.3.
    const rates = Array.from({ length: 100 }, (_, i) => 10 ** (-7 + (8 * i) / 99));
    const losses = rates.map((r, i) => 2.5 - 1.1 / (1 + Math.exp(-3 * (Math.log10(r) + 2))) + (i === 20 ? 0.3 : 0));
    const steepest = suggestRates(rates, losses)?.steepest as number;
    expect(Math.abs(Math.log10(steepest) + 2)).toBeLessThan(0.1);
    const noise = rates.map((_, i) => 1 + 0.004 * Math.sin(1.7 * i));
    expect(suggestRates(rates, noise)).toBeUndefined();
  });

  it("take a curve that is short, or falls late, as it is", () => {
    expect(suggestRates([1, 2, 4], [3, 2, 1])?.cycle).toEqual({ low: 2, high: 4 });
    const rates = Array.from({ length: 20 }, (_, i) => 2 ** i);
    const late = rates.map((_, i) => (i < 17 ? 1 : 1 - (i - 16) / 4));
    expect(suggestRates(rates, late)?.tenthOfMinimum).toBe(2 ** 19 / 10);
  });

  it("are none where the loss only grows", () => {
    expect(suggestRates([1, 2, 3], [1, 1, 2])).toBeUndefined();
  });
});

describe("findLearningRate", () => {
  it("gives the curve of gradient descent with rising rates, smoothed", () => {
    const found = findLearningRate(point(), { ...options, from: 1e-4, to: 10, steps: 30, smoothing: 0.5 });
    // The recurrence w ← w − 2α(w − 1) in numpy 1.24.2, float64; it stops at step 28, where the smoothed loss is over 4 times its least.
    expect(found.losses.length).toBe(28);
    const expected = [1, 0.99973336, 0.9993173974645039];
    expected.forEach((loss, i) => {
      expect(found.smoothed[i]).toBeCloseTo(loss, 5);
    });
    [0.00668041413203318, 0.0035703928242690024, 0.007721699874718414].forEach((loss, i) => {
      expect(found.smoothed[25 + i]).toBeCloseTo(loss, 4);
    });
    expect(found.rates[0]).toBeCloseTo(1e-4, 12);
    expect(found.diverged).toBe(found.rates[27]);
    expect(found.suggestions?.steepest).toBeCloseTo(0.12689610031679224, 9);
    expect(found.suggestions?.tenthOfMinimum).toBeCloseTo(0.06210169418915619, 9);
    expect(found.suggestions?.valley).toBeCloseTo(0.007880462815669915, 9);
    expect(found.suggestions?.cycle.low).toBeCloseTo(0.011721022975334802, 9);
    expect(found.suggestions?.cycle.high).toBeCloseTo(0.6210169418915619, 9);
    expect(String(found)).toMatch(
      /^loss {2}\S{28}\nrate {2}0\.0001 … \S+, diverged at \S+\nsteepest 0\.13, a tenth of the minimum 0\.062, valley 0\.0079, cycle from 0\.012 to 0\.62$/,
    );
  });

  it("walks through minibatches with any optimizer, and leaves no trace", () => {
    const model = initialize(sequential(dense(3, 8), tanh, dropout(0.2), dense(8, 1)), { seed: 2 });
    const read = () =>
      [...Object.values(params(model)), ...Object.values(states(model))].map((v) => v.value.arraySync());
    const before = read();
    const settings = { train: regression(50), loss: meanSquaredError, optimizer: adam, batchSize: 16, steps: 60 };
    const found = findLearningRate(model, settings);
    expect(read()).toEqual(before);
    expect(found.suggestions?.steepest).toBeGreaterThan(1e-5);
    expect(findLearningRate(model, settings)).toEqual(found);
    expect(findLearningRate(model, { ...settings, seed: 1 }).losses).not.toEqual(found.losses);
  });

  it("does not make initial values final that nobody has asked for", () => {
    const train = regression(8);
    const [looked, fresh] = [dense(3, 1), dense(3, 1)];
    findLearningRate(looked, { train, loss: meanSquaredError, steps: 4 });
    for (const model of [looked, fresh]) initialize(model, { seed: 5, missingOnly: true });
    expect(looked.weight.value.arraySync()).toEqual(fresh.weight.value.arraySync());
  });

  it("says so if the loss does not fall", () => {
    const flat = findLearningRate(point(), { ...options, train: { x: [[0]], y: [[1]] }, steps: 5 });
    expect(flat).toMatchObject({ suggestions: undefined, diverged: undefined });
    expect(String(flat)).toContain("The loss did not fall at any rate: overfitOneBatch tells");
  });

  it.each<[Record<string, unknown>, string]>([
    [{ rate: 1 }, 'findLearningRate: unknown option "rate"; there are train, loss, optimizer,'],
    [{ train: undefined }, 'findLearningRate: the option "train" is missing.'],
    [{ loss: 1 }, "findLearningRate: loss must be a function such as softmaxCrossEntropy; it is 1."],
    [
      { optimizer: adam() },
      "findLearningRate: optimizer must be a function that makes one, such as (rate) => adam(rate); it is an object.",
    ],
    [{ regularizer: "l2" }, 'findLearningRate: regularizer must be one such as l2(1e-4); it is "l2".'],
    [{ from: 1, to: 0.1 }, "findLearningRate: to must be a finite number > 1; it is 0.1."],
    [{ steps: 1 }, "findLearningRate: steps must be an integer ≥ 2; it is 1."],
    [{ smoothing: 1 }, "findLearningRate: smoothing must be a finite number ≥ 0 and < 1; it is 1."],
    [{ stopAt: 1 }, "findLearningRate: stopAt must be a finite number > 1; it is 1."],
    [{ train: { x: [[Number.NaN]], y: [[1]] } }, "findLearningRate: x has NaN at row 0, column 0."],
  ])("refuses %o", (wrong, message) => {
    expect(() => findLearningRate(point(), { ...options, ...wrong } as FindLearningRateOptions)).toThrow(message);
  });
});

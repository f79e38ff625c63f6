import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, halfSquaredError, meanSquaredError, squaredError } from "../../src/loss/index.ts";
import { dense, dropout, type Module, sequential, tanh } from "../../src/nn/index.ts";
import {
  elasticNet,
  gaussNewton,
  l1,
  l2,
  lbfgs,
  levenbergMarquardt,
  newton,
  truncatedNewton,
} from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { evaluate, fit, fitFullBatch } from "../../src/train/index.ts";
import { network, regression, weightsOf } from "./toy.ts";

const wave = (i: number): number => Math.sin(12.9898 * (i + 1)) * Math.cos(78.233 * i);
const { x, y: numbers } = regression(40);
const rows = x.arraySync() as number[][];
const labels = tensor(rows.map(([a = 0, b = 0], r) => [Number(a - 2 * b + wave(7 * r + 1) > 0)]));

describe("fitFullBatch", () => {
  // scikit-learn 1.9.1, LogisticRegression(C=0.5, tol=1e-14, solver="newton-cholesky"): λ = 1/(C·n) = 0.05.
  const coefficients = [1.1300002372980678, -1.1651550972751208, 0.896670139729436];
  it.each([lbfgs(), newton(), truncatedNewton()])(
    "gives the coefficients of logistic regression: $name",
    async (method) => {
      const model = dense(3, 1);
      const found = await fitFullBatch(model, {
        train: { x, y: labels },
        loss: binaryCrossEntropy,
        regularizer: l2(0.05),
        method,
        dtype: "float64",
      });
      expect(found.converged).toBe(true);
      expect(found.loss).toBeCloseTo(0.4330077111360685, 7);
      coefficients.forEach((w, i) => {
        expect(weightsOf(model).weight?.[i]).toBeCloseTo(w, 6);
      });
      expect(weightsOf(model).bias?.[0]).toBeCloseTo(0.13766408540602623, 6);
      expect(found.history.length).toBe(found.iterations);
      expect(found.history.at(-1)?.value).toBe(found.loss);
    },
  );

  // scikit-learn 1.9.1, Ridge(alpha=4.0): ‖y − Xw‖² + 4·‖w‖², so λ/2 = 4/40 beside the mean.
  it.each([gaussNewton(), levenbergMarquardt(), newton()])("gives those of ridge regression: $name", async (method) => {
    const model = dense(3, 1);
    const train = { x, y: numbers };
    const found = await fitFullBatch(model, {
      train,
      loss: meanSquaredError,
      regularizer: l2(0.2),
      method,
      dtype: "float64",
    });
    expect(found.converged).toBe(true);
    [1.12688792830088, -0.9913541628981839, 0.544101243376225].forEach((w, i) => {
      expect(weightsOf(model).weight?.[i]).toBeCloseTo(w, 6);
    });
    expect(weightsOf(model).bias?.[0]).toBeCloseTo(0.1389994319896231, 6);
  });

  it.each([meanSquaredError, squaredError, halfSquaredError])(
    "has as half the sum of squares of its residuals the loss: $name",
    async (loss) => {
      const train = { x, y: tensor(rows.map(([a = 0, b = 0]) => [a * b, a - b])) };
      const method = levenbergMarquardt();
      const model = dense(3, 2);
      const found = await fitFullBatch(model, { train, loss, method, iterations: 2, dtype: "float64" });
      expect(found.loss).toBeCloseTo((await evaluate(model, train, { loss })).loss as number, 6);
    },
  );

  it.each([lbfgs(), truncatedNewton(), newton(), levenbergMarquardt()])("trains a network: $name", async (method) => {
    const model = sequential(dense(3, 6), tanh, dense(6, 1));
    const train = { x, y: numbers };
    const { loss, history } = await fitFullBatch(model, { train, loss: meanSquaredError, method, iterations: 60 });
    expect(loss).toBeLessThan(1e-2);
    expect((await evaluate(model, train, { loss: meanSquaredError })).loss).toBeCloseTo(loss, 5);
    expect(history[0]?.value).toBeGreaterThan(loss);
  });

  it("is in evaluation mode, and the same for the same seed", async () => {
    const run = async (seed: number) => {
      const model = network();
      await fitFullBatch(model, {
        train: { x, y: numbers },
        loss: meanSquaredError,
        method: lbfgs(),
        iterations: 5,
        seed,
      });
      return weightsOf(model);
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it("stops where it is told", async () => {
    const train = { x, y: numbers };
    const found = await fitFullBatch(network(), {
      train,
      loss: meanSquaredError,
      method: lbfgs(),
      onIteration: ({ iteration }) => iteration === 2,
    });
    expect(found).toMatchObject({ iterations: 2, converged: false, reason: "onIteration asked for the end" });
  });

  it("refuses what cannot be right", async () => {
    const base = { train: { x, y: numbers }, loss: meanSquaredError, method: lbfgs() };
    const failing = (options: object, model: unknown = dense(3, 1)): Promise<unknown> =>
      fitFullBatch(model as Module<[Tensor], Tensor>, options as never);
    await expect(failing({ ...base, method: undefined })).rejects.toThrow(
      'fitFullBatch: the option "method" is missing.',
    );
    await expect(failing({ ...base, batchSize: 1 })).rejects.toThrow('fitFullBatch: unknown option "batchSize"');
    await expect(failing({ ...base, regularizer: l1(1, { proximal: true }) })).rejects.toThrow(
      "fitFullBatch: proximal steps belong to the optimizers of fit. Leave out { proximal: true }.",
    );
    await expect(failing({ ...base, regularizer: 1 })).rejects.toThrow(
      "fitFullBatch: regularizer must be one such as l2(1e-4); it is 1.",
    );
    await expect(failing({ ...base, loss: binaryCrossEntropy, method: gaussNewton() })).rejects.toThrow(
      "fitFullBatch: this method is for squared errors, so the loss must be meanSquaredError or squaredError or halfSquaredError; it is the function binaryCrossEntropy. Use lbfgs() or newton() for others.",
    );
    await expect(
      failing({ ...base, regularizer: elasticNet({ l1: 1, l2: 1 }), method: levenbergMarquardt() }),
    ).rejects.toThrow("fitFullBatch: this method is for sums of squares, and of the penalties only l2 is one.");
    await expect(failing(base, sequential(dropout(0.5)))).rejects.toThrow(
      "fitFullBatch: the model has no parameters, so there is nothing to train.",
    );
    await expect(failing(base, 1)).rejects.toThrow("fitFullBatch: the first argument must be a model");
    await expect(fit(dense(3, 1), { ...base, optimizer: newton() } as never)).rejects.toThrow(
      'fit: unknown option "method"',
    );
    const { method: _, ...rest } = base;
    await expect(fit(dense(3, 1), { ...rest, optimizer: newton() } as never)).rejects.toThrow(
      "fit: newton() needs all examples in every step. Use fitFullBatch.",
    );
  });
});

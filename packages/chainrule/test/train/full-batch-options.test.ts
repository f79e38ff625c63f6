/** What `fitFullBatch` has in common with `fit`: weights, validation, metrics and callbacks. */
import { describe, expect, it } from "vitest";
import { layerMonitor } from "../../src/diagnose/index.ts";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, initialize, sequential, tanh } from "../../src/nn/index.ts";
import { adam, gaussNewton, l2, lbfgs, levenbergMarquardt, minimize, newton } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import {
  type Callback,
  checkpoint,
  earlyStopping,
  evaluate,
  type FullBatchOptions,
  fitFullBatch,
  historyChart,
} from "../../src/train/index.ts";
import { course, regression, weightsOf } from "./toy.ts";

const wave = (i: number): number => Math.sin(12.9898 * (i + 1)) * Math.cos(78.233 * i);
const { x, y: numbers } = regression(40);
const rows = x.arraySync() as number[][];
const labels = tensor(rows.map(([a = 0, b = 0], r) => [Number(a - 2 * b + wave(7 * r + 1) > 0)]));
const sampleWeights = Array.from({ length: 40 }, (_, i) => 1 + (i % 3));
const base = { train: { x, y: numbers }, loss: meanSquaredError, method: lbfgs() } satisfies FullBatchOptions;

describe("weights in fitFullBatch", () => {
  it("of classes and examples: those of logistic regression", async () => {
    // scikit-learn 1.9.1, LogisticRegression(C=1/(0.05·Σs), tol=1e-14, solver="newton-cholesky").fit(X, y, sample_weight=s),
    // s the weights of the examples times 1 and 3 of the classes.
    const model = dense(3, 1);
    const found = await fitFullBatch(model, {
      train: { x, y: labels },
      loss: binaryCrossEntropy,
      regularizer: l2(0.05),
      method: newton(),
      dtype: "float64",
      classWeights: [1, 3],
      sampleWeights,
    });
    expect(found.converged).toBe(true);
    expect(found.loss).toBeCloseTo(0.3807414179801327, 7);
    [1.0276628603961697, -1.0784307823388444, 0.9244733105549519].forEach((w, i) => {
      expect(weightsOf(model).weight?.[i]).toBeCloseTo(w, 6);
    });
    expect(weightsOf(model).bias?.[0]).toBeCloseTo(0.7553923674232449, 6);
  });

  it.each([gaussNewton(), levenbergMarquardt(), newton()])("of examples, in least squares: $name", async (method) => {
    // scikit-learn 1.9.1, Ridge(alpha=0.1·Σw, solver="cholesky").fit(X, y, sample_weight=w).
    const model = dense(3, 1);
    await fitFullBatch(model, { ...base, method, regularizer: l2(0.2), dtype: "float64", sampleWeights });
    [1.1505588165526983, -0.9932106025237577, 0.5434984884027327].forEach((w, i) => {
      expect(weightsOf(model).weight?.[i]).toBeCloseTo(w, 6);
    });
    expect(weightsOf(model).bias?.[0]).toBeCloseTo(0.12843510428580526, 6);
  });

  it("are refused as in fit", async () => {
    await expect(fitFullBatch(dense(3, 1), { ...base, sampleWeights: [1] })).rejects.toThrow(
      "fitFullBatch: there are 1 sampleWeights for 40 examples.",
    );
    await expect(fitFullBatch(dense(3, 1), { ...base, train: { x, y: labels }, classWeights: [1] })).rejects.toThrow(
      "fitFullBatch: classWeights must have a finite weight ≥ 0 for each class; for class 1 of row",
    );
  });
});

describe("validation in fitFullBatch", () => {
  const held = { x: x.slice(0, 0, 10), y: numbers.slice(0, 0, 10) };

  it("is measured after each iteration, with metrics", async () => {
    const model = dense(3, 1);
    const { history } = await fitFullBatch(model, { ...base, validation: held, metrics: ["rmse"] });
    const last = history.at(-1);
    expect(Object.keys(last ?? {})).toEqual([
      "epoch",
      "loss",
      "iteration",
      "value",
      "gradientNorm",
      "validationLoss",
      "validationRmse",
    ]);
    const { loss } = await evaluate(model, held, { loss: meanSquaredError });
    expect(last?.validationLoss).toBe(loss);
    expect(last?.validationRmse).toBeCloseTo(Math.sqrt(loss), 6);
    expect(history.map(({ epoch, iteration }) => epoch - iteration)).toEqual(history.map(() => 0));
    expect(historyChart(history, { height: 4 })).toContain("validation loss");
  });

  it("may be a part of the training data, and then is not trained on", async () => {
    const options = { ...base, validation: { fraction: 0.25, seed: 5 }, iterations: 3, seed: 1 };
    const seen: number[] = [];
    await fitFullBatch(dense(3, 1), {
      ...options,
      metrics: [(p: Tensor) => seen.push(p.shape[0] as number)],
    });
    expect(seen[0]).toBe(10);
    const { history } = await fitFullBatch(dense(3, 1), { ...base, metrics: ["mae"], iterations: 3 });
    expect(history[0]?.mae).toBeGreaterThan(0);
  });

  it("with early stopping ends training and gives back the best weights", async () => {
    const model = sequential(dense(3, 4), tanh, dense(4, 1));
    const at: Record<string, number[]>[] = [];
    const watch: Callback = { onEpochEnd: (_, context) => void at.push(weightsOf(context.model)) };
    const result = await fitFullBatch(model, {
      ...base,
      metrics: [course([3, 2, 4, 5, 6])],
      callbacks: [earlyStopping({ monitor: "score", patience: 2 }), watch],
    });
    expect(result).toMatchObject({
      iterations: 4,
      bestEpoch: 2,
      converged: false,
      reason: "score did not improve for 2 epochs",
    });
    expect(weightsOf(model)).toEqual(at[1]);
    expect(at[1]).not.toEqual(at[3]);
    expect(result.loss).toBe(result.history[1]?.loss);
    expect(result.gradientNorm).toBe(result.history[1]?.gradientNorm);
  });
});

describe("callbacks of fitFullBatch", () => {
  it("are called as for epochs of one batch", async () => {
    const calls: string[] = [];
    const callback: Callback = {
      onTrainBegin: ({ logged, epochs }) => void calls.push(`begin ${logged.join()} ${epochs}`),
      onBatchEnd: ({ epoch, batch, step }) => void calls.push(`batch ${epoch} ${batch} ${step}`),
      onEpochEnd: async ({ epoch }, { history }) => {
        await Promise.resolve();
        calls.push(`epoch ${epoch} of ${history.length}`);
      },
      onTrainEnd: () => void calls.push("end"),
    };
    await fitFullBatch(dense(3, 1), { ...base, iterations: 2, callbacks: [callback] });
    expect(calls).toEqual(["begin loss 2", "batch 1 0 1", "epoch 1 of 1", "batch 2 0 2", "epoch 2 of 2", "end"]);
  });

  it("may look at the layers", async () => {
    const monitor = layerMonitor({ ...base.train, loss: meanSquaredError, every: 1 });
    await fitFullBatch(dense(3, 1), { ...base, iterations: 2, callbacks: [monitor] });
    expect(monitor.entries.map(({ step }) => step)).toEqual([1, 2]);
    expect(monitor.entries[1]?.report.layers[0]?.updateNorm).toBeGreaterThan(0);
  });

  it("get their last turn whatever has failed", async () => {
    let ended = 0;
    const bad: Callback = {
      onEpochEnd() {
        throw new Error("no");
      },
      onTrainEnd: () => void ended++,
    };
    await expect(fitFullBatch(dense(3, 1), { ...base, callbacks: [bad] })).rejects.toThrow("no");
    expect(ended).toBe(1);
  });

  it("cannot save a state that there is not", async () => {
    const save = checkpoint({ path: "nowhere/never.safetensors" });
    await expect(fitFullBatch(dense(3, 1), { ...base, callbacks: [save] })).rejects.toThrow(
      "fitFullBatch: there is no state from which a method could go on, so checkpoints have no meaning here. Save the model, or use fit.",
    );
    await expect(fitFullBatch(dense(3, 1), { ...base, callbacks: [earlyStopping()] })).rejects.toThrow(
      'earlyStopping: there is no "validationLoss" to monitor; there are loss.',
    );
  });
});

describe("fitFullBatch, before anything is trained,", () => {
  it("sends an optimizer to fit, under its own name", async () => {
    const model = initialize(dense(3, 1), { seed: 2 });
    const before = weightsOf(model);
    await expect(fitFullBatch(model, { ...base, method: adam() as never })).rejects.toThrow(
      "fitFullBatch: method must be one such as lbfgs() or newton(); it is an object. Optimizers take a step for each minibatch: " +
        "they belong to fit and trainStep.",
    );
    await expect(fitFullBatch(model, { ...base, method: "lbfgs" as never })).rejects.toThrow(
      'fitFullBatch: method must be one such as lbfgs() or newton(); it is "lbfgs".',
    );
    await expect(minimize((w: Tensor) => w.sum(), tensor([1]), { method: adam() as never })).rejects.toThrow(
      "minimize: method must be one such as lbfgs() or newton(); it is an object. Optimizers take a step for each minibatch",
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it("looks at targets, shapes and the output", async () => {
    const classes = { x, y: tensor(new Int32Array(40).fill(3)) };
    await expect(fitFullBatch(dense(3, 2), { ...base, train: classes, loss: softmaxCrossEntropy })).rejects.toThrow(
      "softmaxCrossEntropy: labels out of range: row 0 has class 3",
    );
    await expect(fitFullBatch(dense(3, 1), { ...base, validation: { x: [[1]], y: [[1]] } })).rejects.toThrow(
      "dense: the input has 1 features",
    );
  });
});

describe("the history of a method", () => {
  it.each([lbfgs(), newton(), levenbergMarquardt()])(
    "has the last iteration too, where no further step is found: $name",
    async (method) => {
      // No gradient in float32 is as small as that.
      const train = { x, y: regression(40).y };
      const found = await fitFullBatch(dense(3, 1), { ...base, train, method, gradientTolerance: 0 });
      expect(found.reason).not.toContain("the gradient is 0");
      expect(found.history.length).toBe(found.iterations);
      expect(found.history.at(-1)?.value).toBe(found.loss);
    },
  );
});

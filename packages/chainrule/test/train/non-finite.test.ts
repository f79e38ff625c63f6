import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, type Loss, meanSquaredError } from "../../src/loss/index.ts";
import { constant, dense, initialize, relu, sequential } from "../../src/nn/index.ts";
import { adam, l2, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import {
  type Callback,
  earlyStopping,
  type FitOptions,
  fit,
  type Model,
  NonFiniteLossError,
} from "../../src/train/index.ts";
import { course, network, regression, weightsOf } from "./toy.ts";

const settings = { train: regression(12), loss: meanSquaredError, optimizer: sgd(0.1), batchSize: 4, progress: false };

/** The error of a training that must fail. */
async function failure(model: Model, options: Partial<FitOptions>): Promise<NonFiniteLossError> {
  const error: unknown = await fit(model, { ...settings, ...options }).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(NonFiniteLossError);
  return error as NonFiniteLossError;
}

const finite = (model: Model): boolean => Object.values(weightsOf(model)).flat().every(Number.isFinite);

describe("a learning rate that is far too high", () => {
  it("ends training, naming epoch, batch, layer and cause; the parameters from before stay", async () => {
    const model = sequential(dense(3, 4), dense(4, 1));
    const last: string[] = [];
    const error = await failure(model, {
      optimizer: sgd(1e6),
      epochs: 50,
      callbacks: [{ onBatchEnd: () => void last.push(JSON.stringify(weightsOf(model))) }],
    });
    expect(error.message).toMatch(
      /^fit: training met NaN or infinity in epoch \d+, batch \d+ of 3: .*(in layer sequential\.\d \(dense\)|in the loss|the gradient of "\d\.weight").* lower the learning rate/,
    );
    expect(error.message).toContain(`epoch ${error.epoch}, batch ${error.batch + 1} of 3`);
    expect(finite(model)).toBe(true);
    // Those with which the step began that failed.
    const failed = (error.epoch - 1) * 3 + error.batch;
    expect(failed).toBeGreaterThan(1);
    expect(JSON.stringify(weightsOf(model))).toBe(last[failed - 1]);
  });

  it("is found in the first step too", async () => {
    const model = initialize(dense(3, 1), { seed: 1 });
    const before = weightsOf(model);
    const x = tensor([[1e30, 1, 1]]);
    const error = await failure(model, { train: { x, y: [[0]] } });
    expect(error).toMatchObject({ epoch: 1, batch: 0, name: "NonFiniteLossError" });
    expect(error.message).toMatch(
      /epoch 1, batch 1 of 1: .* in the loss, computed from finite numbers\. Numbers grew too large: lower the learning rate, or scale the inputs/,
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it("goes back to the best weights where earlyStopping is there", async () => {
    const model = dense(3, 1);
    const kept: unknown[] = [];
    await failure(model, {
      optimizer: sgd(1e6),
      epochs: 50,
      metrics: [course([1, 2, 3, 4, 5, 6, 7, 8])],
      callbacks: [
        earlyStopping({ monitor: "score", patience: 50 }),
        { onEpochEnd: () => void kept.push(weightsOf(model)) },
      ],
    });
    expect(weightsOf(model)).toEqual(kept[0]);
  });
});

describe("the place", () => {
  it("is the layer whose values overflow", async () => {
    const model = sequential(
      dense(1, 1, { weightInit: constant(1e30) }),
      relu,
      dense(1, 1, { weightInit: constant(1e30) }),
    );
    const error = await failure(model, { train: { x: [[1]], y: [[0]] } });
    expect(error.message).toContain(
      'the first value that is not finite is the result of "matmul" in layer sequential.2 (dense)',
    );
  });

  it("is the logarithm of a loss on probabilities", async () => {
    const fromProbabilities: Loss = (p, t, o) => binaryCrossEntropy(p, t, { ...o, from: "probabilities" });
    const model = sequential(dense(1, 1, { weightInit: constant(-1) }), relu);
    const error = await failure(model, { train: { x: [[1], [2]], y: [[1], [1]] }, loss: fromProbabilities });
    expect(error.message).toBe(
      'fit: training met NaN or infinity in epoch 1, batch 1 of 1: the first value that is not finite is the result of "log" ' +
        "in the loss, computed from finite numbers. A logarithm of 0 or less: use a loss on logits rather than on probabilities.",
    );
  });

  it("is not a value that is masked", async () => {
    // log(0) is chosen nowhere; the division is what fails.
    const loss = (p: Tensor, t: Tensor): Tensor => {
      const masked = t.notEqual(0).cast("float32").mulz(t.log());
      return p.square().add(masked).div(t.sub(t)).mean();
    };
    const error = await failure(dense(1, 1), { train: { x: [[1], [2]], y: [[0], [0]] }, loss });
    expect(error.message).toContain(
      'the result of "div" in the loss, computed from finite numbers. A division by 0: add a small constant',
    );
  });

  it("is the gradient, where the loss is finite, also in the very last step", async () => {
    // |p − t| as √(p − t)², at p = t: the derivative of √ at 0 is infinite, times 0.
    const distance = (p: Tensor, t: Tensor): Tensor => p.sub(t).square().sqrt().mean();
    const model = sequential(dense(1, 1, { weightInit: constant(1) }));
    const error = await failure(model, {
      train: { x: [[3], [1]], y: [[5], [1]] },
      loss: distance,
      optimizer: sgd(1e-30),
      batchSize: 1,
      epochs: 1,
      shuffle: false,
    });
    expect(error).toMatchObject({ epoch: 1, batch: 1 });
    expect(error.message).toMatch(
      /epoch 1, batch 2 of 2: the gradient of "0\.weight" is not finite: it comes from the derivative of "sqrt" in the loss, .* infinite at 0/,
    );
    expect(weightsOf(model)).toEqual({ "0.weight": [1], "0.bias": [Math.fround(1e-30)] });
  });

  it("is the step before, where its update overflowed and the next loss tells", async () => {
    const model = dense(1, 1, { weightInit: constant(1), bias: false });
    // The gradient 2·10·10 = 200 times the rate 1e38 is beyond float32.
    const error = await failure(model, {
      train: { x: [[10], [10], [10]], y: [[0], [0], [0]] },
      optimizer: sgd(1e38),
      batchSize: 1,
    });
    expect(error).toMatchObject({ epoch: 1, batch: 0 });
    expect(error.message).toContain("batch 1 of 3: the loss and its gradients alone are finite, so the update");
    expect(error.message).toContain("lower the learning rate");
    expect(weightsOf(model)).toEqual({ weight: [1] });
  });

  it("is the penalty, where that overflows", async () => {
    const model = dense(1, 1, { weightInit: constant(1e20), bias: false });
    const error = await failure(model, { train: { x: [[0]], y: [[0]] }, regularizer: l2(1) });
    expect(error.message).toContain("or the penalty overflowed");
    expect(weightsOf(model).weight).toEqual([Math.fround(1e20)]);
  });
});

it("does the epoch again with the same random numbers and optimizer state, and says so if that shows nothing", async () => {
  const options = { optimizer: adam(0.01), epochs: 2 };
  const model = network();
  const first = model.layers[0] as ReturnType<typeof dense>;
  const nan = tensor(new Float32Array(24).fill(Number.NaN), { shape: [3, 8] });
  const spoiling: Callback = {
    onBatchEnd({ step }) {
      if (step === 4) first.weight.value = nan;
    },
  };
  const error = await failure(model, { ...options, callbacks: [spoiling] });
  expect(error.message).toBe(
    "fit: training met NaN or infinity in epoch 2, batch 2 of 3, but not when the epoch was done again. Does a callback " +
      "change the parameters? The model has those of the second time.",
  );
  const undisturbed = network();
  const stopping: Callback = { onBatchEnd: ({ step }, context) => (step === 5 ? context.stop("here") : undefined) };
  await fit(undisturbed, { ...settings, ...options, callbacks: [stopping] });
  expect(weightsOf(model)).toEqual(weightsOf(undisturbed));
});

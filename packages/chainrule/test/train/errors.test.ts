import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy, withOptions } from "../../src/loss/index.ts";
import { dense, initialize, sequential } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { earlyStopping, type FitOptions, fit, type Model } from "../../src/train/index.ts";
import { labelled, network, weightsOf } from "./toy.ts";

const good = {
  train: labelled(6, 2),
  loss: softmaxCrossEntropy,
  optimizer: adam(),
  epochs: 1,
  progress: false,
} satisfies FitOptions;
const { x } = good.train;
const empty = tensor(new Float32Array(0), { shape: [0, 3] });
const spoilt = tensor([
  [1, 2, 3],
  [4, 5, Number.NaN],
]);
const classes = (...numbers: number[]): Tensor => tensor(Int32Array.from(numbers));
const ones = new Float32Array(6).fill(1);

/** What is refused, and what the error says. */
const cases: Record<string, [Partial<Record<keyof FitOptions, unknown>> & Record<string, unknown>, string | RegExp]> = {
  "an unknown option": [
    { batch_size: 3 },
    'fit: unknown option "batch_size"; there are train, validation, loss, optimizer, regularizer, batchSize, epochs, seed, metrics, ' +
      "callbacks, classWeights, sampleWeights, shuffle, progress, signal, resume.",
  ],
  "no data": [{ train: undefined }, 'fit: the option "train" is missing.'],
  "no loss": [{ loss: undefined }, 'fit: the option "loss" is missing.'],
  "no optimizer": [{ optimizer: undefined }, 'fit: the option "optimizer" is missing.'],
  "a loss by name": [{ loss: "mse" }, 'fit: loss must be a function such as softmaxCrossEntropy; it is "mse".'],
  "an optimizer that was not made": [
    { optimizer: adam },
    "fit: optimizer must be one such as adam(1e-3); it is the function adam.",
  ],
  "a regularizer that is a number": [{ regularizer: 0.1 }, "fit: regularizer must be one such as l2(1e-4); it is 0.1."],
  "a batch size of 0": [{ batchSize: 0 }, "fit: batchSize must be an integer ≥ 1; it is 0."],
  "half epochs": [{ epochs: 1.5 }, "fit: epochs must be an integer ≥ 1; it is 1.5."],
  "a seed that is a text": [{ seed: "a" }, 'fit: seed must be an integer; it is "a".'],
  "a shuffle that is a number": [{ shuffle: 1 }, "fit: shuffle must be true or false; it is 1."],
  "an unknown way of progress": [
    { progress: "auto" },
    'fit: progress must be true, false or a stream with write(text); it is "auto".',
  ],
  "a signal that is none": [{ signal: "stop" }, 'fit: signal must be an AbortSignal; it is "stop".'],
  "data that are none": [{ train: 5 }, "fit: train must be a data set or { x, y }; it is 5."],
  "data without rows": [{ train: { x: empty, y: classes() } }, /no rows|is empty/],
  "NaN in x": [{ train: { x: spoilt, y: classes(0, 1) } }, "x has NaN at row 1, column 2"],
  "infinity in y": [
    { train: { x: [[1, 2, 3]], y: [[Number.POSITIVE_INFINITY, 1]] }, loss: meanSquaredError },
    "y has Infinity at row 0, column 0",
  ],
  "NaN in validation data": [{ validation: { x: spoilt, y: classes(0, 1) } }, "x has NaN at row 1, column 2"],
  "x and y of different length": [{ train: { x, y: classes(0, 1) } }, /x has 6 rows .* y has 2/],
  "a class out of range": [
    { train: { x, y: classes(0, 1, 0, 1, 2, 0) } },
    "labels out of range: row 4 has class 2, but the logits have 2 classes (0…1).",
  ],
  "a class out of range in validation data": [
    { validation: { x, y: classes(0, 1, 0, -1, 0, 0) } },
    "labels out of range: row 3 has class -1, but the logits have 2 classes (0…1).",
  ],
  "probabilities out of range": [
    { loss: binaryCrossEntropy, train: { x: [[1, 2, 3]], y: [[0, 2]] } },
    "binaryCrossEntropy: targets must be between 0 and 1 (0 for no, 1 for yes); row 0 (at [0, 1]) has 2.",
  ],
  "class numbers that are floats": [
    { train: { x, y: tensor(ones) } },
    'softmaxCrossEntropy: class numbers must be int32, and these are float32[6]. Make the targets with tensor(labels, { dtype: "int32" })',
  ],
  "class numbers in a plain array, which are floats": [
    { train: { x, y: [0, 1, 0, 1, 0, 1] } },
    'Make the targets with tensor(labels, { dtype: "int32" })',
  ],
  "integers that are no one-hot rows": [
    { train: { x: [[1, 2, 3]], y: tensor([[1, 1]], { dtype: "int32" }) } },
    "softmaxCrossEntropy: each row of the targets must sum to 1; row 0 sums to 2.",
  ],
  "a loss of the batch as a whole": [
    {
      loss: function rootMeanSquare(p: Tensor, t: Tensor) {
        return p.sub(t).square().mean().sqrt();
      },
      train: {
        x,
        y: tensor(ones)
          .reshape([6, 1])
          .mul(tensor([[1, 2]])),
      },
    },
    /fit: the loss rootMeanSquare must be a mean \(or a sum\) over the examples, and it is not: of the first 6 examples together it is .*, and the mean of the losses of each alone is .*\. Give one loss for each example; if it calls a loss with a mask or weights, pass on its third argument, \(prediction, target, options\) => huber\(prediction, target, \{ \.\.\.options, mask \}\)\. For a loss of the batch as a whole use trainStep, which takes it as it is\./,
  ],
  "too few features": [
    { train: { x: [[1, 2]], y: classes(0) } },
    "dense: the input has 2 features (shape [batch=1, features=2]), but the weight is [in=3, out=2].",
  ],
  "validation data of another shape": [
    { validation: { x: [[1, 2]], y: classes(0) } },
    "dense: the input has 2 features",
  ],
  "targets of another shape in validation data": [
    { validation: { x: [[1, 2, 3]], y: [[1, 0, 0]] } },
    "softmaxCrossEntropy: for predictions [batch=1, classes=2] the targets must be",
  ],
  "a share of 1": [{ validation: 1 }, "fraction must be a finite number > 0 and < 1; it is 1."],
  "an unknown strategy": [
    { validation: { fraction: 0.5, strategy: "last" } },
    /strategy must be one of "random", "stratified", .*; it is "last"\./,
  ],
  "an unknown option of validation": [
    { validation: { fraction: 0.5, shuffle: true } },
    'fit: validation: unknown option "shuffle"; there are fraction, strategy, seed, groups.',
  ],
  "a loss bound to another reduction": [
    { loss: withOptions(softmaxCrossEntropy, { reduction: "sum" }) },
    'fit: takes the mean of the loss over the examples, so a loss with reduction: "sum" would be another one than was asked for. ' +
      "Leave the reduction out.",
  ],
  "a loss bound to class weights": [
    { loss: withOptions(softmaxCrossEntropy, { classWeights: [1, 2, 3] }) },
    "fit: the loss is bound to classWeights, which divide by their sum in each batch. Give classWeights to fit, which divides by " +
      "the number of examples.",
  ],
  "a loss bound to weights": [
    { loss: withOptions(softmaxCrossEntropy, { weights: tensor(ones) }) },
    "fit: the loss is bound to weights, which would go by the place in the batch and not by the example. Give sampleWeights to fit; " +
      "work a mask out of the targets, in a loss of your own.",
  ],
  "a loss bound to a mask": [
    { loss: withOptions(softmaxCrossEntropy, { mask: tensor([true]) }) },
    "fit: the loss is bound to a mask, which would go by the place",
  ],
  "an unknown metric": [
    { metrics: ["f2"] },
    'fit: there is no metric "f2"; there are "accuracy", "precision", "recall", "f1", "auc", "logLoss", "brier", "mae", "rmse", "r2", ' +
      "or give a function of (prediction, target).",
  ],
  "metrics that are no list": [
    { metrics: "accuracy" },
    'fit: metrics must be an array such as ["accuracy"]; it is "accuracy".',
  ],
  "two metrics of one name": [
    { metrics: ["accuracy", function accuracy() {}] },
    'fit: two metrics have the name "accuracy". Give one of the functions another.',
  ],
  "a metric with the name of something else": [
    { metrics: [function loss() {}] },
    'fit: a metric cannot have the name "loss", which is taken.',
  ],
  "a callback that was not made": [
    { callbacks: [earlyStopping] },
    "fit: callback 0 is the function earlyStopping, not an object such as { onEpochEnd(log) {} }.",
  ],
  "callbacks that are no list": [
    { callbacks: earlyStopping() },
    "fit: callbacks must be an array such as [earlyStopping()]; it is an object.",
  ],
  "a callback that is never called": [
    { callbacks: [{ onEpoch() {} }] },
    "fit: callback 0 has none of onTrainBegin, onBatchEnd, onEpochEnd, onTrainEnd, so it would never be called; it has onEpoch.",
  ],
  "too few weights of examples": [{ sampleWeights: [1, 2] }, "fit: there are 2 sampleWeights for 6 examples."],
  "weights of examples that are no array": [
    { sampleWeights: 3 },
    "fit: sampleWeights must be an array of numbers such as [1, 2]; it is 3.",
  ],
  "weights of examples in a tensor": [
    { sampleWeights: tensor(ones) },
    "fit: sampleWeights must be an array of numbers such as [1, 2]; it is a Tensor. Give its numbers, with await t.data().",
  ],
  "weights of classes by name": [
    { classWeights: { 0: 1, 1: 2 } },
    "fit: classWeights must be an array of numbers such as [1, 2]; it is an object.",
  ],
  "a negative weight": [
    { sampleWeights: [1, 1, -1, 1, 1, 1] },
    "fit: sampleWeights must be finite and not negative; that of row 2 is -1.",
  ],
  "only weights of 0": [
    { sampleWeights: new Float32Array(6) },
    "fit: all weights of the training examples are 0, so there is nothing to learn.",
  ],
  "too few weights of classes": [
    { classWeights: [1] },
    /fit: classWeights must have a finite weight ≥ 0 for each class; for class 1 of row \d it has undefined\./,
  ],
  "an infinite weight": [{ classWeights: [1, Number.POSITIVE_INFINITY] }, "for each class; for class 1 of row"],
  "a loss of integers": [
    { loss: (p: Tensor) => p.sum().cast("int32") },
    "The loss must give floats, which have derivatives; it gave int32.",
  ],
  "a loss that is no tensor": [{ loss: () => 1 }, "The loss must give a tensor; it gave 1."],
};

describe("fit refuses, before anything is trained", () => {
  it.each(Object.entries(cases))("%s", async (_name, [options, message]) => {
    const model = initialize(sequential(dense(3, 2)), { seed: 2 });
    const before = weightsOf(model);
    let steps = 0;
    const counting = { onBatchEnd: () => void steps++ };
    await expect(fit(model, { ...good, callbacks: [counting], ...options } as FitOptions)).rejects.toThrow(message);
    expect(steps).toBe(0);
    expect(weightsOf(model)).toEqual(before);
  });

  it("weights of classes where the targets are no classes", async () => {
    const options = {
      ...good,
      train: { x, y: tensor([0.5, 1, 0, 0, 1, 1], { shape: [6, 1] }) },
      loss: meanSquaredError,
    };
    await expect(fit(dense(3, 1), { ...options, classWeights: [1, 2] })).rejects.toThrow(/Classes are needed.*0\.5/i);
  });

  it("what is no model", async () => {
    const wrong = "fit: the first argument must be a model, such as sequential(…)";
    await expect(fit(((t: Tensor) => t) as Model, good)).rejects.toThrow(wrong);
    await expect(fit(undefined as never, good)).rejects.toThrow(wrong);
    await expect(
      fit(
        sequential((t: Tensor) => t.slice(1, 0, 2)),
        good,
      ),
    ).rejects.toThrow("the model has no parameters, so there is nothing to train.");
  });

  it("a model that loses the rows", async () => {
    const model = sequential(dense(3, 2), (t: Tensor) => t.sum(0));
    await expect(fit(model, good)).rejects.toThrow(
      "For a batch of shape [6, 3] the model gave [2]; both must have one row for each example.",
    );
  });
});

it("fit without options says what is missing", async () => {
  await expect((fit as (model: unknown) => Promise<unknown>)(network())).rejects.toThrow(
    'fit: the option "train" is missing.',
  );
});

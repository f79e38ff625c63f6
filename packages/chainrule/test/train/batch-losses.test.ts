/** One rule for a loss of one's own: the loss of data is the mean of the losses of its examples. */
import { describe, expect, it } from "vitest";
import {
  detectNaN,
  diagnoseLayers,
  findLearningRate,
  hessianSpectrum,
  lossAlongLine,
  overfitOneBatch,
} from "../../src/diagnose/index.ts";
import { type Loss, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { constant, dense, type Param, params } from "../../src/nn/index.ts";
import { lbfgs, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { evaluate, fit, fitFullBatch } from "../../src/train/index.ts";
import { weightsOf } from "./toy.ts";

// ŷ = x: the squares of the errors are 1, 4, 9; their sum is 14, their mean 14/3.
const x = [[1], [2], [3]];
const y = [[0], [0], [0]];
const unit = () => dense(1, 1, { weightInit: constant(1), bias: false });
const sum: Loss = (p, t) => p.sub(t).square().sum();
const root: Loss = (p, t) => p.sub(t).square().mean().sqrt();
const variance: Loss = (p, t) => p.sub(t).variance();

describe("a sum over the examples", () => {
  it("is taken as their mean by everything that takes data", async () => {
    const mean = 14 / 3;
    expect((await evaluate(unit(), { x, y }, { loss: sum })).loss).toBeCloseTo(mean, 5);
    const options = { train: { x, y }, loss: sum };
    const fitted = unit();
    const { history } = await fit(fitted, {
      ...options,
      optimizer: sgd(0.01),
      batchSize: 3,
      epochs: 1,
      progress: false,
    });
    expect(history[0]?.loss).toBeCloseTo(mean, 5);
    // ∂/∂w of 14/3·w² is 28/3.
    expect(weightsOf(fitted).weight?.[0]).toBeCloseTo(1 - 0.01 * (28 / 3), 6);
    const full = await fitFullBatch(unit(), { ...options, method: lbfgs(), iterations: 1, onIteration: () => true });
    expect(full.history[0]?.value).toBeLessThan(mean);
    const line = lossAlongLine(unit(), {
      x,
      y,
      loss: sum,
      direction: { weight: tensor([[1]]) },
      range: [0, 1],
      points: 2,
    });
    expect(line.losses[0]).toBeCloseTo(mean, 5);
    expect(diagnoseLayers(unit(), { x, y, loss: sum }).layers[0]?.gradientNorm).toBeCloseTo(28 / 3, 5);
  });

  it("also for the Hessian, 2·Σx²/n", () => {
    const { largest } = hessianSpectrum(unit(), { x, y, loss: sum });
    expect(largest.value).toBeCloseTo(28 / 3, 6);
    expect(hessianSpectrum(unit(), { x, y, loss: meanSquaredError }).largest.value).toBeCloseTo(largest.value, 6);
  });
});

describe("a number that belongs to the batch as a whole is refused", () => {
  const message =
    /: the loss root must be a mean \(or a sum\) over the examples, and it is not: of the first 3 examples together it is 2\.16, and the mean of the losses of each alone is 2\. Give one loss for each example/;

  it("by everything that takes data", async () => {
    const options = { train: { x, y }, loss: root };
    await expect(evaluate(unit(), { x, y }, { loss: root })).rejects.toThrow(message);
    await expect(fit(unit(), { ...options, optimizer: sgd(1), progress: false })).rejects.toThrow(message);
    await expect(fitFullBatch(unit(), { ...options, method: lbfgs() })).rejects.toThrow(message);
    expect(() => diagnoseLayers(unit(), { x, y, loss: root })).toThrow(message);
    expect(() => hessianSpectrum(unit(), { x, y, loss: root })).toThrow(message);
    expect(() => findLearningRate(unit(), options)).toThrow(message);
    // It looks for NaN where there is one, whatever the loss means.
    expect(detectNaN(unit(), { x, y, loss: root }).found).toBeUndefined();
    expect(() => overfitOneBatch(unit(), { x, y, loss: root })).toThrow(message);
  });

  it("where it has no meaning for one example", async () => {
    // The variance of one number is 0, and so was its gradient.
    await expect(evaluate(unit(), { x, y }, { loss: variance })).rejects.toThrow(
      "and the mean of the losses of each alone is 0.",
    );
  });

  it("such as weights of classes that divide by their sum, unless they are given on", async () => {
    const train = { x, y: tensor([0, 1, 1], { dtype: "int32" }) };
    const model = dense(1, 2, { weightInit: constant(0.5) });
    (params(model).bias as Param).value = tensor([0.3, 0]);
    const classWeights = [1, 5];
    const alone: Loss = (p, t) => softmaxCrossEntropy(p, t, { classWeights });
    await expect(evaluate(model, train, { loss: alone })).rejects.toThrow("must be a mean (or a sum)");
    const given: Loss = (p, t, options) => softmaxCrossEntropy(p, t, { ...options, classWeights });
    // log(1 + e^−0.3) once, and 5·(0.3 + that) twice.
    const softplus = Math.log1p(Math.exp(-0.3));
    const { loss } = await evaluate(model, train, { loss: given });
    expect(loss).toBeCloseTo((softplus + 10 * (0.3 + softplus)) / 3, 5);
  });

  it("but not what gives one loss for each example, whatever these are made of", async () => {
    const centred: Loss = (p: Tensor, t: Tensor) => p.sub(p.mean()).sub(t).square();
    expect((await evaluate(unit(), { x, y }, { loss: centred })).loss).toBeCloseTo(2 / 3, 6);
  });
});

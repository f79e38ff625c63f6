/** What optimizers that see all parameters, averages, groups and proximal steps do in a training step. */
import { describe, expect, it } from "vitest";
import { meanSquaredError } from "../../src/loss/index.ts";
import { constant, type Dense, dense, type Param, params, sequential } from "../../src/nn/index.ts";
import {
  accumulate,
  adagrad,
  adam,
  clipByGlobalNorm,
  elasticNet,
  ema,
  frozen,
  groups,
  l1,
  type Optimizer,
  type Regularizer,
  rmsprop,
  sgd,
  swa,
} from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { earlyStopping, fit, trainStep } from "../../src/train/index.ts";
import { regression, weightsOf } from "./toy.ts";

/** p = x·w + b with w = 1, b = 0; the data are 2·x: residuals −1 and −2, loss 2.5, ∂/∂w = −5, ∂/∂b = −3. */
const line = (): Dense => dense(1, 1, { weightInit: constant(1) });
const batch = { x: tensor([[1], [2]]), y: tensor([[2], [4]]) };
const stepOf = (model: Dense, optimizer: Optimizer) =>
  trainStep(model, optimizer, ({ x, y }) => meanSquaredError(model(x), y));

describe("trainStep with an optimizer of all parameters", () => {
  it("clips the norm of the gradient of the whole model", () => {
    const model = line();
    stepOf(model, clipByGlobalNorm(sgd(1), 1))(batch);
    const norm = Math.hypot(5, 3);
    expect(weightsOf(model).weight?.[0]).toBeCloseTo(1 + 5 / norm, 5);
    expect(weightsOf(model).bias?.[0]).toBeCloseTo(3 / norm, 5);
  });

  it("accumulates: two halves of a batch make the step of the whole", () => {
    const [whole, halves] = [line(), line()];
    stepOf(whole, adam(0.1))(batch);
    const step = stepOf(halves, accumulate(adam(0.1), { batches: 2 }));
    const { x, y } = batch;
    step({ x: x.slice(0, 0, 1), y: y.slice(0, 0, 1) });
    expect(weightsOf(halves)).toEqual({ weight: [1], bias: [0] });
    step({ x: x.slice(0, 1, 2), y: y.slice(0, 1, 2) });
    expect(weightsOf(halves)).toEqual(weightsOf(whole));
    expect(step.state.step?.value.itemSync()).toBe(2);
  });

  it("leaves frozen parameters alone, keeps nothing of them and takes no norm of their gradient", () => {
    const model = line();
    const optimizer = groups([
      { parameters: "weights", optimizer: frozen },
      { parameters: "all", optimizer: sgd({ learningRate: 1, momentum: 0.5 }) },
    ]);
    const step = stepOf(model, clipByGlobalNorm(optimizer, 1));
    expect(Object.keys(step.state)).toEqual(["step", "bias.velocity"]);
    step(batch);
    expect(weightsOf(model)).toEqual({ weight: [1], bias: [1] });
    expect(() => stepOf(model, frozen)).toThrow(
      "trainStep: all parameters of the model are frozen, so there is nothing to train.",
    );
  });

  it("takes gradients at the weights, while the model has their average", () => {
    const [plain, average] = [line(), line()];
    const [a, b] = [stepOf(plain, sgd(0.1)), stepOf(average, swa(sgd(0.1), { start: 0 }))];
    let mean = 0;
    for (let i = 0; i < 5; i++) {
      expect(b(batch).loss.itemSync()).toBeCloseTo(a(batch).loss.itemSync(), 5);
      mean += (weightsOf(plain).weight?.[0] as number) / 5;
    }
    expect(weightsOf(average).weight?.[0]).toBeCloseTo(mean, 5);
    expect(b.state["weight.weights"]?.value.itemSync()).toBeCloseTo(weightsOf(plain).weight?.[0] as number, 6);
  });
});

/**
 * The coefficients of scikit-learn 1.9.1 for the same data, `tol=1e-14, max_iter=100000`: Lasso(alpha=0.05) and
 * ElasticNet(alpha=0.1, l1_ratio=0.5), which minimize ½·MSE plus the penalty.
 */
const lasso = [1.351786492270899, 0, 0, 0.6492898548175358];
const net = [1.0692813224786721, 0, -0.00014442659036998582, 0.49477433803322535];

const wave = (i: number): number => Math.sin(12.9898 * (i + 1)) * Math.cos(78.233 * i);
const rows = Array.from({ length: 20 }, (_, r) => [0, 1, 2, 3].map((c) => wave(4 * r + c)));
const data = {
  x: tensor(rows),
  y: tensor(rows.map(([a = 0, , c = 0, d = 0]) => [2 * a - c + 0.05 * d + 0.3])),
};

function solve(optimizer: Optimizer, regularizer: Regularizer, steps: number): number[] {
  const model = dense(4, 1, { weightInit: constant(0.5) });
  const step = trainStep(model, optimizer, ({ x, y }) => meanSquaredError(model(x), y).div(2), { regularizer });
  for (let i = 0; i < steps; i++) step(data);
  return [...(params(model).weight as Param).value.dataSync()];
}

describe("a proximal step finds the minimum with exact zeros", () => {
  const optimizers: readonly (readonly [string, Optimizer, number])[] = [
    ["sgd", sgd(0.5), 500],
    ["sgd with momentum", sgd({ learningRate: 0.1, momentum: 0.8 }), 500],
    ["sgd with Nesterov's momentum", sgd({ learningRate: 0.1, momentum: 0.8, nesterov: true }), 500],
    ["adagrad", adagrad(0.5), 2000],
    ["rmsprop", rmsprop({ learningRate: 1e-3, momentum: 0.5 }), 3000],
    ["adam", adam(0.01), 3000],
  ];
  for (const [name, optimizer, steps] of optimizers) {
    it(`with ${name}, as the Lasso of scikit-learn`, () => {
      const found = solve(optimizer, l1(0.05, { proximal: true }), steps);
      expect(found.map((w) => w === 0)).toEqual([false, true, true, false]);
      lasso.forEach((w, i) => {
        expect(found[i]).toBeCloseTo(w, 3);
      });
    });
  }

  it("as its ElasticNet", () => {
    const found = solve(sgd(0.5), elasticNet({ l1: 0.05, l2: 0.05, proximal: true }), 1000);
    expect(found.map((w) => w === 0)).toEqual([false, true, false, false]);
    net.forEach((w, i) => {
      expect(found[i]).toBeCloseTo(w, 4);
    });
  });

  it("where the derivative swings about 0", () => {
    const found = solve(sgd(0.5), l1(0.05), 500);
    expect(found[1]).not.toBe(0);
    expect(Math.abs(found[1] as number)).toBeLessThan(0.05);
  });

  it("needs an optimizer that tells the length of its steps", () => {
    const own: Optimizer = {
      name: "mine",
      config: {},
      init: () => ({}),
      update: ({ parameter }) => ({ parameter, state: {} }),
    };
    expect(() => solve(own, l1(1, { proximal: true }), 1)).toThrow(
      `The regularizer's proximal step needs to know how long the optimizer's steps are, and "mine" does not say`,
    );
  });
});

describe("fit with these optimizers", () => {
  it("evaluates, stops early by and ends with the average", async () => {
    const toy = regression(40);
    const model = sequential(dense(3, 4), dense(4, 1));
    const seen: number[][] = [];
    const result = await fit(model, {
      train: toy,
      validation: toy,
      loss: meanSquaredError,
      optimizer: ema(clipByGlobalNorm(sgd(0.1), 1), { decay: 0.9 }),
      epochs: 4,
      batchSize: 10,
      progress: false,
      callbacks: [
        earlyStopping({ patience: 4 }),
        {
          onEpochEnd({ validationLoss }) {
            const y = model(toy.x) as Tensor;
            seen.push([validationLoss as number, meanSquaredError(y, toy.y).itemSync()]);
          },
        },
      ],
    });
    expect(result.epochs).toBe(4);
    for (const [reported, own] of seen) expect(reported).toBeCloseTo(own as number, 5);
  });
});

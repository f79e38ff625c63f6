/** Losses of one's own, and weights of classes and examples. */
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, type Loss, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { constant, dense } from "../../src/nn/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { type FitOptions, fit } from "../../src/train/index.ts";
import { labelled, network, regression, weightsOf } from "./toy.ts";

const squares = (p: Tensor, t: Tensor): Tensor => p.sub(t).square();

async function trained(loss: Loss, more: Partial<FitOptions>) {
  const model = network(more.train === undefined ? 1 : 3);
  const { history } = await fit(model, {
    train: regression(21),
    validation: { x: regression(5).x, y: regression(5).y },
    loss,
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
    batchSize: 8,
    epochs: 3,
    progress: false,
    ...more,
  });
  return {
    history: history.flatMap(({ loss: l, validationLoss }) => [l, validationLoss as number]),
    weights: Object.values(weightsOf(model)).flat(),
  };
}

function expectSame(a: Awaited<ReturnType<typeof trained>>, b: Awaited<ReturnType<typeof trained>>): void {
  // The same mathematics in another order of operations: float32 rounding, over nine steps.
  for (const key of ["history", "weights"] as const) {
    a[key].forEach((value, i) => {
      expect(Math.abs(value - (b[key][i] as number))).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  }
}

describe("a loss of two parameters", () => {
  it("that gives one number for a batch is the mean over the examples, as the built-in one", async () => {
    expectSame(await trained((p, t) => squares(p, t).mean(), {}), await trained(meanSquaredError, {}));
  });

  it("that gives a sum is the mean of the examples' sums too", async () => {
    // With one output, the sum over a batch of one is its mean.
    expectSame(await trained((p, t) => squares(p, t).sum(), {}), await trained(meanSquaredError, {}));
  });

  it("that gives one number for each example, or more, is their mean", async () => {
    const builtIn = await trained(meanSquaredError, {});
    expectSame(await trained((p, t) => squares(p, t).reshape([-1]), {}), builtIn);
    expectSame(await trained(squares, {}), builtIn);
  });

  it("takes weights as the built-in one does", async () => {
    const sampleWeights = Float32Array.from({ length: 21 }, (_, row) => row % 3);
    expectSame(
      await trained((p, t) => squares(p, t).mean(), { sampleWeights }),
      await trained(meanSquaredError, { sampleWeights }),
    );
  });

  it("may call a built-in one with other options", async () => {
    const train = labelled(21, 3);
    const own: Loss = (p, t) => softmaxCrossEntropy(p, t);
    expectSame(
      await trained(own, { train, validation: undefined }).then(withoutValidation),
      await trained(softmaxCrossEntropy, { train, validation: undefined }).then(withoutValidation),
    );
  });
});

const withoutValidation = <T extends { history: number[] }>(run: T): T => ({
  ...run,
  history: run.history.filter((l) => l !== undefined),
});

describe("weights", () => {
  const train = { x: tensor([[1], [2], [4]]), y: tensor([[0], [0], [0]]) };
  const options = {
    train,
    loss: meanSquaredError,
    optimizer: sgd(1),
    batchSize: 3,
    epochs: 1,
    progress: false,
  } satisfies FitOptions;
  const unit = () => dense(1, 1, { weightInit: constant(1), bias: false });

  it("of examples: a weighted mean, by hand", async () => {
    const model = unit();
    const { history } = await fit(model, { ...options, sampleWeights: [1, 3, 0] });
    // (1·1 + 3·4) / 4, and the gradient 2·(1·1 + 3·4) / 4.
    expect(history[0]?.loss).toBe(13 / 4);
    expect(weightsOf(model).weight).toEqual([1 - 26 / 4]);
  });

  it("of examples: the mean of an epoch of several batches counts each by its weight", async () => {
    const { history } = await fit(unit(), {
      ...options,
      optimizer: sgd(1e-30),
      batchSize: 2,
      shuffle: false,
      sampleWeights: [1, 3, 2],
    });
    expect(history[0]?.loss).toBeCloseTo((1 + 3 * 4 + 2 * 16) / 6, 6);
  });

  it("of examples: a batch without weight changes nothing", async () => {
    const model = unit();
    const { history } = await fit(model, { ...options, batchSize: 1, shuffle: false, sampleWeights: [0, 0, 1] });
    expect(history[0]?.loss).toBe(16);
    expect(weightsOf(model).weight).toEqual([1 - 32]);
  });

  it("of classes: those of the examples, for class numbers and one-hot rows", async () => {
    const logits = () => dense(1, 2, { weightInit: constant(0) });
    // All logits are 0, so each loss is log 2, its gradient by the bias (½ − y₀, ½ − y₁).
    for (const y of [
      tensor(Int32Array.of(0, 1, 1)),
      tensor([
        [1, 0],
        [0, 1],
        [0, 1],
      ]),
    ]) {
      const model = logits();
      const { history } = await fit(model, {
        ...options,
        train: { x: train.x, y },
        loss: softmaxCrossEntropy,
        classWeights: [6, 1],
      });
      expect(history[0]?.loss).toBeCloseTo(Math.log(2), 6);
      // Weights 6, 1, 1 of 8: the gradient is (6·(−½) + 2·½)/8 = −¼ and ¼.
      expect(weightsOf(model).bias).toEqual([0.25, -0.25]);
    }
  });

  it("of classes for yes-or-no targets, times those of examples", async () => {
    const model = dense(1, 1, { weightInit: constant(0) });
    await fit(model, {
      ...options,
      train: { x: train.x, y: tensor([[0], [1], [1]]) },
      loss: binaryCrossEntropy,
      classWeights: [1, 3],
      sampleWeights: [2, 1, 0],
    });
    // Weights 2·1, 1·3, 0 of 5: the gradient by the bias is (2·½ − 3·½)/5 = −0.1.
    expect(weightsOf(model).bias?.[0]).toBeCloseTo(0.1, 6);
  });

  it("of examples stay with their rows when a part is held back for validation", async () => {
    const rows = 40;
    const x = tensor(
      Float32Array.from({ length: rows }, (_, i) => i),
      { shape: [rows, 1] },
    );
    const marked = 7;
    const sampleWeights = Float32Array.from({ length: rows }, (_, i) => Number(i === marked));
    const y = tensor(new Float32Array(rows), { shape: [rows, 1] });
    const held: number[] = [];
    const { history } = await fit(unit(), {
      ...options,
      optimizer: sgd(1e-30),
      train: { x, y },
      sampleWeights,
      validation: 0.25,
      metrics: [(p: Tensor) => held.push(...p.dataSync())],
    });
    expect(held.length).toBe(10);
    expect(held).not.toContain(marked);
    expect(history[0]?.loss).toBeCloseTo(marked ** 2, 4);
  });
});

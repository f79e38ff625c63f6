import { describe, expect, it } from "vitest";
import { meanSquaredError } from "../../src/loss/index.ts";
import { batchNorm, dense, dropout, params, sequential, states, tanh } from "../../src/nn/index.ts";
import { sgd, swa } from "../../src/optim/index.ts";
import { tensor } from "../../src/tensor/index.ts";
import { evaluate, fit, recomputeStatistics } from "../../src/train/index.ts";
import { boxesOf, valuesOf } from "../../src/train/snapshot.ts";
import { regression } from "./toy.ts";

const x = [
  [1, -2],
  [0.5, 1],
  [3, 0.25],
  [-1.5, 2],
  [0, -0.75],
  [2, 2],
];

describe("recomputeStatistics", () => {
  it("gives what update_bn of PyTorch gives, whatever the momentum and the statistics before", async () => {
    // PyTorch 1.13 in float64: torch.optim.swa_utils.update_bn of Sequential(Linear(2, 3, bias=False), BatchNorm1d(3), Tanh(),
    // Linear(3, 2), BatchNorm1d(2)) with these weights, over three batches of two rows.
    const [first, last] = [dense(2, 3, { bias: false }), dense(3, 2)];
    const norms = [batchNorm(3, { momentum: 0 }), batchNorm(2, { momentum: 0.5 })] as const;
    const model = sequential(first, norms[0], tanh, last, norms[1]);
    first.weight.value = tensor([
      [0.5, -0.25, 1],
      [0.75, 0.5, -0.5],
    ]);
    last.weight.value = tensor([
      [0.5, 1],
      [-1, 0.25],
      [0.25, -0.5],
    ]);
    (params(model)["3.bias"] as { value: unknown }).value = tensor([0, 1]);
    norms[0].mean.value = tensor([Number.NaN, 100, 7]);
    await recomputeStatistics(model, x, { batchSize: 2 });
    const expected = {
      "1.mean": [0.7291666666666667, 0, 0.625],
      "1.variance": [2.376302083333333, 1.234375, 5.546875],
      "4.mean": [0, 1],
      "4.variance": [1.4258807288147475, 1.4258925609112993],
    };
    for (const [name, numbers] of Object.entries(expected)) {
      numbers.forEach((value, i) => {
        expect(states(model)[name]?.value.dataSync()[i]).toBeCloseTo(value, 6);
      });
    }
  });

  it("counts rows that are over in the batches, each by its number of rows", async () => {
    const model = batchNorm(1);
    // Batches of 2 and 3: means 2 and 6, variances 2 and 4; (2·2 + 3·6)/5, (2·2 + 3·4)/5.
    await recomputeStatistics(model, [[1], [3], [4], [6], [8]], { batchSize: 2 });
    expect(model.mean.value.itemSync()).toBeCloseTo(22 / 5, 6);
    expect(model.variance.value.itemSync()).toBeCloseTo(16 / 5, 6);
  });

  it("changes nothing else, and nothing where it fails", async () => {
    const model = sequential(dense(2, 3), batchNorm(3), dropout(0.5), dense(3, 1));
    await recomputeStatistics(model, x);
    const before = valuesOf(boxesOf(model));
    await recomputeStatistics(model, x.slice(0, 3));
    const changed = Object.entries(valuesOf(boxesOf(model))).filter(
      ([name, value]) => String(value.arraySync()) !== String(before[name]?.arraySync()),
    );
    expect(changed.map(([name]) => name)).toEqual(["1.mean", "1.variance"]);
    const wrong = valuesOf(boxesOf(model));
    await expect(
      recomputeStatistics(model, [
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).rejects.toThrow("dense: the input has 3 features");
    await expect(recomputeStatistics(model, [[1, 2]])).rejects.toThrow("a feature's variance needs 2 examples or more");
    expect(valuesOf(boxesOf(model))).toEqual(wrong);
    await expect(recomputeStatistics(model, [])).rejects.toThrow(/recomputeStatistics: x has no rows|empty/);
    await expect(recomputeStatistics(model, x, { batchSize: 1 })).rejects.toThrow(
      "recomputeStatistics: batchSize must be an integer ≥ 2; it is 1.",
    );
  });

  it("mends the statistics that averaged weights have from others", async () => {
    const train = regression(32);
    const model = sequential(dense(3, 8, { bias: false }), batchNorm(8), tanh, dense(8, 1));
    const optimizer = swa(sgd({ learningRate: 0.3, momentum: 0.9 }), { start: 8 });
    await fit(model, { train, loss: meanSquaredError, optimizer, batchSize: 8, epochs: 12, progress: false });
    const before = await evaluate(model, train, { loss: meanSquaredError });
    await recomputeStatistics(model, train.x, { batchSize: 8 });
    const after = await evaluate(model, train, { loss: meanSquaredError });
    expect(after.loss).toBeLessThan(before.loss);
  });
});

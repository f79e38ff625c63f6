import { describe, expect, expectTypeOf, it } from "vitest";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import * as metrics from "../../src/metrics/index.ts";
import { constant, dense, dropout, flatten, initialize, relu, sequential } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { evaluate, predict } from "../../src/train/index.ts";
import { labelled, network, regression } from "./toy.ts";

const identityModel = () => dense(1, 1, { weightInit: constant(1) });

describe("predict", () => {
  it("gives the model's output for each row, whatever the batches", async () => {
    const model = initialize(network(2), { seed: 3 });
    const { x } = regression(11);
    const whole = model(x).arraySync() as number[][];
    for (const batchSize of [1, 2, 4, 11, 256]) {
      const found = await predict(model, x, { batchSize });
      expect(found.shape).toEqual([11, 2]);
      // The rows of a product may be summed in another order, by blocks of rows: float32 rounding remains.
      (found.arraySync() as number[][]).flat().forEach((value, i) => {
        expect(value).toBeCloseTo(whole.flat()[i] as number, 6);
      });
    }
  });

  it("gives a row the same bits at every place of a batch, and beside any other rows", async () => {
    const model = initialize(network(3), { seed: 3 });
    const [row] = regression(1).x.arraySync() as number[][] as [number[]];
    const x = Array.from({ length: 7 }, () => row);
    const found = (await predict(model, x, { batchSize: 4 })).arraySync() as number[][];
    for (const other of found) expect(other).toEqual(found[0]);
    const mixed = (await predict(model, [[9, 9, 9], row, [-1, 5, 2], row], { batchSize: 4 })).arraySync() as number[][];
    expect(mixed[1]).toEqual(found[0]);
    expect(mixed[3]).toEqual(found[0]);
  });

  it("is in evaluation mode, sees new weights, and takes arrays and inputs of any rank", async () => {
    const model = sequential(dropout(0.9), flatten(), dense(4, 1, { weightInit: constant(1) }), relu);
    const x = [
      [
        [1, 2],
        [3, 4],
      ],
    ];
    expect((await predict(model, x)).arraySync()).toEqual([[10]]);
    initialize(model, { seed: 0 });
    const dense2 = model.layers[2] as ReturnType<typeof dense>;
    dense2.weight.value = tensor([[2], [2], [2], [2]]);
    expect((await predict(model, x)).arraySync()).toEqual([[20]]);
  });

  it("keeps dtypes and outputs without further dimensions", async () => {
    const double = dense(1, 1, { dtype: "float64", weightInit: constant(0.1) });
    const y = await predict(double, tensor([[3], [5]], { dtype: "float64" }), { batchSize: 1 });
    expect(y.dtype).toBe("float64");
    expect(y.arraySync()).toEqual([[0.30000000000000004], [0.5]]);
    const labels = sequential(identityModel(), (z: Tensor) => z.reshape([-1]).greater(2));
    expect((await predict(labels, [[1], [3], [5]], { batchSize: 2 })).arraySync()).toEqual([false, true, true]);
  });

  it("refuses what has no rows, and models that lose them", async () => {
    const model = identityModel();
    await expect(predict(model, tensor(new Float32Array(0), { shape: [0, 1] }))).rejects.toThrow(
      "predict: x has no rows; give one example a row.",
    );
    await expect(predict(model, 3)).rejects.toThrow("predict: x has no rows; give one example a row.");
    await expect(predict(dense(3, 2), [1, 2, 3])).rejects.toThrow(
      "For a batch of shape [3] the model gave [2]; both must have one row for each example. x must be [rows, …]",
    );
    await expect(predict(model, [[1]], { batchSize: 0 })).rejects.toThrow(
      "predict: batchSize must be an integer ≥ 1; it is 0.",
    );
    await expect(predict(model, [[1]], { batch: 1 } as never)).rejects.toThrow(
      'predict: unknown option "batch"; there are batchSize.',
    );
    await expect(predict(((x: Tensor) => x) as never, [[1]])).rejects.toThrow(
      "predict: the first argument must be a model",
    );
  });
});

describe("evaluate", () => {
  it("gives the mean loss over all examples, whatever the batches", async () => {
    const model = identityModel();
    // Residuals 1, 2, 3, 4, 5: the mean square is 55/5.
    const data = { x: [[1], [2], [3], [4], [5]], y: [[0], [0], [0], [0], [0]] };
    for (const batchSize of [1, 2, 3, 5, 100]) {
      expect(await evaluate(model, data, { loss: meanSquaredError, batchSize })).toEqual({ loss: 11, count: 5 });
    }
  });

  it("applies losses of one's own as fit does: as a mean over the examples", async () => {
    const model = identityModel();
    const data = { x: [[1], [2], [3]], y: [[0], [0], [0]] };
    const perExample = (p: Tensor, t: Tensor) => p.sub(t).square().reshape([-1]);
    const oneNumber = (p: Tensor, t: Tensor) => p.sub(t).square().sum();
    for (const loss of [perExample, oneNumber]) {
      const { loss: found } = await evaluate(model, data, { loss, batchSize: 2 });
      expect(found).toBeCloseTo(14 / 3, 6);
    }
  });

  it("measures accuracy and metrics of one's own on all examples", async () => {
    const model = sequential(dense(1, 2, { weightInit: constant(0), biasInit: constant(0) }));
    function worst(prediction: Tensor, target: Tensor): number {
      return prediction.shape[0] === target.shape[0] ? 7 : -1;
    }
    // All logits are equal, so the first class is predicted.
    const data = { x: [[1], [2], [3], [4]], y: Int32Array.of(0, 1, 0, 0) };
    const found = await evaluate(model, data, {
      loss: softmaxCrossEntropy,
      metrics: ["accuracy", worst],
      batchSize: 3,
    });
    expect(found).toEqual({ loss: expect.closeTo(Math.log(2), 6), accuracy: 0.75, worst: 7, count: 4 });
  });

  it("refuses data, losses and metrics that cannot be", async () => {
    const model = dense(3, 2);
    const good = labelled(4, 2);
    const { x } = good;
    await expect(evaluate(model, { x, y: Int32Array.of(0, 1, 2, 0) }, { loss: softmaxCrossEntropy })).rejects.toThrow(
      "labels out of range: row 2 has class 2, but the logits have 2 classes (0…1).",
    );
    await expect(evaluate(model, { x: [[1, Number.NaN, 3]], y: Int32Array.of(0) })).rejects.toThrow(
      "x has NaN at row 0, column 1",
    );
    await expect(evaluate(model, 5 as never)).rejects.toThrow(
      "evaluate: the data must be a data set or { x, y }; it is 5.",
    );
    await expect(evaluate(model, good, { metrics: ["f2" as never] })).rejects.toThrow(
      'evaluate: there is no metric "f2"',
    );
    await expect(evaluate(model, good, { loss: "mse" as never })).rejects.toThrow(
      'evaluate: loss must be a function such as softmaxCrossEntropy; it is "mse".',
    );
    await expect(evaluate(model, good, { los: 1 } as never)).rejects.toThrow(
      'evaluate: unknown option "los"; there are loss, metrics, batchSize.',
    );
    await expect(evaluate({} as never, good)).rejects.toThrow("evaluate: the first argument must be a model");
  });
});

describe("metrics by name", () => {
  it("are those of chainrule/metrics, of logits and of real values", async () => {
    const model = sequential(dense(1, 1));
    const data = { x: [[-2], [-1], [0.5], [1], [3]], y: [0, 1, 0, 1, 1] };
    const z = await predict(model, data.x);
    const found = await evaluate(model, data, {
      metrics: ["accuracy", "precision", "recall", "f1", "auc", "logLoss", "brier", "mae", "rmse", "r2"],
    });
    const p = metrics.probabilities(z);
    expect(found).toEqual({
      count: 5,
      accuracy: metrics.accuracy(z, data.y),
      precision: metrics.precision(z, data.y),
      recall: metrics.recall(z, data.y),
      f1: metrics.f1(z, data.y),
      auc: metrics.rocAuc(z, data.y),
      logLoss: metrics.logLoss(p, data.y),
      brier: metrics.brierScore(p, data.y),
      mae: metrics.mae(z, data.y),
      rmse: metrics.rmse(z, data.y),
      r2: metrics.r2(z, data.y),
    });
    expectTypeOf(found.auc).toEqualTypeOf<number>();
  });
});

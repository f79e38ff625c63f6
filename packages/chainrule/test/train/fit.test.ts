import { describe, expect, it } from "vitest";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { constant, Dense, dense, initialize } from "../../src/nn/index.ts";
import { adam, l2, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { type EpochLog, evaluate, type FitOptions, fit, trainStep } from "../../src/train/index.ts";
import { labelled, network, regression, type Toy, weightsOf } from "./toy.ts";

const base = { loss: meanSquaredError, optimizer: adam(0.01), progress: false } satisfies Partial<FitOptions>;

/** The losses of the batches when nothing is learnt: with p = x, y = 0 and batches of one they are the x² in their order. */
async function lossesInOrder(options: Partial<FitOptions>): Promise<number[]> {
  const losses: number[] = [];
  await fit(dense(1, 1, { weightInit: constant(1) }), {
    train: { x: [[1], [2], [3], [4], [5], [6]], y: [[0], [0], [0], [0], [0], [0]] },
    loss: meanSquaredError,
    optimizer: sgd(1e-30),
    batchSize: 1,
    progress: false,
    callbacks: [{ onBatchEnd: ({ loss }) => void losses.push(loss) }],
    ...options,
  });
  return losses;
}

describe("fit: one seed decides everything", () => {
  const run = async (seed: number) => {
    const model = network();
    const { history } = await fit(model, {
      ...base,
      train: regression(37),
      validation: 0.2,
      batchSize: 8,
      epochs: 4,
      seed,
    });
    return { history, weights: weightsOf(model) };
  };

  it("is the same to the bit for the same seed, dropout and validation split included, and else not", async () => {
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    const other = await run(6);
    expect(other.history).not.toEqual(first.history);
    expect(other.weights).not.toEqual(first.weights);
  });

  it("does not depend on what was computed in between", async () => {
    const first = await run(5);
    const busy = setInterval(() => dense(2, 2)(tensor([1, 2])), 0);
    const again = await run(5).finally(() => clearInterval(busy));
    expect(again).toEqual(first);
  });

  it("keeps values that a model has already", async () => {
    const model = dense(3, 1, { weightInit: constant(1) });
    initialize(model);
    await fit(model, { ...base, optimizer: sgd(1e-30), train: regression(4), epochs: 1, seed: 9 });
    expect(weightsOf(model).weight).toEqual([1, 1, 1]);
  });
});

describe("fit: order", () => {
  it("goes through each example once an epoch, in a new order each time", async () => {
    const losses = await lossesInOrder({ epochs: 3, seed: 1 });
    const epochs = [0, 6, 12].map((from) => losses.slice(from, from + 6));
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual([1, 4, 9, 16, 25, 36]);
    expect(new Set(epochs.map(String)).size).toBe(3);
    expect(await lossesInOrder({ epochs: 3, seed: 1 })).toEqual(losses);
  });

  it("keeps the order of the data with shuffle: false", async () => {
    expect(await lossesInOrder({ epochs: 2, shuffle: false })).toEqual([1, 4, 9, 16, 25, 36, 1, 4, 9, 16, 25, 36]);
  });
});

/** Traces of the model's forward pass in a training of so many epochs. */
async function traces(epochs: number, batchSize: number, validation?: Toy): Promise<number> {
  let count = 0;
  class Counted extends Dense {
    override forward(x: Tensor): Tensor {
      count++;
      return super.forward(x);
    }
  }
  await fit(new Counted(3, 1), { ...base, train: regression(10), validation, batchSize, epochs, metrics: [() => 0] });
  return count;
}

describe("fit: the last minibatch", () => {
  // Small whole numbers, so that all sums are exact and equality can be asked to the bit.
  const x = [[1], [2], [-1], [3], [2], [-2]];
  const y = [[2], [0], [1], [1], [3], [-1]];
  const rows = (from: number, to: number): Toy => ({ x: tensor(x.slice(from, to)), y: tensor(y.slice(from, to)) });
  const model = () => dense(1, 1, { weightInit: constant(0.5), biasInit: constant(0.25) });
  const optimizer = sgd({ learningRate: 1 / 64, momentum: 0.5 });

  it("counts as what it is, to the bit: filling up changes neither loss nor gradient", async () => {
    const byHand = model();
    const step = trainStep(byHand, optimizer, (b) => meanSquaredError(byHand(b.x), b.y), { regularizer: l2(0.5) });
    const losses: number[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const batch of [rows(0, 4), rows(4, 6)]) losses.push(step(batch).loss.itemSync());
    }
    const fitted = model();
    const found: number[] = [];
    const { history } = await fit(fitted, {
      train: { x, y },
      loss: meanSquaredError,
      optimizer,
      regularizer: l2(0.5),
      batchSize: 4,
      epochs: 2,
      shuffle: false,
      progress: false,
      callbacks: [{ onBatchEnd: ({ loss }) => void found.push(loss) }],
    });
    expect(found).toEqual(losses);
    expect(weightsOf(fitted)).toEqual(weightsOf(byHand));
    const [a, b, c, d] = losses as [number, number, number, number];
    expect(history.map(({ loss }) => loss)).toEqual([(4 * a + 2 * b) / 6, (4 * c + 2 * d) / 6]);
  });

  it("is never compiled anew, nor is anything else from epoch to epoch", async () => {
    const once = await traces(1, 4);
    expect(await traces(5, 4)).toBe(once);
    expect(await traces(5, 5)).toBe(once);
    expect(await traces(1, 3, regression(300))).toBe(await traces(5, 3, regression(300)));
  });

  it("may be the only one", async () => {
    const small = model();
    const { history } = await fit(small, { ...base, train: { x, y }, batchSize: 100, epochs: 1 });
    // p = x/2 + 1/4 leaves residuals −1.25, 1.25, −1.25, 0.75, −1.75, 0.25.
    expect(history[0]?.loss).toBeCloseTo((3 * 1.25 ** 2 + 0.75 ** 2 + 1.75 ** 2 + 0.25 ** 2) / 6, 6);
  });
});

describe("fit: history", () => {
  const data = labelled(40, 3);
  const options = { ...base, loss: softmaxCrossEntropy, train: data, batchSize: 16, epochs: 3 } satisfies FitOptions;

  it("has the mean loss of each epoch, and learns", async () => {
    const model = network(3);
    const result = await fit(model, { ...options, epochs: 30 });
    expect(result.epochs).toBe(30);
    expect(result.stopped).toBe("all epochs done");
    expect(result.seconds).toBeGreaterThan(0);
    expect(result.bestEpoch).toBeUndefined();
    expect(result.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(Object.keys(result.history[0] as EpochLog)).toEqual(["epoch", "loss"]);
    expect(result.history.at(-1)?.loss).toBeLessThan(0.8 * (result.history[0]?.loss as number));
  });

  it("has metrics on the training data where there is no validation", async () => {
    const model = network(3);
    const { history } = await fit(model, { ...options, metrics: ["accuracy"] });
    expect(Object.keys(history[0] as EpochLog)).toEqual(["epoch", "loss", "accuracy"]);
    const { accuracy } = await evaluate(model, data, { metrics: ["accuracy"] });
    expect(history.at(-1)?.accuracy).toBe(accuracy);
  });

  it("has loss and metrics on validation data, without penalties and weights", async () => {
    const model = network(3);
    const validation = labelled(17, 3);
    function rowsOf(prediction: Tensor): number {
      return prediction.shape[0] as number;
    }
    const { history } = await fit(model, {
      ...options,
      validation,
      regularizer: l2(10),
      classWeights: [1, 2, 3],
      metrics: ["accuracy", rowsOf],
    });
    const { loss, accuracy } = await evaluate(model, validation, { loss: softmaxCrossEntropy, metrics: ["accuracy"] });
    expect(history.at(-1)).toEqual({
      epoch: 3,
      loss: expect.any(Number),
      validationLoss: loss,
      validationAccuracy: accuracy,
      validationRowsOf: 17,
    });
    expect(history.at(-1)?.loss).toBeGreaterThan(5 * (loss as number));
  });

  it("splits validation data off: by a share, and by a strategy", async () => {
    const count = async (validation: FitOptions["validation"]) => {
      let [steps, rows] = [0, 0];
      const size = (prediction: Tensor): number => {
        rows = prediction.shape[0] as number;
        return rows;
      };
      const onBatchEnd = () => void steps++;
      await fit(network(3), {
        ...options,
        batchSize: 1,
        epochs: 1,
        validation,
        metrics: [size],
        callbacks: [{ onBatchEnd }],
      });
      return [steps, rows];
    };
    expect(await count(0.25)).toEqual([30, 10]);
    expect(await count({ fraction: 0.1 })).toEqual([36, 4]);
    expect(await count({ fraction: 0.2, strategy: "stratified" })).toEqual([32, 8]);
    const groups = Array.from({ length: 40 }, (_, row) => row % 4);
    expect(await count({ fraction: 0.25, strategy: "group", groups })).toEqual([30, 10]);
  });

  it("by time holds back the last rows", async () => {
    const seen: number[][] = [];
    const y = Float32Array.from({ length: 10 }, (_, i) => i);
    const look = (_prediction: Tensor, target: Tensor): number => {
      seen.push([...target.dataSync()]);
      return 0;
    };
    const train = { x: tensor(new Float32Array(10), { shape: [10, 1] }), y: tensor(y, { shape: [10, 1] }) };
    await fit(dense(1, 1), {
      ...base,
      train,
      validation: { fraction: 0.3, strategy: "time" },
      epochs: 1,
      metrics: [look],
    });
    expect(seen).toEqual([[7, 8, 9]]);
  });
});

describe("fit: callbacks", () => {
  const train = { x: [[1], [2], [3]], y: [[1], [2], [3]] };
  const options = { ...base, train, batchSize: 2, epochs: 2 } satisfies FitOptions;

  it("calls them in order, with what is known", async () => {
    const calls: string[] = [];
    const { history } = await fit(dense(1, 1), {
      ...options,
      callbacks: [
        {
          async onTrainBegin({ epochs, history: none }) {
            await Promise.resolve();
            calls.push(`begin ${epochs} ${none.length}`);
          },
          onBatchEnd: ({ epoch, batch, step, loss }) => void calls.push(`batch ${epoch} ${batch} ${step} ${loss > 0}`),
          async onEpochEnd(log, context) {
            await Promise.resolve();
            calls.push(`epoch ${log.epoch} ${context.history.at(-1) === log}`);
          },
          onTrainEnd: ({ history: all }) => void calls.push(`end ${all.length}`),
        },
        { onEpochEnd: ({ epoch }) => void calls.push(`second ${epoch}`) },
      ],
    });
    expect(history.length).toBe(2);
    expect(calls).toEqual([
      "begin 2 0",
      "batch 1 0 1 true",
      "batch 1 1 2 true",
      "epoch 1 true",
      "second 1",
      "batch 2 0 3 true",
      "batch 2 1 4 true",
      "epoch 2 true",
      "second 2",
      "end 2",
    ]);
  });

  it("waits for each of them, and passes on what they throw", async () => {
    const calls: string[] = [];
    const slow = {
      async onBatchEnd() {
        await new Promise((resolve) => setTimeout(resolve, 1));
        calls.push("slow");
      },
    };
    await fit(dense(1, 1), { ...options, epochs: 1, callbacks: [slow, { onBatchEnd: () => void calls.push("next") }] });
    expect(calls).toEqual(["slow", "next", "slow", "next"]);
    let ended = false;
    const failing = {
      async onBatchEnd() {
        throw new Error("disk full");
      },
      onTrainEnd: () => {
        ended = true;
      },
    };
    await expect(fit(dense(1, 1), { ...options, callbacks: [failing] })).rejects.toThrow("disk full");
    expect(ended).toBe(true);
  });

  it("stops after the batch or epoch in which they say so", async () => {
    const steps: number[] = [];
    const midway = await fit(dense(1, 1), {
      ...options,
      callbacks: [
        {
          onBatchEnd({ step }, context) {
            steps.push(step);
            if (step === 3) context.stop("enough");
          },
        },
      ],
    });
    expect(steps).toEqual([1, 2, 3]);
    expect(midway).toMatchObject({ epochs: 1, stopped: "enough" });
    const after = await fit(dense(1, 1), {
      ...options,
      callbacks: [{ onEpochEnd: (_, context) => context.stop("one will do") }],
    });
    expect(after).toMatchObject({ epochs: 1, stopped: "one will do" });
    expect(after.history.length).toBe(1);
  });

  it("ends when the signal is aborted: before the start, after a batch, or by a timer", async () => {
    const model = initialize(dense(1, 1));
    const before = weightsOf(model);
    expect(await fit(model, { ...options, signal: AbortSignal.abort() })).toMatchObject({
      epochs: 0,
      stopped: "aborted",
      history: [],
    });
    expect(weightsOf(model)).toEqual(before);
    const controller = new AbortController();
    let steps = 0;
    const counting = {
      onBatchEnd: () => {
        if (++steps === 3) controller.abort();
      },
    };
    const result = await fit(model, { ...options, signal: controller.signal, callbacks: [counting] });
    expect(result).toMatchObject({ epochs: 1, stopped: "aborted" });
    expect(steps).toBe(3);
    const timed = await fit(model, { ...options, epochs: 1e9, signal: AbortSignal.timeout(20) });
    expect(timed.stopped).toBe("aborted");
  });
});

describe("fit: callbacks that fail", () => {
  it("lets the others finish, and throws the first error", async () => {
    const model = network();
    const ended: string[] = [];
    const failing = (name: string) => ({
      onEpochEnd: () => {
        throw new Error(`${name} at the epoch`);
      },
      onTrainEnd: () => {
        ended.push(name);
        throw new Error(`${name} at the end`);
      },
    });
    const training = fit(model, { ...base, train: regression(8), epochs: 1, callbacks: [failing("a"), failing("b")] });
    await expect(training).rejects.toThrow("a at the epoch");
    expect(ended).toEqual(["a", "b"]);
  });
});

it("fit refuses to train a model that is being trained", async () => {
  const model = network();
  const options = { ...base, train: regression(8), epochs: 1 };
  const [first, second] = await Promise.allSettled([fit(model, options), fit(model, options)]);
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({ reason: { message: expect.stringContaining("this model is being trained already") } });
  expect((await fit(model, options)).epochs).toBe(1);
});

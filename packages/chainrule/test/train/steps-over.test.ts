/** That fit does several steps in a call, and where the data are, shows in nothing but the time. */
import { describe, expect, it } from "vitest";
import { dataset } from "../../src/data/index.ts";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { constant, dense, initialize } from "../../src/nn/index.ts";
import { adam, l2, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { type Batch, Batches } from "../../src/train/batches.ts";
import { type Callback, type FitOptions, fit, type Model, NonFiniteLossError } from "../../src/train/index.ts";
import { boxesOf, putValues, valuesOf } from "../../src/train/snapshot.ts";
import { stepsOver } from "../../src/train/steps-over.ts";
import { makeStep } from "../../src/train/train-step.ts";
import { weightedLoss } from "../../src/train/weighted-loss.ts";
import { labelled, network, regression, weightsOf } from "./toy.ts";

/** Looks at every batch, so that each is a call of its own. */
const watching: Callback = { onBatchEnd: () => {} };

describe("fit gives the same, step by step and in calls of several steps", () => {
  const options = {
    train: labelled(101, 3),
    loss: softmaxCrossEntropy,
    optimizer: adam(0.01),
    regularizer: l2(1e-3),
    epochs: 6,
    seed: 3,
    progress: false,
  } satisfies FitOptions;

  it.each([
    ["a ragged last batch", { batchSize: 4 }],
    ["one batch an epoch", { batchSize: 200 }],
    ["batches of one", { batchSize: 1 }],
    ["weights", { batchSize: 8, classWeights: [1, 2, 3] }],
    ["validation and metrics", { batchSize: 5, validation: 0.3, metrics: ["accuracy"] as const }],
    ["the order of the data", { batchSize: 7, shuffle: false, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) }],
  ])("with %s", async (_, more) => {
    const run = async (...callbacks: Callback[]) => {
      const model = network(3);
      const { history } = await fit(model, { ...options, ...more, callbacks });
      return { history, weights: weightsOf(model) };
    };
    const together = await run();
    expect(await run(watching)).toEqual(together);
    expect(together.history.length).toBe(6);
  });

  it("and when it goes on from a state that was saved in between", async () => {
    const model = network(3);
    const states: Record<string, Tensor>[] = [];
    const saving: Callback = {
      onEpochEnd: (_log, context) => void states.push({ ...context.state().tensors }),
    };
    await fit(model, { ...options, batchSize: 4, callbacks: [saving] });
    const seen = states.map((tensors) => Object.values(tensors).map((t) => [...t.dataSync()]));
    const apart: typeof seen = [];
    const other: Callback = {
      onEpochEnd: (_log, { state }) => void apart.push(Object.values(state().tensors).map((t) => [...t.dataSync()])),
    };
    await fit(network(3), { ...options, batchSize: 4, callbacks: [other, watching] });
    expect(apart).toEqual(seen);
  });
});

describe("stepsOver", () => {
  it("gives the same losses and parameters from data in the program and outside, however many steps it does", () => {
    const data = dataset(regression(30).x, regression(30).y);
    const model = initialize(network(), { seed: 1 });
    const start = valuesOf(boxesOf(model));
    const run = (more: object) => {
      putValues(boxesOf(model), start);
      const { step } = makeStep<Batch>(
        "test",
        model,
        adam(0.01),
        ({ x, y, weights }) => weightedLoss(meanSquaredError, model(x), y, weights),
        {},
      );
      const batches = new Batches(data, 4);
      const steps = stepsOver(step, data, batches, more);
      const order = Int32Array.from({ length: 30 }, (_, i) => (i * 7) % 30);
      const losses: number[] = [];
      const calls: number[] = [];
      while (losses.length < batches.count) {
        const found = steps(order, losses.length, batches.count);
        calls.push(found.length);
        losses.push(...found);
      }
      return { calls, losses, weights: weightsOf(model) };
    };
    const [inside, outside, few] = [run({}), run({ mostBytes: 0 }), run({ most: 1 })];
    expect(outside.losses).toEqual(inside.losses);
    expect(outside.weights).toEqual(inside.weights);
    expect([few.losses, few.weights]).toEqual([inside.losses, inside.weights]);
    expect(inside.losses.length).toBe(8);
    expect([outside.calls, few.calls]).toEqual([Array(8).fill(1), Array(8).fill(1)]);
  });
});

describe("a number that is not finite, in the middle of a call", () => {
  const x = Array.from({ length: 90 }, (_, i) => [i === 60 ? 1e30 : (i % 5) / 5]);
  const options = {
    train: { x: tensor(x), y: tensor(x.map(() => [1])) },
    loss: meanSquaredError,
    optimizer: adam(0.01),
    batchSize: 1,
    shuffle: false,
    progress: false,
  } satisfies FitOptions;
  const line = (): Model => dense(1, 1, { weightInit: constant(0.5) });

  it("ends training with the parameters from before its batch, and names that", async () => {
    const model = line();
    const error: unknown = await fit(model, options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NonFiniteLossError);
    expect(error).toMatchObject({ epoch: 1, batch: 60 });
    expect((error as Error).message).toContain("in epoch 1, batch 61 of 90: ");
    const stopped = line();
    const stopping: Callback = { onBatchEnd: ({ step }, context) => (step === 60 ? context.stop("here") : undefined) };
    await fit(stopped, { ...options, callbacks: [stopping] });
    expect(weightsOf(model)).toEqual(weightsOf(stopped));
  });
});

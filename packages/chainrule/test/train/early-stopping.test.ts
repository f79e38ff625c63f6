import { describe, expect, it } from "vitest";
import { meanSquaredError } from "../../src/loss/index.ts";
import { sgd } from "../../src/optim/index.ts";
import {
  type Callback,
  type EarlyStoppingOptions,
  earlyStopping,
  type FitContext,
  type FitOptions,
  fit,
} from "../../src/train/index.ts";
import { course, network, regression, weightsOf } from "./toy.ts";

/** A training whose metric "score" takes the given course, and the weights after each epoch. */
async function run(scores: readonly number[], stopping: EarlyStoppingOptions, more: Partial<FitOptions> = {}) {
  const model = network();
  const after: Record<string, number[]>[] = [];
  const spy: Callback = { onEpochEnd: () => void after.push(weightsOf(model)) };
  const result = await fit(model, {
    train: regression(12),
    loss: meanSquaredError,
    optimizer: sgd(0.05),
    batchSize: 4,
    epochs: scores.length,
    metrics: [course(scores)],
    callbacks: [spy, earlyStopping({ monitor: "score", ...stopping })],
    progress: false,
    ...more,
  });
  const kept = after.findIndex((weights) => JSON.stringify(weights) === JSON.stringify(weightsOf(model))) + 1;
  return { epochs: result.epochs, stopped: result.stopped, bestEpoch: result.bestEpoch, kept };
}

describe("earlyStopping", () => {
  it("ends training after `patience` epochs without improvement, with the best weights", async () => {
    expect(await run([5, 3, 4, 3, 3.5, 2, 1], { patience: 3 })).toEqual({
      epochs: 5,
      stopped: "score did not improve for 3 epochs",
      bestEpoch: 2,
      kept: 2,
    });
    expect(await run([1, 2, 0], { patience: 1 })).toMatchObject({
      epochs: 2,
      bestEpoch: 1,
      kept: 1,
      stopped: "score did not improve for 1 epoch",
    });
  });

  it("goes back to the best weights also when training ends otherwise", async () => {
    expect(await run([5, 3, 4, 6], { patience: 10 })).toEqual({
      epochs: 4,
      stopped: "all epochs done",
      bestEpoch: 2,
      kept: 2,
    });
    const stopping: Callback = {
      onEpochEnd: ({ epoch }, context) => (epoch === 3 ? context.stop("enough") : undefined),
    };
    const controller = new AbortController();
    const aborting: Callback = { onBatchEnd: ({ step }) => (step === 10 ? controller.abort() : undefined) };
    for (const extra of [stopping, aborting]) {
      const after: string[] = [];
      const model = network();
      await fit(model, {
        train: regression(12),
        loss: meanSquaredError,
        optimizer: sgd(0.05),
        batchSize: 4,
        epochs: 9,
        metrics: [course([3, 1, 2, 5, 5])],
        signal: controller.signal,
        callbacks: [
          earlyStopping({ monitor: "score" }),
          { onEpochEnd: () => void after.push(JSON.stringify(weightsOf(model))) },
          extra,
        ],
        progress: false,
      });
      expect(after.indexOf(JSON.stringify(weightsOf(model)))).toBe(1);
    }
  });

  it("goes back to the best weights when a callback throws", async () => {
    const model = network();
    let best = "";
    const failing: Callback = {
      onEpochEnd({ epoch }) {
        if (epoch === 1) best = JSON.stringify(weightsOf(model));
        if (epoch === 2) throw new Error("no more");
      },
    };
    const options = {
      train: regression(12),
      loss: meanSquaredError,
      optimizer: sgd(0.05),
      metrics: [course([1, 2])],
      progress: false,
    };
    await expect(fit(model, { ...options, callbacks: [earlyStopping({ monitor: "score" }), failing] })).rejects.toThrow(
      "no more",
    );
    expect(JSON.stringify(weightsOf(model))).toBe(best);
  });

  it("begins its patience anew only at an improvement of more than minDelta, and keeps the best weights all the same", async () => {
    const scores = [5, 4.95, 4.9, 4.85, 1];
    expect(await run(scores, { patience: 3, minDelta: 0.2 })).toMatchObject({ epochs: 4, bestEpoch: 4, kept: 4 });
    expect(await run([5, 4.9, 4.95, 6], { patience: 3, minDelta: 0.2 })).toMatchObject({
      epochs: 4,
      bestEpoch: 2,
      kept: 2,
    });
    // Small steps add up: from 5 to 4.75 and to 4.5 are no more than 0.25 each, 4.5 is better than 5 by more.
    expect(await run([5, 4.75, 4.5, 4.375, 4.25, 9], { patience: 2, minDelta: 0.25 })).toEqual({
      epochs: 5,
      bestEpoch: 5,
      kept: 5,
      stopped: "score did not improve by more than 0.25 for 2 epochs",
    });
    expect(await run(scores, { patience: 3, minDelta: 0.09 })).toMatchObject({ epochs: 5, bestEpoch: 5, kept: 5 });
  });

  it("looks for the largest with mode max", async () => {
    expect(await run([1, 3, 2, 2, 9], { patience: 2, mode: "max" })).toMatchObject({
      epochs: 4,
      bestEpoch: 2,
      kept: 2,
    });
    expect(await run([-3, -1, -2], { patience: 1, mode: "max" })).toMatchObject({ epochs: 3, bestEpoch: 2 });
  });

  it("takes more as better for accuracies, less for all else, unless told", async () => {
    const byAccuracy = async (mode?: "min") => {
      const scores = course([0.5, 0.8, 0.7]);
      const scoreAccuracy = () => scores();
      return (await run([0, 0, 0], { monitor: "scoreAccuracy", mode }, { metrics: [scoreAccuracy] })).bestEpoch;
    };
    expect(await byAccuracy()).toBe(2);
    expect(await byAccuracy("min")).toBe(1);
  });

  it.each([
    ["precision", 2],
    ["validationRecall", 2],
    ["f1", 2],
    ["validationAuc", 2],
    ["r2", 2],
    ["topAccuracy", 2],
    ["validationRmse", 1],
    ["logLoss", 1],
    ["loss", 1],
    ["r2Distance", 1],
  ])("knows whether more of %s is better", (monitor, best) => {
    const stopping = earlyStopping({ monitor });
    const context = { model: network(), logged: [monitor], history: [], epochs: 3, stop: () => {} } as unknown;
    stopping.onTrainBegin?.(context as FitContext);
    [0.5, 0.8, 0.6].forEach((value, i) => {
      stopping.onEpochEnd?.({ epoch: i + 1, loss: 0, [monitor]: value }, context as FitContext);
    });
    expect(stopping.bestEpoch).toBe(best);
  });

  it("watches the validation loss by default", async () => {
    const model = network();
    const { history, bestEpoch } = await fit(model, {
      train: regression(12),
      validation: regression(5),
      loss: meanSquaredError,
      optimizer: sgd(0.4),
      epochs: 8,
      callbacks: [earlyStopping({ patience: 8 })],
      progress: false,
    });
    const losses = history.map(({ validationLoss }) => validationLoss as number);
    expect(bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
  });

  it("never takes NaN as an improvement", async () => {
    const nan = Number.NaN;
    expect(await run([nan, 3, nan, nan, 1], { patience: 2 })).toMatchObject({ epochs: 4, bestEpoch: 2, kept: 2 });
    // Without any number there is no best epoch, and the last weights stay.
    expect(await run([nan, nan, nan], { patience: 2 })).toEqual({
      epochs: 2,
      stopped: "score did not improve for 2 epochs",
      bestEpoch: undefined,
      kept: 2,
    });
  });

  it("can be used for one training after another", async () => {
    const stopping = earlyStopping({ monitor: "score", patience: 1 });
    for (const scores of [
      [1, 2, 0],
      [9, 10, 0],
    ]) {
      const options = { train: regression(4), loss: meanSquaredError, optimizer: sgd(0.05), progress: false };
      const { epochs, bestEpoch } = await fit(network(), {
        ...options,
        metrics: [course(scores)],
        callbacks: [stopping],
      });
      expect({ epochs, bestEpoch }).toEqual({ epochs: 2, bestEpoch: 1 });
    }
  });

  it("refuses what is not there to watch, before anything is trained", async () => {
    const model = network();
    const options = {
      train: regression(4),
      loss: meanSquaredError,
      optimizer: sgd(0.05),
      progress: false,
      metrics: [course([1])],
    };
    let steps = 0;
    const counting = { onBatchEnd: () => void steps++ };
    await expect(fit(model, { ...options, callbacks: [earlyStopping(), counting] })).rejects.toThrow(
      'earlyStopping: there is no "validationLoss" to monitor; there are loss, score. Give fit validation data for a validation loss, or name one of these.',
    );
    await expect(
      fit(model, { ...options, validation: regression(3), callbacks: [earlyStopping({ monitor: "score" }), counting] }),
    ).rejects.toThrow("there are loss, validationLoss, validationScore.");
    expect(steps).toBe(0);
  });

  it("refuses options that cannot be", () => {
    expect(() => earlyStopping({ patience: 0 })).toThrow("earlyStopping: patience must be an integer ≥ 1; it is 0.");
    expect(() => earlyStopping({ minDelta: -1 })).toThrow(
      "earlyStopping: minDelta must be a finite number ≥ 0; it is -1.",
    );
    expect(() => earlyStopping({ mode: "auto" as never })).toThrow(
      'earlyStopping: mode must be one of "min", "max"; it is "auto".',
    );
    expect(() => earlyStopping({ patiense: 3 } as never)).toThrow(
      'earlyStopping: unknown option "patiense"; there are monitor, patience, minDelta, mode.',
    );
  });
});

import { describe, expect, it } from "vitest";
import { overfitOneBatch } from "../../src/diagnose/index.ts";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import {
  constant,
  dense,
  dropout,
  initialize,
  params,
  relu,
  sequential,
  sigmoid,
  softmax,
  tanh,
} from "../../src/nn/index.ts";
import { adam, l2, sgd } from "../../src/optim/index.ts";

const xor = {
  loss: meanSquaredError,
  x: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  y: [[0], [1], [1], [0]],
};
const network = (...last: (typeof tanh)[]) => sequential(dense(2, 8), tanh, dense(8, 1), ...last);
const kinds = (result: ReturnType<typeof overfitOneBatch>): string[] => result.causes.map(({ kind }) => kind);

describe("overfitOneBatch", () => {
  it("lets a network learn xor by heart, and gives its weights back", () => {
    const model = initialize(network(), { seed: 1 });
    const before = Object.values(params(model)).map(({ value }) => value.arraySync());
    const result = overfitOneBatch(model, xor);
    expect(result).toMatchObject({ learned: true, causes: [] });
    expect(result.last).toBeLessThanOrEqual(0.01 * result.first);
    expect(result.losses.length).toBeLessThan(500);
    expect(String(result)).toMatch(/^Learnt: loss \S+ → \S+ in \d+ steps\.\n/);
    expect(Object.values(params(model)).map(({ value }) => value.arraySync())).toEqual(before);
    const labels = Int32Array.from([0, 1, 1, 0]);
    const classifier = sequential(dense(2, 8), tanh, dense(8, 2));
    expect(overfitOneBatch(classifier, { loss: softmaxCrossEntropy, x: xor.x, y: labels }).learned).toBe(true);
  });

  it("says that a linear model has too few parameters for xor", () => {
    const result = overfitOneBatch(dense(2, 1), xor);
    // The best linear answer is ½ everywhere: a loss of ¼.
    expect(result.last).toBeCloseTo(0.25, 2);
    expect(kinds(result)).toContain("capacity");
    expect(String(result)).toContain(
      "capacity: The model has 3 parameters for 4 targets: make it larger, or the batch smaller.",
    );
  });

  it("finds equal inputs with different targets", () => {
    const { causes } = overfitOneBatch(network(), {
      ...xor,
      x: [
        [0, 0],
        [1, 1],
        [2, 2],
        [1, 1],
      ],
    });
    expect(causes[0]).toEqual({
      kind: "contradiction",
      message: "Rows 1 and 3 have the same input and different targets; no function gives both.",
    });
  });

  it("finds targets that the last activation cannot give", () => {
    const result = overfitOneBatch(network(sigmoid), { ...xor, y: [[0], [5], [5], [0]], steps: 50 });
    expect(result.causes[0]?.message).toBe(
      "The model ends in sigmoid, which never gives the target 5: leave it out, or scale the targets.",
    );
  });

  it("finds an activation that does not go with the loss", () => {
    const y = Int32Array.from([0, 1, 1, 0]);
    const twice = overfitOneBatch(sequential(dense(2, 16), tanh, dense(16, 2), softmax), {
      ...xor,
      y,
      loss: softmaxCrossEntropy,
    });
    // The least that softmax after softmax leaves of two classes: ln(1 + 1/e) = 0.3133.
    expect(twice.last).toBeGreaterThan(0.3132);
    expect(twice.causes[0]).toEqual({
      kind: "mismatch",
      message:
        "The model ends with softmax, and softmaxCrossEntropy takes logits, to which it applies the activation itself. " +
        'Drop the softmax, or use withOptions(softmaxCrossEntropy, { from: "probabilities" }).',
    });
    const one = overfitOneBatch(dense(2, 1), { ...xor, y: new Int32Array(4), loss: softmaxCrossEntropy, steps: 3 });
    expect(kinds(one)).toEqual([]);
    // Saturated outputs give squared error no slope: nothing comes back to any layer.
    const stuck = sequential(dense(2, 2), tanh, dense(2, 1, { biasInit: constant(-200) }), sigmoid);
    const { causes } = overfitOneBatch(stuck, { ...xor, y: [[1], [1], [1], [1]], steps: 20 });
    expect(causes.map(({ kind }) => kind)).toEqual(["mismatch", "layers"]);
    expect(causes[0]?.message).toContain("where the activation saturates, its gradient vanishes");
    expect(causes[1]?.message).toBe(
      "The gradients of all layers are 0, where the loss is 1: training has converged, or stands on a plateau such as that of saturated outputs.",
    );
  });

  it("finds rates that are too high", () => {
    const result = overfitOneBatch(dense(2, 1), { ...xor, optimizer: sgd(1e20) });
    expect(result).toMatchObject({
      learned: false,
      causes: [{ kind: "diverged", message: "The loss grew: lower the learning rate." }],
    });
  });

  it("finds soft targets, penalties, dropout and dead layers", () => {
    const soft = { ...xor, loss: binaryCrossEntropy, y: [[0.5], [0.5], [0.5], [0.5]] };
    expect(kinds(overfitOneBatch(network(), { ...soft, steps: 50 }))).toContain("soft");
    const still = { ...xor, steps: 20, optimizer: sgd(1e-6) };
    expect(kinds(overfitOneBatch(network(), { ...still, regularizer: l2(1) }))).toEqual(["penalty"]);
    const noisy = sequential(dense(2, 64), tanh, dropout(0.9), dense(64, 1));
    expect(kinds(overfitOneBatch(noisy, { ...xor, steps: 50 }))).toContain("noise");
    const dead = sequential(dense(2, 8, { biasInit: constant(-50) }), relu, dense(8, 1));
    const found = overfitOneBatch(dead, still);
    expect(found.causes.find(({ kind, message }) => kind === "layers" && message.includes("dead"))?.message).toBe(
      "Layer 0, dead: 8 of 8 ReLU units are 0 for every example.",
    );
  });

  it("says when more steps would help, and when it knows nothing", () => {
    const slow = overfitOneBatch(initialize(network(), { seed: 1 }), {
      ...xor,
      optimizer: adam(0.01),
      steps: 150,
      goal: 1e-9,
    });
    expect(kinds(slow)).toEqual(["slow"]);
    expect(slow.causes[0]?.message).toContain("The loss was still falling after 150 steps");
    const lost = overfitOneBatch(initialize(network(), { seed: 1 }), { ...xor, steps: 20, optimizer: sgd(1e-6) });
    expect(kinds(lost)).toEqual(["unknown"]);
    expect(lost.causes[0]?.message).toContain("gradcheck tells whether the gradients are right");
  });

  it("refuses what cannot be", () => {
    expect(() => overfitOneBatch(network(), { ...xor, goal: 1 })).toThrow(
      "overfitOneBatch: goal must be a finite number > 0 and < 1; it is 1.",
    );
    expect(() => overfitOneBatch(network(), { ...xor, steps: 0 })).toThrow(
      "overfitOneBatch: steps must be an integer ≥ 1; it is 0.",
    );
    const step = { ...xor };
    expect(() => overfitOneBatch(network(), { ...step, optimizer: "adam" as never })).toThrow(
      'overfitOneBatch: optimizer must be one such as adam(1e-3); it is "adam".',
    );
    expect(() => overfitOneBatch(network(), { ...step, regularizer: 0.1 as never })).toThrow(
      "overfitOneBatch: regularizer must be one such as l2(1e-4); it is 0.1.",
    );
    expect(() => overfitOneBatch(network(), undefined as never)).toThrow(
      'overfitOneBatch: the option "loss" is missing.',
    );
    expect(() => overfitOneBatch(network(), { ...xor, epochs: 1 } as never)).toThrow(
      'overfitOneBatch: unknown option "epochs"',
    );
  });
});

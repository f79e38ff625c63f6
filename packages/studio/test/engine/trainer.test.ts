import { type Tensor, tensor } from "chainrule";
import { binaryCrossEntropy } from "chainrule/loss";
import { dense, initialize, params, sequential, tanh } from "chainrule/nn";
import { sgd } from "chainrule/optim";
import { trainStep } from "chainrule/train";
import { describe, expect, it } from "vitest";
import { examplesOf } from "../../src/data/index.ts";
import { Host } from "../../src/engine/host.ts";
import { type Asked, decide, type Kind, type Request, SURFACE_SIDE, UNIT_SIDE } from "../../src/engine/index.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, INITIAL, MOST_LAYERS, type State, weightIndex } from "../../src/state/index.ts";

const state = (changes: Partial<State>): State => change(INITIAL, changes);

describe("a training", () => {
  it("learns XOR to 100 %", async () => {
    const trainer = new Trainer(state({ data: "xor" }));
    await trainer.advance({ epochs: 30 });
    const { training, test, epoch, step } = trainer.snapshot();
    expect([training.accuracy, test?.accuracy]).toEqual([1, 1]);
    expect([epoch, step]).toEqual([30, 30 * 14]);
  });

  it("learns spirals of two and of four classes", async () => {
    const settings = {
      data: "spirals",
      layers: [8, 8],
      noise: 0.02,
      optimizer: "adam",
      rate: 0.02,
      points: 300,
    } as const;
    for (const classes of [2, 4]) {
      const trainer = new Trainer(state({ ...settings, classes }));
      await trainer.advance({ epochs: 300 });
      expect(trainer.snapshot().training.accuracy, `${classes} classes`).toBeGreaterThan(0.97);
    }
  });

  it("learns a plane and a ripple", async () => {
    for (const [data, limit] of [
      ["plane", 0.005],
      ["ripple", 0.08],
    ] as const) {
      const trainer = new Trainer(
        state({ data, noise: 0, layers: [8, 8], optimizer: "adam", rate: 0.02, points: 400 }),
      );
      await trainer.advance({ epochs: 150 });
      const { training } = trainer.snapshot();
      expect(training.loss, data).toBeLessThan(limit);
      expect(training.accuracy).toBeUndefined();
    }
  });

  it("gives the same numbers for the same state, however the steps are asked for", async () => {
    const [one, other] = [new Trainer(state({ batch: 9 })), new Trainer(state({ batch: 9 }))];
    await one.advance({ epochs: 2 });
    for (let i = 0; i < 32; i++) await other.advance({ steps: 1 });
    // 140 training examples are 15 batches of 9 and one of 5.
    expect(other.snapshot()).toMatchObject({ step: 32, epoch: 2 });
    expect(other.snapshot()).toEqual(one.snapshot());
  });

  it("gives the numbers of the library's single steps", async () => {
    const some = state({ data: "moons", batch: 200, rate: 0.1, momentum: 0.8, seed: 7 });
    const trainer = new Trainer(some);
    await trainer.advance({ steps: 3 });

    const model = initialize(sequential(dense(2, 4), tanh, dense(4, 4), tanh, dense(4, 1)), { seed: 7 });
    const { x, y } = examplesOf(some).training as { x: Tensor; y: Tensor };
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.8 });
    const step = trainStep(model, optimizer, (batch) => binaryCrossEntropy(model(batch.x), batch.y));
    for (let i = 0; i < 3; i++) step({ x, y });
    // The batch is the whole set in another order, so that sums round differently.
    const mine = Object.values(params(model)).flatMap(({ value }) => [...value.dataSync()]);
    expect(trainer.weights).toHaveLength(mine.length);
    for (const [i, weight] of trainer.weights.entries()) expect(weight).toBeCloseTo(mine[i] as number, 5);
  });

  it("starts from weights that a state names, and shows what they mean", () => {
    // One unit: σ(2x + 0y + 1), so that the boundary is x = −½.
    const trainer = new Trainer(state({ layers: [], weights: [2, 0, 1] }));
    const { weights, views } = trainer.snapshot({ surface: true, units: true });
    const { surface = new Float32Array(), units = [] } = views;
    expect([...weights]).toEqual([2, 0, 1]);
    expect(surface).toHaveLength(SURFACE_SIDE ** 2);
    const x = -3 + (6 * 10.5) / SURFACE_SIDE;
    expect(surface[10]).toBeCloseTo(1 / (1 + Math.exp(-(2 * x + 1))), 6);
    // The features as they are, and the output before the logistic function; the first row is the top, y = 3 − 3/32.
    expect(units.map(({ length }) => length)).toEqual([2 * UNIT_SIDE ** 2, UNIT_SIDE ** 2]);
    expect(units[0]?.[UNIT_SIDE ** 2]).toBeCloseTo(3 - 3 / UNIT_SIDE, 6);
    expect(units[1]?.[0]).toBeCloseTo(2 * (-3 + 3 / UNIT_SIDE) + 1, 5);
  });

  it("sets a weight and trains on from there", async () => {
    const trainer = new Trainer(state({ layers: [3] }));
    await trainer.advance({ steps: 2 });
    const before = trainer.snapshot({ surface: true });
    trainer.setWeight(1, 2, 0, 4.5);
    trainer.setWeight(0, -1, 1, -2);
    const after = trainer.snapshot({ surface: true });
    // 2·3 weights and 3 biases, then 3·1 weights and a bias.
    expect(after.weights[11]).toBe(4.5);
    expect(after.weights[7]).toBe(-2);
    expect(after.weights.filter((weight, i) => weight !== before.weights[i])).toHaveLength(2);
    expect(after.views.surface).not.toEqual(before.views.surface);
    await trainer.advance({ steps: 1 });
    expect(trainer.weights[11]).not.toBe(4.5);
    expect(trainer.weights[11]).toBeCloseTo(4.5, 0);
  });

  it("says that it diverged", async () => {
    const trainer = new Trainer(
      state({ data: "plane", layers: [8], activation: "linear", optimizer: "sgd", rate: 10 }),
    );
    await trainer.advance({ epochs: 20 });
    expect(trainer.snapshot().diverged).toBe(true);
  });

  it("takes every setting", async () => {
    const choices: Partial<State>[] = [
      ...(["relu", "sigmoid", "linear", "leakyRelu", "elu", "gelu", "silu"] as const).map((activation) => ({
        activation,
      })),
      ...(["sgd", "nesterov", "adagrad", "rmsprop"] as const).map((optimizer) => ({ optimizer })),
      ...(["inverseTime", "stepDecay", "exponential", "cosine"] as const).map((schedule) => ({
        schedule,
        decaySteps: 10,
      })),
      ...(["l1", "l2"] as const).map((regularizer) => ({ regularizer })),
      ...(["glorotNormal", "heUniform", "heNormal", "normal", "zeros"] as const).map((initializer) => ({
        initializer,
      })),
      ...(["absoluteError", "huber"] as const).map((valueLoss) => ({ valueLoss, data: "ripple" as const })),
      { classLoss: "squaredError" },
      { classLoss: "squaredError", data: "gaussians", classes: 3 },
      { features: ["x", "y", "xx", "yy", "xy", "sinx", "siny"] },
      { testShare: 0 },
      { testShare: 0.001, points: 20 },
      { layers: Array<number>(MOST_LAYERS).fill(2) },
    ];
    const usual = new Trainer(INITIAL);
    await usual.advance({ steps: 15 });
    const reference = usual.snapshot();
    for (const changes of choices) {
      const trainer = new Trainer(state(changes));
      const before = trainer.snapshot().weights;
      await trainer.advance({ steps: 15 });
      const { training, weights } = trainer.snapshot();
      expect(Number.isFinite(training.loss), JSON.stringify(changes)).toBe(true);
      expect(weights, JSON.stringify(changes)).not.toEqual(before);
      expect(training.loss, JSON.stringify(changes)).not.toBe(reference.training.loss);
    }
  });
});

describe("the worker's side", () => {
  it("tells why it cannot train", async () => {
    const host = new Host();
    const ask = <K extends Kind>(kind: K, asked: Asked<K>) => host.handle<K>({ kind, asked } as Request<K>);
    const wanted = {};
    expect(await ask("advance", { wanted })).toEqual({ reason: "Nothing is loaded." });
    const reason = "There are no points to learn from yet. Add some in the picture.";
    expect(await ask("load", { state: state({ data: "own" }), wanted })).toEqual({ reason });
    expect(await ask("advance", { advance: { steps: 1 }, wanted })).toEqual({ reason });
    expect(await ask("load", { state: state({ data: "own", own: [[0, 0, 1]] }), wanted })).toMatchObject({
      answer: { snapshot: { step: 0, test: undefined, views: {} }, training: [[0, 0, 1]], test: [] },
    });
    expect(await ask("advance", { advance: { steps: 2 }, wanted })).toMatchObject({ answer: { step: 2 } });
    const edited = await ask("weight", { layer: 2, from: -1, to: 0, value: 3, wanted: { units: true } });
    expect(edited.answer?.weights.at(-1)).toBe(3);
    expect(Object.keys(edited.answer?.views ?? {})).toEqual(["units"]);
  });

  it("trains for a time", async () => {
    let clock = 0;
    const trainer = new Trainer(INITIAL);
    await trainer.advance({ milliseconds: 30 }, () => 10 * clock++);
    expect(trainer.snapshot().epoch).toBe(3);
  });
});

it("finds a weight's place", () => {
  expect(weightIndex([2, 4, 3, 1], 0, 1, 2)).toBe(6);
  expect(weightIndex([2, 4, 3, 1], 0, -1, 0)).toBe(8);
  expect(weightIndex([2, 4, 3, 1], 2, -1, 0)).toBe(12 + 15 + 3);
});

it("decides for the most probable class", () => {
  expect([decide([0.5], 0, 1, 1), decide([0.51], 0, 1, 1)]).toEqual([0, 1]);
  const columns = tensor([
    [0.2, 0.5],
    [0.7, 0.1],
    [0.1, 0.4],
  ]).dataSync();
  expect([decide(columns, 0, 2, 3), decide(columns, 1, 2, 3)]).toEqual([1, 0]);
});

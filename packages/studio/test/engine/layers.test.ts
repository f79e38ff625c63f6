/** What goes through the layers and comes back, and what is said of it. */
import type { Tensor } from "chainrule";
import { diagnoseLayers } from "chainrule/diagnose";
import { describe, expect, it } from "vitest";
import { BINS, DECADES, type NetworkDistributions } from "../../src/engine/index.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, INITIAL, type State } from "../../src/state/index.ts";
import { HAND, handCalculation } from "../support/hand.ts";

const see = (trainer: Trainer): NetworkDistributions =>
  trainer.snapshot({ layers: true }).views.layers as NetworkDistributions;
const seen = (changes: Partial<State>): NetworkDistributions => see(new Trainer(change(INITIAL, changes)));
const kinds = ({ layers }: NetworkDistributions): string[][] =>
  layers.map(({ verdicts }) => verdicts.map(({ kind }) => kind));
const rms = (numbers: readonly number[]): number =>
  Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);
const sum = (numbers: Float32Array): number => numbers.reduce((total, x) => total + x, 0);

/** Scales the weights that a state begins with. */
function scaled(state: State, factor: number): State {
  return change(state, { weights: [...new Trainer(state).weights].map((weight) => factor * weight) });
}

describe("the layers' distributions", () => {
  it("are those of a hand calculation", () => {
    const { examples, gradient } = handCalculation();
    const { layers, deltas, gradients } = see(new Trainer(HAND));
    const [hidden, output] = layers as [(typeof layers)[number], (typeof layers)[number]];
    const [a, b] = examples.map((example) => example.a) as [number, number];
    expect(hidden.answers.mean).toBeCloseTo((a + b) / 2, 6);
    expect(hidden.answers.deviation).toBeCloseTo(Math.abs(a - b) / 2, 6);
    expect(output.answers.largest).toBeCloseTo(Math.max(...examples.map((each) => Math.abs(each.output))), 6);
    expect(hidden.deltas.rms).toBeCloseTo(rms(examples.map(({ delta }) => delta)), 6);
    expect(output.deltas.rms).toBeCloseTo(rms(examples.map(({ back }) => back)), 6);
    expect(hidden.gradients.rms).toBeCloseTo(rms(gradient.slice(0, 3)), 6);
    expect(output.gradients.rms).toBeCloseTo(rms(gradient.slice(3)), 6);
    // −1 … 1 in 32 bins of 1/16.
    expect(hidden.range).toEqual([-1, 1]);
    const places = [a, b].map((value) => Math.floor(16 * (value + 1)));
    expect([...hidden.answers.counts].flatMap((count, bin) => Array(count).fill(bin))).toEqual(
      places.sort((one, other) => one - other),
    );
    // The largest δ lies between 0.1 and 1.
    expect(deltas).toEqual([-DECADES, 0]);
    expect(gradients[1] - gradients[0]).toBe(DECADES);
    const place = Math.log10(Math.abs(examples[0]?.delta as number));
    expect(hidden.deltas.counts[Math.floor((BINS * (place + DECADES)) / DECADES)]).toBeGreaterThan(0);
  });

  it("count every value once, on scales that all layers share", () => {
    const { layers, deltas } = seen({ layers: [8, 3], activation: "relu", points: 100, testShare: 0 });
    for (const [i, units] of [8, 3, 1].entries()) {
      const layer = layers[i] as (typeof layers)[number];
      expect(sum(layer.answers.counts)).toBe(100 * units);
      expect(sum(layer.deltas.counts) + Math.round(layer.deltas.below * 100 * units)).toBe(100 * units);
      expect(layer.deltas.largest).toBeLessThanOrEqual(10 ** deltas[1]);
    }
    // Where ReLU is flat, δ is 0.
    expect(layers[0]?.deltas.below).toBeGreaterThan(0.1);
    expect(layers[0]?.range).toEqual(layers[1]?.range);
    expect(layers[0]?.range[0]).toBe(0);
  });

  it("are judged as the library judges the model", () => {
    for (const changes of [
      {},
      { data: "ripple", activation: "relu", valueLoss: "huber" },
      { layers: [8, 8, 8, 8, 8, 8], activation: "sigmoid", initializer: "normal" },
      { data: "spirals", classes: 4, layers: [6, 5], activation: "gelu" },
    ] as const) {
      const trainer = new Trainer(change(INITIAL, changes));
      const { x, y } = trainer.examples.training as { x: Tensor; y: Tensor };
      const { layers, verdicts } = diagnoseLayers(trainer.network.model, { loss: trainer.loss, x, y });
      const mine = see(trainer);
      expect(mine.layers.flatMap(({ verdicts }) => verdicts.map(({ message }) => message))).toEqual(
        verdicts.map(({ message }) => message),
      );
      for (const [i, { deltaRms, gradientRms }] of layers.entries()) {
        expect((mine.layers[i]?.deltas.rms ?? 0) / deltaRms).toBeCloseTo(1, 4);
        expect((mine.layers[i]?.gradients.rms ?? 0) / gradientRms).toBeCloseTo(1, 4);
      }
    }
  });
});

describe("what is wrong", () => {
  it("nothing, usually", () => {
    expect(kinds(seen({}))).toEqual([[], [], []]);
    expect(seen({}).layers.flatMap(({ units }) => units)).toEqual(Array(9).fill(undefined));
  });

  it("gradients vanish through six layers of sigmoids", () => {
    const found = seen({ layers: [8, 8, 8, 8, 8, 8], activation: "sigmoid", initializer: "normal" });
    expect(kinds(found)[0]).toEqual(["vanishing"]);
    expect(kinds(found).at(-1)).toEqual([]);
  });

  it("units die by steps that are too large, and are named", async () => {
    const trainer = new Trainer(change(INITIAL, { activation: "relu", layers: [8, 8], rate: 3 }));
    await trainer.advance({ epochs: 10 });
    const { layers } = see(trainer);
    const dead = layers.map(({ units }) => units.filter((unit) => unit === "dead").length);
    expect(dead[1]).toBe(8);
    expect(layers[1]?.verdicts.map(({ message }) => message)).toContain("8 of 8 ReLU units are 0 for every example.");
    expect(layers[1]?.answers.largest).toBe(0);
  });

  it("units are saturated by weights that are too large", () => {
    const { layers } = see(new Trainer(scaled(INITIAL, 10)));
    expect(layers[0]?.verdicts.map(({ kind }) => kind)).toContain("saturated");
    expect(see(new Trainer(scaled(INITIAL, 1000))).layers[0]?.units).toContain("saturated");
  });

  it("units that start alike stay alike, and those that differ in anything do not", async () => {
    const symmetric = ["vanishing", "symmetric"];
    expect(kinds(seen({ initializer: "zeros" }))).toEqual([symmetric, symmetric, []]);
    // 2-2-1: both units have the weights 1, 2 and the bias 3, and go on with 4.
    const alike = [1, 1, 2, 2, 3, 3, 4, 4, 5];
    const with2 = (weights: readonly number[]) => seen({ layers: [2], weights }).layers[0]?.units;
    expect(with2(alike)).toEqual(["symmetric", "symmetric"]);
    for (const at of [1, 2, 5, 7]) expect(with2(alike.with(at, 7))).not.toContain("symmetric");
    expect(with2(alike.with(8, 7))).toContain("symmetric");
    // Training does not part them.
    const trainer = new Trainer(change(INITIAL, { layers: [2], weights: alike }));
    await trainer.advance({ epochs: 3 });
    expect(see(trainer).layers[0]?.units).toEqual(["symmetric", "symmetric"]);
  });

  it("says of a training that diverged what there is to say", async () => {
    const trainer = new Trainer(
      change(INITIAL, { data: "plane", layers: [8], activation: "linear", optimizer: "sgd", rate: 10 }),
    );
    await trainer.advance({ epochs: 20 });
    const { layers } = see(trainer);
    expect(layers[0]?.verdicts[0]?.message).toBe("The gradient is not finite.");
    expect(sum((layers[0] as (typeof layers)[number]).deltas.counts)).toBe(0);
  });
});

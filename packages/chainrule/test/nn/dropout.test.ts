import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import {
  dense,
  dropout,
  evaluation,
  initialize,
  isTraining,
  sequential,
  states,
  training,
} from "../../src/nn/index.ts";
import { full, ones } from "../../src/ops/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, vmap } from "../../src/transform/index.ts";

const n = 10_000;

describe("dropout", () => {
  it("does nothing outside of training and at rate 0", () => {
    const x = ones([100]);
    expect(dropout(0.9)(x)).toBe(x);
    expect(training(() => dropout(0)(x))).toBe(x);
  });

  it("drops the given share and scales the rest by 1/(1 − rate)", () => {
    const rate = 0.3;
    const y = [...training(() => dropout(rate)(ones([n]))).dataSync()];
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1 / Math.fround(0.7))]));
    const dropped = y.filter((v) => v === 0).length / n;
    // Five standard deviations of a binomial share.
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / n));
  });

  it("draws anew in each call, the same for the same seed, eagerly and compiled", () => {
    const draw = (seed: number, call: (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor): number[][] => {
      const model = initialize(sequential(dropout(0.5)), { seed });
      const f = call((x) => training(() => model(x)));
      return [0, 1, 2].map(() => [...f(ones([64])).dataSync()]);
    };
    const eager = draw(1, (f) => f);
    expect(eager[0]).not.toEqual(eager[1]);
    expect(eager[1]).not.toEqual(eager[2]);
    expect(draw(1, (f) => f)).toEqual(eager);
    expect(draw(1, compile)).toEqual(eager);
    expect(draw(2, compile)).not.toEqual(eager);
  });

  it("passes the gradient where it passed the value", () => {
    const layer = initialize(dropout(0.5), { seed: 5 });
    const x = full([32], 3);
    const y = training(() => layer(x)).dataSync();
    initialize(layer, { seed: 5 });
    const g = training(() => grad((t: Tensor) => layer(t).sum())(x)).dataSync();
    expect([...g]).toEqual([...y].map((v) => v / 3));
  });

  it("never lets NaN of dropped elements through", () => {
    const layer = initialize(dropout(0.5), { seed: 5 });
    const kept = training(() => layer(ones([32]))).dataSync();
    initialize(layer, { seed: 5 });
    const y = training(() => layer(full([32], Number.NaN))).dataSync();
    expect([...y].map((v) => (Number.isNaN(v) ? 2 : v))).toEqual([...kept]);
  });

  it("keeps its key as a state, under the layer's name", () => {
    const model = sequential(dense(2, 2), dropout(0.5));
    expect(Object.keys(states(model))).toEqual(["1.key"]);
    training(() => model(tensor([1, 2])));
    const before = states(model)["1.key"]?.value.arraySync();
    model(tensor([1, 2]));
    expect(states(model)["1.key"]?.value.arraySync()).toEqual(before);
    training(() => model(tensor([1, 2])));
    expect(states(model)["1.key"]?.value.arraySync()).not.toEqual(before);
  });

  it("has one mask for all examples under vmap, and one for each in a batch", () => {
    const layer = initialize(dropout(0.5), { seed: 5 });
    const rows = training(() => vmap((x: Tensor) => layer(x))(ones([8, 32]))).arraySync() as number[][];
    expect(new Set(rows.map(String)).size).toBe(1);
    const batch = training(() => layer(ones([8, 32]))).arraySync() as number[][];
    expect(new Set(batch.map(String)).size).toBe(8);
  });

  it("refuses rates outside of [0, 1)", () => {
    expect(() => dropout(1)).toThrow("dropout: the rate must be a finite number ≥ 0 and < 1; it is 1.");
    expect(() => dropout(-0.1)).toThrow("dropout: the rate must be a finite number ≥ 0 and < 1; it is -0.1.");
    expect(() => dropout("0.5" as never)).toThrow('it is "0.5".');
  });
});

describe("training mode", () => {
  it("is on inside of training, off in evaluation, and put back even after an error", () => {
    expect(isTraining()).toBe(false);
    expect(training(() => [isTraining(), evaluation(isTraining), isTraining()])).toEqual([true, false, true]);
    expect(() =>
      training(() => {
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(isTraining()).toBe(false);
  });

  it("gives a compiled function a program for each mode", () => {
    const layer = dropout(0.5);
    const compiled = compile((x: Tensor) => layer(x));
    const x = ones([64]);
    expect(compiled(x).sum().itemSync()).toBe(64);
    const dropped = training(() => compiled(x)).dataSync();
    expect([...new Set(dropped)].sort()).toEqual([0, 2]);
    expect(compiled(x).sum().itemSync()).toBe(64);
  });

  it("refuses asynchronous functions, for it would end at their first await", () => {
    expect(() => training(async () => 1)).toThrow("training: the function is asynchronous.");
  });
});

import { tensor } from "chainrule";
import { describe, expect, it } from "vitest";
import { drawSet, examplesOf, featureTensor, gridPoints } from "../../src/data/index.ts";
import { CLASSIFICATION, change, FEATURES, INITIAL, REGRESSION } from "../../src/state/index.ts";

const draw = (changes: Partial<typeof INITIAL>) => drawSet(change(INITIAL, { noise: 0, ...changes }));

describe("the built-in sets", () => {
  it("lie within the picture, with their classes in turn, and depend on the seed alone", () => {
    for (const data of [...CLASSIFICATION, ...REGRESSION]) {
      if (data === "own") continue;
      const points = draw({ data, noise: 1, points: 41, classes: 3 });
      expect(points).toHaveLength(41);
      expect(points.flat().every((value) => Math.abs(value) <= 3)).toBe(true);
      expect(draw({ data, noise: 1, points: 41, classes: 3 })).toEqual(points);
      expect(draw({ data, noise: 1, points: 41, classes: 3, dataSeed: 2 })).not.toEqual(points);
    }
    expect(draw({ data: "spirals", classes: 3, points: 20 }).map(([, , label]) => label)).toEqual(
      Array.from({ length: 20 }, (_, i) => i % 3),
    );
    expect(draw({ data: "own" })).toEqual([]);
  });

  it("are what their names say", () => {
    for (const [x, y, label] of draw({ data: "circles" })) {
      if (label === 1) expect(Math.hypot(x, y)).toBeLessThanOrEqual(1.2);
      else expect(Math.hypot(x, y)).toBeGreaterThanOrEqual(2);
    }
    for (const [x, y, label] of draw({ data: "xor" })) expect(x * y < 0 ? 1 : 0).toBe(label);
    for (const [x, y, value] of draw({ data: "plane" })) expect(value).toBeCloseTo((x + y) / 6, 12);
    for (const [x, y, value] of draw({ data: "ripple" })) expect(value).toBeCloseTo(Math.cos(2 * Math.hypot(x, y)), 12);
    // Two half circles of radius 1.6 around (−0.8, −0.4), upwards, and around (0.8, 0.4), downwards.
    for (const [x, y, label] of draw({ data: "moons" })) {
      const side = label === 0 ? 1 : -1;
      expect(Math.hypot(x + side * 0.8, y + side * 0.4)).toBeCloseTo(1.6, 12);
      expect(side * (y + side * 0.4)).toBeGreaterThanOrEqual(-1e-12);
    }
    // An arm's angle grows with the radius: 0.95 turns over 2.45.
    for (const [x, y, label] of draw({ data: "spirals", classes: 4 })) {
      const turns = label / 4 + (0.95 * (Math.hypot(x, y) - 0.15)) / 2.45;
      expect(Math.cos(Math.atan2(y, x) - 2 * Math.PI * turns)).toBeCloseTo(1, 9);
    }
  });
});

it("computes the features", () => {
  const values = featureTensor(tensor([[2, -3]]), FEATURES).dataSync();
  const expected = [2, -3, 4, 9, -6, Math.sin(2), Math.sin(-3)];
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6);
  expect(featureTensor(tensor([[2, -3]]), ["yy"]).arraySync()).toEqual([[9]]);
});

it("lays the grid from the top left", () => {
  expect(gridPoints(2).arraySync()).toEqual([
    [-1.5, 1.5],
    [1.5, 1.5],
    [-1.5, -1.5],
    [1.5, -1.5],
  ]);
});

describe("the examples", () => {
  it("are for training or for the test, those of the visitor for training", () => {
    const state = change(INITIAL, { own: [[0.5, 0.25, 1]], testShare: 0.25 });
    const { training, test } = examplesOf(state);
    expect([training?.points.length, test?.points.length]).toEqual([151, 50]);
    expect(training?.points.at(-1)).toEqual([0.5, 0.25, 1]);
    const all = [...(training?.points.slice(0, -1) ?? []), ...(test?.points ?? [])].map(String).sort();
    expect(all).toEqual(drawSet(state).map(String).sort());
    expect(training?.x.shape).toEqual([151, 2]);
    expect([training?.y.shape, training?.y.dtype]).toEqual([[151, 1], "float32"]);
  });

  it("have class numbers for three classes, and may be none", () => {
    const { training, test } = examplesOf(change(INITIAL, { data: "spirals", classes: 3, testShare: 0 }));
    expect([training?.y.shape, training?.y.dtype, test]).toEqual([[200], "int32", undefined]);
    expect(examplesOf(change(INITIAL, { data: "own" }))).toEqual({ training: undefined, test: undefined });
  });
});

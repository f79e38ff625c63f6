import { describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../src/io/index.ts";
import { Dense, sigmoidTowers, type Towers } from "../../src/nn/index.ts";
import { tensor } from "../../src/tensor/index.ts";

/** The largest error on points that are not those of the library's grid. */
function worst({ model }: Towers, f: (...x: number[]) => number, points: number[][]): number {
  const found = model(tensor(points, { dtype: "float64" })).dataSync();
  return Math.max(...points.map((x, i) => Math.abs((found[i] as number) - f(...x))));
}

const hidden = ({ model }: Towers): number =>
  model.layers
    .flatMap((layer) => (layer instanceof Dense ? [layer.weight.shape[1] as number] : []))
    .slice(0, -1)
    .reduce((a, b) => a + b, 0);

describe("sigmoidTowers on an interval", () => {
  const cases: [string, (x: number) => number, [number, number], number][] = [
    ["sin", Math.sin, [0, 6], 1e-2],
    ["sin, closely", Math.sin, [0, 6], 1e-4],
    ["exp", Math.exp, [-2, 2], 1e-2],
    ["a kink", Math.abs, [-1, 1], 2e-2],
    ["a line", (x) => 2 * x + 1, [10, 11], 1e-3],
    ["a constant", () => -3, [0, 1], 1e-12],
    ["Runge's function", (x) => 1 / (1 + 25 * x * x), [-1, 1], 1e-3],
  ];
  it.each(cases)("reaches the wanted error: %s", (_, f, [low, high], error) => {
    const found = sigmoidTowers(f, { interval: [low, high], error });
    expect([found.reached, found.units]).toEqual([true, hidden(found)]);
    expect(found.error).toBeLessThanOrEqual(error);
    const points = Array.from({ length: 3000 }, (_zero, i) => [low + ((high - low) * (i + 0.37)) / 3000]);
    expect(worst(found, f, points)).toBeLessThanOrEqual(1.01 * found.error);
    expect(worst(found, f, [[low], [high]])).toBeLessThanOrEqual(found.error);
  });

  it("needs a smooth function ten times more exact hardly four times the units", () => {
    const units = [1e-2, 1e-3, 1e-4].map((error) => sigmoidTowers(Math.sin, { interval: [0, 6], error }).units);
    expect((units[2] as number) / (units[0] as number)).toBeLessThan(4);
  });

  it("says so when the error was not reached: at a jump it is half of it at least", () => {
    const found = sigmoidTowers((x) => Number(x > 0.3), { interval: [0, 1], error: 0.1, units: 100 });
    expect(found.reached).toBe(false);
    expect(found.error).toBeGreaterThan(0.49);
    expect(found.units).toBeLessThanOrEqual(100);
    expect(`${found}`).toMatch(
      /^Not reached: the largest error is 0\.\d+ with \d+ hidden units, the best found; 0\.1 was wanted\./,
    );
  });

  it("is an ordinary model", async () => {
    const found = sigmoidTowers(Math.sin, { interval: [0, 6], error: 0.01 });
    const x = tensor([[1], [2]], { dtype: "float64" });
    expect((await loadModel(await saveModel(found.model)))(x).arraySync()).toEqual(found.model(x).arraySync());
    expect(`${found}`).toMatch(/^Reached: the largest error is 0\.00\d+ with 17 hidden units; 0\.01 was wanted\.$/);
  });
});

describe("sigmoidTowers on a rectangle", () => {
  const cases: [string, (x: number, y: number) => number, [[number, number], [number, number]], number][] = [
    [
      "a product",
      (x, y) => x * y,
      [
        [0, 1],
        [0, 1],
      ],
      1e-2,
    ],
    [
      "waves",
      (x, y) => Math.sin(2 * Math.PI * x) * Math.cos(2 * Math.PI * y),
      [
        [0, 1],
        [0, 1],
      ],
      1e-2,
    ],
    [
      "a hill",
      (x, y) => Math.exp(-8 * (x * x + y * y)),
      [
        [-0.5, 0.5],
        [-1, 0.5],
      ],
      1e-2,
    ],
    [
      "large numbers",
      (x, y) => 100 * Math.exp(x * y),
      [
        [-1, 1],
        [0, 1],
      ],
      1,
    ],
  ];
  it.each(cases)("reaches the wanted error: %s", (_, f, rectangle, error) => {
    const found = sigmoidTowers(f, { rectangle, error });
    expect([found.reached, found.units]).toEqual([true, hidden(found)]);
    const points = Array.from({ length: 60 * 60 }, (_zero, i) =>
      rectangle.map(([low, high], axis) => low + ((high - low) * (Math.floor(i / 60 ** axis) % 60)) / 59),
    );
    expect(worst(found, f, points)).toBeLessThanOrEqual(1.05 * found.error);
  });
});

describe("sigmoidTowers", () => {
  it("refuses what it cannot approximate", () => {
    const on = (options: object) => () => sigmoidTowers(Math.log, options as never);
    expect(on({ interval: [0, 1], error: 0.1 })).toThrow(
      "sigmoidTowers: the function must be finite; at (0) it is -Infinity.",
    );
    expect(on({ error: 0.1 })).toThrow(
      "sigmoidTowers: give either an interval, [0, 1], or a rectangle, [[0, 1], [0, 1]].",
    );
    expect(on({ interval: [1, 1], error: 0.1 })).toThrow(
      "sigmoidTowers: the upper end of a range must be a finite number > 1; it is 1.",
    );
    expect(on({ interval: 3, error: 0.1 })).toThrow(
      "sigmoidTowers: a range must be two numbers, [low, high]; it is 3.",
    );
    expect(on({ rectangle: [[0, 1]], error: 0.1 })).toThrow(
      "sigmoidTowers: the rectangle must have two ranges; it has 1.",
    );
    expect(on({ interval: [1, 2] })).toThrow("sigmoidTowers: error must be a finite number > 0; it is undefined.");
    expect(on({ interval: [1, 2], error: 0.1, units: 1 })).toThrow(
      "sigmoidTowers: units must be at least 2 here, for a single tower; it is 1.",
    );
    expect(() => sigmoidTowers(3 as never, { interval: [0, 1], error: 1 })).toThrow(
      "sigmoidTowers: the first argument must be a function of numbers; it is 3.",
    );
  });
});

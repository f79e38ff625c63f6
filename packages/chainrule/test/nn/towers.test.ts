import { describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../src/io/index.ts";
import { Dense, sigmoidTowers, type Towers } from "../../src/nn/index.ts";
import { quasirandom } from "../../src/nn/tower-error.ts";
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

  it("makes as many towers as are wanted", () => {
    // Those inside of the interval, 6 on each side of it whose tails reach in, and an edge between any two.
    const found = sigmoidTowers(Math.sin, { interval: [0, 6], error: 1e-9, towers: 10 });
    expect([found.units, hidden(found), found.reached]).toEqual([21, 21, false]);
    expect(sigmoidTowers(Math.sin, { interval: [0, 6], error: 1, towers: 20 }).units).toBe(31);
  });

  it("says so when the error was not reached: at a jump it is half of it at least", () => {
    const found = sigmoidTowers((x) => Number(x > 0.3), { interval: [0, 1], error: 0.1, units: 100 });
    expect(found.reached).toBe(false);
    expect(found.error).toBeGreaterThan(0.49);
    expect(found.units).toBeLessThanOrEqual(100);
    expect(`${found}`).toMatch(
      /^Not reached: the largest error on \d+ points is 0\.\d+ with \d+ hidden units, the best found; 0\.1 was wanted\./,
    );
  });

  it("is an ordinary model", async () => {
    const found = sigmoidTowers(Math.sin, { interval: [0, 6], error: 0.01 });
    const x = tensor([[1], [2]], { dtype: "float64" });
    expect((await loadModel(await saveModel(found.model)))(x).arraySync()).toEqual(found.model(x).arraySync());
    expect(`${found}`).toBe(
      `Reached: the largest error on ${found.points} points is ${found.error.toPrecision(3)} with 17 hidden units; 0.01 was wanted.`,
    );
    expect(found.points).toBeGreaterThan(16000);
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

describe("the error of sigmoidTowers is measured where no pattern of the function can hide it", () => {
  const bump = (x: number, center: number, width: number): number => Math.exp(-(((x - center) / width) ** 2));
  const unit = [0, 1] as const;
  const square = [unit, unit] as const;

  it("for waves with a zero at every point of a regular grid, and at the middles of the first towers", () => {
    const line = sigmoidTowers((x) => Math.sin(1000 * Math.PI * x), { interval: unit, error: 0.01, units: 100 });
    expect([line.reached, line.error > 0.99]).toEqual([false, true]);
    const wave = (x: number, y: number): number => Math.sin(60 * Math.PI * x) * y;
    const plane = sigmoidTowers(wave, { rectangle: square, error: 0.01, units: 120 });
    expect([plane.reached, plane.error > 0.9]).toEqual([false, true]);
  });

  it.each([0.35237, 0.50053, 0.9999, 0])("for a bump of the width 2·10⁻⁴ at %d", (center) => {
    const found = sigmoidTowers((x) => bump(x, center, 2e-4), { interval: unit, error: 0.01, units: 100 });
    expect([found.reached, found.error > 0.4]).toEqual([false, true]);
  });

  it("for a small hill in a plane, and one at a corner of it", () => {
    for (const [a, b] of [
      [0.508, 0.491],
      [1, 0],
    ] as const) {
      const hill = (x: number, y: number): number => bump(x, a, 0.006) * bump(y, b, 0.006);
      const found = sigmoidTowers(hill, { rectangle: square, error: 0.01, units: 150 });
      expect([found.reached, found.error > 0.4]).toEqual([false, true]);
    }
  });

  it("goes on after a confirmation has failed", () => {
    const range = [0, 6] as const;
    const first = sigmoidTowers(Math.sin, { interval: range, error: 0.01 });
    // On the points of the first test the error is a little smaller than where it is largest.
    const few = worst(first, Math.sin, quasirandom([range], 2048, 0.5));
    expect(few).toBeLessThan(first.error);
    const second = sigmoidTowers(Math.sin, { interval: range, error: (few + first.error) / 2 });
    expect([second.reached, second.units > first.units]).toEqual([true, true]);
  });

  it("and is the same in every run", () => {
    const [a, b] = [1, 2].map(() => sigmoidTowers(Math.exp, { interval: unit, error: 1e-3 }));
    expect([a?.error, a?.points]).toEqual([b?.error, b?.points]);
  });
});

describe("the points", () => {
  it("are those of the golden ratio and of the plastic number", () => {
    // By hand, from x² = x + 1 and x³ = x + 1: 0.5 + 1/1.6180339887 and 0.5 + 1/1.3247179572, 0.5 + 1/1.3247179572², mod 1;
    // then stretched by 1.02 − 0.01.
    const [, , line] = quasirandom([[0, 1]], 1, 0.5);
    expect(line?.[0]).toBeCloseTo(1.02 * 0.1180339887 - 0.01, 9);
    const unit = [0, 1] as const;
    const [, , , , plane] = quasirandom([unit, unit], 1, 0.5);
    expect(plane?.[0]).toBeCloseTo(1.02 * 0.2548776662 - 0.01, 9);
    expect(plane?.[1]).toBeCloseTo(1.02 * 0.069840291 - 0.01, 9);
  });

  it("begin with the corners, lie within the ranges and also on their boundary, and leave no large hole", () => {
    const points = quasirandom(
      [
        [2, 3],
        [-1, 1],
      ],
      1000,
      0.1,
    );
    expect(points.slice(0, 4)).toEqual([
      [2, -1],
      [3, -1],
      [2, 1],
      [3, 1],
    ]);
    expect(points.every(([x = 0, y = 0]) => x >= 2 && x <= 3 && y >= -1 && y <= 1)).toBe(true);
    expect(points.filter(([x]) => x === 2).length).toBeGreaterThan(5);
    // Every square with a side of 1/16 of the ranges has a point.
    const squares = new Set(points.map(([x = 0, y = 0]) => `${Math.floor(16 * (x - 2))} ${Math.floor(8 * (y + 1))}`));
    for (let i = 0; i < 256; i++) expect(squares).toContain(`${i >> 4} ${i & 15}`);
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
    expect(on({ interval: [1, 2], error: 0.1, towers: 2.5 })).toThrow("sigmoidTowers: towers must be a");
    expect(on({ interval: [1, 2], error: 0.1, towers: 8, units: 9 })).toThrow(
      "sigmoidTowers: units must be at least 19 here, for 8 towers; it is 9.",
    );
    expect(on({ interval: [1, 2], error: 0.1, units: 1 })).toThrow(
      "sigmoidTowers: units must be at least 2 here, for a single tower; it is 1.",
    );
    expect(() => sigmoidTowers(3 as never, { interval: [0, 1], error: 1 })).toThrow(
      "sigmoidTowers: the first argument must be a function of numbers; it is 3.",
    );
  });
});

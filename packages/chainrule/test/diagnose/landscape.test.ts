import { describe, expect, it } from "vitest";
import { filterNormalized, likeFilters, normOf } from "../../src/diagnose/directions.ts";
import { type LineOptions, lossAlongLine, lossOnPlane } from "../../src/diagnose/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import { constant, dense, dropout, initialize, params, relu, sequential } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { evaluate } from "../../src/train/index.ts";

/** The loss (w₁ + 2w₂ − 1)², with w = (2, −1) to begin with. */
const sample = { loss: meanSquaredError, x: [[1, 2]], y: [[1]] };
const bowl = () => {
  const model = initialize(dense(2, 1, { bias: false }));
  model.weight.value = tensor([[2], [-1]]);
  return model;
};
const column = (...w: number[]): { weight: Tensor } => ({ weight: tensor(w.map((x) => [x])) });
const round = (values: Iterable<number>): number[] => [...values].map((x) => Number(x.toFixed(5)));

describe("filter normalization", () => {
  it("gives the weights that lead to a unit the length of the model's", () => {
    // Columns (3, 4) and (0, 2) of length 5 and 2; of the model (6, 8), length 10, and (0.5, 0), length ½.
    const direction = tensor([
      [3, 0],
      [4, 2],
    ]);
    const weights = tensor([
      [6, 0.5],
      [8, 0],
    ]);
    expect(likeFilters(direction, weights).arraySync()).toEqual([
      [6, 0],
      [8, 0.5],
    ]);
  });

  it("is 0 for biases and for units without weights, and depends on the seed", () => {
    const at = { w: tensor([[0], [0]]), b: tensor([1, 2]), v: tensor([[3, 4]]) };
    const { w, b, v } = filterNormalized(at, 0);
    expect([...(w as Tensor).dataSync(), ...(b as Tensor).dataSync()].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(Array.from((v as Tensor).dataSync(), Math.abs)).toEqual([3, 4]);
    const wide = { v: tensor(new Float32Array(64).fill(0.5), { shape: [64, 1] }) };
    const [one, two, again] = [1, 2, 1].map((seed) => filterNormalized(wide, seed));
    expect(one?.v?.arraySync()).toEqual(again?.v?.arraySync());
    expect(one?.v?.arraySync()).not.toEqual(two?.v?.arraySync());
    expect(normOf(one as never)).toBeCloseTo(4, 5);
  });
});

describe("the loss along a line", () => {
  it("follows a direction of one's own", () => {
    const model = bowl();
    const { t, losses } = lossAlongLine(model, { ...sample, direction: column(1, 0), range: [-1, 3], points: 5 });
    expect([...t]).toEqual([-1, 0, 1, 2, 3]);
    // (t − 1)²
    expect([...losses]).toEqual([4, 1, 0, 1, 4]);
    expect(model.weight.value.arraySync()).toEqual([[2], [-1]]);
  });

  it("follows the gradient down", () => {
    // The gradient is 2·(−1)·(1, 2); −gradient as long as w, √5, is (1, 2): (5t − 1)².
    const { losses } = lossAlongLine(bowl(), { ...sample, direction: "gradient", range: [0, 1], points: 6 });
    expect(round(losses)).toEqual([1, 0, 1, 4, 9, 16]);
  });

  it("goes from one point to another, by default a half beyond each", () => {
    const direction = { from: column(1, 0), to: column(3, 0) };
    const { t, losses } = lossAlongLine(bowl(), { ...sample, direction, points: 5 });
    expect([...t]).toEqual([-0.5, 0, 0.5, 1, 1.5]);
    // (2t)²
    expect([...losses]).toEqual([1, 0, 1, 4, 9]);
    const own = lossAlongLine(bowl(), { ...sample, direction: { to: column(1, 0) }, points: 5 });
    // From (2, −1): (−1 + t)².
    expect([...own.losses]).toEqual([2.25, 1, 0.25, 0, 0.25]);
  });

  it("is the evaluation loss at 0, in a random direction too", async () => {
    const model = initialize(sequential(dense(2, 8), relu, dropout(0.5), dense(8, 1)), { seed: 3 });
    const before = Object.values(params(model)).map(({ value }) => value.arraySync());
    const x = Array.from({ length: 20 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const data = { x, y: x.map(([a = 0, b = 0]) => [a * b]) };
    const { losses } = lossAlongLine(model, { ...sample, ...data, points: 3 });
    const { loss } = await evaluate(model, data, { loss: meanSquaredError });
    expect(losses[1]).toBeCloseTo(loss, 6);
    expect(losses[0]).not.toBeCloseTo(loss, 3);
    expect(Object.values(params(model)).map(({ value }) => value.arraySync())).toEqual(before);
    expect(lossAlongLine(model, { ...sample, ...data, points: 3 }).losses).toEqual(losses);
    expect(lossAlongLine(model, { ...sample, ...data, points: 3, seed: 1 }).losses).not.toEqual(losses);
  });

  it("prints as a curve", () => {
    const line = lossAlongLine(bowl(), { ...sample, direction: column(1, 0), range: [-1, 3], points: 5 });
    expect(String(line)).toBe("█▃▁▃█\nt from −1 to 3; least loss 0 at t = 1");
  });
});

describe("the loss on a plane", () => {
  it("takes two directions, the second without its part along the first", () => {
    const directions = [column(1, 0), column(5, 1)] as const;
    const plane = lossOnPlane(bowl(), { ...sample, directions, range: [-1, 1], points: 3 });
    // (a + 2b − 1)²
    expect(plane.losses.map(round)).toEqual([
      [16, 4, 0],
      [9, 1, 1],
      [4, 0, 4],
    ]);
    expect(String(plane)).toMatch(/^@@[^\n]{2} {2}\n/);
    expect(String(plane)).toMatch(/loss from 0 \(light\) to 16 \(dark\)$/);
  });

  it("takes the gradient and random ones, and leaves the model alone", () => {
    const model = bowl();
    const plane = lossOnPlane(model, { ...sample, directions: ["gradient", "random"], points: 3 });
    expect(plane.losses[1]?.[1]).toBe(1);
    // Orthogonal to the gradient the loss of a single example does not change.
    expect(round(plane.losses[1] ?? [])).toEqual([1, 1, 1]);
    expect(round(plane.losses.map((row) => row[1] as number))).toEqual([36, 1, 16]);
    expect(model.weight.value.arraySync()).toEqual([[2], [-1]]);
    expect(lossOnPlane(model, { ...sample, points: 3 }).losses[1]?.[1]).toBe(1);
  });
});

describe("refuses", () => {
  const line = (options: Record<string, unknown>) => () =>
    lossAlongLine(bowl(), { ...sample, ...options } as LineOptions);

  it.each<[Record<string, unknown>, string]>([
    [{ from: 1 }, 'lossAlongLine: unknown option "from"; there are loss, x, y, direction, range, points, seed.'],
    [{ points: 1 }, "lossAlongLine: points must be an integer ≥ 2; it is 1."],
    [{ range: [1, -1] }, "lossAlongLine: the range must ascend; it is from 1 to -1."],
    [{ range: 2 }, "lossAlongLine: range must be two numbers, such as [-1, 1]; it is 2."],
    [
      { direction: "down" },
      'lossAlongLine: a direction must be "random", "gradient", { to } or { from, to } with weights such as params(other), or ' +
        'tensors by the names of the parameters; it is "down".',
    ],
    [{ direction: null }, "or tensors by the names of the parameters; it is null."],
    [
      { direction: tensor([1]) },
      "lossAlongLine: the direction must be tensors by the names of the parameters, as in params(model); it is a Tensor.",
    ],
    [{ direction: { form: {}, to: {} } }, 'lossAlongLine: the direction: unknown option "form"; there are from, to.'],
    [
      { direction: { from: {} } },
      "lossAlongLine: to must be tensors by the names of the parameters, as in params(model)",
    ],
    [{ loss: undefined }, 'lossAlongLine: the option "loss" is missing.'],
    [
      { direction: { bias: tensor(1) } },
      'lossAlongLine: the direction has "bias", which is no parameter of the model.',
    ],
    [{ direction: {} }, 'lossAlongLine: the direction has no tensor for the parameter "weight".'],
    [
      { direction: { to: { weight: tensor([1]) } } },
      'lossAlongLine: to has shape [1] for "weight", but the parameter has [2, 1].',
    ],
    [{ x: [[Number.NaN, 1]] }, "lossAlongLine: x has NaN at row 0, column 0."],
  ])("%o", (options, message) => {
    expect(line(options)).toThrow(message);
  });

  it("takes the parameters of another model", () => {
    const [model, other] = [bowl(), initialize(bowl())];
    const to = Object.fromEntries(Object.entries(params(other)).map(([name, { value }]) => [name, value]));
    const by = (direction: LineOptions["direction"]) => [...lossAlongLine(model, { ...sample, direction }).losses];
    expect(by({ to: params(other) })).toEqual(by({ to }));
  });

  it("a gradient that is 0, and directions that span no plane", () => {
    const flat = dense(2, 1, { bias: false, weightInit: constant(0) });
    expect(() => lossAlongLine(flat, { ...sample, y: [[0]], direction: "gradient" })).toThrow(
      "lossAlongLine: the gradient is 0 there, so it has no direction.",
    );
    const plane = (directions: unknown) => () => lossOnPlane(bowl(), { ...sample, directions } as never);
    expect(plane([column(1, 2), column(-2, -4)])).toThrow(
      "lossOnPlane: the two directions are parallel, so they span no plane.",
    );
    expect(plane(["random"])).toThrow('lossOnPlane: directions must be two, such as ["gradient", "random"].');
    expect(plane(["random", { from: column(0, 0), to: column(1, 0) }])).toThrow(
      "lossOnPlane: both directions must start at the same point; give { from } to both or to neither.",
    );
  });
});

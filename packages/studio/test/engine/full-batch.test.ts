/** Newton's method and L-BFGS as optimizers of the playground. */
import { functional } from "chainrule/nn";
import { minimize, newton } from "chainrule/optim";
import { describe, expect, it } from "vitest";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, INITIAL, MOST_WEIGHTS_OF_NEWTON, type Point, type State } from "../../src/state/index.ts";

const state = (changes: Partial<State>): State => change(INITIAL, changes);

/** A line through the plane: the loss is a quadratic in two weights and a bias. */
const quadratic = state({ data: "plane", layers: [], noise: 0.3, testShare: 0 });

/** The least-squares solution of t ≈ w₁x + w₂y + b, by the normal equations and Cramer's rule. */
function leastSquares(points: readonly Point[]): number[] {
  const rows = points.map(([x, y, t]) => [x, y, 1, t]);
  const sum = (i: number, j: number) => rows.reduce((all, row) => all + (row[i] as number) * (row[j] as number), 0);
  const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => sum(i, j)));
  const right = [0, 1, 2].map((i) => sum(i, 3));
  const determinant = (m: number[][]): number => {
    const at = (i: number): number => m.flat()[i] as number;
    const minor = (i: number, j: number, k: number, l: number): number => at(i) * at(j) - at(k) * at(l);
    return at(0) * minor(4, 8, 5, 7) - at(1) * minor(3, 8, 5, 6) + at(2) * minor(3, 7, 4, 6);
  };
  const replaced = (column: number) => matrix.map((row, i) => row.with(column, right[i] as number));
  return [0, 1, 2].map((column) => determinant(replaced(column)) / determinant(matrix));
}

describe("Newton's method", () => {
  it("reaches the least-squares solution in one step, and then has arrived", async () => {
    const trainer = new Trainer({ ...quadratic, optimizer: "newton" });
    const solution = leastSquares(trainer.examples.training?.points ?? []);
    await trainer.advance({ steps: 1 });
    for (const [i, weight] of trainer.weights.entries()) expect(weight).toBeCloseTo(solution[i] as number, 6);
    expect(trainer.snapshot()).toMatchObject({ step: 1, epoch: 1, end: undefined });
    await trainer.advance({ milliseconds: 1000 });
    const end = { converged: true, reason: "the gradient is 0 to within the tolerance" };
    expect(trainer.snapshot()).toMatchObject({ step: 1, epoch: 1, end });
    await trainer.advance({ epochs: 5 });
    expect(trainer.snapshot()).toMatchObject({ step: 1, epoch: 1, end });
  });

  it("goes on from a weight that was set by hand", async () => {
    const trainer = new Trainer({ ...quadratic, optimizer: "newton" });
    await trainer.advance({ epochs: 10 });
    const solution = trainer.weights;
    trainer.setWeight(0, 1, 0, -3);
    expect(trainer.snapshot().end).toBeUndefined();
    await trainer.advance({ steps: 1 });
    expect(trainer.snapshot()).toMatchObject({ step: 2, end: undefined });
    for (const [i, weight] of trainer.weights.entries()) expect(weight).toBeCloseTo(solution[i] as number, 6);
  });

  it("adds the penalty on weights to the loss", async () => {
    const one = state({ data: "plane", layers: [], noise: 0, testShare: 0, weights: [1, 2, 0] });
    const trainer = new Trainer({ ...one, optimizer: "newton", regularizer: "l2", penalty: 10, points: 20 });
    const free = new Trainer({ ...one, optimizer: "newton", points: 20 });
    await trainer.advance({ epochs: 3 });
    await free.advance({ epochs: 3 });
    const [w1 = 0, w2 = 0] = trainer.weights;
    // t = (x + y)/6 exactly.
    expect([...free.weights]).toEqual([expect.closeTo(1 / 6, 6), expect.closeTo(1 / 6, 6), expect.closeTo(0, 6)]);
    const points = trainer.examples.training?.points ?? [];
    // The derivatives of mean (w·x + b − t)² + λ/2·w² are 0.
    const b = trainer.weights[2] as number;
    const mean = (f: (x: number, y: number, r: number) => number) =>
      points.reduce((sum, [x, y, t]) => sum + f(x, y, w1 * x + w2 * y + b - t), 0) / points.length;
    expect(2 * mean((x, _, r) => r * x) + 10 * w1).toBeCloseTo(0, 5);
    expect(2 * mean((_, y, r) => r * y) + 10 * w2).toBeCloseTo(0, 5);
    expect(2 * mean((_, __, r) => r)).toBeCloseTo(0, 5);
  });

  it("leaves the saddle point of zero weights, where gradient descent and L-BFGS stay", async () => {
    const zeros = state({ data: "xor", layers: [3], initializer: "zeros", testShare: 0, noise: 0, points: 100 });
    const trainers = (["newton", "lbfgs"] as const).map((optimizer) => new Trainer({ ...zeros, optimizer }));
    for (const trainer of trainers) await trainer.advance({ epochs: 30 });
    const [escaped, stuck] = trainers.map((trainer) => trainer.snapshot());
    // log 2 where all weights are 0.
    expect(stuck?.training.loss).toBeCloseTo(Math.LN2, 3);
    expect(escaped?.training.loss).toBeLessThan(0.6);
    expect(stuck?.end).toEqual({ converged: true, reason: "the gradient is 0 to within the tolerance" });
  });

  it("refuses networks whose Hessian would take too long", () => {
    const large = state({ layers: [8, 8, 8], features: ["x", "y", "xx", "yy", "xy", "sinx"], optimizer: "newton" });
    expect(() => new Trainer(large)).toThrow(
      "Newton’s method works out 209 × 209 second derivatives in every step here, which takes too long: " +
        `it is for at most ${MOST_WEIGHTS_OF_NEWTON} weights. Choose L-BFGS, or a smaller network.`,
    );
    expect(() => new Trainer({ ...large, optimizer: "lbfgs" })).not.toThrow();
  });
});

describe("L-BFGS", () => {
  it("reaches the least-squares solution in a few steps", async () => {
    const trainer = new Trainer({ ...quadratic, optimizer: "lbfgs" });
    const solution = leastSquares(trainer.examples.training?.points ?? []);
    await trainer.advance({ epochs: 20 });
    expect(trainer.snapshot().end?.converged).toBe(true);
    expect(trainer.snapshot().step).toBeLessThan(12);
    for (const [i, weight] of trainer.weights.entries()) expect(weight).toBeCloseTo(solution[i] as number, 6);
  });

  it("learns XOR, and spirals with a network too large for Newton's method", async () => {
    const xor = new Trainer(state({ data: "xor", optimizer: "lbfgs" }));
    await xor.advance({ epochs: 40 });
    expect(xor.snapshot().training.accuracy).toBe(1);
    const spirals = new Trainer(
      state({ data: "spirals", layers: [8, 8, 8, 8], classes: 3, optimizer: "lbfgs", noise: 0.02 }),
    );
    await spirals.advance({ epochs: 200 });
    expect(spirals.snapshot().training.accuracy).toBe(1);
  });
});

it.each(["newton", "lbfgs"] as const)("gives the same numbers however steps are asked for: %s", async (optimizer) => {
  const settings = state({ data: "moons", optimizer, layers: [4], regularizer: "l2" });
  const [one, other, third] = [new Trainer(settings), new Trainer(settings), new Trainer(settings)];
  await one.advance({ steps: 6 });
  for (let i = 0; i < 3; i++) await other.advance({ epochs: 2 });
  let clock = 0;
  await third.advance({ milliseconds: 50 }, () => 10 * clock++);
  expect(other.snapshot()).toEqual(one.snapshot());
  expect(third.snapshot().step).toBe(5);
  await third.advance({ steps: 1 });
  expect(third.snapshot()).toEqual(one.snapshot());
});

it("goes the way of the library's minimize", async () => {
  const trainer = new Trainer({ ...quadratic, optimizer: "newton", layers: [2], weights: null, seed: 5 });
  const { x, y } = trainer.examples.training ?? {};
  const { apply, parameters } = functional(trainer.network.model);
  const { parameters: found } = await minimize(
    (weights: typeof parameters) => trainer.loss(apply(weights, x as never), y as never),
    parameters,
    { method: newton(), dtype: "float64", iterations: 4 },
  );
  await trainer.advance({ steps: 4 });
  expect([...trainer.weights]).toEqual(Object.values(found).flatMap((part) => [...Float32Array.from(part.dataSync())]));
});

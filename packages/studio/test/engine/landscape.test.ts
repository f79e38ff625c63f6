/** The loss around the weights. */
import type { Tensor } from "chainrule";
import { lossOnPlane } from "chainrule/diagnose";
import { params } from "chainrule/nn";
import { l2 } from "chainrule/optim";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANDSCAPE_SIDE, type PlaneWish } from "../../src/engine/index.ts";
import { framed, Path, placesOf, principal, shareInPlane } from "../../src/engine/landscape/index.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, INITIAL, type Point, type State } from "../../src/state/index.ts";

const state = (changes: Partial<State>): State => change(INITIAL, changes);
const see = (trainer: Trainer, plane: PlaneWish, fresh = 0) => {
  const { landscape } = trainer.snapshot({ landscape: { plane, fresh } }).views;
  if (landscape === undefined) throw new Error("It is not seen.");
  return landscape;
};
type Seen = ReturnType<typeof see>;

/** The coordinates of a cell. */
function at({ centre, half }: Seen, cell: number): [a: number, b: number] {
  const offset = (i: number): number => half * ((2 * i + 1) / LANDSCAPE_SIDE - 1);
  return [centre[0] + offset(cell % LANDSCAPE_SIDE), centre[1] - offset(Math.floor(cell / LANDSCAPE_SIDE))];
}

describe("the loss surface", () => {
  it("of two weights is the squared error worked out by hand, with the penalty", () => {
    const settings = state({ data: "plane", layers: [], weights: [0.5, -1, 0.25], regularizer: "l2", penalty: 0.1 });
    const trainer = new Trainer(settings);
    const seen = see(trainer, { kind: "weights", weights: [0, 2] });
    const points = trainer.examples.training?.points as readonly Point[];
    for (const cell of [0, 40, 544, 1088]) {
      const [w, b] = at(seen, cell);
      const error = points.reduce((sum, [x, y, t]) => sum + (w * x - y + b - t) ** 2, 0) / points.length;
      expect(seen.losses[cell]).toBeCloseTo(error + 0.05 * (w * w + 1), 4);
    }
    // The coordinates are the weights themselves.
    expect([...seen.path]).toEqual([0.5, 0.25]);
  });

  it("in random directions is that of the library", () => {
    const trainer = new Trainer(state({ data: "moons", layers: [3] }));
    const seen = see(trainer, { kind: "random", seed: 7 });
    const { x, y } = trainer.examples.training as { x: Tensor; y: Tensor };
    expect(seen).toMatchObject({ centre: [0, 0], half: 1 });
    expect([...seen.path]).toEqual([0, 0]);
    const reach = (LANDSCAPE_SIDE - 1) / LANDSCAPE_SIDE;
    const { losses } = lossOnPlane(trainer.network.model, {
      loss: trainer.loss,
      x,
      y,
      seed: 7,
      range: [-reach, reach],
      points: LANDSCAPE_SIDE,
    });
    for (const [row, column] of [
      [0, 0],
      [16, 16],
      [3, 30],
      [32, 9],
    ] as const) {
      const library = losses[column]?.[LANDSCAPE_SIDE - 1 - row] as number;
      expect(seen.losses[row * LANDSCAPE_SIDE + column]).toBeCloseTo(library, 5);
    }
  });

  it("along the path goes through the weights, and holds most of the way", async () => {
    const trainer = new Trainer(state({ data: "circles", regularizer: "l2" }));
    for (let i = 0; i < 20; i++) await trainer.advance({ epochs: 1 });
    const seen = see(trainer, { kind: "path" });
    expect(seen.path).toHaveLength(42);
    expect([...seen.path.slice(0, 2)]).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
    expect(seen.share).toBeGreaterThan(0.9);
    // The cell nearest to the weights has nearly their loss.
    const [endA = 0, endB = 0] = seen.path.slice(-2);
    const cells = Array.from(seen.losses, (_, cell) => {
      const [a, b] = at(seen, cell);
      return Math.hypot(a - endA, b - endB);
    });
    const nearest = cells.indexOf(Math.min(...cells));
    const { model } = trainer.network;
    const { x, y } = trainer.examples.training as { x: Tensor; y: Tensor };
    const loss = trainer
      .loss(model(x), y)
      .add(l2(0.001)(params(model)))
      .itemSync();
    expect(Math.abs((seen.losses[nearest] as number) - loss)).toBeLessThan(0.05);
  });

  it("is computed anew when it is asked for, and its path always", async () => {
    const trainer = new Trainer(state({}));
    const first = see(trainer, { kind: "path" });
    await trainer.advance({ epochs: 5 });
    const second = see(trainer, { kind: "path" });
    expect([second.losses, second.half]).toEqual([first.losses, first.half]);
    expect(second.path).toHaveLength(4);
    const third = see(trainer, { kind: "path" }, 1);
    expect(third.losses).not.toEqual(first.losses);
  });

  it("is there where weights are zero, or have blown up", async () => {
    const zeros = new Trainer(state({ initializer: "zeros", features: ["x"], layers: [] }));
    for (const plane of [
      { kind: "random", seed: 0 },
      { kind: "path" },
      { kind: "weights", weights: [0, 1] },
    ] as const) {
      expect(see(zeros, plane).losses.every(Number.isFinite), plane.kind).toBe(true);
    }
    const diverged = new Trainer(state({ data: "plane", activation: "linear", optimizer: "sgd", rate: 10 }));
    await diverged.advance({ epochs: 3 });
    await diverged.advance({ epochs: 20 });
    expect(diverged.snapshot().diverged).toBe(true);
    expect(see(diverged, { kind: "path" }).path.every(Number.isFinite)).toBe(true);
  });
});

describe("a plane", () => {
  it("lies in the directions of most movement", () => {
    // Along (1, 2, 2)/3 by ±6, along (2, 1, −2)/3 by ±3, along (2, −2, 1)/3 by ±1: an orthonormal basis.
    const [u, v, w] = [
      [1 / 3, 2 / 3, 2 / 3],
      [2 / 3, 1 / 3, -2 / 3],
      [2 / 3, -2 / 3, 1 / 3],
    ] as const;
    const step = (direction: readonly number[], length: number) => direction.map((x) => length * x);
    const places = [step(u, 6), step(u, -6), step(v, 3), step(v, -3), step(w, 1), step(w, -1)];
    const [first, second] = principal(places, [0, 0, 0]);
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(first[i] as number)).toBeCloseTo(Math.abs(u[i] as number), 6);
      expect(Math.abs(second[i] as number)).toBeCloseTo(Math.abs(v[i] as number), 6);
    }
    const plane = { origin: Float64Array.of(0, 0, 0), first, second };
    // Distances are from the first place: 2·(9+36), 144, 2·(36+1), of which the squares of w's share, 2·1, are outside.
    expect(shareInPlane(plane, places)).toBeCloseTo(1 - 2 / (144 + 2 * 45 + 2 * 37), 6);
    expect([...placesOf(plane, [step(w, 4)])].map(Math.abs)).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  });

  it("has orthogonal directions, however few and similar the places", () => {
    // Weights are floats of 32 bits.
    const number = fc.float({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(number, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (all) => {
        const [first, second] = principal(all, all[0] as number[]);
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
        expect(dot(first, first)).toBeCloseTo(1, 9);
        expect(dot(second, second)).toBeCloseTo(1, 9);
        expect(dot(first, second)).toBeCloseTo(0, 6);
      }),
    );
  });

  it("is framed with room around what is to be seen", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 20 }), (all) => {
        const points = Float32Array.from(all.length % 2 === 0 ? all : [...all, 0]);
        const { centre, half } = framed(points, 0.25);
        for (const [i, value] of points.entries()) {
          expect(Math.abs(value - (centre[(i % 2) as 0 | 1] as number))).toBeLessThanOrEqual(half);
        }
        expect(half).toBeGreaterThanOrEqual(0.25);
      }),
    );
  });
});

it("keeps a path of any length in bounded memory, from its start to its end", () => {
  const path = new Path(Float32Array.of(0));
  for (let i = 1; i <= 5000; i++) path.add(Float32Array.of(i));
  const places = path.places.map(([value]) => value as number);
  expect(places.length).toBeLessThan(310);
  expect([places[0], places.at(-1)]).toEqual([0, 5000]);
  const gaps = places.slice(1, -1).map((value, i) => value - (places[i] as number));
  expect(new Set(gaps).size).toBeLessThanOrEqual(2);
  path.add(Float32Array.of(Number.NaN));
  expect(path.places.at(-1)?.[0]).toBe(places.at(-2));
});

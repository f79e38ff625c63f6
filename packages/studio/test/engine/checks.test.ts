/** Gradient checks of single weights, their ε-curves, and of all. */
import { describe, expect, it } from "vitest";
import type { Part } from "../../src/data/index.ts";
import { Host } from "../../src/engine/host.ts";
import type { Asked, CurvePoint, WeightCheck, WholeCheck } from "../../src/engine/index.ts";
import { checks } from "../../src/engine/services/checks.ts";
import { Session } from "../../src/engine/session.ts";
import { change, INITIAL, type OwnTable, type State, type TableColumn } from "../../src/state/index.ts";
import { HAND, handCalculation } from "../support/hand.ts";

/** The places of the five weights, in the order of the list of all. */
const PLACES = [
  { layer: 0, from: 0, to: 0 },
  { layer: 0, from: 1, to: 0 },
  { layer: 0, from: -1, to: 0 },
  { layer: 1, from: 0, to: 0 },
  { layer: 1, from: -1, to: 0 },
] as const;

function service(state: State) {
  const session = new Session();
  session.load(state);
  let clock = 0;
  return { session, ...checks(session, () => 15 * clock++) };
}
const checkOf = (state: State, place: Asked<"check">): WeightCheck => service(state).check(place) as WeightCheck;

describe("the check of a weight", () => {
  it("has the derivatives of a hand calculation", () => {
    const { gradient } = handCalculation();
    for (const [i, place] of PLACES.entries()) {
      const found = checkOf(HAND, place);
      expect(found.analytic).toBeCloseTo(gradient[i] as number, 14);
      expect(found.forward).toBeCloseTo(gradient[i] as number, 14);
      expect(found.numeric).toBeCloseTo(gradient[i] as number, 9);
      expect(found).toMatchObject({ verdict: "right", step: 0 });
      expect(found.relativeError).toBeLessThan(1e-8);
      expect(Math.abs(found.numeric - found.analytic)).toBeLessThan(found.bound);
      expect(found.bound).toBeLessThan(1e-6 * Math.abs(found.analytic));
    }
    expect(checkOf(HAND, PLACES[4]).weight).toBe(Math.fround(-0.3));
  });

  it("has a curve that falls with ε² and rises with 1/ε", () => {
    const { curve } = checkOf(HAND, PLACES[0]);
    expect(curve.map(({ epsilon }) => Math.round(Math.log10(epsilon)))).toEqual(
      Array.from({ length: 12 }, (_, i) => -i - 1),
    );
    const slope = (of: (point: CurvePoint) => number, i: number): number =>
      Math.log10(of(curve[i] as CurvePoint) / of(curve[i + 1] as CurvePoint));
    for (const i of [0, 1]) expect(slope(({ error }) => error, i)).toBeCloseTo(2, 1);
    for (const { epsilon, error, truncation, rounding } of curve) {
      expect(error, `ε = ${epsilon}`).toBeLessThan(1.1 * truncation + rounding);
    }
    for (let i = 6; i < 11; i++) expect(slope(({ rounding }) => rounding, i)).toBeCloseTo(-1, 3);
    const best = curve.reduce((least, point) => (point.error < least.error ? point : least));
    expect(best.epsilon).toBeLessThan(1e-3);
    expect(best.epsilon).toBeGreaterThan(1e-8);
    // Single precision has 2⁻²⁴ in place of 2⁻⁵³, so its rounding is larger by some 10⁸.
    const at = (epsilon: number) => curve.find((point) => Math.abs(point.epsilon / epsilon - 1) < 1e-6) as CurvePoint;
    expect(at(1e-4).singleError).toBeGreaterThan(1e3 * at(1e-4).error);
    expect(at(1e-1).singleError / at(1e-1).error).toBeCloseTo(1, 2);
    // What moves a weight by less than its last digit moves nothing: the quotient is 0.
    expect(at(1e-9).singleError).toBeCloseTo(Math.abs(checkOf(HAND, PLACES[0]).analytic), 12);
  });

  it("knows a kink: ReLU at exactly 0", () => {
    // z = x − y, which is 0 at (1, 1).
    const kink = change(HAND, { activation: "relu", own: [[1, 1, 1]], weights: [1, -1, 0, 1, 0] });
    expect(checkOf(kink, PLACES[0])).toMatchObject({ verdict: "kink", relativeError: 0 });
    expect(checkOf(kink, PLACES[4])).toMatchObject({ verdict: "right" });
  });

  it("leaves the training as it is", async () => {
    const { session, check } = service(INITIAL);
    await session.trainer.advance({ steps: 3 });
    const before = [...session.trainer.weights];
    expect(check({ layer: 1, from: 2, to: 3 })).toMatchObject({ step: 3, verdict: "right" });
    expect([...session.trainer.weights]).toEqual(before);
  });

  it("takes 500 points of a large table, at equal distances", () => {
    const [rows, most] = [1000, 500];
    const number = (name: string, of: (row: number) => number): TableColumn => ({
      name,
      values: Float64Array.from({ length: rows }, (_, row) => of(row)),
    });
    const columns = [number("a", Math.sin), number("b", Math.cos), number("c", (row) => (row % 3) - 1)];
    const table: OwnTable = { columns, x: 0, y: 1, target: 2, task: "value", more: [] };
    const one = { data: "table", table, testShare: 0, layers: [], weights: [0.5, -0.25, 0.125] } as const;
    const { session, check, checkAll } = service(change(INITIAL, one));
    const found = check({ layer: 0, from: -1, to: 0 }) as WeightCheck;
    expect([session.trainer.state.valueLoss, session.trainer.state.data]).toEqual(["squaredError", "table"]);
    // ∂/∂b mean (w·x + b − y)², of every other row.
    const { x, y } = session.trainer.examples.training as Part;
    const [inputs, targets] = [x.dataSync(), y.dataSync()];
    let sum = 0;
    for (let row = 0; row < rows; row += 2) {
      const [first, second] = [inputs[2 * row] as number, inputs[2 * row + 1] as number];
      sum += 0.5 * first - 0.25 * second + 0.125 - (targets[row] as number);
    }
    expect(found.analytic).toBeCloseTo((2 * sum) / most, 12);
    expect(found).toMatchObject({ points: most, verdict: "right" });
    expect(checkAll({ begin: true })).toMatchObject({ points: most, total: 3 });
  });

  it("holds for every loss, and with several classes", () => {
    for (const changes of [
      { data: "spirals", classes: 3, features: ["x", "sinx", "xy"] },
      { data: "gaussians", classes: 3, classLoss: "squaredError" },
      { data: "ripple", valueLoss: "absoluteError", activation: "gelu" },
      { data: "plane", valueLoss: "huber", activation: "relu" },
    ] as const) {
      const found = checkOf(change(INITIAL, changes), { layer: 1, from: 1, to: 2 });
      expect(found, JSON.stringify(changes)).toMatchObject({ verdict: "right" });
    }
  });

  it("is refused where there is no weight, and no loss", async () => {
    const host = new Host();
    const check = (asked: Asked<"check">) => host.handle({ kind: "check", asked });
    expect(await check(PLACES[0])).toEqual({ reason: "Nothing is loaded." });
    const plane = change(INITIAL, { data: "plane", activation: "linear", layers: [8], optimizer: "sgd", rate: 10 });
    await host.handle({ kind: "load", asked: { state: plane, wanted: {} } });
    for (const place of [
      { layer: 2, from: 0, to: 0 },
      { layer: -1, from: 0, to: 0 },
      { layer: 0, from: 2, to: 0 },
      { layer: 0, from: -2, to: 0 },
      { layer: 0, from: 0, to: 8 },
    ]) {
      expect(await check(place)).toEqual({ reason: "There is no such weight." });
    }
    await host.handle({ kind: "advance", asked: { advance: { epochs: 20 }, wanted: {} } });
    const reason = "The loss is no number any more, so it has no derivatives. Reset the training.";
    expect(await check(PLACES[0])).toEqual({ reason });
    expect(await host.handle({ kind: "checkAll", asked: { begin: true } })).toEqual({ reason });
  });
});

describe("the check of all weights", () => {
  it("goes on in parts, at the weights that there were at the beginning", async () => {
    const { session, checkAll } = service(HAND);
    // The clock goes on by 15 of the 20 milliseconds with each look: two weights at a time.
    const all: WholeCheck[] = [checkAll({ begin: true }) as WholeCheck];
    await session.trainer.advance({ steps: 1 });
    for (let i = 0; i < 2; i++) all.push(checkAll({ begin: false }) as WholeCheck);
    expect(all.map(({ done }) => done)).toEqual([2, 4, 5]);
    const { total, step, verdicts, worst } = all.at(-1) as WholeCheck;
    expect({ total, step, verdicts }).toEqual({
      total: 5,
      step: 0,
      verdicts: { right: 5, kink: 0, jump: 0, unresolved: 0, wrong: 0 },
    });
    const { gradient } = handCalculation();
    for (const { analytic, ...place } of worst) {
      const index = PLACES.findIndex(({ layer, from }) => layer === place.layer && from === place.from);
      expect(analytic).toBeCloseTo(gradient[index] as number, 14);
    }
    const errors = worst.map(({ relativeError }) => relativeError);
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
    expect(checkAll({ begin: true })).toMatchObject({ done: 2, step: 1 });
    // Another network is checked from the beginning.
    session.load(INITIAL);
    expect(checkAll({ begin: false })).toMatchObject({ done: 2, total: 37, step: 0 });
  });
});

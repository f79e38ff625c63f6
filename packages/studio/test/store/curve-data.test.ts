import { expect, it } from "vitest";
import type { Snapshot } from "../../src/engine/index.ts";
import { type Curves, extend, NO_CURVES } from "../../src/store/curve-data.ts";

const snapshot = (step: number, loss = 1 / (step + 1)): Snapshot => ({
  step,
  epoch: step,
  training: { loss, accuracy: 0.5 },
  test: undefined,
  diverged: false,
  end: undefined,
  weights: new Float32Array(),
  views: {},
});

it("keeps what was measured, and one value a step", () => {
  const curves = [0, 1, 1, 2].reduce<Curves>((all, step) => extend(all, snapshot(step)), NO_CURVES);
  expect(curves).toMatchObject({ step: [0, 1, 2], trainingLoss: [1, 1 / 2, 1 / 3], testLoss: [null, null, null] });
  expect(extend(curves, snapshot(3, Number.NaN)).trainingLoss.at(-1)).toBeNull();
});

it("stays small however long the training, and even over its length", () => {
  let curves = NO_CURVES;
  for (let step = 0; step < 20_000; step++) curves = extend(curves, snapshot(step));
  expect(curves.step.length).toBeLessThanOrEqual(1001);
  expect(curves.step.length).toBeGreaterThan(400);
  const gaps = curves.step.slice(1).map((step, i) => step - (curves.step[i] as number));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps));
  expect(curves.trainingLoss).toEqual(curves.step.map((step) => 1 / (step + 1)));
});

/** The plane through the layers, against calculations by hand. */
import { describe, expect, it } from "vitest";
import { GRID_LINES, GRID_NODES, LINE_NODES } from "../../src/engine/index.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { axesAt, axesOf, change, INITIAL, lastStage, type State, withAxes } from "../../src/state/index.ts";

const state = (changes: Partial<State>): State => change(INITIAL, { testShare: 0, ...changes });
const see = (some: State) => {
  const trainer = new Trainer(some);
  const seen = trainer.snapshot({ space: axesOf(some) }).views.space;
  if (seen === undefined) throw new Error("nothing is seen");
  return { ...seen, trainer };
};
/** The first training point of a stage. */
const pointOf = (plane: Float32Array | undefined): number[] => [
  ...(plane?.subarray(2 * GRID_NODES, 2 * GRID_NODES + 2) ?? []),
];

describe("the space", () => {
  it("takes a point where the layers take it", () => {
    // z = (1·x − 2·y + 0.5, 0.3·x + 0.4·y − 1), a = tanh z, and 2·a₁ − a₂ + 0.25 at the end, for the point (0.5, −0.25).
    const weights = [1, 0.3, -2, 0.4, 0.5, -1, 2, -1, 0.25];
    const { stages, cut, outputs } = see(state({ data: "own", own: [[0.5, -0.25, 1]], layers: [2], weights }));
    const sums = [0.5 + 0.5 + 0.5, 0.15 - 0.1 - 1];
    const bent = sums.map(Math.tanh) as [number, number];
    const output = 2 * bent[0] - bent[1] + 0.25;
    expect(stages).toHaveLength(4);
    for (const [i, expected] of [[0.5, -0.25], sums, bent, [output, -0.25 / 3]].entries()) {
      for (const [axis, value] of expected.entries()) expect(pointOf(stages[i])[axis], `${i}`).toBeCloseTo(value, 6);
    }
    expect([...cut]).toEqual([2, -1, 0.25]);
    // The grid begins in the corner (−3, −3), and runs to the right.
    expect([...(stages[0] as Float32Array).subarray(0, 3)]).toEqual([-3, -3, Math.fround(-2.94)]);
    const corner = 2 * Math.tanh(-3 + 6 + 0.5) - Math.tanh(-0.9 - 1.2 - 1) + 0.25;
    expect(stages[3]?.[0]).toBeCloseTo(corner, 5);
    expect(outputs).toHaveLength(2 * GRID_LINES * LINE_NODES);
    expect(outputs[0]).toBeCloseTo(1 / (1 + Math.exp(-corner)), 6);
    // The last node of the lines of constant y is the corner (3, 3), and the first of the others (−3, −3) again.
    expect([...(stages[0] as Float32Array).subarray(GRID_NODES - 2, GRID_NODES + 2)]).toEqual([3, 3, -3, -3]);
  });

  it("ends in the outputs, and cuts with the other units at their mean", async () => {
    const some = state({
      data: "spirals",
      classes: 3,
      layers: [3],
      axes: [
        [0, 1],
        [2, 0],
        [1, 2],
      ],
    });
    const { stages, cut, trainer } = see(some);
    await trainer.advance({ epochs: 1 });
    const { model } = trainer.network;
    const x = trainer.examples.training?.x;
    if (x === undefined) throw new Error("there are no points");
    const after = trainer.snapshot({ space: axesOf(some) }).views.space;
    const outputs = model(x).arraySync() as number[][];
    outputs.forEach((row, i) => {
      const at = 2 * (GRID_NODES + i);
      expect(after?.stages.at(-1)?.[at]).toBeCloseTo(row[1] as number, 5);
      expect(after?.stages.at(-1)?.[at + 1]).toBeCloseTo(row[2] as number, 5);
    });
    // The mean of a line over the points is the line at their mean: that of the outputs, whatever is held.
    const hidden = after?.stages[2] as Float32Array;
    for (let k = 0; k < 3; k++) {
      const [across = 0, up = 0, rest = 0] = after?.cut.subarray(3 * k, 3 * k + 3) ?? [];
      let mean = 0;
      for (let i = 0; i < outputs.length; i++) {
        const at = 2 * (GRID_NODES + i);
        mean += across * (hidden[at] as number) + up * (hidden[at + 1] as number) + rest;
      }
      const expected = outputs.reduce((sum, row) => sum + (row[k] as number), 0);
      expect(mean / outputs.length).toBeCloseTo(expected / outputs.length, 5);
    }
    expect(after?.cut).not.toEqual(cut);
    expect(stages).toHaveLength(lastStage(some) + 1);
  });

  it("has a single unit on one line, spread by y", () => {
    const { stages, cut } = see(
      state({ data: "own", own: [[1, 1.5, 0]], features: ["xx"], layers: [], weights: [2, -1] }),
    );
    expect(stages.map(pointOf)).toEqual([
      [1, 0.5],
      [1, 0.5],
    ]);
    expect([...cut]).toEqual([2, 0, -1]);
  });
});

it("keeps to the units that a layer has", () => {
  const some = state({
    layers: [4, 1],
    axes: [
      [0, 1],
      [3, 7],
      [2, 1],
    ],
  });
  expect(axesOf(some)).toEqual([
    [0, 1],
    [3, 3],
    [0, 0],
    [0, 0],
  ]);
  expect(axesAt(some, 9)).toEqual([0, 0]);
  expect(withAxes(some, 1, [1, 2])[1]).toEqual([1, 2]);
});

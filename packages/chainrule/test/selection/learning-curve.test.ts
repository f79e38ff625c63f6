import { describe, expect, it } from "vitest";
import { type Dataset, foldIndices } from "../../src/data/index.ts";
import { learningCurve, type Scorer } from "../../src/selection/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const n = 20;
/** The number of an example stands in x and y, so that the rows of a part can be read. */
const data = {
  x: tensor(
    Float32Array.from({ length: n }, (_, i) => i),
    { shape: [n, 1] },
  ),
  y: tensor(Int32Array.from({ length: n }, (_, i) => i)),
};
const rowsOf = ({ y }: Dataset): number[] => [...y.dataSync()];
const meanOf = (part: Dataset): number => rowsOf(part).reduce((sum, y) => sum + y, 0) / part.length;

describe("learningCurve", () => {
  it("trains on nested parts of what each fold has to train on, and scores these and what it holds back", async () => {
    const trained: { rows: number[]; size: number; seed: number }[] = [];
    const scored: number[][] = [];
    const { points } = await learningCurve(
      data,
      { folds: 4, sizes: [12, 0.2, 1, 0.8], seed: 7 },
      ({ train, ...rest }) => {
        trained.push({ rows: rowsOf(train), ...rest });
        return async (part) => {
          scored.push(rowsOf(part));
          return part.length;
        };
      },
    );
    // Of 15 to train on: 12, 3, 15 and again 12.
    expect(points.map(({ size }) => size)).toEqual([3, 12, 15]);
    expect(points.map(({ train }) => train.scores)).toEqual([3, 12, 15].map((size) => [size, size, size, size]));
    expect(points[0]?.validation).toEqual({ scores: [5, 5, 5, 5], mean: 5, deviation: 0 });
    expect(trained.map(({ size }) => size)).toEqual([3, 3, 3, 3, 12, 12, 12, 12, 15, 15, 15, 15]);
    expect(new Set(trained.map(({ seed }) => seed)).size).toBe(12);
    const folds = foldIndices(data.y, { folds: 4, seed: 7 });
    folds.forEach(({ train, validation }, i) => {
      const [small, middle, large] = [0, 4, 8].map((from) => trained[from + i]?.rows as number[]);
      expect(middle?.slice(0, 3)).toEqual(small);
      expect(large?.slice(0, 12)).toEqual(middle);
      expect(large).not.toEqual([...train]);
      expect(large?.toSorted((a, b) => a - b)).toEqual([...train]);
      expect(scored[2 * i + 1]?.toSorted((a, b) => a - b)).toEqual([...validation]);
    });
  });

  it("by time trains on the latest examples, in order", async () => {
    const trained: number[][] = [];
    // Folds of 20/(3 + 1) = 5: trained on 0…4, 0…9, 0…14, held back 5…9, 10…14, 15…19.
    const { points } = await learningCurve(data, { folds: 3, strategy: "time", sizes: [2, 4] }, ({ train }) => {
      trained.push(rowsOf(train));
      const prediction = meanOf(train);
      return (part) => Math.abs(meanOf(part) - prediction);
    });
    expect(trained).toEqual([
      [3, 4],
      [8, 9],
      [13, 14],
      [1, 2, 3, 4],
      [6, 7, 8, 9],
      [11, 12, 13, 14],
    ]);
    // Means 3.5 and 7, so 3.5 apart; 2.5 and 7, so 4.5.
    expect(points.map(({ validation }) => validation)).toEqual([
      { scores: [3.5, 3.5, 3.5], mean: 3.5, deviation: 0 },
      { scores: [4.5, 4.5, 4.5], mean: 4.5, deviation: 0 },
    ]);
  });

  it("is the same for the same seed, and another for another", async () => {
    const run = async (seed: number) => {
      const rows: number[][] = [];
      await learningCurve(data, { folds: 2, seed, sizes: [0.5] }, ({ train }) => {
        rows.push(rowsOf(train));
        return () => 0;
      });
      return rows;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it("has mean and standard deviation of the scores, and is a table and a chart as text", async () => {
    const scores = [1, 3, 2, 6];
    const curve = await learningCurve(data, { folds: 2, sizes: [0.5, 1] }, () => {
      const score = scores.shift() as number;
      return (part) => (part.length < 10 || scores.length < 2 ? score : score / 2);
    });
    // Of 1 and 3: √((1 + 1)/1); of 2 and 6: √((4 + 4)/1).
    expect(curve.points[0]?.train).toEqual({ scores: [1, 3], mean: 2, deviation: Math.SQRT2 });
    expect(curve.points[1]?.validation).toEqual({ scores: [2, 6], mean: 4, deviation: Math.sqrt(8) });
    expect(String(curve)).toBe(
      [
        "examples  training score  validation score",
        "       5     2.000 ± 1.4      1.000 ± 0.71",
        "      10     4.000 ± 2.8       4.000 ± 2.8",
        "",
        `4 ┤${" ".repeat(59)}x`,
        ...new Array<string>(6).fill("  │"),
        "  │o",
        ...new Array<string>(3).fill("  │"),
        "1 ┤x",
        `  └${"─".repeat(60)}`,
        `   5${" ".repeat(57)}10  examples`,
        "   o training   x validation",
      ].join("\n"),
    );
  });

  it("refuses what cannot be", async () => {
    const run = (options: object, train: unknown = () => () => 0) =>
      learningCurve(data, options, train as () => Scorer);
    await expect(run({ fold: 3 })).rejects.toThrow(
      'learningCurve: unknown option "fold"; there are sizes, folds, strategy, seed, groups.',
    );
    await expect(run({ sizes: [] })).rejects.toThrow(
      "learningCurve: sizes must be an array of one size or more, such as [0.1, 0.5, 1]; it is an array.",
    );
    await expect(run({ sizes: [1.5] })).rejects.toThrow(
      "learningCurve: each of the sizes must be an integer > 0; it is 1.5.",
    );
    await expect(run({ sizes: [-1] })).rejects.toThrow(
      "learningCurve: each of the sizes must be a finite number > 0; it is -1.",
    );
    await expect(run({ sizes: [0.01] })).rejects.toThrow(
      "learningCurve: a training set of size 0.01 would have 0 examples; it must have from 1 to 16, which is what each fold has to train on.",
    );
    await expect(run({ sizes: [17] })).rejects.toThrow(
      "a training set of size 17 would have 17 examples; it must have from 1 to 16",
    );
    await expect(run({}, 3)).rejects.toThrow(
      "learningCurve: the last argument must be a function that trains a model; it is 3.",
    );
    await expect(run({}, () => 0.5)).rejects.toThrow(
      "learningCurve: what trains a model must give a function that scores it; it gave 0.5.",
    );
    await expect(run({}, () => () => "good")).rejects.toThrow(
      'learningCurve: the training score of fold 0 with 1 example must be a number; it is "good".',
    );
    await expect(
      run(
        { sizes: [3] },
        () =>
          ({ length }: Dataset) =>
            length === 3 ? 1 : Number.NaN,
      ),
    ).rejects.toThrow(
      "learningCurve: the validation score of fold 0 with 3 examples is NaN: its data are finite, so training diverged",
    );
  });
});

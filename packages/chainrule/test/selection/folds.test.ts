/** Folds and cross-validation. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldIndices } from "../../src/data/index.ts";
import { crossValidate, type Fold, learningCurve } from "../../src/selection/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const y = (n: number, classes = 1) => tensor(Int32Array.from({ length: n }, (_, i) => i % classes));

describe("foldIndices", () => {
  it("holds each example back once and trains on all others, by every strategy but time", () => {
    const strategies = fc.constantFrom("random", "stratified", "group" as const);
    fc.assert(
      fc.property(
        strategies,
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 24, max: 60 }),
        fc.nat(9),
        (strategy, folds, n, seed) => {
          const groups = strategy === "group" ? Array.from({ length: n }, (_, i) => i % 12) : undefined;
          const found = foldIndices(y(n, 3), { folds, strategy, seed, ...(groups ? { groups } : {}) });
          expect(found).toHaveLength(folds);
          expect(found.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b)).toEqual([
            ...y(n).dataSync().keys(),
          ]);
          for (const { train, validation } of found) {
            expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...y(n).dataSync().keys()]);
            if (groups === undefined) continue;
            const held = new Set([...validation].map((i) => groups[i]));
            expect([...train].some((i) => held.has(groups[i]))).toBe(false);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("keeps the proportions of classes: 30 of one and 10 of another in five folds are 6 and 2 in each", () => {
    const labels = tensor(Int32Array.from({ length: 40 }, (_, i) => Number(i >= 30)));
    for (const { validation } of foldIndices(labels, { strategy: "stratified" })) {
      expect([...validation].filter((i) => i < 30)).toHaveLength(6);
      expect(validation).toHaveLength(8);
    }
  });

  it("puts the largest group into the smallest fold: sizes as GroupKFold of scikit-learn 1.9.1 makes them", () => {
    const groups = [10, 1, 1, 3, 5, 2, 8, 4, 6, 7, 40].flatMap((size, group) =>
      new Array<string>(size).fill(`g${group}`),
    );
    const sizes = (folds: number, seed: number): number[] =>
      foldIndices(y(groups.length), { folds, strategy: "group", groups, seed })
        .map(({ validation }) => validation.length)
        .sort((a, b) => b - a);
    for (const seed of [0, 1, 2]) {
      expect(sizes(3, seed)).toEqual([40, 24, 23]);
      expect(sizes(4, seed)).toEqual([40, 16, 16, 15]);
    }
  });

  it("takes arrays for targets", () => {
    const held = (found: ReturnType<typeof foldIndices>) => found.map(({ validation }) => [...validation]);
    const labels = [0, 1, 0, 1, 0, 1];
    expect(held(foldIndices(labels, { folds: 3, strategy: "stratified" }))).toEqual(
      held(foldIndices(tensor(labels), { folds: 3, strategy: "stratified" })),
    );
  });

  it("never trains on the future: as TimeSeriesSplit(n_splits=3) of scikit-learn 1.9.1 cuts ten examples", () => {
    const folds = foldIndices(y(10), { folds: 3, strategy: "time" });
    expect(folds.map(({ train, validation }) => [train.length, ...validation])).toEqual([
      [4, 4, 5],
      [6, 6, 7],
      [8, 8, 9],
    ]);
  });

  it("says what is too little", () => {
    expect(() => foldIndices(y(3), { folds: 4 })).toThrow(
      "foldIndices: 4 folds need at least 4 examples, and there are 3.",
    );
    expect(() => foldIndices(y(4), { folds: 4, strategy: "time" })).toThrow("4 folds need at least 5 examples");
    expect(() => foldIndices(y(4), { folds: 1 })).toThrow("foldIndices: folds must be an integer ≥ 2; it is 1.");
    expect(() => foldIndices(y(4), { fold: 2 } as never)).toThrow('foldIndices: unknown option "fold"');
  });

  it("speaks of folds, and by the name of what was called", async () => {
    const data = { x: [[1], [2], [3], [4], [5], [6]], y: [0, 0, 0, 0, 0, 1] };
    const refused: [object, string][] = [
      [
        { folds: 3, strategy: "stratified" },
        "class 1 has 1 example, too few for 3 stratified folds. Get more, use fewer folds, drop the class, or use the " +
          'strategy "random".',
      ],
      [{ folds: 3, strategy: "group", groups: [1, 1, 1, 2, 2, 2] }, "3 folds need at least 3 groups, and there are 2."],
      [
        { folds: 3, strategy: "group" },
        'the strategy "group" needs groups, one for each of the 6 examples; there are none.',
      ],
      [{ groups: [1] }, 'groups are for the strategy "group", and this one is "random".'],
      [{ strategy: "kfold" }, 'strategy must be one of "random", "stratified", "time", "group"; it is "kfold".'],
      [{ seed: 0.5 }, "seed must be an integer; it is 0.5."],
      [{ folds: 7 }, "7 folds need at least 7 examples, and there are 6."],
    ];
    for (const [options, message] of refused) {
      expect(() => foldIndices(data.y, options)).toThrow(`foldIndices: ${message}`);
      await expect(crossValidate(data, options, () => 1)).rejects.toThrow(`crossValidate: ${message}`);
      await expect(learningCurve(data, options, () => () => 1)).rejects.toThrow(`learningCurve: ${message}`);
    }
  });
});

describe("crossValidate", () => {
  const data = { x: [[0], [1], [2], [3], [4], [5]], y: [0, 1, 2, 3, 4, 5] };

  it("gives a score for each fold, their mean and their deviation", async () => {
    // Sums of the targets held back: 0 + 1 + … + 5 = 15 in all, whichever they are.
    const seen: number[] = [];
    const result = await crossValidate(data, { folds: 3 }, async ({ train, validation, index }) => {
      expect([train.length, validation.length]).toEqual([4, 2]);
      seen.push(index);
      return validation.y.sum().itemSync();
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(result.scores.reduce((a, b) => a + b, 0)).toBe(15);
    expect(result.mean).toBe(5);
    const squares = result.scores.reduce((sum, s) => sum + (s - 5) ** 2, 0);
    expect(result.deviation).toBeCloseTo(Math.sqrt(squares / 2), 12);
  });

  it("prints as a table", async () => {
    const result = await crossValidate(data, { folds: 3 }, ({ index }) => [0.5, 0.75, 1][index] as number);
    expect(String(result).split("\n")).toEqual([
      "fold  score",
      "───────────",
      "   0    0.5",
      "   1   0.75",
      "   2      1",
      "The mean is 0.75, the standard deviation 0.25.",
    ]);
  });

  it("says what it was given", async () => {
    await expect(crossValidate(data, {}, (() => "good") as never)).rejects.toThrow(
      'crossValidate: the score of fold 0 must be a number; it is "good".',
    );
    await expect(crossValidate(data, { folds: 3 }, ({ index }) => (index === 1 ? Number.NaN : 1))).rejects.toThrow(
      "crossValidate: the score of fold 1 is NaN: its data are finite, so training diverged (a smaller learning rate helps; " +
        "detectNaN of chainrule/diagnose names the operation), or the score divides by zero.",
    );
    const holed = { x: [[0], [1], [Number.NaN], [3]], y: [0, 1, 2, 3] };
    const sum = ({ train }: Fold): number => train.x.sum().itemSync();
    await expect(crossValidate(holed, { folds: 3, strategy: "time" }, sum)).rejects.toThrow(
      "crossValidate: the score of fold 2 is NaN: x of its training part has NaN at row 2, column 0.",
    );
    await expect(crossValidate(data, {}, 5 as never)).rejects.toThrow(
      "crossValidate: score must be a function of { train, validation }; it is 5.",
    );
  });
});

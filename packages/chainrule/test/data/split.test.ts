import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataset, type SplitStrategy, split, splitIndices } from "../../src/data/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const labels = (list: number[]) => tensor(list, { dtype: "int32" });
const lists = (parts: Int32Array[]) => parts.map((part) => [...part]);

describe("split", () => {
  it("cuts by one fraction or several, every example into exactly one part", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 60 }),
        fc.integer(),
        fc.constantFrom<SplitStrategy>("random", "time"),
        (n, seed, strategy) => {
          const parts = splitIndices(labels(new Array(n).fill(0)), { fractions: [0.5, 0.3, 0.2], seed, strategy });
          expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual(
            Array.from({ length: n }, (_, i) => i),
          );
          parts.forEach((part, i) => {
            expect(Math.abs(part.length - n * ([0.5, 0.3, 0.2][i] as number))).toBeLessThanOrEqual(1);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it("gives data sets whose rows still belong together", () => {
    const all = dataset([[1], [2], [3], [4], [5]], [[10], [20], [30], [40], [50]]);
    const [train, test] = split(all, { fraction: 0.4, seed: 3 });
    expect([train.length, test.length]).toEqual([3, 2]);
    for (const part of [train, test]) {
      expect(part.y.arraySync()).toEqual((part.x.arraySync() as number[][]).map(([x]) => [(x as number) * 10]));
    }
    expect(split({ x: [[1], [2]], y: [1, 2] }, { fraction: 0.5, strategy: "time" })[1].x.arraySync()).toEqual([[2]]);
  });

  it("depends on the seed and on nothing else", () => {
    const y = labels(new Array(50).fill(0));
    const once = lists(splitIndices(y, { fraction: 0.2, seed: 7 }));
    expect(lists(splitIndices(y, { fraction: 0.2, seed: 7 }))).toEqual(once);
    expect(lists(splitIndices(y, { fraction: 0.2, seed: 8 }))).not.toEqual(once);
    // Not the tail of the data in order.
    expect(once[1]).not.toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  });

  it("by time keeps the order: the last rows are the last part", () => {
    expect(lists(splitIndices(labels([0, 0, 0, 0, 0]), { fraction: 0.4, strategy: "time" }))).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it("stratified keeps the proportions of classes, for class numbers and one-hot rows", () => {
    const y = Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : i < 80 ? 1 : 2));
    const oneHot = tensor(y.map((c) => [0, 1, 2].map((k) => Number(k === c))));
    for (const target of [labels(y), oneHot]) {
      const [, held] = splitIndices(target, { fraction: 0.2, strategy: "stratified", seed: 1 });
      const counts = [0, 1, 2].map((c) => [...(held as Int32Array)].filter((i) => y[i] === c).length);
      expect(counts).toEqual([10, 6, 4]);
    }
  });

  it("stratified puts every example into exactly one of several parts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 12 }), { minLength: 2, maxLength: 5 }),
        fc.constantFrom([0.8, 0.1, 0.1], [0.34, 0.33, 0.33], [0.6, 0.2, 0.2]),
        (sizes, fractions) => {
          const y = sizes.flatMap((size, label) => new Array<number>(size).fill(label));
          if (y.length * Math.min(...fractions) < 1) return;
          const parts = splitIndices(labels(y), { fractions, strategy: "stratified" });
          expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual(y.map((_, i) => i));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("stratified gets the total right even where every class is small", () => {
    // 10 classes of 3: a share of 0.1 is 0.3 examples of each class, and 3 of all.
    const y = labels(Array.from({ length: 30 }, (_, i) => i % 10));
    expect(splitIndices(y, { fraction: 0.1, strategy: "stratified" }).map((p) => p.length)).toEqual([27, 3]);
  });

  it("by group keeps groups together", () => {
    const groups = Array.from({ length: 60 }, (_, i) => `patient ${i % 12}`);
    const parts = splitIndices(labels(new Array(60).fill(0)), { fraction: 0.25, strategy: "group", groups, seed: 2 });
    expect(parts.map((p) => p.length)).toEqual([45, 15]);
    const [a, b] = parts.map((part) => new Set([...part].map((i) => groups[i])));
    expect([...(a as Set<string>)].filter((g) => b?.has(g))).toEqual([]);
  });

  it("by group leaves no part empty where there is a group for each", () => {
    const groups = [1, 2, ...new Array<number>(8).fill(3)];
    const sizes = Array.from({ length: 12 }, (_, seed) => {
      const parts = splitIndices(labels(groups), { fraction: 0.1, strategy: "group", groups, seed });
      return parts.map((part) => part.length);
    });
    // The large group is 80 % of the rows, and where it comes last its middle is in the first part.
    for (const [, second = 0] of sizes) expect([1, 2]).toContain(second);
    expect(
      splitIndices(labels(groups), { fractions: [0.4, 0.3, 0.3], strategy: "group", groups })
        .map((part) => part.length)
        .sort(),
    ).toEqual([1, 1, 8]);
  });

  it("says what is wrong", () => {
    const y = labels([0, 0, 0, 1]);
    const attempt = (options: object) => () => splitIndices(y, options as never);
    expect(attempt({})).toThrow(
      "split: give either fraction, the share of the second part, or fractions, the shares of all.",
    );
    expect(attempt({ fraction: 1 })).toThrow("split: fraction must be a finite number > 0 and < 1; it is 1.");
    expect(attempt({ fraction: 0.5, fractions: [0.5, 0.5] })).toThrow("split: give either fraction");
    expect(attempt({ fractions: [0.5, 0.4] })).toThrow("split: the fractions must sum to 1; 0.5 + 0.4 is 0.9.");
    expect(attempt({ fractions: [1] })).toThrow(
      "split: fractions must be an array of two or more shares; it is an array.",
    );
    expect(attempt({ fraction: 0.5, strategy: "tail" })).toThrow(
      'strategy must be one of "random", "stratified", "time", "group"',
    );
    expect(attempt({ fraction: 0.5, shuffle: true })).toThrow('split: unknown option "shuffle"');
    expect(attempt({ fraction: 0.5, seed: 0.5 })).toThrow("split: seed must be an integer; it is 0.5.");
    expect(attempt({ fraction: 0.01 })).toThrow(
      "split: part 1, a share of 0.01, got none of the 4 examples. Make it larger, or get more data.",
    );
    expect(attempt({ fraction: 0.5, strategy: "stratified" })).toThrow(
      'split: class 1 has 1 example, too few for 2 stratified parts. Get more, drop the class, or use the strategy "random".',
    );
    expect(attempt({ fraction: 0.5, strategy: "group" })).toThrow(
      'split: the strategy "group" needs groups, one for each of the 4 examples; there are none.',
    );
    expect(attempt({ fraction: 0.5, strategy: "group", groups: [1, 1] })).toThrow("there are 2.");
    expect(attempt({ fraction: 0.5, strategy: "group", groups: [1, 1, 1, 1] })).toThrow("which are in too few groups");
    expect(attempt({ fraction: 0.5, strategy: "group", groups: [1, Number.NaN, 2, 3] })).toThrow(
      "split: example 1 has no group, NaN; give it one of its own, or drop it.",
    );
    expect(attempt({ fraction: 0.5, strategy: "group", groups: [1, 2, null, 3] })).toThrow(
      "example 2 has no group, null",
    );
    expect(attempt({ fraction: 0.5, groups: [1, 2, 3, 4] })).toThrow(
      'split: groups are for the strategy "group", and this one is "random".',
    );
    expect(() => splitIndices(tensor([0.1, 1, 2]), { fraction: 0.5, strategy: "stratified" })).toThrow(
      "split: classes are needed, as integers [n] or one-hot rows [n, classes]; y is float32[3] with 0.1 in row 0.",
    );
    expect(() => split(3 as never, { fraction: 0.5 })).toThrow(
      "split: the data must be a data set or { x, y }; it is 3.",
    );
  });
});

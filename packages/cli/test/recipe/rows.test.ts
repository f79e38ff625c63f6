/** Parting rows: every row once, classes in proportion, groups together, the future never trained on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldsOf, holdBack, type Splitting } from "../../src/recipe/index.ts";

const sorted = (...parts: readonly Int32Array[]): number[] => parts.flatMap((part) => [...part]).sort((a, b) => a - b);
const all = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

const splittings = fc
  .record({
    count: fc.integer({ min: 12, max: 80 }),
    strategy: fc.constantFrom("stratified", "random", "group" as const),
    seed: fc.integer(),
    kinds: fc.integer({ min: 4, max: 9 }),
  })
  .map(({ count, strategy, seed, kinds }) => {
    const kind = all(count).map((row) => (row * row) % kinds);
    const how: Splitting = { strategy: strategy as Splitting["strategy"], seed, classes: kind, groups: kind };
    return { count, how, kind };
  });

test("each row is held back in one fold and trained on in the others, but for the only one of a class", () => {
  fc.assert(
    fc.property(splittings, fc.integer({ min: 2, max: 4 }), ({ count, how, kind }, folds) => {
      const parts = foldsOf(count, folds, how);
      for (const { train, held } of parts) expect(sorted(train, held)).toEqual(all(count));
      const held = sorted(...parts.map((part) => part.held));
      expect(new Set(held).size).toBe(held.length);
      if (how.strategy === "group") expect(held).toEqual(all(count));
      // Of other rows some are held back by chance alone where parts are random.
      if (how.strategy === "stratified")
        expect(held).toEqual(all(count).filter((row) => kind.filter((other) => other === kind[row]).length > 1));
    }),
  );
});

test("both parts are all rows, each once, and repeatable", () => {
  fc.assert(
    fc.property(splittings, ({ count, how }) => {
      const parts = holdBack(count, 0.25, how);
      expect(sorted(parts.train, parts.held)).toEqual(all(count));
      expect(holdBack(count, 0.25, how)).toEqual(parts);
    }),
  );
});

test("stratified folds differ by one row of a class at most, also of classes smaller than the folds", () => {
  const classes = [...all(30).map(() => 0), ...all(13).map(() => 1), 2, 2];
  const parts = foldsOf(45, 5, { strategy: "stratified", seed: 7, classes });
  for (const [label, size] of [
    [0, 30],
    [1, 13],
    [2, 2],
  ] as const) {
    const counts = parts.map(({ held }) => [...held].filter((row) => classes[row] === label).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(counts.reduce((a, b) => a + b)).toBe(size);
  }
});

test("a stratified share has each class in proportion", () => {
  const classes = all(200).map((row) => Number(row % 10 === 0));
  const { held } = holdBack(200, 0.3, { strategy: "stratified", seed: 1, classes });
  expect(held).toHaveLength(60);
  expect([...held].filter((row) => classes[row] === 1)).toHaveLength(6);
});

test("of each class a row is trained on, also where it is the only one", () => {
  fc.assert(
    fc.property(splittings, fc.double({ min: 0.05, max: 0.9, noNaN: true }), ({ count, how, kind }, share) => {
      fc.pre(how.strategy !== "group");
      for (const { train } of [...foldsOf(count, 3, how), holdBack(count, share, how)])
        expect(new Set(Array.from(train, (row) => kind[row]))).toEqual(new Set(kind));
    }),
  );
});

test("groups stay together", () => {
  const groups = all(60).map((row) => `g${row % 12}`);
  const how: Splitting = { strategy: "group", seed: 2, groups };
  const of = (rows: Int32Array): Set<string | undefined> => new Set([...rows].map((row) => groups[row]));
  for (const { train, held } of [...foldsOf(60, 4, how), holdBack(60, 0.25, how)]) {
    expect(held).toHaveLength(15);
    expect([...of(train)].filter((group) => of(held).has(group))).toEqual([]);
  }
  expect(() => foldsOf(5, 2, { strategy: "group", seed: 0 })).toThrow("5 rows need a group each");
});

test("in time the last rows are held back, and no fold trains on what comes after it", () => {
  const how: Splitting = { strategy: "time", seed: 0 };
  expect(holdBack(10, 0.3, how)).toEqual({
    train: Int32Array.from([0, 1, 2, 3, 4, 5, 6]),
    held: Int32Array.from([7, 8, 9]),
  });
  expect(foldsOf(9, 2, how).map(({ train, held }) => [[...train], [...held]])).toEqual([
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    [
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8],
    ],
  ]);
});

test("another seed is another order", () => {
  const how: Splitting = { strategy: "random", seed: 0 };
  expect(holdBack(100, 0.2, how)).not.toEqual(holdBack(100, 0.2, { ...how, seed: 1 }));
});

/** Cross-validation of the recipe, and how accurate it is with nothing told. */
import { expect, test } from "vitest";
import { foldScores } from "../../src/recipe/index.ts";
import { column, surface, table } from "./support/problems.ts";

/** Well below what was measured over five seeds, see plan.ts; MLPClassifier() of scikit-learn 1.9.1 gave 0.945 and 0.973. */
test.each([
  ["iris", 0.93],
  ["wine", 0.955],
] as const)("%s is classified as accurately as it should be", async (name, least) => {
  const { rows, prepare } = table(name, 0);
  const { mean, folds, name: score } = await foldScores(rows, 5, prepare, { seed: 0 });
  expect(score).toBe("accuracy");
  expect(folds.map(({ rows: held }) => held.length).reduce((a, b) => a + b)).toBe(rows.count);
  expect(mean).toBeGreaterThan(least);
});

test("the figures are the mean of the folds and their deviation, and an abort ends after a fold", async () => {
  const { rows, prepare } = table("iris", 1);
  const settings = { seed: 1, hidden: [4], l2: 0.01, epochs: 2 };
  const seen: number[] = [];
  const { folds, mean, deviation } = await foldScores(rows, 3, prepare, settings, {
    onFold: ({ score }) => seen.push(score),
  });
  const [a, b, c] = folds.map(({ score }) => score) as [number, number, number];
  expect(seen).toEqual([a, b, c]);
  expect(mean).toBeCloseTo((a + b + c) / 3, 12);
  expect(deviation).toBeCloseTo(Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2), 12);
  const controller = new AbortController();
  const cut = await foldScores(rows, 3, prepare, settings, {
    signal: controller.signal,
    onFold: () => controller.abort(),
  });
  expect(cut.folds).toHaveLength(1);
});

test("too few rows or groups for the folds are a failure", async () => {
  const prepare = () => ({ problem: surface(3), test: { x: surface(1).x, y: column([0]) } });
  await expect(foldScores({ count: 3, strategy: "random", seed: 0 }, 5, prepare, { seed: 0 })).rejects.toThrow(
    "3 rows cannot be parted into 5 folds. Use fewer with --folds, at least 2, or more data.",
  );
  const groups = ["a", "a", "b", "b"];
  await expect(foldScores({ count: 4, strategy: "group", groups, seed: 0 }, 3, prepare, { seed: 0 })).rejects.toThrow(
    "2 groups cannot be parted into 3 folds.",
  );
});

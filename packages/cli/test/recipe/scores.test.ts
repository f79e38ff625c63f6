/** Losses and scores, against the sums by hand. */
import { expect, test } from "vitest";
import { scoresOf } from "../../src/recipe/index.ts";

test("classes: cross-entropy and accuracy, also of large logits", () => {
  // −log of 1/2 and of e/(e + 1).
  const { loss, score } = scoresOf("classification", [0, 0, 1, 0], [0, 1]);
  expect(loss).toBeCloseTo((Math.log(2) + Math.log(1 + Math.E)) / 2, 12);
  expect(score).toBe(0.5);
  expect(scoresOf("classification", [1e4, 0, 0, 1e4], [0, 0])).toEqual({ loss: 5000, score: 0.5 });
});

test("two classes: cross-entropy and accuracy, also of large logits", () => {
  const { loss, score } = scoresOf("binary", [0, Math.log(3), -2], [1, 1, 0]);
  expect(loss).toBeCloseTo((Math.log(2) + Math.log(4 / 3) + Math.log(1 + Math.exp(-2))) / 3, 12);
  expect(score).toBeCloseTo(2 / 3, 12);
  expect(scoresOf("binary", [1e4], [0])).toEqual({ loss: 1e4, score: 0 });
});

test("numbers: mean squared error and R²", () => {
  // Errors 1, 0, 1; deviations 1, 0, 1 from the mean 2.
  expect(scoresOf("regression", [2, 2, 2], [1, 2, 3])).toEqual({ loss: 2 / 3, score: 0 });
  expect(scoresOf("regression", [1, 2, 3], [1, 2, 3])).toEqual({ loss: 0, score: 1 });
  expect(scoresOf("regression", [4, 4], [4, 4]).score).toBe(1);
  expect(scoresOf("regression", [4, 5], [4, 4]).score).toBe(0);
});

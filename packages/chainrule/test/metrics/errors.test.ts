/** What metrics refuse, and what they say. */
import { describe, expect, it } from "vitest";
import {
  brierScore,
  calibration,
  confusionMatrix,
  f1,
  mae,
  probabilities,
  rocAuc,
  rocCurve,
  topKAccuracy,
} from "../../src/metrics/index.ts";

describe("metrics say what they cannot use", () => {
  it.each<[string, () => unknown, string]>([
    [
      "logits for probabilities",
      () => brierScore([0.5, 1.25], [0, 1]),
      "brierScore: takes probabilities between 0 and 1, and row 1 has 1.25. Make them of logits by probabilities(logits).",
    ],
    [
      "NaN",
      () => brierScore([[0.5, Number.NaN]], [0]),
      "brierScore: the probabilities of row 0 have NaN; detectNaN of chainrule/diagnose tells where it comes from.",
    ],
    [
      "NaN, which would be the largest or the smallest by chance",
      () => rocAuc([1, Number.NaN], [0, 1]),
      "rocAuc: the scores of row 1 have NaN; detectNaN of chainrule/diagnose tells where it comes from.",
    ],
    [
      "a class out of range",
      () => topKAccuracy([[1, 2, 3]], [3], { k: 1 }),
      "topKAccuracy: row 0 has class 3, and there are 3 classes (0…2).",
    ],
    [
      "more classes than there are",
      () => topKAccuracy([[1, 2]], [0], { k: 3 }),
      "topKAccuracy: k must be an integer ≥ 1 and ≤ 2; it is 3.",
    ],
    [
      "examples of one class",
      () => rocAuc([0.1, 0.2], [1, 1]),
      "rocAuc: all examples are of one class; a ROC curve needs both.",
    ],
    [
      "no examples of a class",
      () =>
        rocAuc(
          [
            [1, 0, 0],
            [0, 1, 0],
          ],
          [0, 1],
        ),
      "rocAuc: there is no example of class 2.",
    ],
    [
      "a curve of three classes",
      () => rocCurve([[1, 0, 0]], [0]),
      "rocCurve: there are 3 classes; a curve is for two. Give the scores of one class, and 1 where it is the target.",
    ],
    [
      "binary for three classes",
      () => f1([[1, 0, 0]], [0], { average: "binary" }),
      'f1: the average "binary" is for two classes, and there are 3; use "macro".',
    ],
    [
      "an average that does not exist",
      () => f1([1], [1], { average: "mean" as never }),
      'f1: average must be one of "binary", "macro", "micro", "weighted"; it is "mean".',
    ],
    ["no rows", () => probabilities([]), "probabilities: there are no logits."],
    ["no bins", () => calibration([0.5], [1], { bins: 0 }), "calibration: bins must be an integer ≥ 1; it is 0."],
    [
      "targets of another shape",
      () => mae([[1, 2]], [1, 2]),
      "mae: predictions have shape [1, 2] and targets [2]; there must be one target for each prediction.",
    ],
    [
      "lists of different length",
      () => confusionMatrix([0], [0, 1], 2),
      "confusionMatrix: there are 1 predictions and 2 actual classes.",
    ],
  ])("%s", (_, f, message) => {
    expect(f).toThrow(message);
  });
});

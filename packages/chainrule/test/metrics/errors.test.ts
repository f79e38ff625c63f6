/** What metrics refuse, and what they say. */
import { describe, expect, it } from "vitest";
import {
  accuracy,
  brierScore,
  calibration,
  confusionMatrix,
  f1,
  mae,
  probabilities,
  r2,
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
    [
      "nothing",
      () => accuracy(undefined as never, [1]),
      "accuracy: predictions must be a tensor or an array of numbers; it is undefined.",
    ],
    [
      "what is still to come",
      () => mae([1], Promise.resolve([1]) as never),
      "mae: targets must be a tensor or an array of numbers; it is a Promise.",
    ],
    [
      "outputs for classes",
      () => confusionMatrix([[0.5, 1]], [0], 2),
      "confusionMatrix: predicted must be class numbers [n]; the shape is [1, 2]. classes(outputs) makes them of outputs.",
    ],
    ["targets that are NaN", () => r2([1, 2], [1, Number.NaN]), "r2: the targets of row 1 have NaN."],
  ])("%s", (_, f, message) => {
    expect(f).toThrow(message);
  });
});

it("calibration prints as a table", () => {
  expect(String(calibration([0.25, 0.75], [0, 1], { bins: 2 })).split("\n")).toEqual([
    " from     to  count  predicted  observed",
    "0.000  0.500      1     0.2500    0.0000",
    "0.500  1.000      1     0.7500    1.0000",
    "Expected error 0.2500, maximum 0.2500.",
  ]);
});

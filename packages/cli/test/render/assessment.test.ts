import { tensor } from "chainrule";
import { expect, test } from "vitest";
import { assessClassification, assessRegression, type ClassificationAssessment } from "../../src/assess/index.ts";
import { headlineOf, renderAssessment, renderCalibration, renderResiduals } from "../../src/render/assessment.ts";

const float64 = (rows: number[][]) => tensor(Float64Array.from(rows.flat())).reshape([rows.length, 3]);

// The numbers are those of test/assess, which are scikit-learn's; the calibration error is by hand.
const three = assessClassification({
  probabilities: float64([
    [0.7, 0.2, 0.1],
    [0.6, 0.3, 0.1],
    [0.1, 0.8, 0.1],
    [0.2, 0.5, 0.3],
    [0.05, 0.05, 0.9],
    [0.3, 0.3, 0.4],
    [0.25, 0.5, 0.25],
    [0.1, 0.15, 0.75],
    [0.9, 0.05, 0.05],
    [0.33, 0.34, 0.33],
  ]),
  targets: [0, 0, 1, 1, 2, 2, 2, 1, 0, 0],
  classes: ["ant", "bee", "cat"],
});
const values = assessRegression({
  predictions: [2.5, 0, 2.1, 8, 4.5, -1],
  targets: [3.1, -0.5, 2, 7.25, 4, 0],
  baseline: 2,
  bins: 4,
});

test("of classes: the answer, the metrics, each class, and the matrix with its names", () => {
  const text = renderAssessment(three, { columns: 80 });
  expect(text.split("\n\n").slice(0, 4)).toEqual([
    "Right: 70.00 % (7 of 10 rows); always saying “ant”, the most frequent: 40.00 %",
    [
      "accuracy           0.7000  39.7 % … 89.2 % on all such rows (95 % confidence)",
      "balanced accuracy  0.6944  every class counts alike",
      "macro F1           0.6984  few missed, few wrongly named; every class alike",
      "log loss           0.7303  0 is best, 1.09 always saying the classes’ shares",
      "Brier score        0.4253  0 is best, 2 is worst",
      "calibration error  0.2190  0 is best",
    ].join("\n"),
    [
      "class  precision  recall     F1  rows  predicted",
      "ant        1.000   0.750  0.857     4          3",
      "bee        0.500   0.667  0.571     3          4",
      "cat        0.667   0.667  0.667     3          3",
    ].join("\n"),
    [
      "Confusion matrix (rows: the true class, columns: the predicted one)",
      "     ant  bee  cat   right",
      "ant    3    1    ·  75.0 %",
      "bee    ·    2    1  66.7 %",
      "cat    ·    1    2  66.7 %",
    ].join("\n"),
  ]);
});

test("calibration is a table of those bins that have rows", () => {
  const bins = [
    { from: 0.5, to: 0.6, count: 2, predicted: 0.525, observed: 0.5 },
    { from: 0.9, to: 1, count: 10, predicted: 0.915, observed: 1 },
  ];
  expect(renderCalibration({ bins, expectedError: 0, maximumError: 0 })).toBe(
    [
      "probability   rows    said  came true",
      "50 % – 60 %      2  52.5 %     50.0 %",
      "90 % – 100 %    10  91.5 %    100.0 %",
    ].join("\n"),
  );
});

test("of values: how far off in their unit, and the errors as bars", () => {
  const text = renderAssessment(values, { columns: 40, unit: "mm" });
  expect(text.split("\n\n")).toEqual([
    "Off by 0.575 mm on average on 6 rows;\nalways saying the mean, 2 mm: 2.142 mm",
    [
      "R²                            0.9400  1 is best, 0 as good as the mean",
      "mean absolute error         0.575 mm  the mean alone: 2.142 mm",
      "root mean squared error    0.6367 mm  the mean alone: 2.678 mm",
      "median absolute error        0.55 mm  half of the rows are closer",
      "bias                     −0.04167 mm  true less predicted, on average",
    ].join("\n"),
    [
      "True less predicted: 90 of 100 rows between −0.6875 mm and 0.9 mm",
      "  from         to  rows",
      " −0.75  …  −0.313     3  ██████████████",
      "−0.313  …   0.125     1  █████",
      " 0.125  …   0.563     0",
      " 0.563  …       1     2  █████████",
    ].join("\n"),
  ]);
});

test("one row of thousands shows", () => {
  const found = { ...values, histogram: { edges: [0, 1, 2], counts: [10_000, 1] } };
  expect(renderResiduals(found, { columns: 80 }).split("\n").at(-1)).toBe("   1  …   2       1  ▏");
});

test("a matrix that is too wide, or of too many classes, gives way to the most confused pairs", () => {
  const pairs = "Most confused classes\ntrue  predicted  rows  of the class\nant   bee           1        25.0 %";
  expect(renderAssessment(three, { columns: 20 })).toContain(
    "Most confused classes\ntrue  predicted  rows  of the class\nbee   cat           1        33.3 %",
  );
  const confusion = Array.from({ length: 31 }, (_, i) =>
    Array.from({ length: 31 }, (_, j) => (i === 0 && j === 1 ? 1 : i === j ? 3 : 0)),
  );
  const many: ClassificationAssessment = {
    ...three,
    classes: ["ant", "bee", ...Array.from({ length: 29 }, (_, i) => `c${i}`)],
    confusion,
    perClass: Array.from({ length: 31 }, (_, i) => ({
      name: `c${i}`,
      support: 3,
      predicted: 3,
      precision: 1,
      recall: 1,
      f1: i === 30 ? 0.5 : 1,
    })),
  };
  const text = renderAssessment(many, { columns: 300 });
  expect(text).toContain(pairs);
  expect(text).toContain("c30        1.000   1.000  0.500     3          3\nc0 ");
  expect(text).toContain("(the 30 with the lowest F1 of 31 classes)");
  expect(
    renderAssessment(
      { ...many, confusion: confusion.map((row, i) => row.map((n, j) => (i === j ? n : 0))) },
      { columns: 300 },
    ),
  ).toContain("No class was taken for another.");
});

test("names that steer a terminal do not", () => {
  const found = {
    ...three,
    classes: ["\u001b[31mred", "b\nc", "\u202eevil"],
    baseline: { ...three.baseline, class: "\u001b[2J" },
  };
  const text = headlineOf(found) + renderAssessment(found, { columns: 80 });
  expect(text).toContain("saying “␛[2J”, the most frequent: 40.00 %");
  expect(text).toContain("   ␛[31mred  b c  evil   right");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
});

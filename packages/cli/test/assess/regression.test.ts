import { expect, test } from "vitest";
import { assessRegression, scatterPoints } from "../../src/assess/index.ts";

const targets = [3.1, -0.5, 2, 7.25, 4, 0];
const predictions = [2.5, 0, 2.1, 8, 4.5, -1];

test("the metrics are scikit-learn's, the quantiles and the histogram NumPy's", () => {
  // scikit-learn 1.9.1, NumPy 2.4.6.
  const found = assessRegression({ predictions, targets, baseline: 2, bins: 4 });
  expect(found.r2).toBeCloseTo(0.9400154122784485, 14);
  expect(found.mae).toBeCloseTo(0.575, 14);
  expect(found.rmse).toBeCloseTo(0.6367233831631023, 14);
  expect(found.medianError).toBeCloseTo(0.55, 14);
  expect(found.bias).toBeCloseTo(-0.041666666666666664, 14);
  expect(found.residualRange[0]).toBeCloseTo(-0.6875, 14);
  expect(found.residualRange[1]).toBeCloseTo(0.9, 14);
  expect(found.baseline.mae).toBeCloseTo(2.1416666666666666, 14);
  expect(found.baseline.rmse).toBeCloseTo(2.67776337017793, 14);
  expect(found.histogram).toEqual({ edges: [-0.75, -0.3125, 0.125, 0.5625, 1], counts: [3, 1, 0, 2] });
});

test("mistakes are the largest residuals, either way", () => {
  const { mistakes } = assessRegression({ predictions, targets, mistakes: 2 });
  expect(mistakes).toEqual([
    { row: 5, actual: 0, predicted: -1, residual: 1 },
    { row: 3, actual: 7.25, predicted: 8, residual: -0.75 },
  ]);
});

test("without a baseline the mean of the targets is one, which explains nothing", () => {
  const { baseline } = assessRegression({ predictions, targets });
  expect(baseline.value).toBeCloseTo(15.85 / 6, 14);
});

test("what is not finite is refused with its row", () => {
  expect(() => assessRegression({ predictions: [1, Number.NaN], targets: [1, 2] })).toThrow(
    "assessRegression: the predictions must be finite, and row 1 has NaN.",
  );
});

test("points for a picture are spread over all rows", () => {
  const many = Array.from({ length: 1000 }, (_, i) => i);
  expect(scatterPoints(many, many, 4).map(({ actual }) => actual)).toEqual([0, 250, 500, 750]);
  expect(scatterPoints(predictions, targets)[3]).toEqual({ actual: 7.25, predicted: 8 });
});

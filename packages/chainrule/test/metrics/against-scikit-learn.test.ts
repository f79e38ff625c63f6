/**
 * Metrics on small tables of random numbers. Expected values: scikit-learn 1.9.1, functions of sklearn.metrics, but where a
 * test says otherwise.
 */
import { describe, expect, it } from "vitest";
import {
  accuracy,
  brierScore,
  calibration,
  classScores,
  f1,
  logLoss,
  mae,
  mse,
  precision,
  probabilities,
  r2,
  recall,
  rmse,
  rocAuc,
  rocCurve,
  topKAccuracy,
} from "../../src/metrics/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const Z = tensor(
  [
    [1.76, 0.4, 0.98],
    [2.24, 1.87, -0.98],
    [0.95, -0.15, -0.1],
    [0.41, 0.14, 1.45],
    [0.76, 0.12, 0.44],
    [0.33, 1.49, -0.21],
    [0.31, -0.85, -2.55],
    [0.65, 0.86, -0.74],
    [2.27, -1.45, 0.05],
    [-0.19, 1.53, 1.47],
    [0.15, 0.38, -0.89],
    [-1.98, -0.35, 0.16],
  ],
  { dtype: "float64" },
);
const Y = [2, 2, 2, 0, 2, 1, 0, 1, 2, 0, 0, 2];
const SCORES = tensor([-0.1, -0.2, 0.4, -1, -0.2, -1.7, -0.6, -0.5, 0.3, -0.8, -0.3, -0.4, 1.1, -0.5], {
  dtype: "float64",
});
const POSITIVE = [0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1];

describe("three classes", () => {
  it("accuracy_score, top_k_accuracy_score", () => {
    expect(accuracy(Z, Y)).toBeCloseTo(1 / 3, 14);
    expect(topKAccuracy(Z, Y, { k: 2 })).toBeCloseTo(10 / 12, 14);
    expect(topKAccuracy(Z, Y, { k: 1 })).toBe(accuracy(Z, Y));
    expect(topKAccuracy(Z, Y, { k: 3 })).toBe(1);
  });

  it("precision_score, recall_score, f1_score of each class", () => {
    const expected = [
      [1 / 6, 1 / 4, 0.2, 4],
      [1 / 2, 1, 2 / 3, 2],
      [1 / 2, 1 / 6, 1 / 4, 6],
    ];
    const found = classScores(Z, Y).map((s) => [s.precision, s.recall, s.f1, s.support]);
    found.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(expected.flat()[i] as number, 14);
    });
  });

  it.each([
    ["macro", 0.38888888888888884, 0.47222222222222227, 0.37222222222222223],
    ["micro", 1 / 3, 1 / 3, 1 / 3],
    ["weighted", 0.38888888888888884, 1 / 3, 0.30277777777777776],
  ] as const)("the average %s", (average, p, r, f) => {
    expect(precision(Z, Y, { average })).toBeCloseTo(p, 14);
    expect(recall(Z, Y, { average })).toBeCloseTo(r, 14);
    expect(f1(Z, Y, { average })).toBeCloseTo(f, 14);
  });

  it("a class that neither is nor is predicted does not count: f1_score([0, 1, 1], [0, 1, 0], average='macro')", () => {
    const z = [
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ];
    expect(f1(z, [0, 1, 1])).toBeCloseTo(2 / 3, 14);
  });

  it("macro is what is averaged without being asked", () => {
    expect(f1(Z, Y)).toBe(f1(Z, Y, { average: "macro" }));
  });

  it("roc_auc_score (one against the rest), log_loss, brier_score_loss", () => {
    const p = probabilities(Z);
    expect(rocAuc(p, Y)).toBeCloseTo(0.625, 14);
    expect(logLoss(p, Y)).toBeCloseTo(1.420908522176808, 13);
    expect(brierScore(p, Y)).toBeCloseTo(0.800471266660071, 13);
  });
});

describe("two classes", () => {
  const p = probabilities(SCORES);

  it("roc_curve without dropped points, and roc_auc_score", () => {
    const curve = rocCurve(SCORES, POSITIVE);
    const eighths = [0, 0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 7, 8];
    const sixths = [0, 1, 1, 1, 1, 2, 3, 3, 5, 6, 6, 6, 6];
    expect(curve.map((point) => point.falsePositiveRate * 8)).toEqual(eighths);
    expect(curve.map((point) => Math.round(point.truePositiveRate * 6e9) / 1e9)).toEqual(sixths);
    expect(curve.map((point) => point.threshold)).toEqual([
      Number.POSITIVE_INFINITY,
      1.1,
      0.4,
      0.3,
      -0.1,
      -0.2,
      -0.3,
      -0.4,
      -0.5,
      -0.6,
      -0.8,
      -1,
      -1.7,
    ]);
    expect(rocAuc(SCORES, POSITIVE)).toBeCloseTo(0.53125, 14);
    expect(rocAuc(p, POSITIVE)).toBeCloseTo(0.53125, 14);
  });

  it("two columns are as good as their difference", () => {
    const columns = tensor(
      Array.from(SCORES.dataSync(), (z) => [-z / 2, z / 2]),
      { dtype: "float64" },
    );
    expect(rocAuc(columns, POSITIVE)).toBeCloseTo(0.53125, 14);
    expect(logLoss(probabilities(columns), POSITIVE)).toBeCloseTo(0.6643243585276792, 13);
  });

  it("log_loss, brier_score_loss, precision, recall, f1", () => {
    expect(logLoss(p, POSITIVE)).toBeCloseTo(0.6643243585276792, 13);
    expect(brierScore(p, POSITIVE)).toBeCloseTo(0.2397511923491549, 13);
    expect(precision(SCORES, POSITIVE)).toBeCloseTo(1 / 3, 14);
    expect(recall(SCORES, POSITIVE)).toBeCloseTo(1 / 6, 14);
    expect(f1(SCORES, POSITIVE)).toBeCloseTo(2 / 9, 14);
    expect(f1(SCORES, POSITIVE, { average: "macro" })).toBeCloseTo(0.4269005847953216, 14);
  });

  it("log_loss keeps certain mistakes finite, by the dtype", () => {
    expect(logLoss(tensor([0, 0.2], { dtype: "float64" }), [1, 0])).toBeCloseTo(18.13339847021568, 12);
    expect(logLoss(tensor([0, 0.2]), [1, 0])).toBeCloseTo(8.082763671875, 5);
  });

  it.each([
    ["uniform", [0, 0.5, 0, 1], [0.1544652650835347, 0.3890614612584871, 0.5865650884620555, 0.7502601055951177]],
    [
      "quantile",
      [1 / 4, 2 / 3, 2 / 3, 1 / 4],
      [0.27194397477503046, 0.3854645591612796, 0.4419631628544618, 0.5996027737600722],
    ],
  ] as const)("calibration_curve, %s", (strategy, observed, predicted) => {
    const { bins, expectedError, maximumError } = calibration(p, POSITIVE, { bins: 4, strategy });
    bins.forEach((bin, i) => {
      expect(bin.observed).toBeCloseTo(observed[i] as number, 14);
      expect(bin.predicted).toBeCloseTo(predicted[i] as number, 14);
    });
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(14);
    // The definitions, from the numbers above.
    const gaps = bins.map((bin) => Math.abs(bin.observed - bin.predicted));
    expect(maximumError).toBeCloseTo(Math.max(...gaps), 14);
    expect(expectedError).toBeCloseTo(
      bins.reduce((sum, bin, i) => sum + (bin.count / 14) * (gaps[i] as number), 0),
      14,
    );
  });
});

describe("real values", () => {
  const predicted = tensor(
    [
      [-0.63, -0.36],
      [-0.67, -0.36],
      [-0.81, -1.73],
      [0.18, -0.4],
      [-1.63, 0.46],
      [-0.91, 0.05],
    ],
    {
      dtype: "float64",
    },
  );
  const actual = tensor(
    [
      [-0.27, -0.3],
      [-0.1, -0.98],
      [-0.61, -2.07],
      [-0.26, -0.69],
      [-1.79, 0.49],
      [-1.49, 0.5],
    ],
    {
      dtype: "float64",
    },
  );

  it("r2_score, mean_absolute_error, mean_squared_error, root_mean_squared_error", () => {
    expect(r2(predicted, actual)).toBeCloseTo(0.7101736727946224, 13);
    expect(mae(predicted, actual)).toBeCloseTo(0.3416666666666667, 13);
    expect(mse(predicted, actual)).toBeCloseTo(0.15343333333333337, 13);
    expect(rmse(predicted, actual)).toBeCloseTo(0.39073074318844586, 13);
  });

  it("r2_score of one output, as a vector and as a column", () => {
    const [first, target] = [predicted.slice(1, 0, 1), actual.slice(1, 0, 1)];
    expect(r2(first, target)).toBeCloseTo(0.5868567381839164, 13);
    expect(r2(first, target.reshape([6]))).toBeCloseTo(0.5868567381839164, 13);
  });

  it("targets that do not vary: 1 if met, else 0", () => {
    expect(r2([2, 2], [2, 2])).toBe(1);
    expect(r2([2, 3], [2, 2])).toBe(0);
  });
});

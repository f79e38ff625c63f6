import { tensor } from "chainrule";
import { describe, expect, test } from "vitest";
import { assessClassification, mostConfused, wilson } from "../../src/assess/index.ts";

const PROBABILITIES = [
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
];
const three = () =>
  assessClassification({
    probabilities: tensor(Float64Array.from(PROBABILITIES.flat())).reshape([10, 3]),
    targets: [0, 0, 1, 1, 2, 2, 2, 1, 0, 0],
    classes: ["ant", "bee", "cat"],
  });

describe("three classes", () => {
  // The numbers of this test are those of scikit-learn 1.9.1 (metrics, calibration_curve) and SciPy 1.17.1
  // (binomtest(7, 10).proportion_ci(method="wilson")).
  test("the metrics are scikit-learn's", () => {
    const found = three();
    expect([found.rows, found.right, found.accuracy]).toEqual([10, 7, 0.7]);
    expect(found.balancedAccuracy).toBeCloseTo(0.6944444444444443, 14);
    expect(found.macroF1).toBeCloseTo(0.6984126984126983, 14);
    expect(found.logLoss).toBeCloseTo(0.7302880033296069, 14);
    expect(found.brier).toBeCloseTo(0.42534, 14);
    expect(found.accuracyInterval[0]).toBeCloseTo(0.39677814746114526, 14);
    expect(found.accuracyInterval[1]).toBeCloseTo(0.892208732593699, 14);
    expect(found.rocAuc).toBeUndefined();
    // By hand: −(0.4·ln 0.4 + 2·0.3·ln 0.3).
    expect(found.baseline.logLoss).toBeCloseTo(1.0888999753452238, 14);
    expect(found.confusion).toEqual([
      [3, 1, 0],
      [0, 2, 1],
      [0, 1, 2],
    ]);
  });

  test("each class has its precision, recall, F1 and counts", () => {
    const rounded = three().perClass.map(({ name, support, predicted, precision, recall, f1 }) => [
      name,
      support,
      predicted,
      ...[precision, recall, f1].map((x) => (x as number).toFixed(6)),
    ]);
    expect(rounded).toEqual([
      ["ant", 4, 3, "1.000000", "0.750000", "0.857143"],
      ["bee", 3, 4, "0.500000", "0.666667", "0.571429"],
      ["cat", 3, 3, "0.666667", "0.666667", "0.666667"],
    ]);
  });

  test("calibration compares the probability of the predicted class with how often it came", () => {
    // scikit-learn 1.9.1, calibration_curve(right, probability, n_bins=10), with probabilities off the edges of bins.
    const first = [0.71, 0.61, 0.81, 0.52, 0.91, 0.43, 0.53, 0.76, 0.92, 0.36];
    const right = [true, true, true, true, true, true, false, false, true, false];
    const { calibration } = assessClassification({
      probabilities: tensor(Float64Array.from(first.flatMap((p) => [p, (1 - p) / 2, (1 - p) / 2]))).reshape([10, 3]),
      targets: right.map((is) => (is ? 0 : 1)),
      classes: ["ant", "bee", "cat"],
    });
    expect(calibration.bins.map((bin) => [bin.count, bin.observed, bin.predicted.toFixed(12)])).toEqual([
      [1, 0, "0.360000000000"],
      [1, 1, "0.430000000000"],
      [2, 0.5, "0.525000000000"],
      [1, 1, "0.610000000000"],
      [2, 0.5, "0.735000000000"],
      [1, 1, "0.810000000000"],
      [2, 1, "0.915000000000"],
    ]);
    expect(calibration.expectedError).toBeCloseTo(0.22, 14);
  });

  test("the baseline says the most frequent class, or the one that is given", () => {
    expect(three().baseline).toMatchObject({ class: "ant", right: 4, accuracy: 0.4 });
    const given = assessClassification({
      probabilities: PROBABILITIES,
      targets: [0, 0, 1, 1, 2, 2, 2, 1, 0, 0],
      classes: ["ant", "bee", "cat"],
      baseline: 2,
    });
    expect(given.baseline).toMatchObject({ class: "cat", right: 3, accuracy: 0.3 });
  });

  test("mistakes are those with the highest probability first, as many as asked for", () => {
    expect(three().mistakes).toEqual([
      { row: 7, actual: 1, predicted: 2, probability: 0.75, actualProbability: 0.15 },
      { row: 6, actual: 2, predicted: 1, probability: 0.5, actualProbability: 0.25 },
      { row: 9, actual: 0, predicted: 1, probability: 0.34, actualProbability: 0.33 },
    ]);
    const one = assessClassification({
      probabilities: [
        [1, 0],
        [1, 0],
        [0.2, 0.8],
      ],
      targets: [1, 1, 0],
      classes: ["a", "b"],
      mistakes: 1,
    });
    expect(one.mistakes.map(({ row }) => row)).toEqual([0]);
  });

  test("the most confused pairs come with their share of the true class", () => {
    expect(mostConfused(three(), 2)).toEqual([
      { actual: "bee", predicted: "cat", count: 1, share: 1 / 3 },
      { actual: "cat", predicted: "bee", count: 1, share: 1 / 3 },
    ]);
  });

  test("it is plain data: JSON keeps all of it", () => {
    expect(JSON.parse(JSON.stringify(three()))).toEqual(three());
  });
});

describe("two classes", () => {
  const second = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.65, 0.3);
  const targets = [0, 0, 1, 1, 1, 0];

  test("one column is the probability of the second, and the metrics are scikit-learn's", () => {
    // scikit-learn 1.9.1: roc_auc_score, log_loss, brier_score_loss.
    const found = assessClassification({ probabilities: tensor(second), targets, classes: ["no", "yes"] });
    expect(found.rocAuc).toBeCloseTo(0.888888888888889, 14);
    expect(found.logLoss).toBeCloseTo(0.4461016125446486, 14);
    expect(found.brier).toBeCloseTo(0.14083333333333334, 14);
  });

  test("a threshold moves what is predicted, and not what is told of probabilities", () => {
    const input = { probabilities: tensor(second), targets, classes: ["no", "yes"] };
    const [usual, moved] = [assessClassification(input), assessClassification({ ...input, threshold: 0.35 })];
    // Above 0.35, which itself is not: 0.4, 0.8 and 0.65.
    expect(moved.confusion).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect(assessClassification({ ...input, threshold: 0.3 }).confusion).toEqual([
      [2, 1],
      [0, 3],
    ]);
    expect(moved.mistakes.map(({ row, predicted, probability }) => [row, predicted, probability])).toEqual([
      [2, 0, 0.65],
      [1, 1, 0.4],
    ]);
    const { rocAuc, logLoss, brier, calibration } = usual;
    expect(moved).toMatchObject({ rocAuc, logLoss, brier, calibration });
  });

  test("a class without rows has no recall, and there is no ROC curve", () => {
    const found = assessClassification({
      probabilities: [
        [0.9, 0.1],
        [0.8, 0.2],
      ],
      targets: [0, 0],
      classes: ["no", "yes"],
    });
    expect(found.rocAuc).toBeUndefined();
    expect(found.perClass[1]).toEqual({
      name: "yes",
      support: 0,
      predicted: 0,
      precision: null,
      recall: null,
      f1: null,
    });
    expect([found.balancedAccuracy, found.macroF1]).toEqual([1, 1]);
  });
});

test("columns that do not fit the classes are refused", () => {
  expect(() => assessClassification({ probabilities: [[1, 0]], targets: [0], classes: ["a", "b", "c"] })).toThrow(
    "assessClassification: there are 3 classes and 2 columns of probabilities.",
  );
});

test("the interval of a share that is always seen is not empty", () => {
  // SciPy 1.17.1, binomtest(10, 10).proportion_ci(method="wilson"): (0.7224672001371109, 1).
  const [low, high] = wilson(10, 10);
  expect(low).toBeCloseTo(0.7224672001371109, 14);
  expect(high).toBe(1);
});

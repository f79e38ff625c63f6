/** Reports made by hand, as `train` would make them. */
import { assessClassification, assessRegression, scatterPoints } from "../../src/assess/index.ts";
import type { ReportData } from "../../src/report/data.ts";

/** Numbers in [0, 1): the generator of W. H. Press et al., "Numerical recipes", 1992, §7.1. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Predictions of `rows` rows that are mostly right. */
export function predictions(classes: readonly string[], rows: number, seed = 3) {
  const draw = uniform(seed);
  const targets = Array.from({ length: rows }, () => Math.floor(draw() * classes.length));
  const probabilities = targets.map((target) => {
    const scores = classes.map((_, c) =>
      Math.exp(3 * draw() + (c === target ? 2.4 : Math.abs(c - target) === 1 ? 0.6 : 0)),
    );
    const sum = scores.reduce((a, b) => a + b, 0);
    return scores.map((score) => score / sum);
  });
  return assessClassification({ probabilities, targets, classes });
}

const history = (epochs: number, accuracy: boolean) =>
  Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    loss: 0.03 + 1.1 * Math.exp(-i / 14),
    validationLoss: 0.09 + 1.05 * Math.exp(-i / 13) + 0.0006 * Math.max(0, i - 45) + 0.012 * Math.sin(i),
    ...(accuracy ? { score: 1 - 0.65 * Math.exp(-i / 9), validationScore: 0.96 - 0.62 * Math.exp(-i / 8) } : {}),
  }));

const common = {
  date: new Date("2026-11-21T09:30:00Z"),
  gradients: {
    passed: true,
    tolerance: 1e-6,
    elements: 36,
    undecided: 2,
    maxRelativeError: 3.4e-9,
    parameters: [
      { name: "0.weight", elements: 10, maxRelativeError: 3.4e-9, wrong: false },
      { name: "0.bias", elements: 10, maxRelativeError: 1.2e-9, wrong: false },
      { name: "2.weight", elements: 10, maxRelativeError: 8.1e-10, wrong: false },
      { name: "2.bias", elements: 6, maxRelativeError: 0, wrong: false },
    ],
  },
  model: {
    file: "model.safetensors",
    bytes: 14_212,
    parameters: 2_371,
    layers: [
      { name: "0", kind: "dense, relu", output: "[64]", parameters: 320 },
      { name: "2", kind: "dense, relu", output: "[29]", parameters: 1_885 },
      { name: "4", kind: "dense", output: "[3]", parameters: 166 },
    ],
  },
} satisfies Partial<ReportData>;

const choices = [
  { name: "task", value: "classification", reason: "species holds 3 different texts.", option: "--task" },
  {
    name: "split",
    value: "72 / 40 / 38 rows, stratified",
    reason: "Every class keeps its share in each part.",
    option: "--split",
  },
  {
    name: "network",
    value: "4 → 64 → 29 → 3",
    reason: "The narrowest of those within one standard error of the best on validation rows.",
    option: "--layers",
  },
  {
    name: "regularization",
    value: "weight decay 0.001",
    reason: "Lowest validation loss of 0, 0.0001, 0.001 and 0.01.",
    option: "--weight-decay",
  },
  {
    name: "learning rate",
    value: "0.01",
    reason: "A tenth of the rate at which the loss falls fastest.",
    option: "--learning-rate",
  },
  {
    name: "ended",
    value: "epoch 70",
    reason: "Validation loss had not fallen for 20 epochs; the weights of epoch 50 were kept.",
  },
];

/** Three classes and four columns. */
export function classification(): ReportData {
  const assessment = predictions(["setosa", "versicolor", "virginica"], 38);
  return {
    ...common,
    target: "species",
    source: "iris.csv",
    task: "classification",
    assessment,
    choices,
    data: {
      rows: 149,
      dropped: { rows: 1, reason: "it has no species." },
      split: { training: 72, validation: 39, test: 38 },
      columns: [
        {
          name: "sepal length",
          use: "feature",
          kind: "number",
          reason: "All cells are numbers.",
          missing: 0,
          distinct: 35,
          numbers: { min: 4.3, max: 7.9 },
          examples: ["4.3"],
        },
        {
          name: "sepal width",
          use: "feature",
          kind: "number",
          reason: "All cells are numbers.",
          missing: 3,
          distinct: 23,
          numbers: { min: 2, max: 4.4 },
          examples: ["2"],
        },
        {
          name: "petal length",
          use: "feature",
          kind: "number",
          reason: "All cells are numbers.",
          missing: 0,
          distinct: 43,
          numbers: { min: 1, max: 6.9 },
          examples: ["1"],
        },
        {
          name: "petal width",
          use: "feature",
          kind: "number",
          reason: "All cells are numbers.",
          missing: 0,
          distinct: 22,
          numbers: { min: 0.1, max: 2.5 },
          examples: ["0.1"],
        },
        {
          name: "plant",
          use: "none",
          kind: "identifier",
          reason: "A different number in each row.",
          missing: 0,
          distinct: 150,
          numbers: { min: 1, max: 150 },
          examples: ["1"],
        },
        {
          name: "species",
          use: "target",
          kind: "category",
          reason: "3 different texts.",
          missing: 1,
          distinct: 3,
          examples: ["setosa", "versicolor", "virginica"],
        },
      ],
      findings: [
        {
          severity: "warning",
          message: 'The rows are sorted by "species".',
          advice: "They are shuffled before they are split, so this does no harm here.",
        },
        {
          severity: "warning",
          message: '"sepal width" has no value in 3 rows (2.0 %; first: row 17).',
          advice: "They were filled with the median of the training rows, 3.",
        },
      ],
    },
    training: {
      history: history(70, true),
      loss: "cross-entropy",
      score: "accuracy",
      bestEpoch: 50,
      ended: "It ended because validation loss had not fallen for 20 epochs.",
      seconds: 0.084,
    },
    mistakes: {
      columns: ["sepal length", "sepal width", "petal length", "petal width"],
      rows: assessment.mistakes.map(({ row }) => ({
        place: `line ${3 * row + 5}`,
        cells: [6.1, row % 3 === 0 ? null : 2.8, 4.9, 1.7],
      })),
    },
    importance: {
      metric: "accuracy",
      rows: "38 test rows",
      repeats: 10,
      columns: [
        { column: "petal length", mean: 0.412, deviation: 0.051 },
        { column: "petal width", mean: 0.287, deviation: 0.044 },
        { column: "sepal length", mean: 0.021, deviation: 0.018 },
        { column: "sepal width", mean: -0.003, deviation: 0.011 },
      ],
    },
    candidates: {
      metric: "validation loss",
      settings: ["layers", "weight decay"],
      tried: [
        { values: ["16", 0.0001], score: 0.1432, deviation: 0.012, epochs: 88, chosen: false },
        { values: ["64, 29", 0.001], score: 0.0981, deviation: 0.009, epochs: 50, chosen: true },
        { values: ["256, 64", 0.001], score: 0.1012, deviation: 0.014, epochs: 41, chosen: false },
        { values: ["256, 64", 0.01], score: null, chosen: false },
      ],
    },
    reproduction: {
      command: "chainrule train iris.csv --target species --report report.html",
      seed: 0,
      versions: { chainrule: "0.1.0", Node: "v24.1.0", Platform: "linux x64" },
      fingerprint: "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0",
    },
  };
}

/** A price in thousands. */
export function regression(rows = 420): ReportData {
  const draw = uniform(11);
  const targets = Array.from({ length: rows }, () => 40 + 320 * draw() ** 2);
  const predicted = targets.map((y) => y * 0.96 + 6 + (draw() + draw() + draw() - 1.5) * (10 + y / 7));
  const assessment = assessRegression({ predictions: predicted, targets, baseline: 148.2 });
  return {
    ...common,
    target: "price",
    unit: "k€",
    source: "houses.parquet",
    task: "regression",
    assessment,
    points: scatterPoints(predicted, targets),
    training: {
      history: history(400, false),
      loss: "mean squared error",
      bestEpoch: 380,
      ended: "All 400 epochs were run.",
      seconds: 14.2,
    },
    mistakes: {
      columns: ["city", "area", "rooms"],
      rows: assessment.mistakes.map(({ row }) => ({ place: `row ${row}`, cells: ["Bern", 40 + row, 3] })),
    },
    importance: { absent: "Only one column is an input, so that there is nothing to compare it with." },
    candidates: { absent: "No others were tried: the network was given by --layers." },
  };
}

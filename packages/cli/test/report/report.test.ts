import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { type ReportData, renderReport } from "../../src/report/index.ts";
import { classification, predictions, regression } from "./samples.ts";

const read = (data: ReportData) => parseHTML(renderReport(data)).document;
const textOf = (document: Document, selector: string): string =>
  (document.querySelector(selector)?.textContent ?? "nothing").replace(/\s+/g, " ").trim();
const rowsOf = (document: Document, section: string): string[][] =>
  [...document.querySelectorAll(`#${section} tbody tr`)].map((row) =>
    [...row.children].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ")),
  );
const headings = (document: Document): string[] =>
  [...document.querySelectorAll("main > section")].map((section) => section.id);

/** By hand: 20 rows, 16 right; class a 9 of 10, b 7 of 10. */
const hand: ReportData = {
  ...classification(),
  target: "outcome",
  source: "patients.csv",
  assessment: {
    task: "classification",
    classes: ["a", "b"],
    rows: 20,
    right: 16,
    accuracy: 0.8,
    accuracyInterval: [0.584, 0.9193],
    balancedAccuracy: 0.8,
    macroF1: 0.798,
    logLoss: 0.5123,
    brier: 0.1561,
    rocAuc: 0.8675,
    baseline: { class: "a", right: 10, accuracy: 0.5, logLoss: Math.LN2 },
    perClass: [
      { name: "a", support: 10, predicted: 12, precision: 0.75, recall: 0.9, f1: 0.8182 },
      { name: "b", support: 10, predicted: 8, precision: 0.875, recall: 0.7, f1: null },
    ],
    confusion: [
      [9, 1],
      [3, 7],
    ],
    calibration: {
      bins: [{ from: 0.6, to: 0.7, count: 20, predicted: 0.65, observed: 0.8 }],
      expectedError: 0.15,
      maximumError: 0.15,
    },
    mistakes: [{ row: 4, actual: 1, predicted: 0, probability: 0.971, actualProbability: 0.029 }],
  },
  mistakes: { columns: ["age", "smokes"], rows: [{ place: "line 6", cells: [null, true] }] },
};

describe("a classification", () => {
  const document = read(hand);

  test("says the answer first, in a sentence", () => {
    expect(textOf(document, "h1")).toBe("Predicting outcome from patients.csv");
    expect(headings(document)[0]).toBe("answer");
    expect(textOf(document, "#answer .lead")).toBe(
      "Of 20 rows that the model had never seen, it predicted outcome rightly for 16: 80.0 %. " +
        "Always saying “a”, the most frequent, would be right for 50.0 %.",
    );
    expect(textOf(document, "#answer")).toContain("for between 58 % and 92 % (95 % confidence, Wilson’s interval)");
  });

  test("gives the metrics by their exact names", () => {
    const terms = [...document.querySelectorAll("#answer .terms div")].map((term) =>
      [...term.children].slice(0, 2).map((cell) => cell.textContent),
    );
    expect(terms).toEqual([
      ["Accuracy", "0.8000"],
      ["Balanced accuracy", "0.8000"],
      ["Macro F1", "0.7980"],
      ["ROC AUC", "0.8675"],
      ["Log loss", "0.5123"],
      ["Brier score", "0.1561"],
      ["Calibration error", "0.1500"],
      ["Baseline accuracy", "0.5000"],
    ]);
  });

  test("has a row for each class, and the confusion matrix with counts and shares of the rows", () => {
    expect(rowsOf(document, "classes")).toEqual([
      ["a", "0.750", "0.900", "0.818", "10", "12"],
      ["b", "0.875", "0.700", "–", "10", "8"],
      ["a", "990 %", "110 %", "90 %"],
      ["b", "330 %", "770 %", "70 %"],
    ]);
  });

  test("shows mistakes with the cells of their rows", () => {
    expect(rowsOf(document, "mistakes")).toEqual([["line 6", "b", "a", "97.1 %", "2.9 %", "missing", "true"]]);
  });

  test("shows calibration by probability, with counts", () => {
    expect(rowsOf(document, "calibration")).toEqual([["60 % – 70 %", "20", "65.0 %", "80.0 %"]]);
    expect(textOf(document, "#calibration p")).toContain("15.0 percentage points away");
  });

  test("says it where the model is no better than the most frequent class", () => {
    const assessment = { ...(hand.assessment as object), right: 10, accuracy: 0.5 } as ReportData["assessment"];
    expect(textOf(read({ ...hand, assessment }), "#answer .lead")).toContain(
      "That is no better than always saying “a”, the most frequent, which is right for 50.0 %.",
    );
  });

  test("tells choices, data, training, candidates, gradients, the model, and how to make it again", () => {
    expect(rowsOf(document, "choices")[2]).toEqual([
      "network",
      "4 → 64 → 29 → 3",
      "The narrowest of those within one standard error of the best on validation rows.",
      "--layers",
    ]);
    expect(rowsOf(document, "data")[0]).toEqual([
      "species target",
      "category",
      "1 (0.7 %)",
      "3",
      "setosa, versicolor, virginica",
      "3 different texts.",
    ]);
    expect(textOf(document, "#data")).toContain("39 rows for validation (26 %)");
    expect(textOf(document, "#data .findings")).toContain("Warning. The rows are sorted by");
    expect(textOf(document, "#training p")).toBe(
      "70 epochs (passes through the training rows) in 0.084 s. It ended because validation loss had not fallen for 20 epochs.",
    );
    expect(rowsOf(document, "candidates")[1]).toEqual(["2 chosen", "64, 29", "0.001", "0.0981 ± 0.009", "50"]);
    expect(rowsOf(document, "candidates")[3]?.[3]).toBe("did not end");
    expect(textOf(document, "#gradients p")).toContain(
      "the largest relative difference is 3.4 × 10⁻⁹, and 1 × 10⁻⁶ is allowed",
    );
    expect(textOf(document, "#model p")).toContain("2,371 parameters. The file model.safetensors (14.2 kB)");
    expect(textOf(document, "#reproduce .command")).toBe(
      "chainrule train iris.csv --target species --report report.html",
    );
    expect(textOf(document, "#reproduce")).toContain(
      "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0",
    );
  });

  test("says how much worse the metric gets without a column", () => {
    expect(rowsOf(document, "importance")[0]).toEqual(["petal length", "0.412", "0.051"]);
    expect(textOf(document, "#importance .what")).toContain(
      "petal length matters most: without it the accuracy is worse by 0.412.",
    );
    expect(document.querySelectorAll("#importance-bars-title").length).toBe(1);
  });

  test("names the parameters whose gradients are wrong", () => {
    const parameters = [
      { name: "0.weight", elements: 10, maxRelativeError: 0.31, wrong: true },
      { name: "0.bias", elements: 4, maxRelativeError: 2e-9, wrong: false },
    ];
    const failed = read({
      ...hand,
      gradients: { passed: false, tolerance: 1e-6, elements: 14, undecided: 0, maxRelativeError: 0.31, parameters },
    });
    expect(textOf(failed, "#gradients p")).toBe(
      "failed The gradients of 1 of 2 parameters differ from differences of the loss: do not rely on this model.",
    );
    expect(rowsOf(failed, "gradients")[0]).toEqual(["0.weight", "10", "3.1 × 10⁻¹", "wrong"]);
  });

  test("a training anew on all rows: no epoch of the curves was kept, and they are of one fold", () => {
    const training = { ...(classification().training as object), trainings: 13, folds: 3, refit: 25 };
    const page = read({ ...classification(), training: training as NonNullable<ReportData["training"]> });
    const text = textOf(page, "#training");
    expect(text).toContain("The 13 trainings in all, those that were compared included, took 0.084 s.");
    expect(text).toContain(
      "The curves are of one fold of 3. The model itself was then trained anew on all rows for 25 epochs; since no rows are held back from that, nothing was measured there, and epoch 50 below is not the one kept.",
    );
    expect(text).toContain("Epoch 50 was the best.");
    expect(text).not.toContain("were kept");
  });

  test("columns without which nothing gets worse are left out; where none is left there is no figure", () => {
    const columns = ["a", "b"].map((column) => ({ column, mean: 0, deviation: 0 }));
    const importance = { metric: "accuracy", rows: "38 test rows", repeats: 5, columns };
    const none = read({ ...classification(), importance });
    expect(textOf(none, "#importance p")).toMatch(/^No single column matters by itself: /);
    expect(none.querySelector("#importance svg, #importance table")).toBeNull();
    const one = read({
      ...classification(),
      importance: { ...importance, columns: [{ column: "c", mean: 0.1, deviation: 0 }, ...columns] },
    });
    expect(rowsOf(one, "importance")).toEqual([["c", "0.1", "0"]]);
    expect(textOf(one, "#importance .note")).toBe("Shuffling changes nothing for 2 of 3 columns, which are left out.");
  });

  test("draws the curves that there are: of the score of validation rows alone, one", () => {
    expect(document.querySelectorAll("#training figure").length).toBe(2);
    const history = [0.5, 0.7, 0.8].map((validationScore, i) => ({
      epoch: i + 1,
      loss: 1 - 0.2 * i,
      validationLoss: 1 - 0.1 * i,
      validationScore,
    }));
    const one = read({
      ...hand,
      training: { history, loss: "cross-entropy", score: "accuracy", bestEpoch: 2, ended: "" },
    });
    const score = one.querySelector("#training figure:nth-of-type(2)") as Element;
    expect(score.querySelector("figcaption")?.textContent).toBe("Accuracy");
    expect(score.querySelectorAll(".legend li").length).toBe(2);
    expect(score.querySelector(".what")?.textContent).toBe(
      "The accuracy, of which more is better: on validation rows from 0.5 to 0.8. The weights of epoch 2 were kept.",
    );
    expect([...score.querySelectorAll("tbody tr")].map((row) => row.textContent)).toEqual([
      "10.5",
      "2 kept0.7",
      "30.8",
    ]);
  });

  test("more than 30 classes: the most confused pairs in the place of a matrix", () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);
    const thirty = read({ ...classification(), assessment: predictions(names(30), 600), mistakes: undefined });
    expect(thirty.querySelectorAll("#classes .confusion tbody tr").length).toBe(30);
    const assessment = predictions(names(31), 600);
    const many = read({ ...classification(), assessment, mistakes: undefined });
    expect(many.querySelector("#classes .confusion")).toBeNull();
    expect(textOf(many, "#classes")).toContain("With 31 classes a matrix is too large to read");
    const [pair] = rowsOf(many, "classes").slice(31);
    const [i, j] = [pair?.[0], pair?.[1]].map((name) => assessment.classes.indexOf(name as string)) as [number, number];
    expect(pair?.[2]).toBe(`${Math.max(...assessment.confusion.flatMap((row, a) => row.filter((_, b) => a !== b)))}`);
    expect(pair?.[2]).toBe(`${assessment.confusion[i]?.[j]}`);
  });
});

describe("a regression", () => {
  const data = {
    ...regression(),
    assessment: {
      ...(regression().assessment as object),
      mae: 12.345,
      rmse: 17.5,
      r2: 0.9,
      baseline: { value: 148.2, mae: 81, rmse: 95 },
    },
  } as ReportData;
  const document = read(data);

  test("says in the target's unit how far it is off", () => {
    expect(textOf(document, "#answer .lead")).toBe(
      "On 420 rows that the model had never seen, its prediction of price is off by 12.3 k€ on average. " +
        "Always saying the mean, 148 k€, would be off by 81 k€. It explains 90.0 % of the variation.",
    );
    expect(textOf(document, "#answer .terms")).toContain("Root mean squared error17.5 k€");
  });

  test("draws predicted against true, the errors, and their histogram", () => {
    const titles = [...document.querySelectorAll("#residuals figcaption")].map((caption) => caption.textContent);
    expect(titles).toEqual(["Predicted against true", "Error against prediction", "How large the errors are"]);
    expect(document.querySelectorAll("#residuals circle").length).toBe(2 * 420);
    expect(rowsOf(document, "residuals").length).toBe(20);
  });

  test("has nothing of classes", () => {
    expect(headings(document)).toEqual([
      "answer",
      "residuals",
      "mistakes",
      "importance",
      "training",
      "candidates",
      "gradients",
      "model",
    ]);
    expect(textOf(document, "#importance")).toContain("Only one column is an input");
  });

  test("says it where the model is worse than the mean", () => {
    const assessment = { ...(data.assessment as object), mae: 90, r2: -0.2 } as ReportData["assessment"];
    const lead = textOf(read({ ...data, assessment }), "#answer .lead");
    expect(lead).toContain(
      "That is no better than always saying the mean, 148 k€, which is off by 81 k€. It explains none of the variation.",
    );
  });
});

test("a target that is named with its unit: the axis has the unit once", () => {
  const page = read({ ...regression(), target: "price (EUR)", unit: "EUR" });
  const text = textOf(page, "#residuals");
  expect(text).toContain("true price (EUR)");
  expect(text).not.toContain("(EUR) (EUR)");
});

describe("what is not there", () => {
  const least: ReportData = { target: "y", source: "-", task: "regression", date: new Date(0) };

  test("is left out, or says why", () => {
    const bare = read(least);
    expect(headings(bare)).toEqual(["answer"]);
    expect(textOf(bare, "#answer .absent")).toBe("The model was not tried on rows that it has not seen.");
    const why = "The run was interrupted before its first epoch ended.";
    const interrupted = read({
      ...least,
      cautions: ["The run was interrupted."],
      assessment: { absent: why },
      training: { absent: why },
      gradients: { absent: why },
      mistakes: { absent: why },
    });
    expect(headings(interrupted)).toEqual(["answer", "training", "gradients"]);
    expect(textOf(interrupted, "#answer .caution")).toBe("Mind: The run was interrupted.");
    expect([...interrupted.querySelectorAll(".absent")].map((p) => p.textContent)).toEqual([why, why, why]);
  });

  test("rows that served to choose are said to flatter", () => {
    expect(textOf(read({ ...hand, assessedOn: "validation" }), "#answer .lead")).toContain(
      "Of 20 rows that also served to choose the model, so that this flatters it, it predicted outcome rightly for 16",
    );
  });

  test("no mistakes, no findings, one epoch, no validation rows", () => {
    const data = classification();
    const perfect = { ...(hand.assessment as object), mistakes: [] } as unknown as ReportData["assessment"];
    const document = read({
      ...data,
      assessment: perfect,
      data: {
        ...(data.data as NonNullable<ReportData["data"]>),
        findings: [],
        split: { training: 10, validation: 0, test: 5 },
      },
      training: { history: [{ epoch: 1, loss: 0.5 }], loss: "cross-entropy", ended: "One epoch was asked for." },
    });
    expect(textOf(document, "#mistakes")).toContain("There are none: every row is right.");
    expect(textOf(document, "#data")).toContain("Nothing stands out.");
    expect(textOf(document, "#data")).not.toContain("for validation");
    expect(textOf(document, "#training .absent")).toBe("There are no curves: they take two epochs or more.");
  });

  test("curves of a run that blew up, and of one without validation, are drawn from what is finite", () => {
    const history = [1, 0.5, Number.NaN].map((loss, i) => ({ epoch: i + 1, loss }));
    const document = read({
      ...least,
      training: { history, loss: "mean squared error", ended: "The loss was not finite." },
    });
    const path = document.querySelector("#training [stroke='var(--one)'] path")?.getAttribute("d");
    expect(path).toMatch(/^M[\d.]+,[\d.]+L[\d.]+,[\d.]+$/);
    expect(textOf(document, "#training .what")).not.toContain("validation");
  });
});

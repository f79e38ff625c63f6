/** What `chainrule train` says while it runs, within a terminal of 80 columns. */
import { expect, test } from "vitest";
import { renderColumns } from "../../src/commands/inspect/columns.ts";
import { describeFolds } from "../../src/commands/train/folds.ts";
import { epochLine } from "../../src/commands/train/progress.ts";
import type { FoldScores, Phase } from "../../src/recipe/index.ts";

test("the progress line has the validation loss before what a terminal may cut off", () => {
  const phase = {
    ...{ name: "choose", run: 11, runs: 13, epochs: 50 },
    candidate: { hidden: [128, 64], l2: 0.001 },
  } as unknown as Phase;
  const log = { epoch: 26, loss: 0.0408, validationLoss: 0.0937, validationScore: 0.95 };
  const line = epochLine("fold 1/3", log, phase);
  expect(line).toBe(
    "fold 1/3  comparing 11/13  epoch 26/50  loss 0.0408  validation 0.0937  score 0.9500  hidden 128, 64; l2 0.001",
  );
  expect(line.indexOf("score")).toBeLessThan(79);
});

test("the scores of folds go on in the next line", () => {
  const folds = [0.9, 0.95, 1, 0.8, 0.75].map((score) => ({ score, trained: { seconds: 1 } }));
  const scores = { name: "accuracy", folds, mean: 0.88, deviation: 0.1037 } as unknown as FoldScores;
  expect(describeFolds(scores, 80).split("\n")).toEqual([
    "Over 5 folds: accuracy 88.00 % ± 10.37 % (mean and standard deviation of",
    "90.00 %, 95.00 %, 100.00 %, 80.00 %, 75.00 %); 1.00 s a fit",
  ]);
});

test("years are told without a comma", () => {
  const info = {
    name: "year",
    kind: "number",
    use: "feature",
    missing: 0,
    reason: "all numbers",
    examples: [],
    distinct: 20,
  };
  const told = (min: number, max: number): string =>
    renderColumns([{ ...info, numbers: { min, max } } as never], { place: (row) => `row ${row}` }, 80);
  expect(told(2000, 2019)).toContain("2000 … 2019; all numbers");
  expect(told(2000, 20_190)).toContain("2000 … 20,190; all numbers");
});

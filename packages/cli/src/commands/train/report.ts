/** What the page about a training run tells. */
import { type GradcheckReport, gradcheck } from "chainrule/check";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "chainrule/loss";
import { summary } from "chainrule/nn";
import { isMissing, type PermutationImportance, permutationImportance } from "chainrule/table";
import { summarizeGradients } from "../../assess/index.ts";
import type { FoldScores } from "../../recipe/index.ts";
import { count } from "../../render/format.ts";
import { type ReportData, renderReport } from "../../report/index.ts";
import { trialsIn } from "../search/trials.ts";
import { choicesOf } from "./choices.ts";
import { commandOf } from "./command.ts";
import { versions } from "./record.ts";
import type { TrainingRun } from "./training.ts";
import { warningsOf } from "./warnings.ts";

/** Rows on which gradients are checked; each costs two evaluations in double precision for each weight that is looked at. */
const CHECKED_ROWS = 32;

/** Rows on which importance is measured, at most. */
const SHUFFLED_ROWS = 5000;

const REPEATS = 5;

export async function renderTrainingReport(run: TrainingRun): Promise<string> {
  const { flags, loaded, trained, encoded, test, folds } = run;
  const { problem, target } = encoded;
  const data: ReportData = {
    target: target.name,
    ...(target.unit === undefined ? {} : { unit: target.unit }),
    source: loaded.name,
    task: problem.task === "regression" ? "regression" : "classification",
    date: new Date(),
    cautions: cautionsOf(run),
    assessment: test === undefined ? { absent: "No rows were held back for a test." } : test.assessed.assessment,
    ...(folds === undefined ? {} : { folds: foldFigures(folds) }),
    choices: choicesOf(run),
    data: overviewOf(run),
    training:
      trained.history.length === 0
        ? { absent: "There is no history." }
        : {
            history: trained.history,
            loss: problem.task === "regression" ? "squared error" : "cross-entropy",
            score: problem.task === "regression" ? "R²" : "accuracy",
            bestEpoch: trained.bestEpoch,
            ended: `Training ended so: ${trained.stopped}.`,
            seconds: trained.seconds,
            trainings: trained.trainings,
            folds: trained.folds,
            ...(trained.refitted ? { refit: trained.epochs } : {}),
          },
    ...(test?.assessed.points === undefined ? {} : { points: test.assessed.points }),
    mistakes: mistakesOf(run),
    importance: importanceOf(run),
    gradients: summarizeGradients(gradientsOf(run)),
    candidates: run.search === undefined ? comparedIn(run) : trialsIn(run.search),
    model: modelOf(run),
    reproduction: {
      command: commandOf(run),
      seed: flags.seed,
      versions: versions(),
      fingerprint: loaded.fingerprint,
    },
  };
  return renderReport(data);
}

const foldFigures = ({ name, folds, mean, deviation }: FoldScores): NonNullable<ReportData["folds"]> => ({
  metric: name,
  scores: folds.map(({ score }) => score),
  mean,
  deviation,
});

function cautionsOf({ trained, search }: TrainingRun): string[] {
  const isCut = search !== undefined && search.rows.length < search.count;
  return [
    ...(trained.stopped === "interrupted" ? ["Training was interrupted, so the network is not what it could be."] : []),
    ...(isCut
      ? [`The search was interrupted after ${count(search.rows.length)} of ${count(search.count)} trials.`]
      : []),
  ];
}

function comparedIn({ trained: { candidates } }: TrainingRun): NonNullable<ReportData["candidates"]> {
  if (candidates.length < 2) return { absent: "All settings were told, so nothing was compared." };
  return {
    metric: "validation loss",
    settings: ["hidden units", "l2"],
    tried: candidates.map(({ hidden, l2, validationLoss, epochs, chosen }) => ({
      values: [hidden.join(", ") || "none", l2],
      score: Number.isFinite(validationLoss) ? validationLoss : null,
      epochs,
      chosen,
    })),
  };
}

function overviewOf(run: TrainingRun): NonNullable<ReportData["data"]> {
  const { loaded, rows } = run;
  const without = loaded.all.length - loaded.table.length;
  return {
    rows: loaded.table.length,
    ...(without === 0
      ? {}
      : { dropped: { rows: without, reason: `they have no value of ${JSON.stringify(loaded.target)}` } }),
    split: { training: rows.train.length, validation: 0, test: rows.test.length },
    columns: loaded.columns,
    findings: warningsOf(loaded),
  };
}

function mistakesOf({ test, loaded, rows }: TrainingRun): ReportData["mistakes"] {
  if (test === undefined) return { absent: "No rows were held back for a test." };
  const { mistakes } = test.assessed.assessment;
  // What is true stands there already.
  const columns = test.table.names.filter((column) => column !== loaded.target);
  return {
    columns,
    rows: mistakes.map(({ row }) => ({
      place: loaded.place(rows.test[row] as number),
      cells: columns.map((column) => {
        const cell = test.table.column(column)[row] ?? null;
        return isMissing(cell) ? null : cell;
      }),
    })),
  };
}

function importanceOf({ model, test, settings }: TrainingRun): ReportData["importance"] {
  if (test === undefined)
    return {
      absent:
        "No rows were held back from the model of the file, and on rows that a model has learned from it would flatter.",
    };
  if (model.input.columns.length < 2) return { absent: "There is only one column to learn from." };
  const { length } = test.table;
  const table =
    length <= SHUFFLED_ROWS
      ? test.table
      : test.table.take(Array.from({ length: SHUFFLED_ROWS }, (_, i) => Math.floor((i * length) / SHUFFLED_ROWS)));
  const found: PermutationImportance = permutationImportance(model, table, { repeats: REPEATS, seed: settings.seed });
  return {
    metric: found.metric === "r2" ? "R²" : found.metric,
    rows: `${count(table.length)} test rows`,
    repeats: REPEATS,
    columns: found.columns,
  };
}

const LOSSES = { binary: binaryCrossEntropy, classification: softmaxCrossEntropy, regression: meanSquaredError };

/** Of the trained network, on some of the rows it learned from. */
function gradientsOf({ model, encoded }: TrainingRun): GradcheckReport {
  const { x, y, task } = encoded.problem;
  const few = Math.min(CHECKED_ROWS, x.shape[0] as number);
  return gradcheck(model.network, LOSSES[task], x.slice(0, 0, few), y.slice(0, 0, few));
}

function modelOf({ model, flags }: TrainingRun): NonNullable<ReportData["model"]> {
  const { rows, parameters } = summary(model.network, [1, model.input.features.length]);
  return {
    file: flags.out,
    parameters,
    layers: rows.map(({ path, type, outputShape = [], parameters: own }) => ({
      name: path,
      kind: type,
      output: `[${outputShape.slice(1).join(", ")}]`,
      parameters: own,
    })),
  };
}

/** The answer, first: how good the model is, in a sentence, and in the exact terms. */
import type { ClassificationAssessment, RegressionAssessment } from "../../assess/index.ts";
import { count, percent } from "../../render/format.ts";
import { figure, score, share } from "../../render/numbers.ts";
import { type FoldFigures, present, type ReportData } from "../data.ts";
import { type Html, html, name, sentence, unitLabel } from "../html.ts";
import { absence, type Section, type Term, table, terms } from "../parts.ts";

export function answer(data: ReportData): Section {
  const found = present(data.assessment);
  const body =
    found === undefined && data.folds !== undefined
      ? ofFolds(data, data.folds)
      : found === undefined
        ? absence(
            data.assessment !== undefined && "absent" in data.assessment
              ? data.assessment.absent
              : "The model was not tried on rows that it has not seen.",
          )
        : found.task === "classification"
          ? ofClasses(data, found)
          : ofValues(data, found);
  return { id: "answer", title: "How good it is", body: html`${(data.cautions ?? []).map(caution)}${body}` };
}

const caution = (text: string): Html => html`<p class="caution"><strong>Mind:</strong> ${sentence(text)}</p>
`;

/** Of as many models as there are folds; that of the file has learned from all rows. */
function ofFolds(data: ReportData, { metric, scores, mean, deviation }: FoldFigures): Html {
  const text =
    metric === "accuracy" ? (value: number): string => percent(value) : (value: number): string => score(value);
  return html`<p class="lead">Over ${scores.length} folds, each predicted by a model that had never seen its rows, the ${metric} of predicting
<em>${name(data.target)}</em> is <b class="number">${text(mean)}</b>${Number.isFinite(deviation) && ` ± ${text(deviation)}`} (mean and standard deviation).</p>
<p>The model of the file was made in the same way from all rows, so that there are none left to try it on; it should do about as well.</p>
${table(
  "Folds",
  [{ head: "Fold" }, { head: `${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}`, number: true }],
  scores.map((value, i) => [`${i + 1}`, text(value)]),
)}`;
}

/** Whose rows they are. */
const seen = ({ assessedOn }: ReportData, n: number): Html =>
  assessedOn === "validation"
    ? html`<b>${count(n, "row")}</b> that also served to choose the model, so that this flatters it,`
    : html`<b>${count(n, "row")}</b> that the model had never seen,`;

function ofClasses(data: ReportData, found: ClassificationAssessment): Html {
  const { right, rows: all, accuracy, accuracyInterval, baseline } = found;
  const better = accuracy > baseline.accuracy;
  return html`<p class="lead">Of ${seen(data, all)} it predicted <em>${name(data.target)}</em> rightly for <b>${count(right)}</b>:
<b class="number">${share(accuracy)}</b>. ${
    better
      ? html`Always saying “${name(baseline.class)}”, the most frequent, would be right for ${share(baseline.accuracy)}.`
      : html`That is <b>no better</b> than always saying “${name(baseline.class)}”, the most frequent, which is right for ${share(baseline.accuracy)}.`
  }</p>
${all < 1000 && html`<p>${count(all, "row")} tell this only so well: on all rows like these it is right for between ${share(accuracyInterval[0], 0)} and ${share(accuracyInterval[1], 0)} (95 % confidence, Wilson’s interval).</p>`}
${terms(classTerms(found))}`;
}

function classTerms(found: ClassificationAssessment): Term[] {
  const most = found.classes.length === 2 ? 1 : 2;
  return [
    { name: "Accuracy", value: score(found.accuracy), meaning: "The share of rows whose class is right." },
    {
      name: "Balanced accuracy",
      value: score(found.balancedAccuracy),
      meaning: "The mean of the classes’ own shares, so that rare classes count as much as frequent ones.",
    },
    {
      name: "Macro F1",
      value: score(found.macroF1),
      meaning: "The mean over the classes of F1, which is high where few are missed and few are wrongly named.",
    },
    ...(found.rocAuc === undefined
      ? []
      : [
          {
            name: "ROC AUC",
            value: score(found.rocAuc),
            meaning: html`The chance that a row of “${name(found.classes[1] as string, 30)}” gets a higher probability of it than another row; 0.5 is guessing.`,
          },
        ]),
    {
      name: "Log loss",
      value: figure(found.logLoss),
      meaning: `How surprised the model is by the truth; 0 is best, ${figure(found.baseline.logLoss, 3)} is always giving each class the probability that is its share of these rows.`,
    },
    {
      name: "Brier score",
      value: score(found.brier),
      meaning: `The mean squared distance of the probabilities from what came; 0 is best, ${most} is worst.`,
    },
    {
      name: "Calibration error",
      value: score(found.calibration.expectedError),
      meaning: "How far stated probabilities are from how often they come true, on average; 0 is best.",
    },
    {
      name: "Baseline accuracy",
      value: score(found.baseline.accuracy),
      meaning: html`What one gets by always saying “${name(found.baseline.class, 30)}”.`,
    },
  ];
}

function ofValues(data: ReportData, found: RegressionAssessment): Html {
  const { mae, baseline, r2 } = found;
  const unit = data.unit === undefined ? "" : `\u00a0${unitLabel(data.unit)}`;
  const better = mae < baseline.mae;
  return html`<p class="lead">On ${seen(data, found.rows)} its prediction of <em>${name(data.target)}</em> is off by
<b class="number">${figure(mae, 3)}${unit}</b> on average. ${
    better
      ? html`Always saying the mean, ${figure(baseline.value, 3)}${unit}, would be off by ${figure(baseline.mae, 3)}${unit}.`
      : html`That is <b>no better</b> than always saying the mean, ${figure(baseline.value, 3)}${unit}, which is off by ${figure(baseline.mae, 3)}${unit}.`
  } ${r2 > 0 ? html`It explains ${share(r2)} of the variation.` : html`It explains none of the variation.`}</p>
${terms(valueTerms(found, unit))}`;
}

function valueTerms(found: RegressionAssessment, unit: string): Term[] {
  const [low, high] = found.residualRange;
  return [
    {
      name: "R²",
      value: score(found.r2),
      meaning: "The share of the variance that is explained; 1 is perfect, 0 as good as the mean.",
    },
    {
      name: "Mean absolute error",
      value: `${figure(found.mae)}${unit}`,
      meaning: "How far predictions are off on average.",
    },
    {
      name: "Root mean squared error",
      value: `${figure(found.rmse)}${unit}`,
      meaning: "The same with large errors counting more: the root of the mean square.",
    },
    {
      name: "Median absolute error",
      value: `${figure(found.medianError)}${unit}`,
      meaning: "Half of the rows are closer than this.",
    },
    {
      name: "Bias",
      value: `${figure(found.bias, 3)}${unit}`,
      meaning: "The mean of true less predicted; above 0 the model says too little.",
    },
    {
      name: "Middle 90 %",
      value: `${figure(low, 3)} … ${figure(high, 3)}${unit}`,
      meaning: "Between these lie 90 of 100 differences, true less predicted.",
    },
    {
      name: "Baseline MAE, RMSE",
      value: `${figure(found.baseline.mae)}, ${figure(found.baseline.rmse)}${unit}`,
      meaning: `What one gets by always saying the mean, ${figure(found.baseline.value)}${unit}.`,
    },
  ];
}

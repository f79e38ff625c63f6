/** How good predictions are, in the words of a terminal. */
import {
  type Assessment,
  type ClassificationAssessment,
  mostConfused,
  type RegressionAssessment,
} from "../assess/index.ts";
import { renderConfusion } from "./confusion.ts";
import { count, percent } from "./format.ts";
import { figure, score } from "./numbers.ts";
import { renderTable } from "./table.ts";
import { label, widthOf } from "./text.ts";

export interface AssessmentOptions {
  /** The width of the terminal. */
  readonly columns: number;
  /** Of the target's values. */
  readonly unit?: string | undefined;
}

/** More classes than this are told by the worst. */
const MOST_CLASSES = 30;
const MOST_PAIRS = 15;

/** The one line that answers the question. */
export function headlineOf(found: Assessment, { unit }: Pick<AssessmentOptions, "unit"> = {}): string {
  return headlinesOf(found, unit).join(" ");
}

/** The same, in two lines where the terminal is too narrow for one. */
function headlinesWithin(found: Assessment, { unit, columns }: AssessmentOptions): string {
  const headline = headlineOf(found, { unit });
  return widthOf(headline) <= columns ? headline : headlinesOf(found, unit).join("\n");
}

/** How good it is, and how good that is which needs no model. */
function headlinesOf(found: Assessment, unit: string | undefined): [string, string] {
  if (found.task === "regression") {
    const { mae, baseline, rows } = found;
    return [
      `Off by ${valueOf(mae, unit)} on average on ${count(rows, "row")};`,
      `always saying the mean, ${valueOf(baseline.value, unit)}: ${valueOf(baseline.mae, unit)}`,
    ];
  }
  const { right, rows, accuracy, baseline } = found;
  const said = label(baseline.class, 24);
  return [
    `Right: ${percent(accuracy)} (${count(right)} of ${count(rows, "row")});`,
    `always saying “${said}”, the most frequent: ${percent(baseline.accuracy)}`,
  ];
}

/** Everything: the headline, the metrics, the classes with their confusion matrix or the residuals, the calibration. */
export function renderAssessment(found: Assessment, options: AssessmentOptions): string {
  const parts =
    found.task === "regression"
      ? [metricLines(valueMetrics(found, options.unit)), renderResiduals(found, options)]
      : [
          metricLines(classMetrics(found)),
          classTable(found),
          confusionOf(found, options),
          `Calibration (the probability of the likeliest class, and how often it came true)\n${renderCalibration(found.calibration)}`,
        ];
  return [headlinesWithin(found, options), ...parts].join("\n\n");
}

const valueOf = (x: number, unit: string | undefined): string =>
  unit === undefined ? figure(x) : `${figure(x)} ${label(unit, 16)}`;

type Metric = readonly [name: string, value: string, meaning: string];

const metricLines = (metrics: readonly Metric[]): string => renderTable(metrics, { left: [0, 2] });

function classMetrics(found: ClassificationAssessment): Metric[] {
  const [low, high] = found.accuracyInterval.map((x) => percent(x, 1)) as [string, string];
  return [
    ["accuracy", score(found.accuracy), `${low} … ${high} on all such rows (95 % confidence)`],
    ["balanced accuracy", score(found.balancedAccuracy), "every class counts alike"],
    ["macro F1", score(found.macroF1), "few missed, few wrongly named; every class alike"],
    ...(found.rocAuc === undefined
      ? []
      : ([["ROC AUC", score(found.rocAuc), "1 is best, 0.5 is guessing"]] satisfies Metric[])),
    [
      "log loss",
      score(found.logLoss),
      `0 is best, ${figure(found.baseline.logLoss, 3)} always saying the classes’ shares`,
    ],
    ["Brier score", score(found.brier), `0 is best, ${found.classes.length === 2 ? 1 : 2} is worst`],
    ["calibration error", score(found.calibration.expectedError), "0 is best"],
  ];
}

function valueMetrics(found: RegressionAssessment, unit: string | undefined): Metric[] {
  return [
    ["R²", score(found.r2), "1 is best, 0 as good as the mean"],
    ["mean absolute error", valueOf(found.mae, unit), `the mean alone: ${valueOf(found.baseline.mae, unit)}`],
    ["root mean squared error", valueOf(found.rmse, unit), `the mean alone: ${valueOf(found.baseline.rmse, unit)}`],
    ["median absolute error", valueOf(found.medianError, unit), "half of the rows are closer"],
    ["bias", valueOf(found.bias, unit), "true less predicted, on average"],
  ];
}

function classTable({ perClass }: ClassificationAssessment): string {
  const many = perClass.length > MOST_CLASSES;
  const shown = many ? perClass.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)).slice(0, MOST_CLASSES) : perClass;
  const cell = (x: number | null): string => (x === null ? "–" : score(x, 3));
  const rows = shown.map((one) => [
    label(one.name, 24),
    cell(one.precision),
    cell(one.recall),
    cell(one.f1),
    count(one.support),
    count(one.predicted),
  ]);
  const head = ["class", "precision", "recall", "F1", "rows", "predicted"];
  const table = renderTable([head, ...rows], { left: [0] });
  return many ? `${table}\n(the ${MOST_CLASSES} with the lowest F1 of ${count(perClass.length)} classes)` : table;
}

/** The matrix where it fits, else the most confused pairs. */
function confusionOf(found: ClassificationAssessment, { columns }: AssessmentOptions): string {
  const matrix = found.classes.length <= MOST_CLASSES ? renderConfusion(found.confusion, found.classes) : undefined;
  if (matrix?.split("\n").every((line) => widthOf(line) <= columns)) {
    return `Confusion matrix (rows: the true class, columns: the predicted one)\n${matrix}`;
  }
  const pairs = mostConfused(found, MOST_PAIRS);
  if (pairs.length === 0) return "No class was taken for another.";
  const rows = pairs.map((pair) => [
    label(pair.actual, 24),
    label(pair.predicted, 24),
    count(pair.count),
    percent(pair.share, 1),
  ]);
  return `Most confused classes\n${renderTable([["true", "predicted", "rows", "of the class"], ...rows], { left: [0, 1] })}`;
}

/** A line for each bin that has rows. */
export function renderCalibration({ bins }: ClassificationAssessment["calibration"]): string {
  const rows = bins.map(({ from, to, count: n, predicted, observed }) => [
    `${percent(from, 0)} – ${percent(to, 0)}`,
    count(n),
    percent(predicted, 1),
    percent(observed, 1),
  ]);
  return renderTable([["probability", "rows", "said", "came true"], ...rows], { left: [0] });
}

/** How the errors are distributed, as bars. */
export function renderResiduals(
  { histogram, residualRange }: RegressionAssessment,
  options: AssessmentOptions,
): string {
  const { edges, counts } = histogram;
  const [low, high] = residualRange;
  const edge = (i: number): string => figure(edges[i] as number, 3);
  const rows = counts.map((n, i) => [edge(i), "…", edge(i + 1), count(n), ""]);
  const lines = renderTable([["from", "", "to", "rows", ""], ...rows]).split("\n");
  const width = Math.max(8, Math.min(40, options.columns - Math.max(...lines.map(widthOf)) - 3));
  const most = Math.max(...counts);
  const bars = ["", ...counts.map((n) => barOf(n, most, width))];
  return [
    `True less predicted: 90 of 100 rows between ${valueOf(low, options.unit)} and ${valueOf(high, options.unit)}`,
    ...lines.map((line, i) => (bars[i] === "" ? line : `${line}  ${bars[i]}`)),
  ].join("\n");
}

/** What is not 0 shows. */
const barOf = (n: number, most: number, width: number): string =>
  n === 0 ? "" : "█".repeat(Math.round((n / most) * width)) || "▏";

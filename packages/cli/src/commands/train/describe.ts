/** What `chainrule train` says on a terminal. */
import type { Finding } from "chainrule/data";
import { historyChart } from "chainrule/train";
import type { Output } from "../../output.ts";
import type { Loaded } from "../../prepare/index.ts";
import type { Choice, Trained } from "../../recipe/index.ts";
import { headlineOf, renderAssessment } from "../../render/assessment.ts";
import { count } from "../../render/format.ts";
import { renderTable } from "../../render/table.ts";
import { label } from "../../render/text.ts";
import { renderColumns } from "../inspect/columns.ts";
import { renderFindings } from "../inspect/findings.ts";
import type { TrainingRun } from "./training.ts";

/** The file, its columns, and what was found in them. */
export function describeData(loaded: Loaded, findings: readonly Finding[], columns: number): string {
  const { name, all, table, notes, target } = loaded;
  const without = all.length - table.length;
  const told = [
    `${count(all.length, "row")} of ${count(all.names.length, "column")}`,
    ...notes,
    ...(without === 0 ? [] : [`${count(without, "row")} without ${JSON.stringify(target)} left out`]),
  ];
  const parts = [`Data: ${label(name, 60)}, ${told.join("; ")}`, renderColumns(loaded.columns, loaded.origin, columns)];
  if (findings.length > 0) parts.push(renderFindings(findings, columns));
  return `${parts.join("\n\n")}\n`;
}

export function describeChoices(choices: readonly Choice[], columns: number): string {
  const rows = choices.map(({ name, value, reason }) => [name, value, reason]);
  return `\nChosen\n${renderTable(rows, { left: [0, 1, 2], indent: "  ", columns })}`;
}

/** What was chosen, and how training went. */
export function describeTraining({ trained }: TrainingRun, choices: readonly Choice[], columns: number): string {
  const { history, seconds, trainings, folds, candidates } = trained;
  const parts = [describeChoices(choices, columns)];
  if (candidates.length > 1) {
    const tried = candidates.map(({ hidden, l2, validationLoss, validationScore, epochs: n, chosen }) => [
      hidden.join(", ") || "none",
      String(l2),
      Number.isFinite(validationLoss) ? validationLoss.toFixed(4) : "diverged",
      Number.isFinite(validationScore) ? validationScore.toFixed(4) : "–",
      String(n),
      chosen ? "chosen" : "",
    ]);
    const head = ["hidden", "l2", "validation loss", "score", "epochs", ""];
    parts.push(`Compared on validation data\n${renderTable([head, ...tried], { left: [0, 5], indent: "  " })}`);
  }
  if (history.length > 1)
    parts.push(
      historyChart(
        history.map((log) => ({ ...log })),
        { width: Math.min(70, columns - 20), height: 10 },
      ),
    );
  if (history.length > 1 && folds > 1) parts.push(`The chart is of the first of ${folds} folds.`);
  const all = trainings > 1 ? `, ${count(trainings, "training")} in all` : "";
  parts.push(`Trained in ${seconds.toFixed(2)} s${all}\n${describeEpochs(trained)}`);
  return `${parts.join("\n\n")}\n`;
}

/** Which weights the model has. */
export const describeEpochs = ({
  refitted,
  epochs,
  stopped,
}: Pick<Trained, "refitted" | "epochs" | "stopped">): string =>
  refitted
    ? `Kept: ${count(epochs, "epoch")} anew on all rows (with rows held back: ${stopped})`
    : `Kept: epoch ${epochs} (${stopped})`;

/** Where the results are. */
export const describeFiles = ({ flags: { out, report } }: TrainingRun): string =>
  `Model file: ${out}${report === undefined ? "" : `\nReport: ${report}`}`;

/** How good the model is on the rows held back. */
export function describeAssessment({ test, flags, encoded }: TrainingRun, { columns }: Output): string {
  if (test === undefined) return "No rows were held back, so nothing is said here about how good the model is.";
  const { assessment } = test.assessed;
  const { unit } = encoded.target;
  if (flags.quiet === true) return headlineOf(assessment, { unit });
  const title = `On the ${count(assessment.rows)} rows held back for the test`;
  return `${title}\n${"─".repeat(title.length)}\n${renderAssessment(assessment, { columns, unit })}\n`;
}

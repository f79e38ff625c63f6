/** The rows on which the model is most wrong, as they stand in the file. */
import type { Assessment, ClassificationAssessment } from "../../assess/index.ts";
import { figure, share } from "../../render/numbers.ts";
import { type MistakenRows, present, type ReportData } from "../data.ts";
import { type Content, type Html, html, name, unitLabel } from "../html.ts";
import { absence, type Column, note, type Section, table } from "../parts.ts";

/** Columns of a row to show; a table of hundreds shows nothing. */
const MOST_COLUMNS = 40;

export function mistakes(data: ReportData): Section | undefined {
  const found = present(data.assessment);
  if (found === undefined) return undefined;
  const title = found.task === "classification" ? "Most confident mistakes" : "Largest errors";
  return { id: "mistakes", title, body: bodyOf(data, found) };
}

function bodyOf(data: ReportData, found: Assessment): Html {
  if (found.mistakes.length === 0) return html`<p>There are none: every row is right.</p>`;
  const raw = present(data.mistakes);
  const missing = data.mistakes !== undefined && "absent" in data.mistakes ? absence(data.mistakes.absent) : undefined;
  const [head, cells] = found.task === "classification" ? wrongClasses(found) : wrongValues(found, data.unit);
  const columns: Column[] = [
    { head: "Row" },
    ...head,
    ...(raw?.columns ?? []).slice(0, MOST_COLUMNS).map((column) => ({ head: name(column, 30) })),
  ];
  const rows = cells.map(({ row, known }, i) => [
    raw?.rows[i]?.place ?? `${row + 1}`,
    ...known,
    ...(raw === undefined ? [] : rawCells(raw, i)),
  ]);
  const hidden = Math.max(0, (raw?.columns.length ?? 0) - MOST_COLUMNS);
  return html`<p>Look at these first: they may be wrong labels, slips in the data, or what the model cannot know.</p>
${missing}${table("Mistakes", columns, rows)}${hidden > 0 && note(`${hidden} more columns are not shown.`)}`;
}

interface Known {
  readonly row: number;
  readonly known: readonly Content[];
}

function wrongClasses({ mistakes: all, classes }: ClassificationAssessment): [Column[], Known[]] {
  const head = [
    { head: "True" },
    { head: "Said" },
    { head: "Probability", number: true },
    { head: "Of the true one", number: true },
  ];
  const rows = all.map(({ row, actual, predicted, probability, actualProbability }) => ({
    row,
    known: [
      name(classes[actual] as string, 40),
      html`<b>${name(classes[predicted] as string, 40)}</b>`,
      html`<b>${share(probability)}</b>`,
      share(actualProbability),
    ],
  }));
  return [head, rows];
}

function wrongValues(
  { mistakes: all }: Extract<Assessment, { task: "regression" }>,
  unit: string | undefined,
): [Column[], Known[]] {
  const of = unit === undefined ? "" : ` (${unitLabel(unit)})`;
  const head = [
    { head: `True${of}`, number: true },
    { head: `Said${of}`, number: true },
    { head: "Off by", number: true },
  ];
  const rows = all.map(({ row, actual, predicted, residual }) => ({
    row,
    known: [figure(actual), html`<b>${figure(predicted)}</b>`, html`<b>${figure(Math.abs(residual), 3)}</b>`],
  }));
  return [head, rows];
}

function rawCells({ rows }: MistakenRows, i: number): Content[] {
  const cells = rows[i]?.cells ?? [];
  return cells
    .slice(0, MOST_COLUMNS)
    .map((cell) => (cell === null ? html`<i class="none">missing</i>` : name(`${cell}`, 40)));
}

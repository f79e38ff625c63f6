/** What is in the file, and what a look at it found. */

import { count } from "../../render/format.ts";
import { figure, share } from "../../render/numbers.ts";
import type { ColumnOverview, DataFinding, DataOverview, ReportData } from "../data.ts";
import { type Content, type Html, html, name, sentence } from "../html.ts";
import { note, type Section, table } from "../parts.ts";

/** More columns than this are counted only: a table of thousands helps nobody. */
const MOST = 100;

export function dataOverview({ data, source }: ReportData): Section | undefined {
  if (data === undefined) return undefined;
  const shown = [
    ...data.columns.filter(({ use }) => use === "target"),
    ...data.columns.filter(({ use }) => use !== "target"),
  ].slice(0, MOST);
  const body = html`<p>${name(source)} has <b>${count(data.rows + (data.dropped?.rows ?? 0), "row")}</b> and <b>${count(data.columns.length)} columns</b>.
${data.dropped !== undefined && html`${count(data.dropped.rows, "row")} left out: ${sentence(data.dropped.reason)}`}</p>
${splitBar(data.split)}
${table(
  "Columns",
  [
    { head: "Column" },
    { head: "Kind" },
    { head: "Missing", number: true },
    { head: "Distinct", number: true },
    { head: "Values", wide: true },
    { head: "Why", wide: true },
  ],
  shown.map((column) => columnRow(column, data)),
)}${shown.length < data.columns.length && note(`${count(data.columns.length - shown.length)} more columns are not shown.`)}
<h3>What a look at the data found</h3>
${data.findings.length === 0 ? html`<p>Nothing stands out.</p>` : html`<ul class="findings">${data.findings.map(finding)}</ul>`}`;
  return { id: "data", title: "The data", body };
}

const columnRow = (column: ColumnOverview, { rows: all }: DataOverview): Content[] => [
  html`${name(column.name)}${column.use === "target" && html` <span class="badge">target</span>`}${column.use === "none" && html` <span class="badge quiet">left out</span>`}`,
  name(column.kind),
  column.missing === 0
    ? "–"
    : html`${count(column.missing)} <small>(${share(column.missing / Math.max(1, all))})</small>`,
  count(column.distinct),
  valuesOf(column),
  sentence(column.reason),
];

function valuesOf({ numbers, examples }: ColumnOverview): Content {
  if (numbers !== undefined) return `${figure(numbers.min)} … ${figure(numbers.max)}`;
  return examples.slice(0, 5).map((example, i) => html`${i > 0 && ", "}${name(example, 24)}`);
}

const finding = ({ severity, message, advice }: DataFinding): Html =>
  html`<li class="${severity}"><b>${severity === "error" ? "Error" : "Warning"}.</b> ${sentence(message)} <span class="advice">${sentence(advice)}</span></li>
`;

/** How the rows were divided, as a bar with its words. */
function splitBar({ training, validation, test }: DataOverview["split"]): Html {
  const all = training + validation + test;
  const parts = [
    { kind: "training", n: training, use: "to learn from" },
    { kind: "validation", n: validation, use: "to choose by, and to stop in time" },
    { kind: "test", n: test, use: "to judge by, never seen before" },
  ];
  return html`<div class="split" aria-hidden="true">${parts
    .filter(({ n }) => n > 0)
    .map(({ kind, n }) => html`<i class="${kind}" style="flex-grow:${n}"></i>`)}</div>
<ul class="split-words">${parts
    .filter(({ kind, n }) => n > 0 || kind !== "validation")
    .map(
      ({ kind, n, use }) =>
        html`<li class="${kind}"><b>${count(n, "row")}</b> for ${kind}${n > 0 && ` (${share(n / all, 0)})`}, ${use}</li>`,
    )}</ul>
`;
}

/** How each class fares, and which are taken for which. */
import { type ClassificationAssessment, mostConfused } from "../../assess/index.ts";
import { count } from "../../render/format.ts";
import { score, share } from "../../render/numbers.ts";
import { present, type ReportData } from "../data.ts";
import { type Content, type Html, html, name } from "../html.ts";
import { note, type Section, table } from "../parts.ts";

/** Larger matrices are shown by their most confused pairs. */
const MOST_CLASSES = 30;
const MOST_PAIRS = 25;
/** Beyond this, rows of the table by classes: the worst. */
const MOST_ROWS = 100;

export function classesSection({ assessment }: ReportData): Section | undefined {
  const found = present(assessment);
  if (found?.task !== "classification") return undefined;
  return {
    id: "classes",
    title: "Class by class",
    body: html`${byClass(found)}<h3>Which is taken for which</h3>
${found.classes.length <= MOST_CLASSES ? matrix(found) : pairs(found)}`,
  };
}

function byClass({ perClass }: ClassificationAssessment): Html {
  const many = perClass.length > MOST_ROWS;
  const shown = many ? perClass.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)).slice(0, MOST_ROWS) : perClass;
  const cell = (x: number | null): Content => (x === null ? "–" : score(x, 3));
  return html`<p><b>Precision</b>: of the rows that are given this class, the share that is of it. <b>Recall</b>: of the rows of this class, the share that is found. <b>F1</b> is high only where both are.</p>
${table(
  "Precision, recall and F1 of each class",
  [
    { head: "Class" },
    { head: "Precision", number: true },
    { head: "Recall", number: true },
    { head: "F1", number: true },
    { head: "Rows of it", number: true },
    { head: "Predicted", number: true },
  ],
  shown.map((one) => [
    name(one.name),
    cell(one.precision),
    cell(one.recall),
    cell(one.f1),
    count(one.support),
    count(one.predicted),
  ]),
)}${many && note(`The ${MOST_ROWS} classes with the lowest F1 of ${count(perClass.length)}.`)}`;
}

function matrix(found: ClassificationAssessment): Html {
  const { classes, confusion } = found;
  const rows = confusion.map((row, i) => {
    const total = row.reduce((sum, n) => sum + n, 0);
    const cells = row.map((n, j) => heat(n, total, i === j));
    const right = total === 0 ? "–" : share((row[i] as number) / total, 0);
    return html`<tr><th scope="row">${name(classes[i] as string, 24)}</th>${cells}<td class="right">${right}</td></tr>
`;
  });
  // From here on names stand upright, so that columns stay as narrow as numbers.
  const narrow = classes.length > 6;
  return html`<p>A row for each true class, a column for what was said. On the diagonal is what was right; the deeper the colour elsewhere, the larger the share of the class that was taken for another.</p>
<div class="scroll" role="group" aria-label="Confusion matrix" tabindex="0"><table class="confusion${narrow && " narrow"}">
<caption class="unseen">Confusion matrix: rows are true classes, columns are predicted ones</caption>
<thead><tr><th scope="col"><span class="corner">true ↓ &nbsp;said →</span></th>${classes.map((one) => html`<th scope="col"><span>${name(one, narrow ? 16 : 24)}</span></th>`)}<th scope="col" class="right"><span>right</span></th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>
`;
}

function heat(n: number, total: number, right: boolean): Html {
  if (n === 0) return html`<td class="zero">·</td>`;
  const part = n / total;
  return html`<td class="${right ? "hit" : "miss"}" style="--share:${part.toFixed(2)}">${count(n)}<small>${share(part, 0)}</small></td>`;
}

function pairs(found: ClassificationAssessment): Html {
  const most = mostConfused(found, MOST_PAIRS);
  if (most.length === 0) return html`<p>No class was taken for another.</p>`;
  return html`<p>With ${found.classes.length} classes a matrix is too large to read; these are the pairs that were confused most often.</p>
${table(
  "Most confused classes",
  [{ head: "True" }, { head: "Said" }, { head: "Rows", number: true }, { head: "Of the class", number: true }],
  most.map((pair) => [name(pair.actual), name(pair.predicted), count(pair.count), share(pair.share)]),
)}`;
}

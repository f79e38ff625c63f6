/** Whether it was made rightly, of what it is made, and how to make it again. */
import type { GradientSummary } from "../../assess/index.ts";
import { count } from "../../render/format.ts";
import { bytes, power } from "../../render/numbers.ts";
import { type ModelFacts, present, type ReportData } from "../data.ts";
import { type Html, html, name } from "../html.ts";
import { absence, note, type Section, table } from "../parts.ts";

/** Parameters of which the check is told one by one: the worst. */
const MOST_PARAMETERS = 20;

export function gradients({ gradients: part }: ReportData): Section | undefined {
  if (part === undefined) return undefined;
  const found = present(part);
  const body = found === undefined ? absence((part as { absent: string }).absent) : checked(found);
  return { id: "gradients", title: "Are its gradients right", body };
}

const relative = (x: number): string => (x === 0 ? "0" : power(x.toExponential(1)));

function checked({ passed, elements, undecided, maxRelativeError, tolerance, parameters }: GradientSummary): Html {
  const wrong = parameters.filter((one) => one.wrong);
  const verdict = passed
    ? html`<b class="badge good">passed</b> ${count(elements)} derivatives were compared with differences of the loss in double precision; the largest relative difference is ${relative(maxRelativeError)}, and ${relative(tolerance)} is allowed.`
    : html`<b class="badge bad">failed</b> The gradients of ${count(wrong.length)} of ${count(parameters.length)} parameters differ from differences of the loss: do not rely on this model.`;
  return html`<p>${verdict}</p>
${undecided > 0 && note(`${count(undecided)} lie at a kink or a jump, where there is no derivative, or are too small to be told from rounding.`)}
${table(
  "Gradient check by parameter",
  [
    { head: "Parameter" },
    { head: "Compared", number: true },
    { head: "Largest relative difference", number: true },
    { head: "Verdict" },
  ],
  parameters
    .slice(0, MOST_PARAMETERS)
    .map((one) => [
      name(one.name),
      count(one.elements),
      relative(one.maxRelativeError),
      one.wrong ? html`<b>wrong</b>` : "right",
    ]),
)}${parameters.length > MOST_PARAMETERS && note(`${parameters.length - MOST_PARAMETERS} more parameters differ less.`)}`;
}

export function model({ model: facts }: ReportData): Section | undefined {
  return facts === undefined ? undefined : { id: "model", title: "The model", body: layers(facts) };
}

function layers({ file, bytes: size, parameters, layers: all }: ModelFacts): Html {
  const where =
    file === undefined
      ? "No model file was written."
      : html`The file ${name(file, 120)}${size !== undefined && ` (${bytes(size)})`} holds the weights, and how columns are read, filled and scaled.`;
  return html`<p>${count(parameters)} parameters. ${where}</p>
${table(
  "Layers",
  [{ head: "Layer" }, { head: "Kind" }, { head: "Output of a row" }, { head: "Parameters", number: true }],
  all.map((layer) => [name(layer.name), name(layer.kind), layer.output, count(layer.parameters)]),
)}`;
}

export function reproduce({ reproduction, source, date }: ReportData): Section | undefined {
  if (reproduction === undefined) return undefined;
  const { command, seed, versions, fingerprint } = reproduction;
  const body = html`<p>The same command on the same file gives the same model, to the last bit.</p>
<pre class="command" tabindex="0"><code><bdi>${command}</bdi></code></pre>
<dl class="facts">
<div><dt>Seed</dt><dd>${seed}</dd></div>
${Object.entries(versions).map(
  ([what, version]) => html`<div><dt>${what}</dt><dd>${version}</dd></div>
`,
)}<div><dt>Data</dt><dd>${name(source)}${fingerprint !== undefined && html`<br>SHA-256 <code class="hash">${fingerprint}</code>`}</dd></div>
<div><dt>Date</dt><dd><time datetime="${date.toISOString()}">${whenOf(date)}</time></dd></div>
</dl>`;
  return { id: "reproduce", title: "How to make it again", body };
}

/** 2026-11-21 09:30 UTC */
export const whenOf = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/**
 * A report about a training run: one page that holds all it shows. `data.ts` says what is told, `sections/` in which words and
 * figures, `html.ts` keeps what comes from the user's file from being anything but text.
 */

import { count } from "../render/format.ts";
import { label } from "../render/text.ts";
import { present, type ReportData } from "./data.ts";
import { type Html, html, name } from "./html.ts";
import type { Section } from "./parts.ts";
import { sectionsOf } from "./sections/index.ts";
import { whenOf } from "./sections/trust.ts";
import { STYLE } from "./style.ts";

export type * from "./data.ts";

/** Nothing is loaded, and nothing runs: https://www.w3.org/TR/CSP3/ */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The report as an HTML page that needs nothing else: no network, no script. */
export function renderReport(data: ReportData): string {
  const sections = sectionsOf(data);
  const title = `${label(data.target, 60)} from ${label(data.source, 60)}`;
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="chainrule">
<title>${title} · chainrule</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#answer">To the answer</a>
<header>
<p class="kind">Training report</p>
<h1>Predicting <em>${name(data.target)}</em> <span>from ${name(data.source)}</span></h1>
<p class="byline">${byline(data)}</p>
</header>
${contents(sections)}
<main>
${sections.map(section)}</main>
<footer><p>Made by chainrule on <time datetime="${data.date.toISOString()}">${whenOf(data.date)}</time>. This page loads nothing and sends nothing; it can be kept, mailed and printed.</p></footer>
</body>
</html>
`}`;
}

function byline({ task, data, assessment, date }: ReportData): string {
  const found = present(assessment);
  const what =
    found?.task === "classification"
      ? `one of ${found.classes.length} classes`
      : task === "classification"
        ? "a class"
        : "a number";
  return [
    `${what[0]?.toUpperCase()}${what.slice(1)} for each row`,
    ...(data === undefined ? [] : [`${count(data.split.training, "row")} to learn from`]),
    date.toISOString().slice(0, 10),
  ].join(" · ");
}

const contents = (sections: readonly Section[]): Html => html`<nav aria-label="Contents"><ol>
${sections.map(
  ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>
`,
)}</ol></nav>`;

const section = ({ id, title, body }: Section): Html => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${body}
</section>
`;

/** What sections are made of. */
import { type Content, type Html, html } from "./html.ts";

/** A section with its place in the contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export interface Column {
  readonly head: Content;
  /** Numbers stand to the right. Default false. */
  readonly number?: boolean;
  /** Long texts get room. Default false. */
  readonly wide?: boolean;
}

/** A table that scrolls on its own where it is wider than the page. The first cell of each row is its head. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  const kind = ({ number, wide }: Column): string => (number ? "number" : wide ? "wide" : "");
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (cells) => html`<tr>${cells.map((cell, j) => {
    const column = columns[j] as Column;
    return j === 0
      ? html`<th scope="row" class="${kind(column)}">${cell}</th>`
      : html`<td class="${kind(column)}">${cell}</td>`;
  })}</tr>
`,
)}</tbody>
</table></div>
`;
}

/** A metric with its exact name and what it means. */
export interface Term {
  readonly name: string;
  readonly value: string;
  readonly meaning: Content;
}

export const terms = (all: readonly Term[]): Html =>
  html`<dl class="terms">${all.map(
    ({ name, value, meaning }) => html`<div><dt>${name}</dt><dd class="value">${value}</dd><dd>${meaning}</dd></div>
`,
  )}</dl>
`;

/** Why something is missing. */
export const absence = (sentence: string): Html => html`<p class="absent">${sentence}</p>
`;

export const note = (text: Content): Html => html`<p class="note">${text}</p>
`;

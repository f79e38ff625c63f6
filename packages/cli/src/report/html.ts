/** Text that is HTML, and everything else, which is shown as it is. */

import { clipped, label, plain, visible } from "../render/text.ts";

/** HTML. Only `html` makes it, so that nothing else gets into a page without being escaped. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What can stand in a template: nothing, text to be shown as it is, or HTML. */
export type Content = Html | string | number | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for between tags and in quoted attributes. What cannot stand in HTML is shown as its control picture. */
export const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (c) => ENTITIES[c] as string);

/** The template's text with the values in it: strings and numbers escaped, lists joined. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.reduce((text, part, i) => text + written(values[i - 1]) + part));
}

function written(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.toString();
  if (typeof content === "string" || typeof content === "number") return escaped(`${content}`);
  return content.map(written).join("");
}

/** The longest name or cell that is shown whole; no more fits in a table. */
const LONGEST = 60;

/**
 * A name or a cell out of the user's data: in a direction of its own, so that text from right to left, or a mark that turns it,
 * leaves its surroundings alone; and cut if it is very long.
 */
export function name(text: string, longest = LONGEST): Html {
  const short = clipped(text, longest);
  if (/^\s*$/.test(text)) return html`<i class="none">${text === "" ? "empty" : "blank"}</i>`;
  // What is wider than a column gets room, and may break anywhere if its words are too; others only between words.
  const long = (short.length > 30 || /\S{25}/.test(short)) && html` class="long"`;
  if (short === text) return html`<bdi${long}>${text}</bdi>`;
  return html`<bdi${long} title="${clipped(plain(text), 500)}">${short}</bdi>`;
}

/** A sentence that may quote the user's data. */
export const sentence = (text: string): Html => name(text, 400);

/** A unit as it stands behind a number, or "". */
export const unitLabel = (unit: string | undefined): string => (unit === undefined ? "" : label(unit, 16));

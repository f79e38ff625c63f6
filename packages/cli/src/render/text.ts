/** Names and cells out of the user's data, made safe to show: nothing in them steers a terminal or turns what stands beside them. */

/** Control characters as pictures (U+2400 …); what is no character, and halves of one, replaced by U+FFFD. */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    .replace(/[\x00-\x08\x0b-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/[\x7f-\x9f\ufffe\uffff]/g, "\ufffd");

/** Without marks that change the direction of what follows, for where no element can hold them in. */
export const plain = (text: string): string => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

/** A name on one line, cut if it is long: for terminals, pictures and titles. */
export function label(text: string, longest = 22): string {
  const shown = visible(plain(text)).replace(/\s+/g, " ");
  return shown.length <= longest ? shown : `${start(shown, longest - 1)}…`;
}

/** The first characters if there are too many, and how many there are if there are far too many. */
export function clipped(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const many = text.length < 4 * longest ? "" : ` (${text.length.toLocaleString("en-US")} characters)`;
  return `${start(text, longest - 1)}…${many}`;
}

/** At most so many UTF-16 units, and no half character at the end. */
const start = (text: string, length: number): string =>
  text
    .slice(0, length)
    .toWellFormed()
    .replace(/\ufffd$/, "");

/** Characters that a terminal draws two columns wide: East Asian ones (Unicode annex 11) and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

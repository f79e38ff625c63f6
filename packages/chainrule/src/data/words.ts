/**
 * What single words of tables mean: no value, or a number. It imports nothing, since exported models hold parts of its text:
 * see table/standalone/.
 */

/** What tables write where they have no value. */
const ABSENT = new Set(["", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "."]);

/** Whether a text is one of those that tables write where they have no value. "None" is Python's; "none" may be a category. */
export const isAbsent = (text: string): boolean =>
  text.length <= 4 && (text === "None" || ABSENT.has(text.toLowerCase()));

/** A decimal number as tables have it; JavaScript's own reading would take "", "0x10" and "Infinity" too. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The decimal number that a text without white space around it stands for; undefined if for none. */
export const decimalOf = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);

/** As pandas, NumPy, JavaScript and people write it. */
const INFINITY = /^([+-]?)(?:inf(?:inity)?|∞)$/i;

/** How a number, or infinity, can begin: most words are told from numbers by it. */
const BEGIN = /^[\d.+\-i∞]/i;

/** The number that a text without white space around it stands for, which may be infinite; undefined if for none. */
export function numberOfText(text: string): number | undefined {
  if (!BEGIN.test(text)) return undefined;
  const infinite = INFINITY.exec(text);
  if (infinite === null) return decimalOf(text);
  return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

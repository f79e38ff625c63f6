/** Numbers as they are written, with a point or a comma before the decimals. */

/** As Number reads it, without the forms that no table has, such as 0x1f. */
const POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Thousands may be set apart by points, spaces (also those that do not break) or apostrophes. */
const COMMA = /^[+-]?(?:\d{1,3}(?:[.'’ \u00a0\u202f]\d{3})+|\d+)?(?:,\d*)?(?:e[+-]?\d+)?$/i;

export const isNumber = (text: string): boolean => POINT.test(text);

export const isCommaNumber = (text: string): boolean => COMMA.test(text) && /\d/.test(text);

/** "1.234,5" as "1234.5"; a text that is not wholly such a number stays as it is. */
export const withPoint = (text: string): string =>
  isCommaNumber(text) ? text.replace(/[.'’ \u00a0\u202f]/g, "").replace(",", ".") : text;

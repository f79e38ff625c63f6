/** What `checkData` takes columns for that are no measurements: identifiers, dates, categories, free text. */
import type { Finding } from "./check.ts";
import { error, LEAST_ROWS, plural, warning } from "./finding.ts";
import type { Column, Table } from "./table.ts";

export const kinds = (table: Table): Finding[] =>
  table.columns.flatMap((column) => {
    const { texts } = column;
    if (texts !== undefined) return ofTexts(column, texts);
    // There is nothing else to learn from.
    return table.columns.length === 1 ? [] : identifier(column);
  });

/** Names that mean one. */
const NAMED = /(^|[^a-z])(id|uuid|guid)$|[a-z]I[dD]$/;

/**
 * Pairs of equal numbers that chance would give: with so many expected, none at all is one case in 20 000 where numbers are
 * spread evenly over their range, and rarer where they are not.
 */
const EXPECTED_PAIRS = 10;

function identifier({ name, numbers }: Column): Finding[] {
  const n = numbers.length;
  if (n < LEAST_ROWS || !numbers.every(Number.isInteger)) return [];
  const isNamed = NAMED.test(name);
  const different = new Set(numbers).size;
  const advice = "A model may learn the order of the file or single rows from it; drop it, unless it is a time.";
  const looks = "it looks like an identifier";
  if (numbers.every((v, i) => i === 0 || v > (numbers[i - 1] as number))) {
    return [warning("identifier", [name], `"${name}" counts the rows: ${looks}.`, advice)];
  }
  const range = numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b)) + 1;
  if (different === n && (isNamed || (n * (n - 1)) / 2 / range >= EXPECTED_PAIRS)) {
    return [warning("identifier", [name], `"${name}" has another whole number in each row: ${looks}.`, advice)];
  }
  if (!isNamed || different === 1) return [];
  const message = `"${name}" looks by its name like an identifier, of ${different} things that the ${n} rows belong to.`;
  return [
    warning("identifier", [name], message, 'Drop it; give it as groups to the strategy "group" of split and folds.'),
  ];
}

const TIME = String.raw`\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?`;
const ZONE = String.raw`\s?(Z|[AaPp][Mm]|[+-]\d{2}:?\d{2})?`;
const MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
/** 2024-03-31, 31.3.2024, 3/31/24, 31 March 2024, Mar 31, 2024, each with a time or without; or a time alone. */
const DATE = new RegExp(
  `^(${[
    String.raw`\d{4}([-/.])\d{1,2}(\2\d{1,2})?`,
    String.raw`\d{1,2}([-/.])\d{1,2}\4(\d{4}|\d{2})`,
    `\\d{1,2}\\.?[ -]${MONTH}[ -](\\d{4}|\\d{2})`,
    `${MONTH} \\d{1,2},? \\d{4}`,
  ].join("|")})([T ]${TIME}${ZONE})?$|^${TIME}${ZONE}$`,
  "i",
);

/** "1,234", "€ 5", "12 kg", "3 %": one number, with a sign of a currency before it or a unit after it. */
const MEASURE = /^[$€£¥]?\s?[+-]?\d[\d.,'\u00a0 ]*\s?([$€£¥%°]|[a-zµ°]{1,3}[²³]?)?$/i;

/** More texts than these, or than half of the rows, are too many to be categories. */
const MOST_CATEGORIES = 50;

const shown = (texts: readonly string[]): string =>
  texts
    .slice(0, 3)
    .map((text) => JSON.stringify(text))
    .join(", ") + (texts.length > 3 ? " …" : "");

function ofTexts({ name, numbers, missing }: Column, texts: readonly string[]): Finding[] {
  const rows = numbers.length - missing.length;
  if (texts.every((text) => DATE.test(text))) {
    const advice =
      'Make numbers of it, such as the days since a first one, month or weekday; split by "time" if rows follow it.';
    return [warning("date", [name], `"${name}" holds dates or times, such as ${shown(texts.slice(0, 1))}.`, advice)];
  }
  if (texts.length > 2 && texts.every((text) => MEASURE.test(text))) {
    const advice = "Leave out units and separators of thousands, and write a decimal point.";
    return [error("text", [name], `"${name}" holds numbers that are written as text: ${shown(texts)}.`, advice)];
  }
  if (rows >= LEAST_ROWS && texts.length === rows) {
    const message = `"${name}" has another text in each row (${shown(texts)}): it looks like an identifier or a name.`;
    return [
      warning(
        "identifier",
        [name],
        message,
        "It tells nothing of other rows; drop it, or make numbers of what it says.",
      ),
    ];
  }
  if (rows >= LEAST_ROWS && texts.length > Math.min(MOST_CATEGORIES, rows / 2)) {
    const message = `"${name}" holds ${texts.length} different texts in ${plural(rows, "row")} (${shown(texts)}).`;
    return [
      warning(
        "text",
        [name],
        message,
        "These are too many for categories; group them, or make numbers of what they say.",
      ),
    ];
  }
  if (texts.length < 2) return [];
  const message = `"${name}" is a category with ${texts.length} values: ${shown(texts)}.`;
  return [
    warning(
      "category",
      [name],
      message,
      "Encode it: number the values, and make of each a column of 0 and 1 by oneHot.",
    ),
  ];
}

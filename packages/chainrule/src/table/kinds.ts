/** Which kind of column its values make: the rules, one after another, each with its reason in words. */
import { areBooleans, numberOf, type Tally, type Value } from "./cells.ts";
import { DATE_FORMATS, type DateFormat, daysOf } from "./standalone/dates.ts";

export const COLUMN_KINDS = [
  "number",
  "category",
  "boolean",
  "date",
  "text",
  "identifier",
  "constant",
  "empty",
] as const;

/** What a column holds. Text, identifiers, constants and empty columns are no features. */
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** Cells that do not fit the kind of their column and count as missing. */
export interface OddCells {
  readonly count: number;
  /** The first of them: its row, from 0, and what it holds. */
  readonly row: number;
  readonly example: string;
}

export interface Verdict {
  readonly kind: ColumnKind;
  /** One sentence for the user. */
  readonly reason: string;
  readonly odd?: OddCells;
  /** How dates are written. */
  readonly format?: DateFormat;
}

/** A column of numbers or dates may have at most this share of other words; they count as missing. */
const MOST_ODD = 0.1;

/** With fewer rows that have a value, all different ones say nothing yet. */
const FEWEST_FOR_IDENTIFIER = 10;

/** The share of different values from which a column of words is text or names each row. */
const NEARLY_ALL = 0.9;

/** Words in a cell, on average, from which a column of nearly all different values is text. */
const WORDS_OF_TEXT = 3;

/** Names of columns whose whole numbers are codes. */
const CODE_NAME =
  /(^|[_\s-])(zip|zip_?code|postal_?code|post_?code|postcode|plz|postleitzahl|area_?code|phone(_?prefix)?|dial(ing)?_?code)($|[_\s-])/i;
const ID_NAME = /(^|[_\s.-])(id|uuid|guid)$/i;

/** customerId is customer_Id. */
const separated = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1_$2");

/** The kind of a column by its name and its values. */
export function kindOf(name: string, values: Tally): Verdict {
  const { present, missing } = values;
  const distinct = values.values.length;
  if (present === 0) return { kind: "empty", reason: "no row has a value" };
  if (distinct === 1 && missing === 0) {
    return {
      kind: "constant",
      reason: `all rows have ${quoted(values.values[0] as Value)}: nothing can be learned from it`,
    };
  }
  // The words of one pair, with "Yes", "YES" and "yes" for one.
  if (distinct <= 8 && areBooleans(values.values.map(({ text }) => text))) {
    return { kind: "boolean", reason: `yes or no, written as ${values.values.map(quoted).join(" and ")}` };
  }
  return asNumbers(name, values) ?? asDates(values) ?? asWords(name, values);
}

const quoted = ({ text }: Value): string => JSON.stringify(shortened(text));

/** Examples are to be recognized, not to be read. */
export const shortened = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);

const isWhole = ({ text }: Value): boolean => /^[+-]?\d+(\.0*)?$/.test(text);

function asNumbers(name: string, values: Tally): Verdict | undefined {
  const numbers = values.values.filter(({ cell }) => numberOf(cell) !== undefined);
  if (numbers.length === 0) return undefined;
  const odd = oddOf(values.values.filter(({ cell }) => numberOf(cell) === undefined));
  const share = (odd?.count ?? 0) / values.present;
  if (share <= MOST_ODD) {
    const reason = odd === undefined ? "all values are numbers" : `numbers, but for ${told(odd)}`;
    return codes(name, values, numbers) ?? { kind: "number", reason, ...(odd && { odd }) };
  }
  // A few numbers among words are words too.
  if (odd === undefined || share > 0.5 || asDates(values) !== undefined) return undefined;
  const what = `${odd.count} of ${values.present} values are no numbers, such as ${JSON.stringify(odd.example)}`;
  return named(values) ?? category(values, `${what}: more than ${percent(MOST_ODD)}, so each value counts as a word`);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What does not fit, for a reason. */
export const told = ({ count, example }: OddCells): string =>
  `${count === 1 ? "one value that counts" : `${count} values that count`} as missing, ${count === 1 ? "" : "such as "}${JSON.stringify(example)}`;

export function oddOf(values: readonly Value[]): OddCells | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  const count = values.reduce((sum, value) => sum + value.count, 0);
  return { count, row: first.row, example: shortened(first.text) };
}

/** Whole numbers that are no quantities; there may be other words among the values. */
function codes(name: string, values: Tally, numbers: readonly Value[]): Verdict | undefined {
  if (!numbers.every(isWhole)) return undefined;
  const label = separated(name);
  if (CODE_NAME.test(label)) return category(values, "whole numbers under the name of a code, not quantities");
  const zeros = numbers.find(({ text }) => /^[+-]?0\d/.test(text));
  const long = numbers.find(({ text }) => text.replace(/\D/g, "").length > 15);
  const what =
    zeros !== undefined
      ? `with leading zeros, such as ${quoted(zeros)}: codes,`
      : long !== undefined
        ? `of more than 15 digits, such as ${quoted(long)}: codes,`
        : ID_NAME.test(label)
          ? "under the name of an identifier,"
          : undefined;
  if (what !== undefined) return named(values) ?? category(values, `whole numbers ${what} not quantities`);
  return countsRows(values) ? { kind: "identifier", reason: "whole numbers that count the rows" } : undefined;
}

/** 0, 1, 2, … or 1, 2, 3, … in the order of the rows. */
function countsRows({ values, missing, present }: Tally): boolean {
  if (missing > 0 || values.length !== present || present < FEWEST_FOR_IDENTIFIER) return false;
  const first = numberOf((values[0] as Value).cell) as number;
  return (first === 0 || first === 1) && values.every(({ cell }, i) => numberOf(cell) === first + i);
}

/** An identifier if nearly every row has another value. */
function named({ values, present }: Tally): Verdict | undefined {
  if (present < FEWEST_FOR_IDENTIFIER || values.length < NEARLY_ALL * present) return undefined;
  const all = values.length === present ? "every row has" : `${values.length} of ${present} rows have`;
  return { kind: "identifier", reason: `${all} another value: it names the rows and says nothing about others` };
}

function asDates(values: Tally): Verdict | undefined {
  const fits = DATE_FORMATS.map((format) => {
    const odd = values.values.filter(({ text }) => daysOf(text, format) === undefined);
    return { format, odd: oddOf(odd) };
  });
  const least = Math.min(...fits.map(({ odd }) => odd?.count ?? 0));
  if (least > MOST_ODD * values.present) return undefined;
  const [best, other] = fits.filter(({ odd }) => (odd?.count ?? 0) === least) as [(typeof fits)[0], (typeof fits)[0]?];
  const { format, odd } = best;
  const reason =
    other === undefined
      ? `dates written as ${FORMAT_NAMES[format]}`
      : `dates that can be read both as ${FORMAT_NAMES[format]} and as ${FORMAT_NAMES[other.format]}; the former is taken`;
  return {
    kind: "date",
    reason: odd === undefined ? reason : `${reason}, but for ${told(odd)}`,
    format,
    ...(odd && { odd }),
  };
}

const FORMAT_NAMES: Readonly<Record<DateFormat, string>> = {
  iso: "year-month-day",
  "y/m/d": "year/month/day",
  "d.m.y": "day.month.year",
  "m/d/y": "month/day/year",
  "d/m/y": "day/month/year",
};

function asWords(name: string, values: Tally): Verdict {
  const { present } = values;
  const dressed = dressedNumbers(values);
  if (dressed !== undefined) {
    return named(values) === undefined ? category(values, dressed) : { kind: "identifier", reason: dressed };
  }
  if (
    present >= FEWEST_FOR_IDENTIFIER &&
    values.values.length >= NEARLY_ALL * present &&
    !CODE_NAME.test(separated(name))
  ) {
    const words = values.values.reduce((sum, { text, count }) => sum + count * text.split(/\s+/).length, 0) / present;
    if (words >= WORDS_OF_TEXT) {
      return { kind: "text", reason: `text of ${words.toFixed(1)} words on average, of which no features are made` };
    }
    return named(values) as Verdict;
  }
  const { length } = values.values;
  return category(values, length === 1 ? "one word or no value" : `words, ${length} different ones`);
}

/** A number with a currency before it, or with separators of thousands, a decimal comma, a percent sign or a unit. */
const DRESSED = /^[+-]?\p{Sc}?\s?[+-]?\d+(?:[.,'’ \u00a0]\d{3})*(?:[.,]\d+)?\s?(?:\p{Sc}|%|\s[^\d\s]{1,5})?$/u;

/** What to say where most values are numbers in a dress that is not understood: else an amount would be a word silently. */
function dressedNumbers({ values, present }: Tally): string | undefined {
  const [first] = values;
  if (first === undefined || !DRESSED.test(first.text)) return undefined;
  const count = values.reduce((sum, value) => sum + (DRESSED.test(value.text) ? value.count : 0), 0);
  if (count < NEARLY_ALL * present) return undefined;
  return `numbers with separators or units, such as ${quoted(first)}, which count as words: write them as 1234.5 to have quantities`;
}

/** Categories of one column that get a feature of their own; the rarer ones share one. */
export const MOST_CATEGORIES = 50;

function category({ values }: Tally, reason: string): Verdict {
  if (values.length <= MOST_CATEGORIES) return { kind: "category", reason };
  const rest = `the ${MOST_CATEGORIES} most frequent of ${values.length} are told apart, the others are "other"`;
  return { kind: "category", reason: `${reason}; ${rest}` };
}

/** What a search may choose from: the usual ranges, and those that a user writes. */
import { type Distribution, logUniform, uniform } from "chainrule/selection";
import { Failure } from "../failure.ts";
import { ACTIVATION_NAMES, OPTIMIZER_NAMES } from "./names.ts";
import type { Settings } from "./types.ts";
import { type SearchedName, USUAL, USUAL_VALUES } from "./usual-space.ts";

/** What a trial is made with. */
export type SearchedSettings = Partial<Pick<Settings, SearchedName>>;

/** A setting's values for a random search, and those for a grid where they are a list. */
export interface Range {
  /** As it is written: "0.001..0.1". */
  readonly text: string;
  readonly distribution: Distribution<unknown>;
  readonly values?: readonly unknown[];
}

export type SearchSpace = Partial<Record<SearchedName, Range>>;

/** As `choice`, which would take a single list of layers for all its values. */
const list = (...values: readonly unknown[]): Omit<Range, "text"> => ({
  values,
  distribution: { text: values.join("|"), at: (quantile) => values[Math.floor(quantile * values.length)] },
});

/** Of each setting: its option, how one value is read, how a range is drawn from, and the usual values. */
const KINDS: Readonly<Record<SearchedName, Kind>> = {
  learningRate: { ...USUAL_VALUES.learningRate, read: above(0), scale: logUniform },
  hidden: { ...USUAL_VALUES.hidden, read: layers },
  l2: { ...USUAL_VALUES.l2, read: within(0, Number.POSITIVE_INFINITY), scale: logUniform },
  dropout: { ...USUAL_VALUES.dropout, read: within(0, 1), scale: uniform },
  batchSize: { ...USUAL_VALUES.batchSize, read: integer },
  activation: { ...USUAL_VALUES.activation, read: oneOf(ACTIVATION_NAMES) },
  optimizer: { ...USUAL_VALUES.optimizer, read: oneOf(OPTIMIZER_NAMES) },
};

interface Kind {
  readonly option: string;
  /** The value, or what it must be. */
  readonly read: (text: string) => { readonly value: unknown } | { readonly expected: string };
  readonly scale?: (low: number, high: number) => Distribution<number>;
  readonly usual: string;
}

/** The option that settles a setting: "--learning-rate". */
export const optionOf = (name: SearchedName): string => `--${KINDS[name].option}`;

/** All that can be searched. */
export const SEARCHED_NAMES = Object.keys(KINDS) as SearchedName[];

/**
 * The space of a search: what the user wrote as `name=low..high` or `name=value|value`; where nothing is written, the usual
 * values of what no option settles.
 *
 * @throws Failure for what cannot be read, and where nothing is left to search
 */
export function searchSpace(written: readonly string[], settled: SearchedSettings): SearchSpace {
  const space: SearchSpace = {};
  for (const text of written) {
    const at = text.indexOf("=");
    const name = nameOf(at < 0 ? text : text.slice(0, at), text);
    if (at < 0) throw unreadable(text, "there is no = in it");
    if (space[name] !== undefined) throw unreadable(text, `${KINDS[name].option} is there already`);
    if (settled[name] !== undefined) throw unreadable(text, `${optionOf(name)} settles it, so leave one of them out`);
    space[name] = rangeOf(KINDS[name], text.slice(at + 1), text);
  }
  if (written.length > 0) return space;
  const open = USUAL.filter((name) => settled[name] === undefined);
  if (open.length === 0)
    throw new Failure(
      `${USUAL.map(optionOf).join(", ")} are all told, so nothing is left to search. Leave some out, or say what to try ` +
        "of another setting, as in --space 'activation=relu|tanh'.",
    );
  for (const name of open) space[name] = rangeOf(KINDS[name], KINDS[name].usual, name);
  return space;
}

function nameOf(option: string, text: string): SearchedName {
  const name = SEARCHED_NAMES.find((own) => KINDS[own].option === option.trim() || own === option.trim());
  if (name !== undefined) return name;
  throw unreadable(
    text,
    `${option.trim() || "nothing"} is none of ${SEARCHED_NAMES.map((own) => KINDS[own].option).join(", ")}`,
  );
}

function rangeOf({ read, scale }: Kind, values: string, text: string): Range {
  const one = (part: string): unknown => {
    const found = read(part.trim());
    if ("value" in found) return found.value;
    throw unreadable(text, `${part.trim() || "an empty value"} is not ${found.expected}`);
  };
  const [low, high, ...rest] = values.split("..");
  if (high === undefined) return { text: values, ...list(...values.split("|").map(one)) };
  if (scale === undefined || rest.length > 0)
    throw unreadable(text, "this setting takes a list of values, not a range");
  const bounds = [one(low as string), one(high)] as [number, number];
  if (scale === logUniform && bounds[0] === 0)
    throw unreadable(text, "a range that is drawn by ratios cannot begin at 0");
  if (!(bounds[0] < bounds[1])) throw unreadable(text, `${bounds[0]} is not below ${bounds[1]}`);
  return { text: values, distribution: scale(...bounds) };
}

const unreadable = (text: string, why: string): Failure =>
  new Failure(
    `--space ${text} cannot be read: ${why}. Write name=low..high or name=value|value, such as l2=0.001..0.1 or 'hidden=64|128,64'.`,
  );

function above(least: number) {
  return (text: string) => checked(text, (value) => value > least, `a number above ${least}`);
}

function within(least: number, limit: number) {
  const expected = Number.isFinite(limit) ? `a number from ${least} to below ${limit}` : `a number ≥ ${least}`;
  return (text: string) => checked(text, (value) => value >= least && value < limit, expected);
}

function integer(text: string) {
  return checked(text, (value) => Number.isSafeInteger(value) && value >= 1, "an integer ≥ 1");
}

function checked(text: string, isRight: (value: number) => boolean, expected: string) {
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && isRight(value) ? { value } : { expected };
}

function layers(text: string) {
  if (text === "none") return { value: [] };
  const value = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const isRight = value.every((units) => Number.isSafeInteger(units) && units >= 1);
  return isRight ? { value } : { expected: "integers ≥ 1 separated by commas, or none" };
}

function oneOf(names: readonly string[]) {
  return (text: string) => (names.includes(text) ? { value: text } : { expected: `one of ${names.join(", ")}` });
}

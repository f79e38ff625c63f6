/** Checks of the options that users give, and the JSON in which settings are saved. */

/** Plain data, as in a file. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * Refuses options that do not exist, so that a misspelt one is not silently without effect.
 *
 * @param where the function, as users know it
 * @throws TypeError that lists the options there are
 */
export function checkOptions(where: string, options: unknown, allowed: readonly string[]): void {
  if (options === undefined) return;
  const there = allowed.length === 0 ? "it takes none" : `there are ${allowed.join(", ")}`;
  if (!isPlainObject(options)) {
    throw new TypeError(`${where}: the options must be an object, not ${describeValue(options)}; ${there}.`);
  }
  const unknown = Object.keys(options).filter((key) => !allowed.includes(key));
  if (unknown.length === 0) return;
  const names = unknown.map((key) => `"${key}"`).join(", ");
  throw new TypeError(`${where}: unknown option${unknown.length > 1 ? "s" : ""} ${names}; ${there}.`);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/** A range of numbers; `least` and `most` belong to it, `above` and `below` do not. */
export interface NumberRange {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
  readonly integer?: boolean;
}

/**
 * The value, if it is a finite number in the range.
 *
 * @throws RangeError that names the option, what it is and what it may be
 */
export function checkNumber(where: string, name: string, value: unknown, range: NumberRange = {}): number {
  const { least = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = range;
  const { most = Number.POSITIVE_INFINITY, below = Number.POSITIVE_INFINITY, integer = false } = range;
  const number = typeof value === "number" ? value : Number.NaN;
  const inside = number >= least && number <= most && number > above && number < below;
  if (inside && Number.isFinite(number) && (!integer || Number.isSafeInteger(number))) return number;
  const bounds = [
    range.least === undefined ? "" : `≥ ${range.least}`,
    range.above === undefined ? "" : `> ${range.above}`,
    range.most === undefined ? "" : `≤ ${range.most}`,
    range.below === undefined ? "" : `< ${range.below}`,
  ].filter((bound) => bound !== "");
  const kind = integer ? "an integer" : "a finite number";
  throw new RangeError(
    `${where}: ${name} must be ${[kind, bounds.join(" and ")].join(" ").trim()}; it is ${describeValue(value)}.`,
  );
}

/** @throws TypeError, RangeError unless it is a shape of examples, such as [1, 784] */
export function checkInputShape(where: string, shape: unknown): asserts shape is readonly number[] {
  if (!Array.isArray(shape))
    throw new TypeError(`${where}: the input shape must be an array such as [1, 784]; it is ${describeValue(shape)}.`);
  for (const extent of shape)
    checkNumber(where, "each extent of the input shape", extent as number, { least: 1, integer: true });
}

/** The value, if it is one of those allowed. @throws RangeError that lists them */
export function checkChoice<T extends string>(where: string, name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value);
  if (found !== undefined) return found;
  const choices = allowed.map((choice) => `"${choice}"`).join(", ");
  throw new RangeError(`${where}: ${name} must be one of ${choices}; it is ${describeValue(value)}.`);
}

/** How an error message shows a value. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `the function ${value.name === "" ? "without a name" : value.name}`;
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object" || value === null) return String(value);
  const name = (value as { constructor?: { name?: string } }).constructor?.name ?? "";
  return name === "" || name === "Object" ? "an object" : `a ${name}`;
}

/** What a search may choose from: distributions for one setting each. */
import { checkNumber, describeValue } from "../tensor/options.ts";

/** Where the values of one setting come from. */
export interface Distribution<T> {
  /** As a record shows it: "logUniform(0.001, 0.1)". */
  readonly text: string;
  /** The value at a quantile in [0, 1). */
  at(quantile: number): T;
}

/** A setting's name with the values it may have. */
export type Space = Readonly<Record<string, Distribution<unknown>>>;

/** One value for each setting of a space. */
export type Configuration<S extends Space> = {
  readonly [K in keyof S]: S[K] extends Distribution<infer T> ? T : never;
};

/** Real numbers in [low, high), all equally likely. @throws RangeError unless low < high */
export function uniform(low: number, high: number): Distribution<number> {
  checkBounds("uniform", low, high);
  return { text: `uniform(${low}, ${high})`, at: (quantile) => low + quantile * (high - low) };
}

/**
 * Positive numbers in [low, high) whose logarithm is uniform: as many between 0.001 and 0.01 as between 0.01 and 0.1.
 * For learning rates and strengths of regularization (J. Bergstra and Y. Bengio, "Random search for hyper-parameter
 * optimization", 2012).
 *
 * @throws RangeError unless 0 < low < high
 */
export function logUniform(low: number, high: number): Distribution<number> {
  checkNumber("logUniform", "low", low, { above: 0 });
  checkBounds("logUniform", low, high);
  return { text: `logUniform(${low}, ${high})`, at: (quantile) => low * (high / low) ** quantile };
}

/** Integers from low to high, both included. @throws RangeError unless low ≤ high, both integers */
export function integer(low: number, high: number): Distribution<number> {
  checkNumber("integer", "low", low, { integer: true });
  checkNumber("integer", "high", high, { least: low, integer: true });
  return { text: `integer(${low}, ${high})`, at: (quantile) => low + Math.floor(quantile * (high - low + 1)) };
}

/** One of some values, all equally likely. @throws RangeError for none */
export function choice<const T>(...values: readonly T[]): Distribution<T> {
  if (values.length === 0) throw new RangeError("choice: give at least one value.");
  if (values.length === 1 && Array.isArray(values[0])) {
    throw new TypeError("choice: the only value is an array; give its elements one by one: choice(...values).");
  }
  return {
    text: `choice(${values.map((value) => describeValue(value)).join(", ")})`,
    at: (quantile) => values[Math.floor(quantile * values.length)] as T,
  };
}

function checkBounds(where: string, low: number, high: number): void {
  checkNumber(where, "low", low);
  checkNumber(where, "high", high, { above: low });
}

/** @throws TypeError unless it is an object of distributions */
export function checkSpace(where: string, space: unknown): Space {
  if (typeof space !== "object" || space === null || Object.keys(space).length === 0) {
    throw new TypeError(
      `${where}: space must be an object such as { learningRate: logUniform(1e-4, 1) }; it is ${describeValue(space)}.`,
    );
  }
  for (const [name, distribution] of Object.entries(space)) {
    const given = distribution as Distribution<unknown> | null;
    if (typeof given?.at === "function" && typeof given.text === "string") continue;
    throw new TypeError(
      `${where}: "${name}" must be a distribution: uniform, logUniform, integer or choice; it is ${describeValue(distribution)}.`,
    );
  }
  return space as Space;
}

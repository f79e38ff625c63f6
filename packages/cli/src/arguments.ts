/** Readers of option values, for commander: they return the value or say what it must be. */
import { InvalidArgumentError } from "commander";

/** A reader of integers that are not below `least`. */
export const integer =
  (least: number) =>
  (text: string): number => {
    const value = numberOf(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be an integer ≥ ${least}.`);
  };

/** A finite number above 0. */
export function positive(text: string): number {
  const value = numberOf(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a number > 0.");
}

/** Integers ≥ 1 separated by commas. */
export function sizes(text: string): number[] {
  const values = text.split(",").map(numberOf);
  if (values.every((value) => Number.isSafeInteger(value) && value >= 1)) return values;
  throw new InvalidArgumentError("It must be integers ≥ 1 separated by commas, such as 128,64.");
}

/** NaN for an empty text too, which Number would take for 0. */
const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

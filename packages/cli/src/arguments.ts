/** Readers of option values, for commander: they return the value or say what it must be. */
import { InvalidArgumentError, Option } from "commander";

/** A reader of integers that are not below `least`. */
export const integer =
  (least: number) =>
  (text: string): number => {
    const value = numberOf(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be an integer ≥ ${least}.`);
  };

/** A port of TCP; 0 means any that is free. */
export function port(text: string): number {
  const value = numberOf(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError("It must be an integer from 0 to 65535.");
}

/** A finite number above 0. */
export function positive(text: string): number {
  const value = numberOf(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a number > 0.");
}

/** A finite number that is not below 0. */
export function nonNegative(text: string): number {
  const value = numberOf(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a number ≥ 0.");
}

/** A number from 0, and below 1. */
export function share(text: string): number {
  const value = numberOf(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError("It must be a number from 0, and below 1, such as 0.2.");
}

/** A number from 0 to 1. */
export function probability(text: string): number {
  const value = numberOf(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1, such as 0.3.");
}

/** Integers ≥ 1 separated by commas. */
export function sizes(text: string): number[] {
  const values = text.split(",").map(numberOf);
  if (values.every((value) => Number.isSafeInteger(value) && value >= 1)) return values;
  throw new InvalidArgumentError("It must be integers ≥ 1 separated by commas, such as 128,64.");
}

/** An integer ≥ 1, or "auto". */
function threads(text: string): number | "auto" {
  const value = numberOf(text);
  if (text === "auto") return text;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("It must be an integer ≥ 1, or auto.");
}

/**
 * The options of all commands that compute much; see engine.ts.
 *
 * @param usual how many threads where nothing is told: what tables take is too little work for a second one to pay
 */
export const engineOptions = (usual: number | "auto" = 1): Option[] => [
  new Option("--threads <n>", "threads to compute with; auto: as many as pay, at most the cores")
    .argParser(threads)
    .default(usual),
  new Option(
    "--no-wide-simd",
    "do without vectors of 256 bits, an experimental part of Node that is tested before use",
  ),
];

/** What a command that reads data says of it. */
export const DATA_FILE =
  "<data> is CSV, TSV, JSON Lines, Parquet, .npy, .npz or IDX, packed by gzip or not, or - for standard input.";

/** The options of all commands that print results. */
export const outputOptions = (): Option[] => [
  new Option("--json", "print JSON lines on standard output, words elsewhere"),
  new Option("--quiet", "print the results only"),
];

/** For commands that apply a model; `requireTwoClasses` in apply/ says whether the model has a threshold at all. */
export const thresholdOption = (): Option =>
  new Option("--threshold <p>", "of two classes, predict the second above this probability").argParser(probability);

/** NaN for an empty text too, which Number would take for 0. */
const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** Bias and variance: why a kind of model errs, found by training it again and again on other samples. */
import { asDataset, type Dataset, type DatasetLike, numbersOf, requireFinite, type Values } from "../data/dataset.ts";
import { key } from "../ops/composed/random.ts";
import { randomBits } from "../ops/random-bits.ts";
import { asTensor } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { trialSeed } from "./study.ts";
import { ruledTable, shown } from "./table.ts";

export interface BiasVarianceOptions {
  /** What training samples are drawn from, with replacement and of the same size; or a function that makes one anew. */
  readonly train: DatasetLike | ((seed: number) => DatasetLike);
  /** Where the errors are measured. */
  readonly test: DatasetLike;
  /** Trains a new model on a sample and gives its predictions for `x`, one for each target of `test`. */
  readonly fit: (
    sample: Dataset,
    x: Values,
    context: { readonly seed: number; readonly resample: number },
  ) => Values | Promise<Values>;
  /** How often to sample and train. Default 20. */
  readonly resamples?: number;
  /** The targets of `test` without noise, where they are known, as with data that one makes oneself. */
  readonly truth?: Values;
  /** Any integer, default 0. */
  readonly seed?: number;
}

/** Means over the test examples. The error is the sum of the others, exactly or up to chance: see `biasVariance`. */
export interface BiasVariance {
  /** (mean prediction − truth)². Without `truth` the targets stand for it, so that the noise is in here too. */
  readonly squaredBias: number;
  /** The variance of the predictions over the samples. */
  readonly variance: number;
  /** (target − truth)²; undefined where the truth is not known. */
  readonly noise: number | undefined;
  /** The mean squared error of the models on the test targets. */
  readonly error: number;
  /** A table. */
  toString(): string;
}

/**
 * Retrains on resampled training sets and takes the error of squared loss apart (S. Geman, E. Bienenstock, R. Doursat,
 * "Neural networks and the bias/variance dilemma", 1992). With targets y = f + ε and models ŷ,
 * E(y − ŷ)² = (f − E ŷ)² + Var ŷ + ε², but for the products of ε with f − E ŷ, which average out over test examples:
 * without `truth`, (y − E ŷ)² + Var ŷ is the error exactly.
 *
 * @throws TypeError, RangeError for options and predictions that cannot be right
 * @example
 * ```ts
 * import { biasVariance } from "chainrule/selection";
 * // A model that always says 1: no variance, whatever it is trained on.
 * const { squaredBias, variance } = await biasVariance({
 *   train: { x: [[0], [1]], y: [2, 4] },
 *   test: { x: [[0], [1]], y: [2, 4] },
 *   fit: () => [1, 1],
 * });
 * [squaredBias, variance]; // → [ 5, 0 ]
 * ```
 */
export async function biasVariance(options: BiasVarianceOptions): Promise<BiasVariance> {
  const where = "biasVariance";
  checkOptions(where, options, ["train", "test", "fit", "resamples", "truth", "seed"]);
  const { train, fit, truth } = options ?? {};
  if (typeof fit !== "function") {
    throw new TypeError(`${where}: fit must be a function of (sample, x); it is ${describeValue(fit)}.`);
  }
  const resamples = checkNumber(where, "resamples", options.resamples ?? 20, { least: 2, integer: true });
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });
  const test = asDataset(`${where}: test`, options.test);
  requireFinite(where, "y of test", test.y);
  const targets = numbersOf(test.y);
  const known = truth === undefined ? undefined : asTensor(truth);
  if (known !== undefined) requireFinite(where, "truth", known);
  const f = known && numbersFor(where, "truth", known, targets.length);
  const draw = typeof train === "function" ? train : bootstrap(asDataset(`${where}: train`, train));
  const predictions: TypedArray[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const own = trialSeed(seed, resample);
    const sample = asDataset(`${where}: the sample`, draw(own));
    const given = asTensor(await fit(sample, test.x, { seed: own, resample }));
    const numbers = numbersFor(where, "the predictions of fit", given, targets.length);
    const lost = numbers.findIndex((p) => !Number.isFinite(p));
    if (lost >= 0) {
      throw new RangeError(
        `${where}: the prediction for example ${lost} of test in resample ${resample} is ${numbers[lost]}: the training ` +
          "diverged (a smaller learning rate helps; detectNaN of chainrule/diagnose names the operation).",
      );
    }
    predictions.push(numbers);
  }
  return decompose(predictions, targets, f);
}

const numbersFor = (where: string, what: string, values: ReturnType<typeof asTensor>, count: number): TypedArray => {
  if (values.size === count) return numbersOf(values);
  throw new RangeError(
    `${where}: ${what} must be one number for each of the ${count} targets of test; the shape is ${formatShape(values.shape)}.`,
  );
};

/** Samples with replacement, as large as the data (B. Efron, 1979). */
const bootstrap =
  (data: Dataset) =>
  (seed: number): Dataset => {
    const bits = numbersOf(randomBits(key(seed), [data.length]));
    return data.take(Int32Array.from(bits, (word) => Math.floor(((word >>> 0) / 2 ** 32) * data.length)));
  };

function decompose(
  predictions: readonly TypedArray[],
  targets: TypedArray,
  truth: TypedArray | undefined,
): BiasVariance {
  let [squaredBias, variance, noise, error] = [0, 0, 0, 0];
  for (let i = 0; i < targets.length; i++) {
    const own = predictions.map((numbers) => numbers[i] as number);
    const y = targets[i] as number;
    const f = truth?.[i] ?? y;
    const mean = own.reduce((sum, p) => sum + p, 0) / own.length;
    squaredBias += (mean - f) ** 2;
    variance += own.reduce((sum, p) => sum + (p - mean) ** 2, 0) / own.length;
    noise += (y - f) ** 2;
    error += own.reduce((sum, p) => sum + (p - y) ** 2, 0) / own.length;
  }
  const over = (sum: number): number => sum / targets.length;
  const parts = {
    squaredBias: over(squaredBias),
    variance: over(variance),
    noise: truth === undefined ? undefined : over(noise),
    error: over(error),
  };
  return { ...parts, toString: () => text(parts) };
}

function text({ squaredBias, variance, noise, error }: Omit<BiasVariance, "toString">): string {
  const parts: [string, number][] = [
    [noise === undefined ? "bias² and noise" : "bias²", squaredBias],
    ["variance", variance],
    ...(noise === undefined ? [] : ([["noise", noise]] satisfies [string, number][])),
    ["error", error],
  ];
  const share = (value: number): string => (error === 0 ? "" : `${((100 * value) / error).toFixed(1)} %`);
  return ruledTable(
    ["part", "mean square", "of the error"],
    parts.map(([name, value]) => [name, shown(value), share(value)]),
    [0],
  ).join("\n");
}

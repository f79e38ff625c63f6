/** `findLearningRate`: the range test. */
import { formatNumber } from "../check/numbers.ts";
import { compile } from "../compile/index.ts";
import { epochOrder } from "../data/batches.ts";
import type { DatasetLike } from "../data/dataset.ts";
import type { Loss } from "../loss/index.ts";
import { type Optimizer, type Regularizer, type ScheduleFunction, sgd } from "../optim/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Batch, Batches } from "../train/batches.ts";
import { checkedDataset, checkLossOn, requireLoss } from "../train/evaluate.ts";
import { type Model, outputOf, requireModel } from "../train/model.ts";
import { makeStep } from "../train/train-step.ts";
import { weightedLoss } from "../train/weighted-loss.ts";
import { sparkline } from "./bars.ts";
import { type RateSuggestions, suggestRates } from "./rate-suggestions.ts";
import { checkStep } from "./sample.ts";
import { untouched } from "./untouched.ts";

export type { RateSuggestions } from "./rate-suggestions.ts";

export interface FindLearningRateOptions {
  readonly train: DatasetLike;
  readonly loss: Loss;
  /** Makes the optimizer from a learning rate; default sgd. For example (rate) => adam(rate). */
  readonly optimizer?: (learningRate: ScheduleFunction) => Optimizer;
  readonly regularizer?: Regularizer;
  /** The first and the last rate; default 1e-7 and 10. In between they rise by the same factor with each step. */
  readonly from?: number;
  readonly to?: number;
  /** Default 100. */
  readonly steps?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** β in [0, 1): how much of the mean of the losses so far is kept; default 0.9. */
  readonly smoothing?: number;
  /** Ends once the smoothed loss is this many times its least value; default 4. */
  readonly stopAt?: number;
  /** Any integer, default 0; decides the order of the examples. */
  readonly seed?: number;
}

/** What `findLearningRate` found. */
export class LearningRateCurve {
  readonly rates: Float64Array;
  /** The loss of each batch, before the step at that rate. */
  readonly losses: Float64Array;
  /** Their exponentially weighted mean, without the bias towards 0 at the beginning. */
  readonly smoothed: Float64Array;
  /** undefined where the loss never fell. */
  readonly suggestions: RateSuggestions | undefined;
  /** The rate at which the loss grew too much or was not finite; undefined where it did not. */
  readonly diverged: number | undefined;

  /** @internal */
  constructor(curve: Pick<LearningRateCurve, "rates" | "losses" | "smoothed" | "suggestions" | "diverged">) {
    this.rates = curve.rates;
    this.losses = curve.losses;
    this.smoothed = curve.smoothed;
    this.suggestions = curve.suggestions;
    this.diverged = curve.diverged;
  }

  /** The curve and the suggestions. */
  toString(): string {
    const short = (x: number | undefined): string => formatNumber(Number((x ?? 0).toPrecision(2)));
    const { suggestions: found, diverged } = this;
    return [
      `loss  ${sparkline(this.smoothed)}`,
      `rate  ${short(this.rates[0])} … ${short(this.rates.at(-1))}${diverged === undefined ? "" : `, diverged at ${short(diverged)}`}`,
      ...(found === undefined
        ? ["The loss did not fall at any rate: overfitOneBatch tells whether the model can learn at all."]
        : [
            `steepest ${short(found.steepest)}, a tenth of the minimum ${short(found.tenthOfMinimum)}, valley ${short(found.valley)}, ` +
              `cycle from ${short(found.cycle.low)} to ${short(found.cycle.high)}`,
          ]),
    ].join("\n");
  }
}

/**
 * The learning rate range test: trains for some steps while the rate rises exponentially, and looks where the loss begins to
 * fall, falls fastest and rises again. L. N. Smith, "Cyclical learning rates for training neural networks", 2015 (WACV
 * 2017). The model is as before in the end. The smoothed loss after step i is sᵢ/(1 − βⁱ), with sᵢ = β·sᵢ₋₁ + (1 − β)·lossᵢ.
 *
 * @throws TypeError, RangeError, DataError for options and data that cannot be right
 * @example
 * ```ts
 * import { findLearningRate } from "chainrule/diagnose";
 * import { meanSquaredError } from "chainrule/loss";
 * import { constant, dense } from "chainrule/nn";
 * const train = { x: [[1]], y: [[1]] };
 * const model = dense(1, 1, { bias: false, weightInit: constant(0) });
 * const { suggestions, diverged } = findLearningRate(model, { train, loss: meanSquaredError, smoothing: 0 });
 * // (w − 1)² is minimized in one step by the rate ½, and diverges above 1.
 * suggestions !== undefined && suggestions.cycle.high > 0.3 && diverged !== undefined && diverged > 1; // → true
 * ```
 */
export function findLearningRate(model: Model, options: FindLearningRateOptions): LearningRateCurve {
  const where = "findLearningRate";
  requireModel(where, model);
  checkOptions(where, options, OPTIONS);
  for (const name of ["train", "loss"] as const) {
    if (options?.[name] === undefined) throw new TypeError(`${where}: the option "${name}" is missing.`);
  }
  const { loss, regularizer, optimizer = sgd } = options;
  requireLoss(where, loss);
  if (typeof optimizer !== "function") {
    throw new TypeError(
      `${where}: optimizer must be a function that makes one, such as (rate) => adam(rate); it is ${describeValue(optimizer)}.`,
    );
  }
  checkStep(where, { ...(regularizer !== undefined && { regularizer }) });
  const data = checkedDataset(where, "train", options.train);
  const from = checkNumber(where, "from", options.from ?? 1e-7, { above: 0 });
  const to = checkNumber(where, "to", options.to ?? 10, { above: from });
  const steps = checkNumber(where, "steps", options.steps ?? 100, { least: 2, integer: true });
  const batchSize = checkNumber(where, "batchSize", options.batchSize ?? 32, { least: 1, integer: true });
  const beta = checkNumber(where, "smoothing", options.smoothing ?? 0.9, { least: 0, below: 1 });
  const stopAt = checkNumber(where, "stopAt", options.stopAt ?? 4, { above: 1 });
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });

  const growth = Math.log(to / from) / (steps - 1);
  const schedule: ScheduleFunction = (step: Tensor) => step.mul(growth).exp().mul(from);
  const batches = new Batches(data, batchSize);
  return untouched(model, () => {
    const batchLoss = ({ x, y, weights }: Batch): Tensor => weightedLoss(loss, outputOf(model, x), y, weights);
    const step = compile(makeStep<Batch>(where, model, optimizer(schedule), batchLoss, { regularizer }).step);
    checkLossOn(where, model, loss, data, batchSize);
    return climb(
      steps,
      (i) => from * Math.exp(growth * i),
      { beta, stopAt },
      (i) => {
        const epoch = Math.floor(i / batches.count);
        const batch = batches.batch(i % batches.count, epochOrder(batches.length, seed, epoch + 1));
        return (step(batch) as { loss: Tensor }).loss.itemSync();
      },
    );
  });
}

const OPTIONS: readonly (keyof FindLearningRateOptions)[] = [
  "train",
  "loss",
  "optimizer",
  "regularizer",
  "from",
  "to",
  "steps",
  "batchSize",
  "smoothing",
  "stopAt",
  "seed",
];

/** Does the steps, until the loss has grown too much. */
function climb(
  steps: number,
  rateOf: (i: number) => number,
  { beta, stopAt }: { readonly beta: number; readonly stopAt: number },
  lossOf: (i: number) => number,
): LearningRateCurve {
  const [rates, losses, smoothed]: [number[], number[], number[]] = [[], [], []];
  let [mean, least] = [0, Number.POSITIVE_INFINITY];
  let diverged: number | undefined;
  for (let i = 0; i < steps; i++) {
    const loss = lossOf(i);
    mean = beta * mean + (1 - beta) * loss;
    const smooth = mean / (1 - beta ** (i + 1));
    // A loss of 0 cannot be multiplied; then any other is growth only if it is not finite.
    if (!Number.isFinite(smooth) || (least > 0 && smooth > stopAt * least)) {
      diverged = rateOf(Math.max(0, i - 1));
      break;
    }
    rates.push(rateOf(i));
    losses.push(loss);
    smoothed.push(smooth);
    least = Math.min(least, smooth);
  }
  const suggestions = suggestRates(rates, smoothed, steps);
  const [r, l, s] = [rates, losses, smoothed].map((list) => Float64Array.from(list)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return new LearningRateCurve({ rates: r, losses: l, smoothed: s, suggestions, diverged });
}

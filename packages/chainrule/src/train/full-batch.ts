/** `fitFullBatch`: training by a method that sees all examples in every step. */
import { withBoxes } from "../graph/box.ts";
import { halfSquaredError, type Loss, meanSquaredError, squaredError } from "../loss/index.ts";
import { checkMetrics, type Metric } from "../metrics/named.ts";
import { evaluation, initialize, type Param, params, warnMismatch } from "../nn/index.ts";
import type { IterationLog, Method, Regularizer } from "../optim/index.ts";
import { checkMethod, type Minimum, minimizeFor } from "../optim/minimize/minimize.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import {
  type Callback,
  checkCallbacks,
  chosenEpoch,
  type EpochLog,
  endTraining,
  type FitContext,
  type RunState,
} from "./callbacks.ts";
import { loggedNames, measureEpoch } from "./epoch-log.ts";
import { checkLossOn, requireLoss } from "./evaluate.ts";
import { type Model, outputOf, requireModel } from "./model.ts";
import { type SplitData, splitData, type TrainingData } from "./training-data.ts";
import { exampleLosses, weightedLoss } from "./weighted-loss.ts";

export interface FullBatchOptions extends TrainingData {
  /** As in `fit`; for `gaussNewton` and `levenbergMarquardt` one of the squared errors. */
  readonly loss: Loss;
  /** lbfgs(), newton(), truncatedNewton(), gaussNewton() or levenbergMarquardt(). */
  readonly method: Method;
  /** A penalty with a derivative; for the methods of least squares, `l2`. */
  readonly regularizer?: Regularizer;
  /** The most iterations; default 100. */
  readonly iterations?: number;
  /** As in `minimize`. */
  readonly gradientTolerance?: number;
  /** "float64": everything is computed in double precision, and the parameters are rounded in the end. */
  readonly dtype?: "float64";
  /** Any integer, default 0. Decides initial weights of parameters without a value, and the validation split. */
  readonly seed?: number;
  /** What to measure after each iteration, on the validation data or else the training data. */
  readonly metrics?: readonly Metric[];
  /** As in `fit`, where an iteration is an epoch of one batch; `checkpoint` has no meaning here. */
  readonly callbacks?: readonly Callback[];
  /** Called after each iteration, with the loss, penalty included, as `value`; if it returns true, that was the last. */
  readonly onIteration?: (log: IterationLog) => unknown;
}

const OPTIONS: readonly (keyof FullBatchOptions)[] = [
  "train",
  "validation",
  "loss",
  "method",
  "regularizer",
  "iterations",
  "gradientTolerance",
  "dtype",
  "seed",
  "metrics",
  "callbacks",
  "classWeights",
  "sampleWeights",
  "onIteration",
];

/** What is known after an iteration: `epoch` is `iteration`, and `loss` is `value`. */
export interface FullBatchLog extends EpochLog, IterationLog {
  readonly [metric: string]: number | undefined;
}

export interface FullBatchResult {
  /** The loss, penalty included, with the weights that the model has in the end. */
  readonly loss: number;
  /** One entry for each iteration. */
  readonly history: readonly FullBatchLog[];
  readonly iterations: number;
  /** The iteration whose weights the model has now, if `earlyStopping` chose one. */
  readonly bestEpoch?: number;
  /** How often loss or derivatives of all examples were computed. */
  readonly evaluations: number;
  readonly gradientNorm: number;
  /** Whether the parameters meet the method's test of a minimum. */
  readonly converged: boolean;
  /** Why it ended, in words. */
  readonly reason: string;
}

/**
 * Trains a model in place on all examples at once, by `minimize`. The model is in evaluation mode: dropout drops nothing,
 * and running statistics stay as they are, for these methods need a loss that is the same function in every step.
 *
 * Batches, shuffling, schedules and checkpoints have no meaning here, which is why it is not an optimizer of `fit`. Weights,
 * validation, metrics and callbacks are those of `fit`; with `earlyStopping` the model has in the end the weights of the
 * iteration that was best on the validation data.
 *
 * @throws TypeError, RangeError, DataError before anything is trained, for options and data that cannot be right
 * @example
 * ```ts
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { levenbergMarquardt } from "chainrule/optim";
 * import { fitFullBatch } from "chainrule/train";
 * const train = { x: [[0], [1], [2], [3]], y: [[1], [3], [5], [7]] };
 * const method = levenbergMarquardt();
 * const { loss } = await fitFullBatch(dense(1, 1), { train, loss: meanSquaredError, method });
 * loss < 1e-8; // → true
 * ```
 */
export async function fitFullBatch(model: Model, options: FullBatchOptions): Promise<FullBatchResult> {
  const settings = checkFullBatch(model, options);
  const { objective, callbacks } = settings;
  const { gradientTolerance, dtype, onIteration } = options;
  const parameters = params(model);
  const boxes = Object.values(parameters);
  const put = (values: readonly Tensor[]): void =>
    boxes.forEach((box, i) => {
      box.value = (values[i] as Tensor).cast(box.dtype);
    });
  const history: FullBatchLog[] = [];
  let stopped: string | undefined;
  const context: FitContext = {
    model,
    epochs: settings.iterations,
    logged: loggedNames(settings),
    history,
    stop: (reason) => {
      stopped ??= reason;
    },
    state: noState,
  };
  for (const callback of callbacks) await callback.onTrainBegin?.(context);
  const failures: unknown[] = [];
  const found = await minimizeFor(
    WHERE,
    (values: Tensor[]) => withBoxes(boxes, values, () => evaluation(() => objective(model, parameters))),
    boxes.map((box) => box.value),
    {
      method: options.method,
      iterations: settings.iterations,
      ...(gradientTolerance === undefined ? {} : { gradientTolerance }),
      ...(dtype === undefined ? {} : { dtype }),
      ...(onIteration === undefined ? {} : { onIteration }),
    },
    async (iteration, values) => {
      put(values);
      const { iteration: epoch, value: loss } = iteration;
      const log = { epoch, loss, ...iteration, ...measureEpoch(WHERE, model, settings) };
      history.push(log);
      for (const callback of callbacks) await callback.onBatchEnd?.({ epoch, batch: 0, step: epoch, loss }, context);
      for (const callback of callbacks) await callback.onEpochEnd?.(log, context);
      return stopped !== undefined;
    },
  ).catch((error: unknown) => void failures.push(error));
  if (found !== undefined) put(found.parameters);
  await endTraining(callbacks, context, failures);
  return resultOf(found as Minimum<Tensor[]>, history, chosenEpoch(callbacks), stopped);
}

/** What is said of the end must be true of the weights that a callback has put back. */
function resultOf(
  { value: loss, parameters: _, ...end }: Minimum<Tensor[]>,
  history: readonly FullBatchLog[],
  chosen: { readonly bestEpoch?: number },
  stopped: string | undefined,
): FullBatchResult {
  const best = chosen.bestEpoch === history.length ? undefined : history[(chosen.bestEpoch ?? 0) - 1];
  return {
    ...end,
    loss,
    history,
    ...chosen,
    ...(end.converged || stopped === undefined ? {} : { reason: stopped }),
    ...(best === undefined ? {} : { loss: best.loss, gradientNorm: best.gradientNorm, converged: false }),
  };
}

const WHERE = "fitFullBatch";

function noState(): RunState {
  throw new TypeError(
    `${WHERE}: there is no state from which a method could go on, so checkpoints have no meaning here. Save the model, or use fit.`,
  );
}

/** The options, checked, with the model initialized and what is to be made small. */
function checkFullBatch(model: Model, options: FullBatchOptions) {
  requireModel(WHERE, model);
  checkOptions(WHERE, options, OPTIONS);
  for (const name of ["train", "loss", "method"] as const) {
    if (options?.[name] === undefined) throw new TypeError(`${WHERE}: the option "${name}" is missing.`);
  }
  const { loss, method, regularizer, iterations = 100 } = options;
  requireLoss(WHERE, loss);
  checkMethod(WHERE, method);
  checkPenalty(regularizer);
  const seed = checkNumber(WHERE, "seed", options.seed ?? 0, { integer: true });
  const data = splitData(WHERE, options, seed);
  if (Object.keys(params(model)).length === 0) {
    throw new TypeError(`${WHERE}: the model has no parameters, so there is nothing to train.`);
  }
  const objectiveOf = method.of === "residuals" ? residualsOf : lossOf;
  const settings = {
    ...data,
    loss,
    objective: objectiveOf(loss, regularizer, data),
    iterations: checkNumber(WHERE, "iterations", iterations, { least: 1, integer: true }),
    metrics: checkMetrics(WHERE, options.metrics),
    callbacks: checkCallbacks(WHERE, options.callbacks),
  };
  initialize(model, { seed, missingOnly: true });
  const { train, validation } = data;
  for (const set of validation === undefined ? [train] : [train, validation]) checkLossOn(WHERE, model, loss, set);
  warnMismatch(model, loss);
  return settings;
}

type Objective = (model: Model, own: Readonly<Record<string, Param>>) => Tensor | Tensor[];

function lossOf(loss: Loss, regularizer: Regularizer | undefined, data: SplitData): Objective {
  const weights = weightsOf(data);
  const { x, y } = data.train;
  return (model, own) => {
    const prediction = outputOf(model, x);
    const mean =
      weights === undefined ? exampleLosses(loss, prediction, y).mean() : weightedLoss(loss, prediction, y, weights);
    return regularizer === undefined ? mean : mean.add(regularizer(own).cast(mean.dtype));
  };
}

/** Of each squared error: what half the sum of squares of an example is to be multiplied by. */
const SQUARES = new Map<Loss, (prediction: Tensor) => number>([
  [meanSquaredError, ({ size, shape }) => (2 * (shape[0] as number)) / size],
  [squaredError, () => 2],
  [halfSquaredError, () => 1],
]);

/** Residuals of which half the sum of squares is the loss, with the penalty. @throws TypeError if it is no such sum */
function residualsOf(loss: Loss, regularizer: Regularizer | undefined, data: SplitData): Objective {
  const factor = SQUARES.get(loss);
  if (factor === undefined) {
    throw new TypeError(
      `${WHERE}: this method is for squared errors, so the loss must be ${[...SQUARES.keys()].map((f) => f.name).join(" or ")}; ` +
        `it is ${describeValue(loss)}. Use lbfgs() or newton() for others.`,
    );
  }
  const { residuals } = regularizer ?? {};
  if (regularizer !== undefined && residuals === undefined) {
    throw new TypeError(`${WHERE}: this method is for sums of squares, and of the penalties only l2 is one.`);
  }
  const { x, y, length } = data.train;
  const weights = weightsOf(data);
  return (model, own) => {
    const prediction = outputOf(model, x);
    // Checks shapes and dtypes as the loss does.
    loss(prediction, y);
    const errors = prediction.sub(y.cast(prediction.dtype)).mul(Math.sqrt(factor(prediction) / length));
    return [weights === undefined ? errors : shared(errors, weights), ...(residuals?.(own) ?? [])];
  };
}

/** Errors of examples that count alike, [batch, …], as those of examples that count by their weights. */
function shared(errors: Tensor, weights: Tensor): Tensor {
  const [batch, ...outputs] = errors.shape as [number, ...number[]];
  const share = weights.cast(errors.dtype).mul(batch).div(weights.cast(errors.dtype).sum());
  return share
    .sqrt()
    .reshape([batch, ...outputs.map(() => 1)])
    .mul(errors);
}

const weightsOf = ({ weights }: SplitData): Tensor | undefined =>
  weights && fromData(weights, [weights.length], "float32");

/** @throws TypeError for what is no function, or has proximal steps, which these methods do not take */
function checkPenalty(regularizer: unknown): void {
  if (regularizer === undefined) return;
  if (typeof regularizer !== "function") {
    throw new TypeError(`${WHERE}: regularizer must be one such as l2(1e-4); it is ${describeValue(regularizer)}.`);
  }
  if ((regularizer as Regularizer).proximal === undefined) return;
  throw new TypeError(`${WHERE}: proximal steps belong to the optimizers of fit. Leave out { proximal: true }.`);
}

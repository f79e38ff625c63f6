/** `predict` and `evaluate`: a trained model on data. */
import { type Compiled, compile } from "../compile/index.ts";
import { asDataset, type Dataset, type DatasetLike, numbersOf, requireFinite, type Values } from "../data/dataset.ts";
import { DataError } from "../data/errors.ts";
import { inRowBlocks } from "../data/row-blocks.ts";
import { traceFunction } from "../graph/trace.ts";
import { checkTargets, type Loss } from "../loss/index.ts";
import { optionsOf } from "../loss/with-options.ts";
import { checkMetrics, type Metric, type NamedMetric } from "../metrics/named.ts";
import { evaluation, initialize } from "../nn/index.ts";
import { asTensor } from "../tensor/create.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Model, outputOf, requireModel } from "./model.ts";
import { checkDecomposes, exampleLosses, firstRows, givenLosses } from "./weighted-loss.ts";

/** Rows computed at a time where nothing else is asked for. */
export const EVALUATION_BATCH = 256;

/** The compiled forward pass of each model, in evaluation mode. */
const forwards = new WeakMap<Model, Compiled<[Tensor], Tensor>>();

/** The compiled losses of examples, of each loss. */
const losses = new WeakMap<Loss, Compiled<[Tensor, Tensor], Tensor>>();

function compiled<K extends object, A extends unknown[]>(
  known: WeakMap<K, Compiled<A, Tensor>>,
  key: K,
  f: (...args: A) => Tensor,
): Compiled<A, Tensor> {
  const made = known.get(key) ?? compile(f);
  known.set(key, made);
  return made;
}

export interface PredictOptions {
  /** Rows computed at a time; default 256. Does not change the results beyond rounding. */
  readonly batchSize?: number;
}

/**
 * The model's outputs for all rows of x, [rows, …], in evaluation mode.
 *
 * @param x one example a row
 * @throws RangeError if x has no rows, ShapeError if the model does not give a row for each
 * @example
 * ```ts
 * import { dense } from "chainrule/nn";
 * import { predict } from "chainrule/train";
 * (await predict(dense(2, 1), [[1, 2], [3, 4], [5, 6]])).shape; // → [ 3, 1 ]
 * ```
 */
export async function predict(model: Model, x: Values, options: PredictOptions = {}): Promise<Tensor> {
  requireModel("predict", model);
  checkOptions("predict", options, ["batchSize"]);
  return predictSync("predict", model, asTensor(x), batchSizeOf("predict", options.batchSize));
}

const batchSizeOf = (where: string, batchSize: number = EVALUATION_BATCH): number =>
  checkNumber(where, "batchSize", batchSize, { least: 1, integer: true });

function predictSync(where: string, model: Model, x: Tensor, batchSize: number): Tensor {
  const rows = x.shape[0] ?? 0;
  if (rows === 0) throw new RangeError(`${where}: x has no rows; give one example a row.`);
  initialize(model, { missingOnly: true });
  const forward = compiled(forwards, model, (input: Tensor) => evaluation(() => outputOf(model, input)));
  return inRowBlocks((batch) => forward(batch) as Tensor, x, Math.min(batchSize, rows));
}

export interface EvaluateOptions {
  readonly loss?: Loss;
  /** Names of built-in metrics, or functions; default none. */
  readonly metrics?: readonly Metric[];
  /** Rows computed at a time; default 256. */
  readonly batchSize?: number;
}

/** What was asked for: the mean loss, if a loss was given, and the metrics by name. */
export type Evaluation<O extends EvaluateOptions = EvaluateOptions> = {
  /** The number of examples. */
  readonly count: number;
  readonly [metric: string]: number | undefined;
} & { readonly [K in Extract<NonNullable<O["metrics"]>[number], string>]: number } & (O extends { readonly loss: Loss }
    ? { readonly loss: number }
    : unknown);

/**
 * Loss and metrics of a model on a data set, in evaluation mode.
 *
 * @throws TypeError, RangeError, DataError for options and data that cannot be right
 */
export async function evaluate<const O extends EvaluateOptions>(
  model: Model,
  data: DatasetLike,
  options: O = {} as O,
): Promise<Evaluation<O>> {
  requireModel("evaluate", model);
  checkOptions("evaluate", options, ["loss", "metrics", "batchSize"]);
  const batchSize = batchSizeOf("evaluate", options.batchSize);
  const metrics = checkMetrics("evaluate", options.metrics);
  if (options.loss !== undefined) requireLoss("evaluate", options.loss);
  const set = checkedDataset("evaluate", "the data", data);
  const measured = measure("evaluate", model, set, options.loss, metrics, { batchSize, check: true });
  return { ...measured, count: set.length } as unknown as Evaluation<O>;
}

/** Loss and metrics, by name; with `check` targets and loss are looked at before, which `fit` has done once for all epochs. */
export function measure(
  where: string,
  model: Model,
  { x, y }: Dataset,
  loss: Loss | undefined,
  metrics: readonly NamedMetric[],
  { batchSize = EVALUATION_BATCH, check = false }: { readonly batchSize?: number; readonly check?: boolean } = {},
): Record<string, number> {
  const prediction = predictSync(where, model, x, batchSize);
  const result: Record<string, number> = {};
  if (loss !== undefined) {
    if (check) {
      checkTargets(loss.name, y, prediction.shape.at(-1) as number, prediction.rank);
      checkDecomposes(where, loss, prediction, y);
    }
    const each = compiled(losses, loss, (p: Tensor, t: Tensor) => exampleLosses(loss, p, t))(prediction, y) as Tensor;
    let sum = 0;
    for (const value of numbersOf(each)) sum += value;
    result.loss = sum / each.size;
  }
  for (const { name, value } of metrics) result[name] = value(prediction, y);
  return result;
}

/**
 * @throws TypeError for what is no function; RangeError for a loss bound to options that would be without effect here, where
 * the mean over the examples is taken
 */
export function requireLoss(where: string, loss: unknown): void {
  if (typeof loss !== "function") {
    throw new TypeError(`${where}: loss must be a function such as softmaxCrossEntropy; it is ${describeValue(loss)}.`);
  }
  const { reduction = "mean", classWeights, weights, mask } = optionsOf(loss as Loss);
  if (weights !== undefined || mask !== undefined) {
    throw new RangeError(
      `${where}: the loss is bound to ${weights === undefined ? "a mask" : "weights"}, which would go by the place in the batch and not by the ` +
        "example. Give sampleWeights to fit; work a mask out of the targets, in a loss of your own.",
    );
  }
  if (reduction !== "mean") {
    throw new RangeError(
      `${where}: takes the mean of the loss over the examples, so a loss with reduction: ${describeValue(reduction)} would be ` +
        "another one than was asked for. Leave the reduction out.",
    );
  }
  if (classWeights !== undefined) {
    throw new RangeError(
      `${where}: the loss is bound to classWeights, which divide by their sum in each batch. Give classWeights to fit, which ` +
        "divides by the number of examples.",
    );
  }
}

/**
 * Traces model and loss for a batch, which finds shapes and dtypes that do not fit; looks at the targets, and whether the
 * loss is made of the losses of examples.
 *
 * @throws the errors of the model and the loss; RangeError for targets or a loss that cannot be right
 */
export function checkLossOn(where: string, model: Model, loss: Loss, { x, y, length }: Dataset, batch = length): void {
  const rows = Math.min(batch, length);
  const avals = [x, y].map(({ shape, dtype }) => ({ shape: [rows, ...shape.slice(1)], dtype }));
  let [classes, rank, single] = [1, 1, false];
  traceFunction((...[input, target]) => {
    const prediction = evaluation(() => outputOf(model, input as Tensor));
    const given = givenLosses(loss, prediction, target as Tensor);
    [classes, rank, single] = [prediction.shape.at(-1) as number, prediction.rank, given.rank === 0];
    return [exampleLosses(loss, prediction, target as Tensor, given)];
  }, avals);
  checkTargets(loss.name, y, classes, rank);
  if (single) {
    checkDecomposes(
      where,
      loss,
      evaluation(() => outputOf(model, firstRows(x))),
      y,
    );
  }
}

/** A data set that is not empty and has no NaN or infinity. @throws DataError */
export function checkedDataset(where: string, what: string, data: DatasetLike): Dataset {
  const checked = asDataset(`${where}: ${what}`, data);
  if (checked.length === 0) throw new DataError(`${where}: ${what} is empty; at least one example is needed.`);
  requireFinite(where, "x", checked.x);
  requireFinite(where, "y", checked.y);
  return checked;
}

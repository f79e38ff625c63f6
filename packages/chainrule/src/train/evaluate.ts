/** `predict` and `evaluate`: a trained model on data. */
import { type Compiled, compile } from "../compile/index.ts";
import { asDataset, Dataset, type DatasetLike, requireFinite, type Values } from "../data/dataset.ts";
import { DataError } from "../data/errors.ts";
import { identity } from "../data/shuffle.ts";
import type { Loss } from "../loss/index.ts";
import { checkTargets } from "../loss/index.ts";
import { evaluation, initialize, type Module } from "../nn/index.ts";
import { asTensor } from "../tensor/create.ts";
import { allocate } from "../tensor/dtype.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { Batches } from "./batches.ts";
import { type Metric, metricOf } from "./metrics.ts";
import { type PlainLoss, weightedLoss } from "./weighted-loss.ts";

/** A model from one tensor to one tensor. */
export type Model = Module<[Tensor], Tensor>;

/** The compiled forward pass of each model, in evaluation mode. */
const forwards = new WeakMap<Model, Compiled<[Tensor], Tensor>>();

function forwardOf(model: Model): Compiled<[Tensor], Tensor> {
  const known = forwards.get(model);
  if (known !== undefined) return known;
  initialize(model, { missingOnly: true });
  const forward = compile((x: Tensor) => evaluation(() => model(x)));
  forwards.set(model, forward);
  return forward;
}

/** The compiled mean of each loss over examples. */
const means = new WeakMap<Loss | PlainLoss, Compiled<[Tensor, Tensor], Tensor>>();

function meanOf(loss: Loss | PlainLoss): Compiled<[Tensor, Tensor], Tensor> {
  const known = means.get(loss);
  if (known !== undefined) return known;
  const objective = weightedLoss(loss);
  const mean = compile((prediction: Tensor, target: Tensor) => objective(prediction, target));
  means.set(loss, mean);
  return mean;
}

export interface PredictOptions {
  /** Rows computed at a time; default 256. Does not change the results beyond rounding. */
  readonly batchSize?: number;
}

/**
 * The model's outputs for all rows of x, [rows, …], in evaluation mode.
 *
 * @param x one example a row
 */
export async function predict(model: Model, x: Values, options: PredictOptions = {}): Promise<Tensor> {
  checkOptions("predict", options, ["batchSize"]);
  const batchSize = checkNumber("predict", "batchSize", options.batchSize ?? 256, { least: 1, integer: true });
  return predictSync(model, asTensor(x), batchSize);
}

export function predictSync(model: Model, x: Tensor, batchSize: number): Tensor {
  const forward = forwardOf(model);
  const rows = x.shape[0] ?? 0;
  if (rows === 0) throw new RangeError("predict: x has no rows; give one example a row.");
  const batches = new Batches(new Dataset(x, fromData(new Int32Array(rows), [rows], "int32")), batchSize);
  const order = identity(rows);
  let all: ReturnType<typeof allocate> | undefined;
  let shape: readonly number[] = [];
  for (let i = 0; i < batches.count; i++) {
    const { count } = batches.extent(i, order);
    const y = forward(batches.batch(i, order).x) as Tensor;
    shape = y.shape.slice(1);
    const width = shape.reduce((n, extent) => n * extent, 1);
    all ??= allocate(y.dtype, rows * width);
    all.set((y.payload as Float32Array).subarray(0, count * width), i * batches.size * width);
    if (i === batches.count - 1) return fromData(all, [rows, ...shape], y.dtype);
  }
  throw new Error("unreachable: there is at least one batch");
}

export interface EvaluateOptions {
  readonly loss?: Loss | PlainLoss;
  /** Names of built-in metrics, or functions; default none. */
  readonly metrics?: readonly Metric[];
  readonly batchSize?: number;
}

export interface Evaluation {
  /** The number of examples. */
  readonly count: number;
  /** The mean loss, if a loss was given. */
  readonly loss?: number;
  readonly [metric: string]: number | undefined;
}

/** Loss and metrics of a model on a data set, in evaluation mode. */
export async function evaluate(model: Model, data: DatasetLike, options: EvaluateOptions = {}): Promise<Evaluation> {
  checkOptions("evaluate", options, ["loss", "metrics", "batchSize"]);
  const batchSize = checkNumber("evaluate", "batchSize", options.batchSize ?? 256, { least: 1, integer: true });
  return evaluateSync(
    model,
    checkedDataset("evaluate: the data", data),
    options.loss,
    options.metrics ?? [],
    batchSize,
  );
}

export function evaluateSync(
  model: Model,
  data: Dataset,
  loss: Loss | PlainLoss | undefined,
  metrics: readonly Metric[],
  batchSize: number,
): Evaluation {
  const prediction = predictSync(model, data.x, batchSize);
  const result: Record<string, number> = {};
  if (loss !== undefined) {
    checkTargets(loss.name, data.y, prediction.shape.at(-1) as number);
    result.loss = (meanOf(loss)(prediction, data.y) as Tensor).itemSync();
  }
  for (const metric of metrics) {
    const { name, value } = metricOf(metric);
    result[name] = value(prediction, data.y);
  }
  return { ...result, count: data.length };
}

/** A data set that is not empty and has no NaN or infinity. @throws TypeError, DataError */
export function checkedDataset(where: string, data: DatasetLike): Dataset {
  const checked = asDataset(where, data);
  if (checked.length === 0) throw new DataError(`${where}: the data set is empty; at least one example is needed.`);
  requireFinite(where, "x", checked.x);
  requireFinite(where, "y", checked.y);
  return checked;
}

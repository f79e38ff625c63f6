/** Metrics: numbers that tell how good predictions are, computed on the host. */
import { checkNumber, describeValue } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A metric of one's own: from all predictions and targets to a number. */
export type MetricFunction = (prediction: Tensor, target: Tensor) => number;

/** A built-in metric by name, or a function with a name. */
export type Metric = "accuracy" | MetricFunction;

export interface NamedMetric {
  readonly name: string;
  readonly value: MetricFunction;
}

/** Names that results have already. */
const TAKEN = ["epoch", "loss", "count"];

/** The metrics with their names. @throws TypeError, RangeError for a metric that is not known, or without a name of its own */
export function checkMetrics(where: string, metrics: readonly Metric[] = []): NamedMetric[] {
  if (!Array.isArray(metrics)) {
    throw new TypeError(`${where}: metrics must be an array such as ["accuracy"]; it is ${describeValue(metrics)}.`);
  }
  const all = (metrics as readonly Metric[]).map((metric) => metricOf(where, metric));
  all.forEach(({ name }, i) => {
    if (TAKEN.includes(name))
      throw new RangeError(`${where}: a metric cannot have the name "${name}", which is taken.`);
    if (all.findIndex((other) => other.name === name) === i) return;
    throw new RangeError(`${where}: two metrics have the name "${name}". Give one of the functions another.`);
  });
  return all;
}

function metricOf(where: string, metric: Metric): NamedMetric {
  if (metric === "accuracy") return { name: metric, value: accuracy };
  if (typeof metric !== "function") {
    throw new RangeError(
      `${where}: there is no metric ${describeValue(metric)}; there is "accuracy", or give a function of (prediction, target).`,
    );
  }
  const name = metric.name === "" ? "metric" : metric.name;
  const value = (prediction: Tensor, target: Tensor): number => {
    const found: unknown = metric(prediction, target);
    if (typeof found === "number") return found;
    throw new TypeError(`${where}: the metric "${name}" must give a number; it gave ${describeValue(found)}.`);
  };
  return { name, value };
}

/**
 * The share of examples whose class is predicted: the largest of several outputs, or an output above 0 (a logit) where
 * there is one. Targets are class numbers, one-hot rows, or 0 and 1.
 *
 * For a model whose only output is a probability use the metric `(p, y) => accuracy(p.sub(0.5), y)`.
 *
 * @throws RangeError for targets that are no classes
 */
export function accuracy(prediction: Tensor, target: Tensor): number {
  const [found, wanted] = [classes(prediction), targetClasses(target, prediction)];
  let right = 0;
  for (let i = 0; i < found.length; i++) if (found[i] === wanted[i]) right++;
  return right / found.length;
}

/** The predicted class of each row: the position of the largest output, or whether the only output is above 0. */
export function classes(prediction: Tensor): Int32Array {
  const [rows = 1, width = 1] = prediction.shape;
  if (prediction.rank < 1 || prediction.rank > 2) {
    throw new RangeError(
      `accuracy: predictions must be [rows] or [rows, classes]; their shape is ${formatShape(prediction.shape)}.`,
    );
  }
  const numbers = prediction.dataSync();
  return Int32Array.from({ length: rows }, (_, row) => {
    if (width === 1) return Number((numbers[row] as number) > 0);
    let best = row * width;
    for (let i = best + 1; i < (row + 1) * width; i++) if ((numbers[i] as number) > (numbers[best] as number)) best = i;
    return best - row * width;
  });
}

function targetClasses(target: Tensor, prediction: Tensor): Int32Array {
  if (target.size === prediction.shape[0]) {
    const numbers = target.dataSync();
    const row = numbers.findIndex((y) => !Number.isInteger(y));
    if (row < 0) return Int32Array.from(numbers);
    throw new RangeError(
      `accuracy: targets must be class numbers, and row ${row} has ${numbers[row]}. For a regression use another metric.`,
    );
  }
  if (sameShape(target.shape, prediction.shape)) return classes(target);
  throw new RangeError(
    `accuracy: predictions have shape ${formatShape(prediction.shape)} and targets ${formatShape(target.shape)}; ` +
      "targets must be one class number a row, or one-hot rows.",
  );
}

/** How often each class (row) was predicted as each class (column). @throws RangeError for a class out of range */
export function confusionMatrix(predicted: ArrayLike<number>, actual: ArrayLike<number>, count: number): number[][] {
  if (predicted.length !== actual.length) {
    throw new RangeError(
      `confusionMatrix: there are ${predicted.length} predictions and ${actual.length} actual classes.`,
    );
  }
  checkNumber("confusionMatrix", "the number of classes", count, { least: 1, integer: true });
  const matrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < predicted.length; i++) {
    const row = matrix[actual[i] as number];
    const column = predicted[i] as number;
    if (row?.[column] === undefined) {
      throw new RangeError(
        `confusionMatrix: example ${i} has class ${actual[i]}, predicted ${column}; there are ${count} classes (0…${count - 1}).`,
      );
    }
    row[column] = (row[column] as number) + 1;
  }
  return matrix;
}

/** Metrics: numbers that tell how good predictions are, computed on the host. */

import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A metric of one's own: from all predictions and targets to a number. */
export type MetricFunction = (prediction: Tensor, target: Tensor) => number;

/** A built-in metric by name, or a function with a name. */
export type Metric = "accuracy" | MetricFunction;

/** @throws RangeError for a name that is not known */
export function metricOf(metric: Metric): { readonly name: string; readonly value: MetricFunction } {
  if (typeof metric === "function") return { name: metric.name === "" ? "metric" : metric.name, value: metric };
  if (metric === "accuracy") return { name: "accuracy", value: accuracy };
  throw new RangeError(
    `metrics: there is no metric "${String(metric)}"; there is "accuracy", or give a function of (prediction, target).`,
  );
}

/**
 * The share of examples whose class is predicted: the largest of several outputs, or an output above 0 (a logit) where
 * there is one. Targets are class numbers, one-hot rows, or 0 and 1.
 */
export function accuracy(prediction: Tensor, target: Tensor): number {
  const [found, wanted] = [classes(prediction), targetClasses(target, prediction)];
  let right = 0;
  for (let i = 0; i < found.length; i++) if (found[i] === wanted[i]) right++;
  return right / found.length;
}

/** The predicted class of each row: the position of the largest output, or whether the only output is above 0. */
export function classes(prediction: Tensor): Int32Array {
  const rows = prediction.shape[0] ?? 1;
  const numbers = prediction.dataSync();
  const width = numbers.length / rows;
  return Int32Array.from({ length: rows }, (_, row) => {
    if (width === 1) return Number((numbers[row] as number) > 0);
    let best = row * width;
    for (let i = best + 1; i < (row + 1) * width; i++) if ((numbers[i] as number) > (numbers[best] as number)) best = i;
    return best - row * width;
  });
}

function targetClasses(target: Tensor, prediction: Tensor): Int32Array {
  const rows = prediction.shape[0] ?? 1;
  if (target.size === rows) return Int32Array.from(target.dataSync(), (y) => Math.round(y));
  if (target.size === prediction.size) return classes(target);
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

/** What metrics are given: predictions and targets of all examples, and how they fit each other. */
import type { Values } from "../data/dataset.ts";
import { asTensor } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A table of numbers, row-major: one row for each example. */
export interface Outputs {
  readonly tensor: Tensor;
  readonly rows: number;
  /** Numbers in a row: 1 for shape [rows]. */
  readonly width: number;
  readonly numbers: TypedArray;
}

/** @throws RangeError unless the shape is [rows] or [rows, outputs], there is a row, and no NaN, which has no place in any order */
export function outputsOf(where: string, values: Values, what = "predictions"): Outputs {
  const tensor = asTensor(values);
  const [rows = 0, width = 1] = tensor.shape;
  if (tensor.rank < 1 || tensor.rank > 2) {
    throw new RangeError(
      `${where}: ${what} must be [rows] or [rows, classes]; their shape is ${formatShape(tensor.shape)}.`,
    );
  }
  if (rows === 0 || width === 0) throw new RangeError(`${where}: there are no ${what}.`);
  const numbers = tensor.dataSync();
  const lost = numbers.findIndex(Number.isNaN);
  if (lost < 0) return { tensor, rows, width, numbers };
  throw new RangeError(
    `${where}: the ${what} of row ${Math.floor(lost / width)} have NaN; detectNaN of chainrule/diagnose tells where it comes from.`,
  );
}

/** The position of the largest number of each row, the first of equal ones. */
export const largest = ({ rows, width, numbers }: Outputs): Int32Array =>
  Int32Array.from({ length: rows }, (_, row) => {
    let best = row * width;
    for (let i = best + 1; i < (row + 1) * width; i++) if ((numbers[i] as number) > (numbers[best] as number)) best = i;
    return best - row * width;
  });

/** The class of each example: targets are one class number a row (0 and 1, true and false too), or one-hot rows. */
export function targetClasses(where: string, target: Values, prediction: Outputs): Int32Array {
  const y = asTensor(target);
  if (y.size === prediction.rows) {
    const numbers = y.dataSync();
    const row = numbers.findIndex((value) => !Number.isInteger(value));
    if (row < 0) return inRange(where, Int32Array.from(numbers), Math.max(2, prediction.width));
    throw new RangeError(
      `${where}: targets must be class numbers, and row ${row} has ${numbers[row]}. For a regression use another metric.`,
    );
  }
  if (sameShape(y.shape, prediction.tensor.shape)) return largest(outputsOf(where, y, "targets"));
  throw new RangeError(
    `${where}: predictions have shape ${formatShape(prediction.tensor.shape)} and targets ${formatShape(y.shape)}; ` +
      "targets must be one class number a row, or one-hot rows.",
  );
}

function inRange(where: string, classes: Int32Array, count: number): Int32Array {
  const row = classes.findIndex((label) => label < 0 || label >= count);
  if (row < 0) return classes;
  throw new RangeError(
    `${where}: row ${row} has class ${classes[row]}, and there are ${count} classes (0…${count - 1}).`,
  );
}

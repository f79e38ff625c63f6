/** What metrics are given: predictions and targets of all examples, and how they fit each other. */
import type { Values } from "../data/dataset.ts";
import { asTensor } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** A table of numbers, row-major: one row for each example. */
export interface Outputs {
  readonly tensor: Tensor;
  readonly rows: number;
  /** Numbers in a row: 1 for shape [rows]. */
  readonly width: number;
  readonly numbers: TypedArray;
}

/** @throws TypeError for what holds no numbers */
export function tensorOf(where: string, what: string, values: Values): Tensor {
  const given: unknown = values;
  if (given instanceof Tensor || Array.isArray(given) || ArrayBuffer.isView(given)) return asTensor(values);
  throw new TypeError(`${where}: ${what} must be a tensor or an array of numbers; it is ${describeValue(given)}.`);
}

/** @throws RangeError unless the shape is [rows] or [rows, outputs], there is a row, and no NaN, which has no place in any order */
export function outputsOf(where: string, values: Values, what = "predictions"): Outputs {
  const tensor = tensorOf(where, what, values);
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

/** Numbers of classes, and how many there must be. */
interface Classes {
  readonly numbers: Int32Array;
  readonly count: number;
}

/**
 * Whole numbers that are no logits but classes, predicted already: int32, one a row, none below 0. Undefined for others.
 */
export function givenClasses({ tensor, width, numbers }: Outputs): Classes | undefined {
  if (tensor.dtype !== "int32" || width !== 1 || numbers.some((label) => label < 0)) return undefined;
  const labels = Int32Array.from(numbers);
  return { numbers: labels, count: Math.max(2, largestOf(labels) + 1) };
}

const largestOf = (numbers: ArrayLike<number>): number =>
  Array.from(numbers).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** The classes of targets beside classes that were predicted. @throws RangeError unless there is one for each */
export function classesBeside(where: string, target: Values, predicted: Classes): Classes {
  const outputs = outputsOf(where, target, "targets");
  if (outputs.rows !== predicted.numbers.length) {
    throw new RangeError(`${where}: there are ${predicted.numbers.length} predictions and ${outputs.rows} targets.`);
  }
  const numbers = outputs.width === 1 ? classNumbers(where, outputs.numbers) : largest(outputs);
  const count = Math.max(predicted.count, outputs.width, largestOf(numbers) + 1);
  return { numbers: inRange(where, numbers, count), count };
}

/** @throws RangeError for what is no whole number */
function classNumbers(where: string, numbers: ArrayLike<number>): Int32Array {
  const row = Array.from(numbers).findIndex((value) => !Number.isInteger(value));
  if (row < 0) return Int32Array.from(numbers);
  throw new RangeError(
    `${where}: targets must be class numbers, and row ${row} has ${numbers[row]}. For a regression use another metric.`,
  );
}

/** The class of each example: targets are one class number a row (0 and 1, true and false too), or one-hot rows. */
export function targetClasses(where: string, target: Values, prediction: Outputs): Int32Array {
  const y = tensorOf(where, "targets", target);
  if (y.size === prediction.rows) {
    const hint = prediction.width > 1 ? "" : HINT;
    return inRange(where, classNumbers(where, y.dataSync()), Math.max(2, prediction.width), hint);
  }
  if (sameShape(y.shape, prediction.tensor.shape)) return largest(outputsOf(where, y, "targets"));
  throw new RangeError(
    `${where}: predictions have shape ${formatShape(prediction.tensor.shape)} and targets ${formatShape(y.shape)}; ` +
      "targets must be one class number a row, or one-hot rows.",
  );
}

const HINT =
  " One prediction a row is the logit of class 1; give one output for each class, or the predicted classes as an Int32Array.";

function inRange(where: string, classes: Int32Array, count: number, hint = ""): Int32Array {
  const row = classes.findIndex((label) => label < 0 || label >= count);
  if (row < 0) return classes;
  throw new RangeError(
    `${where}: row ${row} has class ${classes[row]}, and there are ${count} classes (0…${count - 1}).${hint}`,
  );
}

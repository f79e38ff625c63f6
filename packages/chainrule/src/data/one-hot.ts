/** Class numbers as indicator vectors. */
import { asTensor } from "../tensor/create.ts";
import { checkNumber } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { numbersOf, type Values } from "./dataset.ts";
import { DataError } from "./errors.ts";

/**
 * float32 [n, classes]: 1 at the position of each class, else 0.
 *
 * @param labels class numbers [n] from 0 to classes − 1
 * @throws DataError that names the first row whose class does not exist
 * @example
 * ```ts
 * import { oneHot } from "chainrule/data";
 * await oneHot([2, 0], 3).array(); // → [ [ 0, 0, 1 ], [ 1, 0, 0 ] ]
 * ```
 */
export function oneHot(labels: Values, classes: number): Tensor {
  checkNumber("oneHot", "classes", classes, { least: 1, integer: true });
  const given = asTensor(labels);
  if (given.rank !== 1)
    throw new DataError(`oneHot: labels must be class numbers [n]; their shape is ${formatShape(given.shape)}.`);
  const rows = new Float32Array(given.size * classes);
  numbersOf(given).forEach((label, row) => {
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(
        `oneHot: row ${row} has class ${label}, but there are ${classes} classes (0…${classes - 1}).`,
      );
    }
    rows[row * classes + label] = 1;
  });
  return fromData(rows, [given.size, classes], "float32");
}

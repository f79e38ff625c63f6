/** Metrics of real values. With several outputs each gives its own number, and the mean over them is taken. */
import type { Values } from "../data/dataset.ts";
import { formatShape } from "../tensor/shape.ts";
import { outputsOf, tensorOf } from "./outputs.ts";

interface Column {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** Predictions beside targets, output by output. @throws RangeError unless there is a target for each number */
function columnsOf(where: string, prediction: Values, target: Values): Column[] {
  const { tensor, rows, width, numbers } = outputsOf(where, prediction);
  const y = tensorOf(where, "targets", target);
  const isColumn = width === 1 && y.size === rows;
  if (!isColumn && (y.shape[0] !== rows || y.shape[1] !== width || y.rank !== 2)) {
    throw new RangeError(
      `${where}: predictions have shape ${formatShape(tensor.shape)} and targets ${formatShape(y.shape)}; ` +
        "there must be one target for each prediction.",
    );
  }
  const targets = y.dataSync();
  const lost = targets.findIndex(Number.isNaN);
  if (lost >= 0) throw new RangeError(`${where}: the targets of row ${Math.floor(lost / width)} have NaN.`);
  const column = (of: ArrayLike<number>, c: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => of[row * width + c] as number);
  return Array.from({ length: width }, (_, c) => ({ predicted: column(numbers, c), actual: column(targets, c) }));
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

const residuals = ({ predicted, actual }: Column): Float64Array => actual.map((y, i) => y - (predicted[i] as number));

const squares = (values: Float64Array): Float64Array => values.map((x) => x * x);

/**
 * The mean absolute error.
 *
 * @throws RangeError unless there is a target for each prediction
 * @example
 * ```ts
 * import { mae } from "chainrule/metrics";
 * mae([1, 2, 3], [1, 2, 6]); // → 1
 * ```
 */
export const mae = (prediction: Values, target: Values): number =>
  mean(columnsOf("mae", prediction, target).map((column) => mean(residuals(column).map(Math.abs))));

/**
 * The mean squared error.
 *
 * @throws RangeError unless there is a target for each prediction
 * @example
 * ```ts
 * import { mse } from "chainrule/metrics";
 * mse([1, 2, 3], [1, 2, 6]); // → 3
 * ```
 */
export const mse = (prediction: Values, target: Values): number =>
  mean(columnsOf("mse", prediction, target).map((column) => mean(squares(residuals(column)))));

/**
 * The root of the mean squared error, in the unit of the targets.
 *
 * @throws RangeError unless there is a target for each prediction
 * @example
 * ```ts
 * import { rmse } from "chainrule/metrics";
 * rmse([0, 0], [5, 5]); // → 5
 * ```
 */
export const rmse = (prediction: Values, target: Values): number =>
  mean(columnsOf("rmse", prediction, target).map((column) => Math.sqrt(mean(squares(residuals(column))))));

/**
 * The share of the targets' variance that is explained: R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)². 1 is perfect, 0 as good as
 * the mean, below that worse. Targets that do not vary give 1 if they are met exactly, else 0.
 *
 * @throws RangeError unless there is a target for each prediction
 * @example
 * ```ts
 * import { r2 } from "chainrule/metrics";
 * r2([1, 2, 4], [1, 2, 3]); // → 0.5
 * ```
 */
export const r2 = (prediction: Values, target: Values): number =>
  mean(
    columnsOf("r2", prediction, target).map((column) => {
      const center = mean(column.actual);
      const left = mean(squares(residuals(column)));
      const all = mean(column.actual.map((y) => (y - center) ** 2));
      if (all === 0) return left === 0 ? 1 : 0;
      return 1 - left / all;
    }),
  );

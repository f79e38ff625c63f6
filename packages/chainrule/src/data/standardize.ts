/** Standardization: columns with mean 0 and deviation 1. */
import { ShapeError } from "../graph/errors.ts";
import { asTensor, tensor } from "../tensor/create.ts";
import { isFloat } from "../tensor/dtype.ts";
import type { JsonObject } from "../tensor/options.ts";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { numbersOf, requireFinite, type Values } from "./dataset.ts";
import { DataError } from "./errors.ts";

/** A standardizer as plain JSON, for the record in a model file. */
export interface StandardizerJSON extends JsonObject {
  readonly type: "standardize";
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** (x − mean) / deviation for each column; made by `standardize`. */
export class Standardizer {
  /** The shape of one example. */
  readonly shape: Shape;
  /** For each column, in order. */
  readonly mean: readonly number[];
  /** For each column; 1 for one that is constant, which becomes 0. */
  readonly deviation: readonly number[];

  /** @throws DataError unless there is a mean and a positive deviation for each column */
  constructor({ shape, mean, deviation }: { shape: Shape; mean: readonly number[]; deviation: readonly number[] }) {
    const columns = sizeOf(shape);
    const numbers = (list: readonly number[]): boolean => list.length === columns && list.every(Number.isFinite);
    if (!numbers(mean) || !numbers(deviation) || !deviation.every((d) => d > 0)) {
      throw new DataError(`Standardizer: needs a mean and a deviation above 0 for each of the ${columns} columns.`);
    }
    this.shape = [...shape];
    this.mean = [...mean];
    this.deviation = [...deviation];
  }

  /** What `toJSON` gave. @throws DataError if it is something else */
  static fromJSON(json: StandardizerJSON): Standardizer {
    if (
      json?.type !== "standardize" ||
      !Array.isArray(json.shape) ||
      !Array.isArray(json.mean) ||
      !Array.isArray(json.deviation)
    ) {
      throw new DataError('Standardizer.fromJSON: needs { type: "standardize", shape, mean, deviation }.');
    }
    return new Standardizer(json);
  }

  /** Standardizes rows [n, …shape], with the mean and deviation of the data that it was made of. */
  apply(x: Tensor): Tensor {
    const [mean, deviation] = this.#columns(x);
    return x.sub(mean).div(deviation);
  }

  /** Takes standardized rows back to the original scale. */
  invert(z: Tensor): Tensor {
    const [mean, deviation] = this.#columns(z);
    return z.mul(deviation).add(mean);
  }

  toJSON(): StandardizerJSON {
    return { type: "standardize", shape: this.shape, mean: this.mean, deviation: this.deviation };
  }

  #columns(x: Tensor): [Tensor, Tensor] {
    if (!sameShape(x.shape.slice(1), this.shape) || x.rank === 0) {
      throw new ShapeError(
        `Standardizer: made for rows of shape ${formatShape(this.shape)}, it cannot take ${formatShape(x.shape)}.`,
      );
    }
    if (!isFloat(x.dtype))
      throw new DataError(`Standardizer: takes float32 or float64, not ${x.dtype}; use .cast("float32").`);
    const column = (list: readonly number[]): Tensor => tensor([...list], { dtype: x.dtype }).reshape(this.shape);
    return [column(this.mean), column(this.deviation)];
  }
}

/**
 * Finds the mean and the deviation (with the divisor n) of each column of x [n, …]. Take those of the training data
 * alone, and apply them to all: the test data must not have a say.
 *
 * @throws DataError if there is no row, or a NaN or infinity
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { standardize } from "chainrule/data";
 * const scaler = standardize(tensor([[1], [3]]));
 * await scaler.apply(tensor([[5]])).array(); // → [ [ 3 ] ]
 * ```
 */
export function standardize(x: Values): Standardizer {
  const data = asTensor(x);
  const [count = 0, ...shape] = data.shape;
  if (count === 0)
    throw new DataError(`standardize: there are no rows in x, whose shape is ${formatShape(data.shape)}.`);
  requireFinite("standardize", "x", data);
  const numbers = numbersOf(data);
  const columns = sizeOf(shape);
  const mean = new Float64Array(columns);
  const square = new Float64Array(columns);
  // Two passes in float64, so that a large mean does not eat the deviation.
  for (let i = 0; i < numbers.length; i++)
    mean[i % columns] = (mean[i % columns] as number) + (numbers[i] as number) / count;
  for (let i = 0; i < numbers.length; i++) {
    const distance = (numbers[i] as number) - (mean[i % columns] as number);
    square[i % columns] = (square[i % columns] as number) + distance ** 2 / count;
  }
  // A constant column may have a deviation by rounding alone.
  const deviation = Array.from(square, (s, j) =>
    Math.sqrt(s) <= 1e-12 * Math.abs(mean[j] as number) ? 1 : Math.sqrt(s),
  );
  return new Standardizer({ shape, mean: Array.from(mean), deviation });
}

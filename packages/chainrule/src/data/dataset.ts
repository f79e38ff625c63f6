/** Examples with their targets. */
import { asTensor } from "../tensor/create.ts";
import { allocate, isFloat, type TypedArray } from "../tensor/dtype.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape, sizeOf, stridesOf } from "../tensor/shape.ts";
import { fromData, isConcrete, type NestedArray, type Tensor } from "../tensor/tensor.ts";
import { DataError } from "./errors.ts";

/** What a tensor can be made of. */
export type Values = Tensor | NestedArray | ArrayBufferView;

/** Inputs and targets, as a data set or still to be made one. */
export type DatasetLike = Dataset | { readonly x: Values; readonly y: Values };

/** Inputs x and targets y, both concrete, with one example in each row (position along the first axis). */
export class Dataset {
  readonly x: Tensor;
  readonly y: Tensor;

  /** @throws DataError unless both have the same number of rows */
  constructor(x: Tensor, y: Tensor) {
    for (const [name, t] of [
      ["x", x],
      ["y", y],
    ] as const) {
      if (t.rank === 0)
        throw new DataError(`dataset: ${name} is a single number; its first axis must be the examples.`);
    }
    if (x.shape[0] !== y.shape[0]) {
      throw new DataError(
        `dataset: x has ${x.shape[0]} rows (shape ${formatShape(x.shape)}) and y has ${y.shape[0]} ` +
          `(shape ${formatShape(y.shape)}). Both need one row for each example.`,
      );
    }
    this.x = x;
    this.y = y;
  }

  /** The number of examples. */
  get length(): number {
    return this.x.shape[0] as number;
  }

  /** The examples at the given positions, in that order. */
  take(positions: ArrayLike<number>): Dataset {
    return new Dataset(takeRows(this.x, positions), takeRows(this.y, positions));
  }
}

/**
 * A data set of inputs and targets: tensors, typed arrays or nested arrays, whose first axis is the examples.
 *
 * @throws DataError unless x and y have the same number of rows
 * @example
 * ```ts
 * import { dataset } from "chainrule/data";
 * dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]).length; // → 4
 * ```
 */
export const dataset = (x: Values, y: Values): Dataset => new Dataset(concrete("x", x), concrete("y", y));

/** @throws TypeError for what is neither a data set nor { x, y } */
export function asDataset(where: string, data: DatasetLike): Dataset {
  if (data instanceof Dataset) return data;
  const given: unknown = data;
  if (typeof given !== "object" || given === null || !("x" in given) || !("y" in given)) {
    throw new TypeError(`${where} must be a data set or { x, y }; it is ${describeValue(given)}.`);
  }
  return dataset((given as { x: Values }).x, (given as { y: Values }).y);
}

function concrete(name: string, values: Values): Tensor {
  if (values === undefined || values === null) throw new TypeError(`dataset: ${name} is ${values}.`);
  const t = asTensor(values);
  if (!isConcrete(t)) throw new DataError(`dataset: ${name} is traced; a data set holds known numbers.`);
  return t;
}

/** The numbers of a concrete tensor, not to be written to. */
export const numbersOf = (t: Tensor): TypedArray => (isConcrete(t) ? t.payload : t.dataSync());

/** Copies rows of `from` into `to`, one after another. */
export function copyRows(from: TypedArray, width: number, positions: ArrayLike<number>, to: TypedArray): void {
  for (let i = 0; i < positions.length; i++) {
    const start = (positions[i] as number) * width;
    const base = i * width;
    // A loop beats set(subarray(…)) for the short rows of tables.
    if (width > 64) to.set(from.subarray(start, start + width), base);
    else for (let j = 0; j < width; j++) to[base + j] = from[start + j] as number;
  }
}

/** The rows of a tensor at the given positions. */
export function takeRows(t: Tensor, positions: ArrayLike<number>): Tensor {
  const shape = [positions.length, ...t.shape.slice(1)];
  const rows = allocate(t.dtype, sizeOf(shape));
  copyRows(numbersOf(t), stridesOf(t.shape)[0] as number, positions, rows);
  return fromData(rows, shape, t.dtype);
}

/** @throws DataError that names the first NaN or infinity: "x has NaN at row 17, column 3" */
export function requireFinite(where: string, name: string, t: Tensor): void {
  const found = nonFinite(name, t);
  if (found === undefined) return;
  throw new DataError(`${where}: ${found}. Remove such rows, or fill in a number, before training.`);
}

/** The first NaN or infinity, "x has NaN at row 17, column 3", or undefined. */
export function nonFinite(name: string, t: Tensor): string | undefined {
  if (!isFloat(t.dtype)) return undefined;
  const numbers = numbersOf(t);
  const at = numbers.findIndex((v) => !Number.isFinite(v));
  return at < 0 ? undefined : `${name} has ${numbers[at]} at ${placeOf(at, t)}`;
}

/** "row 17, column 3"; for more dimensions "row 17, position [3, 4]". */
function placeOf(index: number, t: Tensor): string {
  const position: number[] = [];
  let rest = index;
  for (const stride of stridesOf(t.shape)) {
    position.push(Math.floor(rest / stride));
    rest %= stride;
  }
  const [row, ...inside] = position;
  if (inside.length === 0) return `row ${row}`;
  return inside.length === 1 ? `row ${row}, column ${inside[0]}` : `row ${row}, position [${inside.join(", ")}]`;
}

/** `tensor(…)`: concrete tensors from numbers, nested arrays and typed arrays. */

import { allocate, DTYPES, type DType, dtypeOfArray, type TypedArray } from "./dtype.ts";
import { checkOptions, describeValue } from "./options.ts";
import { formatShape, type Shape, sameShape, sizeOf } from "./shape.ts";
import { fromData, isConcrete, type NestedArray, Tensor } from "./tensor.ts";

export interface TensorOptions {
  /** Default: the typed array's own; bool for booleans; else float32. */
  readonly dtype?: DType;
  /** Default: the nesting of the arrays; [length] for a typed array. */
  readonly shape?: Shape;
}

/**
 * A tensor of the given numbers, which are copied.
 *
 * @param values a number, (nested) arrays of numbers or booleans, or a Float32Array, Float64Array or Int32Array; or a
 *   tensor, which while it is traced is given back, cast and reshaped as the options say
 * @throws if the nesting is ragged, a value is not a number, or the shape does not fit
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * tensor([[1, 2], [3, 4]]).shape; // → [ 2, 2 ]
 * ```
 */
export function tensor(values: NestedArray | ArrayBufferView | Tensor, options: TensorOptions = {}): Tensor {
  checkOptions("tensor()", options, ["shape", "dtype"]);
  if (options.dtype !== undefined && !DTYPES.includes(options.dtype)) {
    throw new TypeError(`tensor(): unknown dtype "${String(options.dtype)}"; there are ${DTYPES.join(", ")}.`);
  }
  if (values instanceof Tensor && !isConcrete(values)) return convertTraced(values, options);
  const { numbers, shape, dtype } = ArrayBuffer.isView(values)
    ? fromTyped(values, options.dtype)
    : values instanceof Tensor
      ? {
          numbers: convert(values.dataSync(), options.dtype ?? values.dtype),
          shape: values.shape,
          dtype: options.dtype ?? values.dtype,
        }
      : fromNested(values, options.dtype);
  const wanted = options.shape ?? shape;
  if (wanted.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new RangeError(
      `tensor(): ${formatShape(wanted)} is not a shape: every extent must be an integer of at least 0.`,
    );
  }
  if (sizeOf(wanted) !== numbers.length) {
    throw new RangeError(
      `tensor(): ${numbers.length} numbers do not fill the shape ${formatShape(wanted)}, which holds ${sizeOf(wanted)}.`,
    );
  }
  return fromData(numbers, [...wanted], dtype);
}

/** Makes a tensor of a number or array, and leaves a tensor as it is unless it is to have another dtype. */
export const asTensor = (value: Tensor | NestedArray | ArrayBufferView, dtype?: DType): Tensor =>
  value instanceof Tensor && (dtype ?? value.dtype) === value.dtype ? value : tensor(value, { dtype });

/** What has no numbers yet cannot be copied, but operations can be applied to it. */
function convertTraced(x: Tensor, { dtype = x.dtype, shape = x.shape }: TensorOptions): Tensor {
  const shaped = sameShape(shape, x.shape) ? x : x.reshape(shape);
  return dtype === x.dtype ? shaped : shaped.cast(dtype);
}

function fromTyped(values: ArrayBufferView, asked: DType | undefined) {
  if (values instanceof DataView || values instanceof BigInt64Array || values instanceof BigUint64Array) {
    throw new TypeError("tensor(): takes typed arrays of numbers, not a DataView or one of BigInts; convert it first.");
  }
  const numbers = values as unknown as ArrayLike<number>;
  const dtype = asked ?? dtypeOfArray(values) ?? "float32";
  return { numbers: convert(numbers, dtype), shape: [numbers.length], dtype };
}

function convert(values: ArrayLike<number>, dtype: DType): TypedArray {
  const numbers = allocate(dtype, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (dtype === "int32" && (value | 0) !== value) {
      throw new RangeError(
        `tensor(): element ${i} is ${value}, which is no int32. Make a float tensor and round it with .cast("int32").`,
      );
    }
    numbers[i] = dtype === "bool" ? Number(value !== 0) : value;
  }
  return numbers;
}

function fromNested(values: NestedArray, asked: DType | undefined) {
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: number[] = [];
  let booleans = true;
  const walk = (value: NestedArray, depth: number, path: string): void => {
    if (Array.isArray(value)) {
      if (depth >= shape.length || value.length !== shape[depth]) {
        throw new RangeError(
          `tensor(): ragged nesting: values${path} has ${value.length} entries where ` +
            `${depth < shape.length ? `${shape[depth]} were expected` : "a number was expected"}. All rows must be equally long.`,
        );
      }
      for (const [i, entry] of value.entries()) walk(entry, depth + 1, `${path}[${i}]`);
      return;
    }
    if (depth !== shape.length || (typeof value !== "number" && typeof value !== "boolean")) {
      const found = typeof value === "string" ? `the string ${JSON.stringify(value)}` : describeValue(value);
      throw new TypeError(
        `tensor(): values${path} is ${found}, not ${depth < shape.length ? "an array" : "a number"}. ${(value as unknown) instanceof Tensor ? "Join tensors with stack." : "Convert or encode it first."}`,
      );
    }
    if (typeof value !== "boolean") booleans = false;
    flat.push(Number(value));
  };
  walk(values, 0, "");
  const dtype = asked ?? (booleans && flat.length > 0 ? "bool" : "float32");
  return { numbers: convert(flat, dtype), shape, dtype };
}

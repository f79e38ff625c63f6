/** A function of many rows, computed a block of rows at a time. */
import { allocate, type TypedArray } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { numbersOf } from "./dataset.ts";

/**
 * The results of f for all rows of x, [rows, …], of which there must be one. All blocks have `size` rows, so that f is
 * compiled once; the last is filled up with zeros.
 *
 * @param f from [size, …] to [size, …], which treats each row by itself
 */
export function inRowBlocks(f: (block: Tensor) => Tensor, x: Tensor, size: number): Tensor {
  const [rows = 0, ...rest] = x.shape;
  const width = sizeOf(rest);
  const numbers = numbersOf(x);
  const block = (from: number): Tensor => {
    const values = numbers.subarray(from * width, Math.min(from + size, rows) * width);
    const filled = values.length === size * width ? values : allocate(x.dtype, size * width);
    if (filled !== values) filled.set(values);
    return f(fromData(filled, [size, ...rest], x.dtype));
  };
  const first = block(0);
  const outputs = first.size / size;
  const all = allocate(first.dtype, rows * outputs);
  const put = (from: number, y: Tensor): void =>
    all.set((y.payload as TypedArray).subarray(0, Math.min(size, rows - from) * outputs), from * outputs);
  put(0, first);
  for (let from = size; from < rows; from += size) put(from, block(from));
  return fromData(all, [rows, ...first.shape.slice(1)], first.dtype);
}

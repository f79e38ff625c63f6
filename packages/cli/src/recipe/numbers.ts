/** The numbers in tensors, and rows of tensors. */
import { type Tensor, type TypedArray, tensor } from "chainrule";

const known = new WeakMap<Tensor, TypedArray>();

/** The numbers of a concrete tensor, row after row; not to be changed. */
export function numbersOf(t: Tensor): TypedArray {
  let numbers = known.get(t);
  if (numbers === undefined) {
    numbers = t.dataSync();
    known.set(t, numbers);
  }
  return numbers;
}

/** Some rows of a tensor. */
export function takeRows(t: Tensor, rows: ArrayLike<number>): Tensor {
  const [, ...rest] = t.shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const from = numbersOf(t);
  const to = from.slice(0, rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    to.set(from.subarray(row * width, (row + 1) * width), i * width);
  }
  return tensor(to, { shape: [rows.length, ...rest] });
}

/** The numbers in tensors. */
import type { Tensor, TypedArray } from "chainrule";

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

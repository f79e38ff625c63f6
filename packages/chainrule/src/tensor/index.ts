/**
 * Tensors, the values that users hold: dtypes, shapes, trees of tensors, and how to make and read them.
 * Their operations are added as methods by the files of `ops/`.
 */
export { asTensor, type TensorOptions, tensor } from "./create.ts";
export type { DType, TypedArray } from "./dtype.ts";
export type { Shape } from "./shape.ts";
export { type NestedArray, Tensor } from "./tensor.ts";
export type { TensorTree } from "./tree.ts";

/** Scalar constants. Arrays of constants enter a graph as captured tensors instead. */
import { DTypeError, located } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { type DType, isFloat } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import { scalar, type Tensor } from "../tensor/tensor.ts";
import { checkKnown } from "./define.ts";
import { register } from "./registry.ts";

interface ConstantAttrs {
  readonly value: number;
  readonly dtype: DType;
  readonly [key: string]: number | DType;
}

const op: Primitive = /* @__PURE__ */ register<ConstantAttrs>({
  name: "constant",
  doc: "A scalar known when the graph is made.",
  onnx: "Constant",
  infer: (_, { dtype }) => ({ shape: [], dtype }),
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: true,
    element: (k, _index, _read, { attrs }) => k.constant(attrs.dtype, attrs.value),
  },
  // Not by a program, of which there would be one for each number.
  evaluate: (_, { value, dtype }) => [scalar(value, dtype)],
  nondifferentiable: true,
  batch: () => [],
  samples: () => [
    { inputs: [], attrs: { value: 2.5, dtype: "float32" } },
    { inputs: [], attrs: { value: Number.NaN, dtype: "float64" } },
  ],
});

/** A scalar constant. @throws DTypeError when the number is none of the dtype's */
export function constant(value: number, dtype: DType = "float32"): Tensor {
  checkKnown("constant", dtype);
  const fits = isFloat(dtype) || (dtype === "int32" ? (value | 0) === value : value === 0 || value === 1);
  if (!fits) throw new DTypeError(located(`constant: ${value} is not a number of ${dtype}.`));
  return bind(op, { value, dtype });
}

/** A tensor filled with one number. */
export const full = (shape: Shape, value: number, dtype: DType = "float32"): Tensor =>
  constant(value, dtype).broadcastTo(shape);

/** A tensor of zeros. */
export const zeros = (shape: Shape, dtype: DType = "float32"): Tensor => full(shape, 0, dtype);

/** A tensor of ones. */
export const ones = (shape: Shape, dtype: DType = "float32"): Tensor => full(shape, 1, dtype);

/** One number, with the shape and dtype of another tensor. */
export const constantLike = (like: Tensor, value: number): Tensor => full(like.shape, value, like.dtype);

export const zerosLike = (like: Tensor): Tensor => constantLike(like, 0);

export const onesLike = (like: Tensor): Tensor => constantLike(like, 1);

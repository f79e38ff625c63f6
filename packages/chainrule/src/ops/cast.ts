/** Conversion between dtypes. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { type DType, isFloat } from "../tensor/dtype.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkKnown, example } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Converts to another dtype: float → int32 truncates and saturates (NaN gives 0), anything → bool is x ≠ 0. */
    cast(dtype: DType): Tensor;
  }
}

interface CastAttrs {
  readonly dtype: DType;
  readonly [key: string]: DType;
}

const cast: Primitive = register<CastAttrs>({
  name: "cast",
  doc: "Converts to another dtype.",
  onnx: "Cast",
  infer: ([x], { dtype }) => ({ shape: (x as Tensor).shape, dtype }),
  lowering: {
    kind: "pull",
    cost: 1,
    pointwise: true,
    element: (k, index, read, { output }) => k.cast(output.dtype, read(0, index)),
  },
  linear: ([x], { dtype }) => (isFloat((x as Tensor).dtype) && isFloat(dtype) ? [0] : []),
  transpose: (cotangent, _, [x]) => (isFloat((x as Tensor).dtype) ? cotangent.cast((x as Tensor).dtype) : null),
  batch: ([x], _, __, { dtype }) => [(x as Tensor).cast(dtype)],
  samples: () => [
    { inputs: [example([2, 3], -3, 3)], attrs: { dtype: "float64" } },
    { inputs: [example([2, 3], -3, 3)], attrs: { dtype: "int32" } },
    { inputs: [example([3], -3, 3)], attrs: { dtype: "bool" } },
    { inputs: [example([3], -3, 3, 0, "int32")], attrs: { dtype: "float32" } },
  ],
});

Tensor.prototype.cast = function (dtype) {
  checkKnown("cast", dtype);
  return dtype === this.dtype ? this : bind(cast, { dtype }, this);
};

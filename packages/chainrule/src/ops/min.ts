/** The smallest element along axes. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { tangentOfExtremum } from "./composed/ties.ts";
import { type Axis, type ReduceAttrs, type ReduceOptions, reduceAlong, reduction } from "./reduction.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Smallest element along the given axes (default: all); NaN if any is. Ties share the gradient evenly. */
    min(axis?: Axis, options?: ReduceOptions): Tensor;
  }
}

const rules = reduction({
  name: "min",
  doc: "Smallest element along axes.",
  onnx: "ReduceMin",
  combine: "min",
  empty: false,
});

const min: Primitive = register<ReduceAttrs>({
  ...rules,
  jvp: ([x], [tangent], [y], { axes }) => [tangent ? tangentOfExtremum(x as Tensor, tangent, y as Tensor, axes) : null],
  batch: ([x], _, __, { axes }) => [bind(min, { axes: axes.map((axis) => axis + 1) }, x as Tensor)],
});

Tensor.prototype.min = function (axis, options) {
  return reduceAlong(min, this, axis, options);
};

/** The largest element along axes. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { tangentOfExtremum } from "./composed/ties.ts";
import { type Axis, type ReduceAttrs, type ReduceOptions, reduceAlong, reduction } from "./reduction.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Largest element along the given axes (default: all); NaN if any is. Ties share the gradient evenly. */
    max(axis?: Axis, options?: ReduceOptions): Tensor;
  }
}

const rules = reduction({
  name: "max",
  doc: "Largest element along axes.",
  onnx: "ReduceMax",
  combine: "max",
  empty: false,
});

const max: Primitive = register<ReduceAttrs>({
  ...rules,
  jvp: ([x], [tangent], [y], { axes }) => [tangent ? tangentOfExtremum(x as Tensor, tangent, y as Tensor, axes) : null],
  batch: ([x], _, __, { axes }) => [bind(max, { axes: axes.map((axis) => axis + 1) }, x as Tensor)],
});

Tensor.prototype.max = function (axis, options) {
  return reduceAlong(max, this, axis, options);
};

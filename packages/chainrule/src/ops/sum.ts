/** Sums along axes. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Axis, keepDims, type ReduceAttrs, type ReduceOptions, reduceAlong, reduction } from "./reduction.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Sum of the elements along the given axes (default: all). A sum of nothing is 0. */
    sum(axis?: Axis, options?: ReduceOptions): Tensor;
  }
}

const rules = reduction({ name: "sum", doc: "Sum along axes.", onnx: "ReduceSum", combine: "add", empty: true });

const sum: Primitive = register<ReduceAttrs>({
  ...rules,
  linear: () => [0],
  transpose: (cotangent, _, [x], __, { axes }) =>
    keepDims(cotangent, x as Tensor, axes).broadcastTo((x as Tensor).shape),
  batch: ([x], _, __, { axes }) => [bind(sum, { axes: axes.map((axis) => axis + 1) }, x as Tensor)],
});

Tensor.prototype.sum = function (axis, options) {
  return reduceAlong(sum, this, axis, options);
};

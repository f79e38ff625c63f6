/** Products along axes. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { eye } from "./iota.ts";
import { type Axis, type ReduceAttrs, type ReduceOptions, reduceAlong, reduction } from "./reduction.ts";
import { register } from "./registry.ts";
import { where } from "./select.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Product of the elements along the given axes (default: all). A product of nothing is 1. */
    product(axis?: Axis, options?: ReduceOptions): Tensor;
  }
}

const rules = reduction({
  name: "product",
  doc: "Product along axes.",
  onnx: "ReduceProd",
  combine: "mul",
  empty: true,
});

/**
 * Σᵢ tᵢ · Πⱼ≠ᵢ xⱼ with every partial product formed from the factors themselves, in O(n²): dividing the product by xᵢ
 * would be undefined where xᵢ = 0.
 */
function tangentOfProduct(x: Tensor, tangent: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
  const flat = (t: Tensor): Tensor => {
    const moved = t.transpose([...kept, ...axes]);
    const outer = moved.shape.slice(0, kept.length);
    return moved.reshape([...outer, axes.reduce((n, axis) => n * (x.shape[axis] as number), 1)]);
  };
  const factors = flat(x);
  const n = factors.shape.at(-1) as number;
  const others = where(eye(n, x.dtype).cast("bool"), 1, factors.expandDims(-2)).product(-1);
  return flat(tangent).mulz(others).sum(-1);
}

const product: Primitive = register<ReduceAttrs>({
  ...rules,
  jvp: ([x], [tangent], _, { axes }) => [tangent ? tangentOfProduct(x as Tensor, tangent, axes) : null],
  batch: ([x], _, __, { axes }) => [bind(product, { axes: axes.map((axis) => axis + 1) }, x as Tensor)],
});

Tensor.prototype.product = function (axis, options) {
  return reduceAlong(product, this, axis, options);
};

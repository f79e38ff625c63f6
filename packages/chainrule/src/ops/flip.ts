/** Reversal of the order along axes. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Expr } from "../loop/ir.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxes, example } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Reverses the order of the elements along the given axes; default: all. */
    flip(axis?: number | readonly number[]): Tensor;
  }
}

interface FlipAttrs {
  readonly axes: readonly number[];
  readonly [key: string]: readonly number[];
}

const flip: Primitive = register<FlipAttrs>({
  name: "flip",
  doc: "Reverses the order of the elements along axes.",
  onnx: null,
  infer: ([x]) => ({ shape: (x as Tensor).shape, dtype: (x as Tensor).dtype }),
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element: (k, index, read, { attrs, output }) =>
      read(
        0,
        index.map(
          (i, axis): Expr =>
            attrs.axes.includes(axis) ? k.call("sub", k.int((output.shape[axis] as number) - 1), i) : i,
        ),
      ),
  },
  linear: () => [0],
  transpose: (cotangent, _, __, ___, { axes }) => cotangent.flip(axes),
  batch: ([x], _, __, { axes }) => [(x as Tensor).flip(axes.map((axis) => axis + 1))],
  samples: () => [
    { inputs: [example([2, 3])], attrs: { axes: [1] } },
    { inputs: [example([2, 3])], attrs: { axes: [0, 1] } },
    { inputs: [example([0])], attrs: { axes: [0] } },
  ],
});

Tensor.prototype.flip = function (axis) {
  return bind(flip, { axes: checkAxes("flip", axis, this.shape) }, this);
};

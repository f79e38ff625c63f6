/** Running sums along an axis. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { variable } from "../loop/build.ts";
import { stridesOf, withoutAxes } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, checkDTypes, example } from "./define.ts";
import { forEachIndex, ravel } from "./loops.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Running sums along an axis: element i is the sum of elements 0 … i (with `reverse`, i … last). */
    cumsum(axis?: number, options?: { readonly reverse?: boolean }): Tensor;
  }
}

interface CumsumAttrs {
  readonly axis: number;
  readonly reverse: boolean;
  readonly [key: string]: number | boolean;
}

const cumsum: Primitive = register<CumsumAttrs>({
  name: "cumsum",
  doc: "Running sums along an axis.",
  onnx: "CumSum",
  infer: ([x]) => ({ shape: (x as Tensor).shape, dtype: checkDTypes("cumsum", "number", [x as Tensor]) }),
  lowering: {
    kind: "loops",
    body(k, [x], output, { attrs: { axis, reverse } }) {
      const { shape, dtype } = output;
      const strides = stridesOf(shape);
      const extent = shape[axis] as number;
      return forEachIndex(withoutAxes(shape, [axis]), (index) => {
        const sum = variable("sum", dtype);
        const i = variable("i", "int32");
        const along = reverse ? k.call("sub", k.int(extent - 1), i) : i;
        const at = k.call(
          "add",
          ravel(k, index, withoutAxes(strides, [axis])),
          k.call("mul", along, k.int(strides[axis] as number)),
        );
        return [
          { kind: "let", target: sum, value: k.constant(dtype, 0) },
          {
            kind: "for",
            index: i,
            extent,
            simd: false,
            body: [
              { kind: "assign", target: sum, value: k.call("add", sum, k.load(dtype, x?.id as number, at)) },
              { kind: "store", buffer: output.id, index: at, value: sum },
            ],
          },
        ];
      });
    },
  },
  linear: () => [0],
  transpose: (cotangent, _, __, ___, { axis, reverse }) => cotangent.cumsum(axis, { reverse: !reverse }),
  batch: ([x], _, __, { axis, reverse }) => [(x as Tensor).cumsum(axis + 1, { reverse })],
  samples: () => [
    { inputs: [example([2, 3])], attrs: { axis: 1, reverse: false } },
    { inputs: [example([3, 2])], attrs: { axis: 0, reverse: true } },
    { inputs: [example([0])], attrs: { axis: 0, reverse: false } },
  ],
});

Tensor.prototype.cumsum = function (axis = 0, { reverse = false } = {}) {
  return bind(cumsum, { axis: checkAxis("cumsum", axis, this.shape), reverse }, this);
};

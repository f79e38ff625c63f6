/** The position of the largest element. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { variable } from "../loop/build.ts";
import type { Expr } from "../loop/ir.ts";
import { stridesOf, withoutAxes } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, checkDTypes, example, shapeError } from "./define.ts";
import { forEachIndex, ravel } from "./loops.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Position (int32) of the largest element along an axis; the first at a tie. A NaN counts as the largest. */
    argmax(axis?: number): Tensor;
    /** Position (int32) of the smallest element along an axis; the first at a tie. A NaN counts as the smallest. */
    argmin(axis?: number): Tensor;
  }
}

interface ArgmaxAttrs {
  readonly axis: number;
  readonly [key: string]: number;
}

const argmax: Primitive = register<ArgmaxAttrs>({
  name: "argmax",
  doc: "Position of the largest element along an axis.",
  onnx: "ArgMax",
  infer([x], { axis }) {
    const { shape } = x as Tensor;
    checkDTypes("argmax", "number", [x as Tensor]);
    if (shape[axis] === 0) throw shapeError("argmax", `axis ${axis} has no elements.`);
    return { shape: withoutAxes(shape, [axis]), dtype: "int32" };
  },
  lowering: {
    kind: "loops",
    body(k, [x], output, { attrs: { axis }, inputs: [aval] }) {
      const { shape, dtype } = aval as Tensor;
      const strides = stridesOf(shape);
      const extent = shape[axis] as number;
      return forEachIndex(output.shape, (index) => {
        const base = ravel(k, index, withoutAxes(strides, [axis]));
        const at = (position: Expr): Expr =>
          k.load(dtype, x?.id as number, k.call("add", base, k.call("mul", position, k.int(strides[axis] as number))));
        const best = variable("best", dtype);
        const where = variable("where", "int32");
        const i = variable("i", "int32");
        const value = variable("value", dtype);
        // larger, or the first NaN: value > best, or value ≠ value while best = best
        const better = k.call(
          "or",
          k.call("gt", value, best),
          k.call("and", k.call("ne", value, value), k.call("eq", best, best)),
        );
        return [
          { kind: "let", target: best, value: at(k.int(0)) },
          { kind: "let", target: where, value: k.int(0) },
          {
            kind: "for",
            index: i,
            extent,
            simd: false,
            body: [
              { kind: "let", target: value, value: at(i) },
              {
                kind: "if",
                condition: better,
                then: [
                  { kind: "assign", target: best, value },
                  { kind: "assign", target: where, value: i },
                ],
              },
            ],
          },
          { kind: "store", buffer: output.id, index: ravel(k, index, stridesOf(output.shape)), value: where },
        ];
      });
    },
  },
  nondifferentiable: true,
  batch: ([x], _, __, { axis }) => [bind(argmax, { axis: axis + 1 }, x as Tensor)],
  samples: () => [
    { inputs: [example([3, 4])], attrs: { axis: 1 } },
    { inputs: [example([3, 4])], attrs: { axis: 0 } },
    { inputs: [example([1])], attrs: { axis: 0 } },
  ],
});

Tensor.prototype.argmax = function (axis) {
  if (axis === undefined) return this.flatten().argmax(0);
  return bind(argmax, { axis: checkAxis("argmax", axis, this.shape) }, this);
};

Tensor.prototype.argmin = function (axis) {
  // −x − 1 reverses the order of all integers; −x would wrap at −2³¹.
  const reversed = this.dtype === "int32" ? this.neg().sub(1) : this.neg();
  return reversed.argmax(axis);
};

/** Sorting. The primitive gives positions; sorted values are gathered by them, which also gives the derivative. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { variable } from "../loop/build.ts";
import type { Expr, Stmt } from "../loop/ir.ts";
import { stridesOf, withoutAxes } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, checkDTypes, example } from "./define.ts";
import { forEachIndex, ravel } from "./loops.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The elements in ascending order along an axis; NaN last. */
    sort(axis?: number): Tensor;
    /** The positions (int32) that sort the tensor along an axis; equal elements keep their order. */
    argsort(axis?: number): Tensor;
  }
}

interface ArgsortAttrs {
  readonly axis: number;
  readonly [key: string]: number;
}

const argsort: Primitive = register<ArgsortAttrs>({
  name: "argsort",
  doc: "Positions in ascending order along an axis; stable, NaN last.",
  onnx: "TopK",
  infer: ([x]) => {
    checkDTypes("argsort", "number", [x as Tensor]);
    return { shape: (x as Tensor).shape, dtype: "int32" };
  },
  lowering: {
    kind: "loops",
    // Binary insertion is quadratic in moves; a rank count (how many elements come before mine) is quadratic as well,
    // has no data-dependent loop and suits every target. Good for the thousands of elements that training sorts.
    body(k, [x], output, { attrs: { axis }, inputs: [aval] }) {
      const { shape, dtype } = aval as Tensor;
      const strides = stridesOf(shape);
      const extent = shape[axis] as number;
      const stride = k.int(strides[axis] as number);
      return forEachIndex(withoutAxes(shape, [axis]), (index) => {
        const base = ravel(k, index, withoutAxes(strides, [axis]));
        const place = (position: Expr): Expr => k.call("add", base, k.call("mul", position, stride));
        const i = variable("i", "int32");
        const j = variable("j", "int32");
        const mine = variable("mine", dtype);
        const other = variable("other", dtype);
        const rank = variable("rank", "int32");
        const isNaN = (e: Expr): Expr => k.call("ne", e, e);
        const both = k.call("and", isNaN(mine), isNaN(other));
        const smaller = k.call("or", k.call("lt", other, mine), k.call("and", isNaN(mine), k.call("not", isNaN(other))));
        const tie = k.call("and", k.call("lt", j, i), k.call("or", k.call("eq", other, mine), both));
        const inner: Stmt[] = [
          { kind: "let", target: other, value: k.load(dtype, x?.id as number, place(j)) },
          { kind: "accumulate", target: rank, op: "add", value: k.cast("int32", k.call("or", smaller, tie)) },
        ];
        return [
          {
            kind: "for",
            index: i,
            extent,
            simd: false,
            body: [
              { kind: "let", target: mine, value: k.load(dtype, x?.id as number, place(i)) },
              { kind: "let", target: rank, value: k.int(0) },
              { kind: "for", index: j, extent, simd: false, body: inner },
              { kind: "store", buffer: output.id, index: place(rank), value: i },
            ],
          },
        ];
      });
    },
  },
  nondifferentiable: true,
  batch: ([x], _, __, { axis }) => [(x as Tensor).argsort(axis + 1)],
  samples: () => [
    { inputs: [example([2, 5])], attrs: { axis: 1 } },
    { inputs: [example([4, 2])], attrs: { axis: 0 } },
    { inputs: [example([0])], attrs: { axis: 0 } },
  ],
});

Tensor.prototype.argsort = function (axis = -1) {
  return bind(argsort, { axis: checkAxis("argsort", axis, this.shape) }, this);
};

Tensor.prototype.sort = function (axis = -1) {
  return this.takeAlongAxis(this.argsort(axis), axis);
};

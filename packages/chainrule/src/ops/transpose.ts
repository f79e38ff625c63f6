/** Permutation of the dimensions. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Expr } from "../loop/ir.ts";
import { formatShape, inversePermutation, range } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, example, shapeError } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Permutes the dimensions: dimension i of the result is dimension permutation[i]; default: reversed. */
    transpose(permutation?: readonly number[]): Tensor;
    /** Moves one dimension to another position. */
    moveAxis(from: number, to: number): Tensor;
  }
}

interface TransposeAttrs {
  readonly permutation: readonly number[];
  readonly [key: string]: readonly number[];
}

const transpose: Primitive = register<TransposeAttrs>({
  name: "transpose",
  doc: "Permutes the dimensions.",
  onnx: "Transpose",
  infer([x], { permutation }) {
    const { shape, dtype } = x as Tensor;
    return { shape: permutation.map((from) => shape[from] as number), dtype };
  },
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element: (_k, index, read, { attrs }) =>
      read(
        0,
        inversePermutation(attrs.permutation).map((to) => index[to] as Expr),
      ),
  },
  linear: () => [0],
  transpose: (cotangent, _, __, ___, { permutation }) => cotangent.transpose(inversePermutation(permutation)),
  batch: ([x], _, __, { permutation }) => [(x as Tensor).transpose([0, ...permutation.map((axis) => axis + 1)])],
  samples: () => [
    { inputs: [example([2, 3])], attrs: { permutation: [1, 0] } },
    { inputs: [example([2, 3, 4])], attrs: { permutation: [1, 2, 0] } },
    { inputs: [example([0, 3])], attrs: { permutation: [1, 0] } },
  ],
});

Tensor.prototype.transpose = function (permutation) {
  const order = (permutation ?? range(this.rank).reverse()).map((axis) => checkAxis("transpose", axis, this.shape));
  if (new Set(order).size !== this.rank || order.length !== this.rank) {
    throw shapeError(
      "transpose",
      `[${permutation?.join(", ")}] is not a permutation of the axes of ${formatShape(this.shape)}.`,
    );
  }
  return order.every((from, to) => from === to) ? this : bind(transpose, { permutation: order }, this);
};

Tensor.prototype.moveAxis = function (from, to) {
  const source = checkAxis("moveAxis", from, this.shape);
  const order = range(this.rank).filter((axis) => axis !== source);
  order.splice(checkAxis("moveAxis", to, this.shape), 0, source);
  return this.transpose(order);
};

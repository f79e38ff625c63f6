/** The same elements in row-major order under another shape. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { ExprPool } from "../loop/build.ts";
import type { Expr } from "../loop/ir.ts";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, checkShape, example, requireShape, shapeError } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The same elements under another shape; one extent may be −1, to be worked out from the rest. */
    reshape(shape: Shape): Tensor;
    /** Adds a dimension of extent 1 at `axis` of the result. */
    expandDims(axis: number): Tensor;
    /** All elements in one dimension. */
    flatten(): Tensor;
  }
}

interface ReshapeAttrs {
  readonly shape: Shape;
  readonly [key: string]: Shape;
}

/**
 * The index into `from` of the element at `index` of `to`. Runs of dimensions that hold the same number of elements
 * are matched, so that only what is really split or merged costs a division.
 */
function reindex(k: ExprPool, index: readonly Expr[], to: Shape, from: Shape): Expr[] {
  const result = new Array<Expr>(from.length).fill(k.int(0));
  let i = to.length - 1;
  let j = from.length - 1;
  while (i >= 0 || j >= 0) {
    let [m, n] = [1, 1];
    let [i0, j0] = [i, j];
    do {
      if (i0 >= 0 && (m <= n || j0 < 0)) m *= to[i0--] as number;
      else if (j0 >= 0) n *= from[j0--] as number;
    } while (m !== n && (i0 >= 0 || j0 >= 0));
    // Positions i0+1…i of `to` and j0+1…j of `from` now hold the same m elements.
    let flat: Expr = k.int(0);
    for (let d = i0 + 1; d <= i; d++)
      flat = k.call("add", k.call("mul", flat, k.int(to[d] as number)), index[d] as Expr);
    for (let d = j; d > j0; d--) {
      const extent = from[d] as number;
      const outermost = d === j0 + 1;
      result[d] = extent === 1 ? k.int(0) : outermost ? flat : k.call("imod", flat, k.int(extent));
      if (!outermost && extent !== 1) flat = k.call("idiv", flat, k.int(extent));
    }
    i = i0;
    j = j0;
  }
  return result;
}

const reshape: Primitive = register<ReshapeAttrs>({
  name: "reshape",
  doc: "The same elements, in row-major order, under another shape.",
  onnx: "Reshape",
  infer([x], { shape }) {
    const { shape: from, dtype } = x as Tensor;
    checkShape("reshape", shape);
    if (sizeOf(from) !== sizeOf(shape)) {
      throw shapeError(
        "reshape",
        `${formatShape(from)} has ${sizeOf(from)} elements and ${formatShape(shape)} has ${sizeOf(shape)}.`,
      );
    }
    return { shape, dtype };
  },
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element: (k, index, read, { inputs: [x], output }) =>
      read(
        0,
        sizeOf(output.shape) === 0
          ? (x as Tensor).shape.map(() => k.int(0))
          : reindex(k, index, output.shape, (x as Tensor).shape),
      ),
  },
  linear: () => [0],
  transpose: (cotangent, _, [x]) => cotangent.reshape((x as Tensor).shape),
  batch: ([x], _, size, { shape }) => [(x as Tensor).reshape([size, ...shape])],
  samples: () => [
    { inputs: [example([2, 3])], attrs: { shape: [3, 2] } },
    { inputs: [example([2, 3, 4])], attrs: { shape: [6, 1, 4] } },
    { inputs: [example([1, 1])], attrs: { shape: [] } },
    { inputs: [example([0, 3])], attrs: { shape: [5, 0] } },
  ],
});

Tensor.prototype.reshape = function (shape) {
  requireShape("reshape", shape);
  const open = shape.indexOf(-1);
  let wanted = shape;
  if (open >= 0) {
    const rest = sizeOf(shape.toSpliced(open, 1));
    if (!(rest > 0) || this.size % rest !== 0) {
      throw shapeError(
        "reshape",
        `no extent for −1 makes ${formatShape(shape)} hold the ${this.size} elements of ${formatShape(this.shape)}.`,
      );
    }
    wanted = shape.map((n, i) => (i === open ? this.size / rest : n));
  }
  return sameShape(wanted, this.shape) ? this : bind(reshape, { shape: [...wanted] }, this);
};

Tensor.prototype.expandDims = function (axis) {
  const position = checkAxis("expandDims", axis, [...this.shape, 1]);
  return this.reshape([...this.shape.slice(0, position), 1, ...this.shape.slice(position)]);
};

Tensor.prototype.flatten = function () {
  return this.reshape([this.size]);
};

/** The matrix product. */
import { requireTensor } from "../graph/input.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { broadcastShapes, formatShape, range, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { addMaybe, batchAll, checkDTypes, example, shapeError } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /**
     * Matrix product over the last two axes, [.., m, k] · [.., k, n] → [.., m, n]; leading axes broadcast. A vector
     * [k] on either side is taken as one row or one column.
     */
    matmul(other: Tensor): Tensor;
  }
}

const matmul: Primitive = register({
  name: "matmul",
  doc: "Matrix product of the last two axes, over equal leading axes.",
  onnx: "MatMul",
  infer([a, b]) {
    const [left, right] = [a as Tensor, b as Tensor];
    const dtype = checkDTypes("matmul", "number", [left, right]);
    const [m, k] = left.shape.slice(-2) as [number, number];
    const [k2, n] = right.shape.slice(-2) as [number, number];
    const lead = left.shape.slice(0, -2);
    if (k !== k2 || !sameShape(lead, right.shape.slice(0, -2))) throw mismatch(left, right);
    return { shape: [...lead, m, n], dtype };
  },
  lowering: { kind: "product" },
  jvp([a, b], [ta, tb]) {
    const left = ta ? bind(matmul, {}, ta, b as Tensor) : null;
    const right = tb ? bind(matmul, {}, a as Tensor, tb) : null;
    return [addMaybe(left, right)];
  },
  // C = A·B: Ā = C̄·Bᵀ, B̄ = Aᵀ·C̄
  transpose: (cotangent, input, [a, b]) =>
    input === 0
      ? bind(matmul, {}, cotangent, swapLast(b as Tensor))
      : bind(matmul, {}, swapLast(a as Tensor), cotangent),
  batch([a, b], [inA, inB], size) {
    const [left, right] = [a as Tensor, b as Tensor];
    // Rows of a batched left factor simply follow one another when the right one is the same for all.
    if (inA === true && inB !== true && right.rank === 2) {
      const [, m, k] = left.shape as [number, number, number];
      const flat = bind(matmul, {}, left.reshape([size * m, k]), right);
      return [flat.reshape([size, m, right.shape[1] as number])];
    }
    return [bind(matmul, {}, ...batchAll([left, right], [inA === true, inB === true], size))];
  },
  samples: () => [
    { inputs: [example([2, 3]), example([3, 4], -2, 2, 1)] },
    { inputs: [example([2, 2, 3]), example([2, 3, 1], -2, 2, 1)] },
    { inputs: [example([1, 1]), example([1, 1], -2, 2, 1)] },
    { inputs: [example([2, 0]), example([0, 3])] },
    { inputs: [example([0, 2]), example([2, 3])] },
  ],
});

const dropAxis = (t: Tensor, axis: number): Tensor => t.reshape(t.shape.toSpliced(axis, 1));

const swapLast = (t: Tensor): Tensor => t.transpose([...range(t.rank - 2), t.rank - 1, t.rank - 2]);

function mismatch(left: Tensor, right: Tensor): Error {
  const names = (t: Tensor, row: string, column: string): string =>
    formatShape(t.shape, [...t.shape.slice(0, -2).map(() => "batch"), ...(t.rank > 1 ? [row, column] : [row])]);
  const [inner, which] = right.shape.length > 1 ? [right.shape.at(-2), "second to last"] : [right.shape[0], "only"];
  const rule =
    left.shape.at(-1) === inner
      ? `the leading dimensions ${formatShape(left.shape.slice(0, -2))} and ${formatShape(right.shape.slice(0, -2))} do not broadcast.`
      : `the last dimension of the left factor (${left.shape.at(-1)}) must equal the ${which} of the right one (${inner}).`;
  return shapeError("matmul", `${names(left, "m", "k")} · ${names(right, "k", "n")} does not fit: ${rule}`);
}

Tensor.prototype.matmul = function (other) {
  requireTensor("matmul", "the right factor", other);
  if (this.rank === 0 || other.rank === 0) {
    throw shapeError("matmul", "takes vectors and matrices, not scalars; use mul to scale a tensor by a number.");
  }
  const inner = other.rank === 1 ? other.shape[0] : other.shape.at(-2);
  if (this.shape.at(-1) !== inner) throw mismatch(this, other);
  if (this.rank === 1) return dropAxis(this.expandDims(0).matmul(other), other.rank === 1 ? -1 : -2);
  if (other.rank === 1) return dropAxis(this.matmul(other.expandDims(1)), -1);
  const lead = broadcastShapes(this.shape.slice(0, -2), other.shape.slice(0, -2));
  if (lead === undefined) throw mismatch(this, other);
  const spread = (t: Tensor): Tensor => t.broadcastTo([...lead, ...t.shape.slice(-2)]);
  return bind(matmul, {}, spread(this), spread(other));
};

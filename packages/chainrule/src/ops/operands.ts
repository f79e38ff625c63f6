/** From what users write to what primitives take: numbers become tensors, shapes are broadcast. */
import { DTypeError, located } from "../graph/errors.ts";
import { requireTensor } from "../graph/input.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { asTensor, tensor } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { broadcastShapes, formatShape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";
import { constant } from "./constant.ts";
import { shapeError } from "./define.ts";

/** A tensor, or numbers that take the dtype of the tensor they meet. */
export type Operand = Tensor | NestedArray;

/** The operand as a tensor of the given dtype if it is a plain number, else of its own. @throws DTypeError */
export function operand(value: Operand, dtype: DType, name: string): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value !== "number") return asTensor(value, typeof value === "boolean" ? undefined : dtype);
  if (dtype === "bool" || (dtype === "int32" && !Number.isInteger(value))) {
    throw new DTypeError(
      located(
        `${name}: the number ${value} does not go with ${dtype === "int32" ? "an" : "a"} ${dtype} tensor. Convert the tensor with .cast("float32").`,
      ),
    );
  }
  return constant(value, dtype);
}

/** Positions as an int32 tensor, of which the type is left to the operation to check. @throws TypeError */
export function positions(name: string, indices: Operand): Tensor {
  if (typeof indices === "number" && (indices | 0) === indices) return constant(indices, "int32");
  if (typeof indices === "number" || Array.isArray(indices)) return tensor(indices, { dtype: "int32" });
  requireTensor(name, "the argument indices", indices);
  return indices;
}

/** Both operands at their common shape. @throws ShapeError */
export function broadcastTogether(name: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined) {
    throw shapeError(
      name,
      `shapes ${formatShape(a.shape)} (left) and ${formatShape(b.shape)} (right) do not broadcast: counted from the ` +
        "last, each pair of dimensions must be equal or one of them 1.",
    );
  }
  return [a.broadcastTo(shape), b.broadcastTo(shape)];
}

/** Applies a binary elementwise primitive under NumPy's broadcasting rules. */
export function binary(op: Primitive, a: Tensor, b: Operand): Tensor {
  return bind(op, {}, ...broadcastTogether(op.name, a, operand(b, a.dtype, op.name)));
}

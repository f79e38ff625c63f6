/** Counting numbers along an axis. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Expr } from "../loop/ir.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constant } from "./constant.ts";
import { checkShape } from "./define.ts";
import { register } from "./registry.ts";

interface IotaAttrs {
  readonly shape: Shape;
  readonly axis: number;
  readonly [key: string]: Shape | number;
}

const op: Primitive = /* @__PURE__ */ register<IotaAttrs>({
  name: "iota",
  doc: "0, 1, 2, … along one axis, as int32.",
  onnx: "Range",
  infer(_, { shape }) {
    checkShape("iota", shape);
    return { shape, dtype: "int32" };
  },
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element: (_k, index, _read, { attrs }) => index[attrs.axis] as Expr,
  },
  nondifferentiable: true,
  batch: () => [],
  samples: () => [
    { inputs: [], attrs: { shape: [2, 3], axis: 1 } },
    { inputs: [], attrs: { shape: [2, 3], axis: 0 } },
    { inputs: [], attrs: { shape: [0], axis: 0 } },
  ],
});

/** An int32 tensor whose value at each position is the index along `axis`. */
export const iota = (shape: Shape, axis = 0): Tensor => bind(op, { shape, axis });

/** start, start + 1, …, stop − 1; with one argument from 0. Default dtype int32. */
export function arange(start: number, stop?: number, dtype: DType = "int32"): Tensor {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const counted = iota([Math.max(0, Math.ceil(to - from))]).cast(dtype);
  return from === 0 ? counted : counted.add(constant(from, dtype));
}

/** The identity matrix. */
export const eye = (size: number, dtype: DType = "float32"): Tensor =>
  iota([size, size], 0)
    .equal(iota([size, size], 1))
    .cast(dtype);

/** Logical shift to the right. */

import { DTypeError, located } from "../graph/errors.ts";
import type { Aval } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { example } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The bits of an int32 tensor moved `count` (0 … 31) places to the right, zeros coming in. */
    shiftRight(count: number): Tensor;
  }
}

interface ShiftAttrs {
  readonly count: number;
  readonly [key: string]: number;
}

const shiftRight: Primitive = register<ShiftAttrs>({
  name: "shiftRight",
  doc: "Logical shift of int32 to the right.",
  onnx: "BitShift",
  infer([x]) {
    const { shape, dtype } = x as Aval;
    if (dtype !== "int32") throw new DTypeError(located(`shiftRight: takes int32, not ${dtype}.`));
    return { shape, dtype };
  },
  lowering: {
    kind: "pull",
    cost: 1,
    pointwise: true,
    element: (k, index, read, { attrs }) => k.call("shr", read(0, index), k.int(attrs.count)),
  },
  nondifferentiable: true,
  batch: ([x], _, __, attrs) => [bind(shiftRight, attrs, x as Tensor)],
  samples: () => [{ inputs: [example([5], -1e9, 1e9, 0, "int32")], attrs: { count: 8 } }],
});

Tensor.prototype.shiftRight = function (count) {
  if (!Number.isInteger(count) || count < 0 || count > 31) {
    throw new RangeError(located(`shiftRight: the count must be an integer from 0 to 31, not ${count}.`));
  }
  return bind(shiftRight, { count }, this);
};

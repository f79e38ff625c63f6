/** The identity, as a border for the compiler. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { unarySamples } from "./define.ts";
import { register } from "./registry.ts";

const op: Primitive = register({
  name: "stored",
  doc: "The identity, kept in a buffer of its own: what uses it is compiled as if it came from outside.",
  onnx: "Identity",
  infer: ([x]) => ({ shape: [...(x as Tensor).shape], dtype: (x as Tensor).dtype }),
  // At any other price than this one it could be cheaper to compute the value again where it is used.
  lowering: {
    kind: "pull",
    cost: Number.POSITIVE_INFINITY,
    pointwise: false,
    element: (_k, index, read) => read(0, index),
  },
  linear: () => [0],
  transpose: (cotangent) => cotangent,
  batch: ([x]) => [bind(op, {}, x as Tensor)],
  samples: () => unarySamples(),
});

/**
 * The same values in a buffer of their own. What is computed from them does not depend, not even in its rounding, on how
 * they came about.
 */
export const stored = (x: Tensor): Tensor => bind(op, {}, x);

/**
 * Multiplication with a strong zero on the left. The derivative rules use it for cotangent · partial, so that a branch
 * masked by `where`, whose cotangent is 0, never turns an infinite partial derivative into NaN.
 */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** x · y, but 0 where x is 0, even if y is not finite. */
    mulz(other: Operand): Tensor;
  }
}

const mulz = elementwise({
  name: "mulz",
  doc: "x · y, but 0 where x is 0, even if y is not finite.",
  onnx: null,
  arity: 2,
  accepts: "float",
  scalar: "mulz",
  // The zero of x stays on the left, and so strong, in second derivatives as well.
  products: [(t, [, y]) => t.mulz(y), (t, [x]) => x.mulz(t)],
  samples: () => binarySamples(),
});

Tensor.prototype.mulz = function (other) {
  return binary(mulz, this, other);
};

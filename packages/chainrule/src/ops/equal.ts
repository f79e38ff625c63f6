/** Equality. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Whether x = y (false for NaN). */
    equal(other: Operand): Tensor;
  }
}

const equal = elementwise({
  name: "equal",
  doc: "Whether x = y (false for NaN).",
  onnx: "Equal",
  arity: 2,
  accepts: "any",
  result: "bool",
  scalar: "eq",
  samples: () => binarySamples(),
});

Tensor.prototype.equal = function (other) {
  return binary(equal, this, other);
};

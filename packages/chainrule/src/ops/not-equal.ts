/** Inequality. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Whether x ≠ y (true for NaN). */
    notEqual(other: Operand): Tensor;
  }
}

const notEqual = elementwise({
  name: "notEqual",
  doc: "Whether x ≠ y (true for NaN).",
  onnx: null,
  arity: 2,
  accepts: "any",
  result: "bool",
  scalar: "ne",
  samples: () => binarySamples(),
});

Tensor.prototype.notEqual = function (other) {
  return binary(notEqual, this, other);
};

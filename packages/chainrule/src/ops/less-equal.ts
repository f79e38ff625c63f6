/** Less than or equal. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Whether x ≤ y. */
    lessEqual(other: Operand): Tensor;
  }
}

const lessEqual = elementwise({
  name: "lessEqual",
  doc: "Whether x ≤ y.",
  onnx: "LessOrEqual",
  arity: 2,
  accepts: "number",
  result: "bool",
  scalar: "le",
  samples: () => binarySamples(),
});

Tensor.prototype.lessEqual = function (other) {
  return binary(lessEqual, this, other);
};

/** Less than. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Whether x < y, as a tensor: see `greater` for its use in an `if`. */
    less(other: Operand): Tensor;
  }
}

const less = elementwise({
  name: "less",
  doc: "Whether x < y.",
  onnx: "Less",
  arity: 2,
  accepts: "number",
  result: "bool",
  scalar: "lt",
  samples: () => binarySamples(),
});

Tensor.prototype.less = function (other) {
  return binary(less, this, other);
};

/** Multiplication. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** x · y, element by element. */
    mul(other: Operand): Tensor;
  }
}

const mul = elementwise({
  name: "mul",
  doc: "x · y, element by element.",
  onnx: "Mul",
  arity: 2,
  accepts: "number",
  scalar: "mul",
  partials: [([, y]) => y, ([x]) => x],
  samples: () => binarySamples(),
});

Tensor.prototype.mul = function (other) {
  return binary(mul, this, other);
};

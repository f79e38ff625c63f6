/** Subtraction. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** x − y. */
    sub(other: Operand): Tensor;
  }
}

const sub = elementwise({
  name: "sub",
  doc: "x − y.",
  onnx: "Sub",
  arity: 2,
  accepts: "number",
  scalar: "sub",
  partials: [() => 1, () => -1],
  samples: () => binarySamples(),
});

Tensor.prototype.sub = function (other) {
  return binary(sub, this, other);
};

/** Addition. */
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** x + y. */
    add(other: Operand): Tensor;
  }
}

const add = elementwise({
  name: "add",
  doc: "x + y.",
  onnx: "Add",
  arity: 2,
  accepts: "number",
  scalar: "add",
  partials: [() => 1, () => 1],
  samples: () => binarySamples(),
});

Tensor.prototype.add = function (other) {
  return binary(add, this, other);
};

/** Logical and. */
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Whether both are true. */
    and(other: Operand): Tensor;
  }
}

const and = elementwise({
  name: "and",
  doc: "Whether both are true.",
  onnx: "And",
  arity: 2,
  accepts: "bool",
  scalar: "and",
  samples: () => [{ inputs: [tensor([true, true, false, false]), tensor([true, false, true, false])] }],
});

Tensor.prototype.and = function (other) {
  return binary(and, this, other);
};

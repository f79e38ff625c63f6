/** Logical or. */
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Whether at least one is true. */
    or(other: Operand): Tensor;
  }
}

const or = elementwise({
  name: "or",
  doc: "Whether at least one is true.",
  onnx: "Or",
  arity: 2,
  accepts: "bool",
  scalar: "or",
  samples: () => [{ inputs: [tensor([true, true, false, false]), tensor([true, false, true, false])] }],
});

Tensor.prototype.or = function (other) {
  return binary(or, this, other);
};

/** Logical not. */
import { bind } from "../graph/trace.ts";
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Logical negation of booleans. */
    not(): Tensor;
  }
}

const not = elementwise({
  name: "not",
  doc: "Logical negation of booleans.",
  onnx: "Not",
  arity: 1,
  accepts: "bool",
  scalar: "not",
  samples: () => [{ inputs: [tensor([true, false])] }],
});

Tensor.prototype.not = function () {
  return bind(not, {}, this);
};

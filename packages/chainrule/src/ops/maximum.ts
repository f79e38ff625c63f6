/** Elementwise maximum. */
import { Tensor } from "../tensor/tensor.ts";
import { winnerShare } from "./composed/ties.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The larger of x and y; NaN if either is. At a tie each gets half of the gradient. */
    maximum(other: Operand): Tensor;
  }
}

const maximum = elementwise({
  name: "maximum",
  doc: "The larger of x and y; NaN if either is. At a tie each gets half of the gradient.",
  onnx: "Max",
  arity: 2,
  accepts: "number",
  scalar: "max",
  partials: [([x, y]) => winnerShare(x, y), ([x, y]) => winnerShare(y, x)],
  samples: () => binarySamples(),
});

Tensor.prototype.maximum = function (other) {
  return binary(maximum, this, other);
};

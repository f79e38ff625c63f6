/** Elementwise minimum. */
import { Tensor } from "../tensor/tensor.ts";
import { winnerShare } from "./composed/ties.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The smaller of x and y; NaN if either is. At a tie each gets half of the gradient. */
    minimum(other: Operand): Tensor;
  }
}

const minimum = elementwise({
  name: "minimum",
  doc: "The smaller of x and y; NaN if either is. At a tie each gets half of the gradient.",
  onnx: "Min",
  arity: 2,
  accepts: "number",
  scalar: "min",
  partials: [([x, y]) => winnerShare(y, x), ([x, y]) => winnerShare(x, y)],
  samples: () => binarySamples(),
});

Tensor.prototype.minimum = function (other) {
  return binary(minimum, this, other);
};

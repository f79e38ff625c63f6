/** Division: ∂z/∂x = 1/y, ∂z/∂y = −z/y. */
import { Tensor } from "../tensor/tensor.ts";
import { constantLike } from "./constant.ts";
import { binarySamples, elementwise } from "./define.ts";
import { binary, type Operand } from "./operands.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** x / y. */
    div(other: Operand): Tensor;
  }
}

const div = elementwise({
  name: "div",
  doc: "x / y.",
  onnx: "Div",
  arity: 2,
  accepts: "float",
  scalar: "div",
  partials: [([, y]) => constantLike(y, 1).div(y), ([, y], z) => z.div(y).neg()],
  samples: () => binarySamples(0.5, 2),
});

Tensor.prototype.div = function (other) {
  return binary(div, this, other);
};

/** Square root: y′ = 1 / (2y). */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { constantLike } from "./constant.ts";
import { elementwise, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Square root; NaN for x < 0. */
    sqrt(): Tensor;
  }
}

const sqrt = elementwise({
  name: "sqrt",
  doc: "Square root; NaN for x < 0.",
  onnx: "Sqrt",
  arity: 1,
  accepts: "float",
  scalar: "sqrt",
  partials: [(_, y) => constantLike(y, 0.5).div(y)],
  samples: () => unarySamples(0.1, 4),
});

Tensor.prototype.sqrt = function () {
  return bind(sqrt, {}, this);
};

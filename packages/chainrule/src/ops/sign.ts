/** Sign; constant almost everywhere, so its derivative is 0. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** −1, 0 or 1 by the sign of x (±0 give ±0, NaN gives NaN). */
    sign(): Tensor;
  }
}

const sign = elementwise({
  name: "sign",
  doc: "−1, 0 or 1 by the sign of x (±0 give ±0, NaN gives NaN).",
  onnx: "Sign",
  arity: 1,
  accepts: "number",
  scalar: "sign",
  samples: () => unarySamples(),
});

Tensor.prototype.sign = function () {
  return bind(sign, {}, this);
};

/** The identity, through which no gradient flows. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The same values, treated as constants by every derivative. */
    stopGradient(): Tensor;
  }
}

const stopGradient = elementwise({
  name: "stopGradient",
  doc: "The identity, with derivative 0.",
  onnx: "Identity",
  arity: 1,
  accepts: "any",
  scalar: (_, x) => x,
  samples: () => unarySamples(),
});

Tensor.prototype.stopGradient = function () {
  return bind(stopGradient, {}, this);
};

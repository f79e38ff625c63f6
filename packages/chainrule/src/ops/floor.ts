/** Floor; constant almost everywhere, so its derivative is 0. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The largest integer ≤ x. */
    floor(): Tensor;
  }
}

const floor = elementwise({
  name: "floor",
  doc: "The largest integer ≤ x.",
  onnx: "Floor",
  arity: 1,
  accepts: "float",
  scalar: "floor",
  samples: () => unarySamples(),
});

Tensor.prototype.floor = function () {
  return bind(floor, {}, this);
};

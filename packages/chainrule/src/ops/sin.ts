/** Sine. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Sine of x in radians. */
    sin(): Tensor;
  }
}

const sin = elementwise({
  name: "sin",
  doc: "Sine of x in radians.",
  onnx: "Sin",
  arity: 1,
  accepts: "float",
  scalar: "sin",
  cost: FUNCTION_COST,
  partials: [([x]) => x.cos()],
  samples: () => unarySamples(),
});

Tensor.prototype.sin = function () {
  return bind(sin, {}, this);
};

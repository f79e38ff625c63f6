/** Cosine. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Cosine of x in radians. */
    cos(): Tensor;
  }
}

const cos = elementwise({
  name: "cos",
  doc: "Cosine of x in radians.",
  onnx: "Cos",
  arity: 1,
  accepts: "float",
  scalar: "cos",
  cost: FUNCTION_COST,
  partials: [([x]) => x.sin().neg()],
  samples: () => unarySamples(),
});

Tensor.prototype.cos = function () {
  return bind(cos, {}, this);
};

/** Softplus; a primitive, so that its first and second derivatives are those of the smooth function everywhere. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** log(1 + eˣ), without overflow for any x. */
    softplus(): Tensor;
  }
}

const softplus = elementwise({
  name: "softplus",
  doc: "log(1 + eˣ), without overflow for any x.",
  onnx: "Softplus",
  arity: 1,
  accepts: "float",
  scalar: "softplus",
  cost: FUNCTION_COST,
  partials: [([x]) => x.sigmoid()],
  samples: () => unarySamples(),
});

Tensor.prototype.softplus = function () {
  return bind(softplus, {}, this);
};

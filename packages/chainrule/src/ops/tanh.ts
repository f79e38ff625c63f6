/** Hyperbolic tangent: y′ = 1 − y². */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { constantLike } from "./constant.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Hyperbolic tangent. */
    tanh(): Tensor;
  }
}

const tanh = elementwise({
  name: "tanh",
  doc: "Hyperbolic tangent.",
  onnx: "Tanh",
  arity: 1,
  accepts: "float",
  scalar: "tanh",
  cost: FUNCTION_COST,
  partials: [(_, y) => constantLike(y, 1).sub(y.mul(y))],
  samples: () => unarySamples(),
});

Tensor.prototype.tanh = function () {
  return bind(tanh, {}, this);
};

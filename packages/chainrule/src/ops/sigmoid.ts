/** Logistic function: y′ = σ(x)·σ(−x), which keeps its relative accuracy where 1 − y would round to 0. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** 1 / (1 + e⁻ˣ), without overflow for any x. */
    sigmoid(): Tensor;
  }
}

const sigmoid = elementwise({
  name: "sigmoid",
  doc: "1 / (1 + e⁻ˣ), without overflow for any x.",
  onnx: "Sigmoid",
  arity: 1,
  accepts: "float",
  scalar: "sigmoid",
  cost: FUNCTION_COST,
  partials: [([x], y) => y.mul(x.neg().sigmoid())],
  samples: () => unarySamples(),
});

Tensor.prototype.sigmoid = function () {
  return bind(sigmoid, {}, this);
};

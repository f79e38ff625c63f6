/** Exponential: y′ = y. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** eˣ. */
    exp(): Tensor;
  }
}

const exp = elementwise({
  name: "exp",
  doc: "eˣ.",
  onnx: "Exp",
  arity: 1,
  accepts: "float",
  scalar: "exp",
  cost: FUNCTION_COST,
  partials: [(_, y) => y],
  samples: () => unarySamples(),
});

Tensor.prototype.exp = function () {
  return bind(exp, {}, this);
};

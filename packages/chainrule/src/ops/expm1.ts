/** eˣ − 1: y′ = y + 1. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** eˣ − 1, accurate for small x. */
    expm1(): Tensor;
  }
}

const expm1 = elementwise({
  name: "expm1",
  doc: "eˣ − 1, accurate for small x.",
  onnx: null,
  arity: 1,
  accepts: "float",
  scalar: "expm1",
  cost: FUNCTION_COST,
  partials: [(_, y) => y.add(1)],
  samples: () => unarySamples(),
});

Tensor.prototype.expm1 = function () {
  return bind(expm1, {}, this);
};

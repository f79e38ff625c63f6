/** Natural logarithm: y′ = 1 / x. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { constantLike } from "./constant.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Natural logarithm; −∞ at 0, NaN for x < 0. */
    log(): Tensor;
  }
}

const log = elementwise({
  name: "log",
  doc: "Natural logarithm; −∞ at 0, NaN for x < 0.",
  onnx: "Log",
  arity: 1,
  accepts: "float",
  scalar: "log",
  cost: FUNCTION_COST,
  partials: [([x]) => constantLike(x, 1).div(x)],
  samples: () => unarySamples(0.1, 4),
});

Tensor.prototype.log = function () {
  return bind(log, {}, this);
};

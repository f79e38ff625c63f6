/** log(1 + x): y′ = 1 / (1 + x). */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { constantLike } from "./constant.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** log(1 + x), accurate for small x. */
    log1p(): Tensor;
  }
}

const log1p = elementwise({
  name: "log1p",
  doc: "log(1 + x), accurate for small x.",
  onnx: null,
  arity: 1,
  accepts: "float",
  scalar: "log1p",
  cost: FUNCTION_COST,
  partials: [([x]) => constantLike(x, 1).div(x.add(1))],
  samples: () => unarySamples(-0.9, 4),
});

Tensor.prototype.log1p = function () {
  return bind(log1p, {}, this);
};

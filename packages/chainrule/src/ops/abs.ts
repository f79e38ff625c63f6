/** Absolute value. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Absolute value; its derivative at 0 is 0. */
    abs(): Tensor;
  }
}

const abs = elementwise({
  name: "abs",
  doc: "Absolute value; its derivative at 0 is 0.",
  onnx: "Abs",
  arity: 1,
  accepts: "number",
  scalar: "abs",
  partials: [([x]) => x.sign()],
  samples: () => unarySamples(),
});

Tensor.prototype.abs = function () {
  return bind(abs, {}, this);
};

/** Negation. */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** −x. */
    neg(): Tensor;
  }
}

const neg = elementwise({
  name: "neg",
  doc: "−x.",
  onnx: "Neg",
  arity: 1,
  accepts: "number",
  scalar: "neg",
  partials: [() => -1],
  samples: () => unarySamples(),
});

Tensor.prototype.neg = function () {
  return bind(neg, {}, this);
};

/** Error function: y′ = 2/√π · exp(−x²). */
import { bind } from "../graph/trace.ts";
import { Tensor } from "../tensor/tensor.ts";
import { elementwise, FUNCTION_COST, unarySamples } from "./define.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The error function 2/√π ∫₀ˣ exp(−t²) dt. */
    erf(): Tensor;
  }
}

const erf = elementwise({
  name: "erf",
  doc: "The error function 2/√π ∫₀ˣ exp(−t²) dt.",
  onnx: "Erf",
  arity: 1,
  accepts: "float",
  scalar: "erf",
  cost: FUNCTION_COST,
  partials: [
    ([x]) =>
      x
        .mul(x)
        .neg()
        .exp()
        .mul(2 / Math.sqrt(Math.PI)),
  ],
  samples: () => unarySamples(),
});

Tensor.prototype.erf = function () {
  return bind(erf, {}, this);
};

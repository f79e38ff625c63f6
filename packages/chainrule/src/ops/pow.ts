/** Power. */
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { binarySamples, elementwise, example, FUNCTION_COST } from "./define.ts";
import { binary, type Operand } from "./operands.ts";
import { where } from "./select.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** xʸ; NaN for a negative x and a fractional y. */
    pow(other: Operand): Tensor;
  }
}

/** y · xʸ⁻¹, and 0 for y = 0, where xʸ⁻¹ may be infinite; its own derivative by y is still xʸ⁻¹ there. */
const powX = (x: Tensor, y: Tensor): Tensor => y.mulz(x.pow(y.sub(1)));

/** xʸ · log x, and 0 at x = 0, its limit for y > 0. */
const powY = (x: Tensor, z: Tensor): Tensor => where(x.equal(0), 0, z.mul(where(x.equal(0), 1, x).log()));

const pow = elementwise({
  name: "pow",
  doc: "xʸ; NaN for a negative x and a fractional y.",
  onnx: "Pow",
  arity: 2,
  accepts: "float",
  scalar: "pow",
  cost: FUNCTION_COST,
  partials: [([x, y]) => powX(x, y), ([x], z) => powY(x, z)],
  samples: () => [
    ...binarySamples(0.5, 2),
    { inputs: [example([3], -2, -1), tensor([2, 3, -1])], differentiable: false },
  ],
});

Tensor.prototype.pow = function (other) {
  return binary(pow, this, other);
};

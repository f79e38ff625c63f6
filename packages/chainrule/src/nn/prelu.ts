/** The rectifier with a slope that is learnt. */
import { where } from "../ops/select.ts";
import { checkNumber, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constant } from "./initializers.ts";
import { requireInput } from "./layer-function.ts";
import { Module } from "./module.ts";
import { Param } from "./param.ts";

/** Made by `prelu`. */
export class Prelu extends Module {
  static readonly type = "prelu";
  /** The slopes of the negative side, [units]. */
  readonly slope: Param;

  constructor(units: number) {
    super();
    checkNumber("prelu", "the number of units", units, { least: 1, integer: true });
    this.slope = new Param([units], constant(0.25), { regularize: false });
  }

  forward(x: Tensor): Tensor {
    requireInput("prelu", x);
    return where(x.greater(0), x, x.mul(this.slope.value.cast(x.dtype)));
  }

  override config(): JsonObject {
    return { units: this.slope.shape[0] as number };
  }
}

/**
 * x for x > 0, slope·x else, with a slope that is trained, from 0.25 on. K. He, X. Zhang, S. Ren and J. Sun, "Delving deep
 * into rectifiers", 2015, eq. 1.
 *
 * @param units 1 for one slope that all share (default), or the last extent of the input for a slope each
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { prelu } from "chainrule/nn";
 * prelu()(tensor([-2, 3])).arraySync(); // → [ -0.5, 3 ]
 * ```
 */
export const prelu = (units = 1): Prelu => new Prelu(units);

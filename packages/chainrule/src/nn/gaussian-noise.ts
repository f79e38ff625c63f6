/** Noise added to the inputs of a layer. */
import { normal } from "../ops/composed/random.ts";
import { checkNumber, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { requireInput } from "./layer-function.ts";
import { isTraining } from "./mode.ts";
import { Module } from "./module.ts";
import { keyState, takeKey } from "./random-state.ts";

/** Made by `gaussianNoise`. */
export class GaussianNoise extends Module {
  static readonly type = "gaussianNoise";
  readonly deviation: number;
  /** The random key of the next call. */
  readonly key = keyState();

  constructor(deviation: number) {
    super();
    this.deviation = checkNumber("gaussianNoise", "the deviation", deviation, { least: 0 });
  }

  forward(x: Tensor): Tensor {
    requireInput("gaussianNoise", x);
    if (!isTraining() || this.deviation === 0) return x;
    return x.add(normal(takeKey(this.key), x.shape, { deviation: this.deviation, dtype: x.dtype }));
  }

  override config(): JsonObject {
    return { deviation: this.deviation };
  }
}

/**
 * In training mode adds to each element a normal deviate of mean 0, another one in each call; else does nothing. In front
 * of a model it trains as if there were many examples around each, which for squared error and a small deviation σ is about
 * the penalty σ²·‖∂ŷ/∂x‖². C. M. Bishop, "Training with noise is equivalent to Tikhonov regularization", 1995.
 *
 * As with `dropout`, under `vmap` in training mode all examples get the same noise.
 *
 * @param deviation the standard deviation of the noise, in the unit of the input; ≥ 0
 * @throws RangeError for a deviation that is negative or not finite
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { dense, gaussianNoise, sequential } from "chainrule/nn";
 * const model = sequential(gaussianNoise(0.1), dense(2, 1));
 * const noise = gaussianNoise(0.1);
 * noise(tensor([1, 2])).arraySync(); // → [ 1, 2 ]
 * ```
 */
export const gaussianNoise = (deviation: number): GaussianNoise => new GaussianNoise(deviation);

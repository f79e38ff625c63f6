/** Dropout. */
import { bernoulli } from "../ops/composed/random.ts";
import { where } from "../ops/select.ts";
import { checkNumber, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { requireInput } from "./layer-function.ts";
import { isTraining } from "./mode.ts";
import { Module } from "./module.ts";
import { keyState, takeKey } from "./random-state.ts";

/** Made by `dropout`. */
export class Dropout extends Module {
  static readonly type = "dropout";
  readonly rate: number;
  /** The random key of the next call. */
  readonly key = keyState();

  constructor(rate: number) {
    super();
    this.rate = checkNumber("dropout", "the rate", rate, { least: 0, below: 1 });
  }

  forward(x: Tensor): Tensor {
    requireInput("dropout", x);
    if (!isTraining() || this.rate === 0) return x;
    const keep = 1 - this.rate;
    return where(bernoulli(takeKey(this.key), keep, x.shape), x.div(keep), 0);
  }

  override config(): JsonObject {
    return { rate: this.rate };
  }
}

/**
 * In training mode sets each element to 0 with probability `rate` and divides the others by 1 − rate, so that the mean
 * stays; else does nothing. N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
 * 2014.
 *
 * The random key is a state of the layer and not of the example: under `vmap` in training mode all examples have the same
 * mask. Call the layer on the batch, [batch, …], for a mask for each.
 *
 * @param rate in [0, 1)
 */
export const dropout = (rate: number): Dropout => new Dropout(rate);

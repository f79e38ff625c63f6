/** Penalties on the size of the weights, to be added to a loss. */
import { constant } from "../ops/constant.ts";
import { checkNumber, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What a regularizer looks at; a `Param` is one. */
export interface Regularized {
  readonly value: Tensor;
  /** Whether penalties apply to it: true for weights, false for biases. */
  readonly regularize: boolean;
}

/** A penalty on parameters, a scalar. */
export interface Regularizer {
  (parameters: Readonly<Record<string, Regularized>>): Tensor;
  /** The settings, for records. */
  readonly config?: JsonObject;
}

/**
 * λ/2 · Σ w², so that the gradient of a weight is λ·w: weight decay. The factor ½ is that of C. M. Bishop, "Pattern
 * recognition and machine learning", 2006, eq. 3.27; Keras and others leave it out, whose λ is half of this one.
 * Biases are left alone.
 */
export function l2(lambda: number): Regularizer {
  checkNumber("l2", "the factor", lambda, { least: 0 });
  return penalty({ name: "l2", lambda }, lambda / 2, (w) => w.square());
}

/** λ · Σ |w|, which makes weights exactly 0 that are of little use (its derivative at 0 is 0). Biases are left alone. */
export function l1(lambda: number): Regularizer {
  checkNumber("l1", "the factor", lambda, { least: 0 });
  return penalty({ name: "l1", lambda }, lambda, (w) => w.abs());
}

function penalty(config: JsonObject, factor: number, each: (w: Tensor) => Tensor): Regularizer {
  const regularizer = (parameters: Readonly<Record<string, Regularized>>): Tensor => {
    const sums = Object.values(parameters).flatMap(({ value, regularize }) => (regularize ? [each(value).sum()] : []));
    const [first, ...rest] = sums;
    return first === undefined
      ? constant(0)
      : rest.reduce((total, sum) => total.add(sum.cast(total.dtype)), first).mul(factor);
  };
  return Object.assign(regularizer, { config });
}

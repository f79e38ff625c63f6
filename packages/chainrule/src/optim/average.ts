/** Averages of the weights along the way of training. */
import { where } from "../ops/select.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Optimizer, updateAll } from "./optimizer.ts";
import { checkOptimizer, wrap } from "./wrap.ts";

/**
 * Exponential moving average: the model's parameters are the average of all weights that the optimizer came through, the
 * last ones counting most: a ← a + (1 − decay)/(1 − decayᵗ) · (w − a) after step t. The denominator makes it a true
 * weighted mean from the first step on, as Adam's correction does (D. P. Kingma and J. L. Ba, 2015, section 3).
 *
 * The weights themselves are kept in the optimizer's state, and gradients are taken there; so evaluation, early stopping,
 * checkpoints and the finished model all have the average. Put it outside of other wrappers. After it a model with `batchNorm`
 * needs `recomputeStatistics` of `chainrule/train`.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { adam, ema } from "chainrule/optim";
 * const optimizer = ema(adam(1e-3), { decay: 0.99 });
 * ```
 */
export function ema(optimizer: Optimizer, options: { readonly decay?: number } = {}): Optimizer {
  checkOptimizer("ema", optimizer);
  checkOptions("ema", options, ["decay"]);
  const decay = checkNumber("ema", "decay", options.decay ?? 0.999, { least: 0, below: 1 });
  return averaged("ema", optimizer, { decay }, (average, weights, done) => {
    // 1 − decayᵗ by expm1, as in Adam: the difference itself would lose digits.
    const total = done.mul(Math.log(decay)).expm1().neg();
    return average.add(weights.sub(average).mul(total.reciprocal().mul(1 - decay)));
  });
}

export interface SWAOptions {
  /** Steps before the average begins; until then the model has the weights of the last step. */
  readonly start: number;
  /** The average takes the weights after every so many steps; default 1. */
  readonly every?: number;
}

/**
 * Stochastic weight averaging: from step `start` on the model's parameters are the plain mean of the weights after every
 * so many steps, a ← (n·a + w)/(n + 1). P. Izmailov et al., "Averaging weights leads to wider optima and better
 * generalization", 2018, algorithm 1. With a learning rate that stays high, or rises and falls.
 *
 * As with `ema`, the weights themselves are in the optimizer's state. Running statistics of batch normalization are those
 * of the weights, not of the average: `recomputeStatistics(model, x)` of `chainrule/train` makes them those of the average.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { sgd, swa } from "chainrule/optim";
 * const optimizer = swa(sgd({ learningRate: 0.05, momentum: 0.9 }), { start: 1000, every: 100 });
 * ```
 */
export function swa(optimizer: Optimizer, options: SWAOptions): Optimizer {
  checkOptimizer("swa", optimizer);
  checkOptions("swa", options, ["start", "every"]);
  const start = checkNumber("swa", "start", options?.start, { least: 0, integer: true });
  const every = checkNumber("swa", "every", options.every ?? 1, { least: 1, integer: true });
  return averaged("swa", optimizer, { start, every }, (average, weights, done) => {
    // The number of weights in the mean, this one included; a whole number when this one belongs to it.
    const count = done.sub(start).div(every);
    const member = count.greaterEqual(1).and(count.equal(count.floor()));
    const mean = average.add(weights.sub(average).div(count.maximum(1)));
    return where(done.lessEqual(start), weights, where(member, mean, average));
  });
}

/** @param next the average from that before, the new weights, and the number of steps done with this one */
function averaged(
  name: string,
  optimizer: Optimizer,
  config: Readonly<Record<string, number>>,
  next: (average: Tensor, weights: Tensor, done: Tensor) => Tensor,
): Optimizer {
  return wrap(optimizer, {
    name,
    config,
    init: (parameter) => ({ weights: parameter }),
    gradientAt: (_, state) => state.weights as Tensor,
    updateAll(updates) {
      const moved = updateAll(
        optimizer,
        updates.map((update) => ({ ...update, parameter: update.state.weights as Tensor })),
      );
      return moved.map(({ parameter: weights, state }, i) => {
        const { parameter, step } = updates[i] as (typeof updates)[number];
        const done = step.cast(parameter.dtype).add(1);
        return { parameter: next(parameter, weights, done), state: { ...state, weights } };
      });
    },
  });
}

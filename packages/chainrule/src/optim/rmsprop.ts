/** RMSprop. */
import { zerosLike } from "../ops/constant.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, type Optimizer, rateAt, type Schedule, scheduleConfig } from "./optimizer.ts";

export interface RMSpropOptions {
  /** α, default 0.01. */
  readonly learningRate?: Schedule;
  /** ρ in [0, 1): how much of the mean of squares is kept in a step, default 0.99. */
  readonly decay?: number;
  /** β in [0, 1), default 0. */
  readonly momentum?: number;
  /** Whether the squares are taken about the mean of the gradient, default false. */
  readonly centered?: boolean;
  /** Keeps the step finite where the gradient is 0, default 10⁻⁸. */
  readonly epsilon?: number;
}

/**
 * RMSprop: s ← ρ·s + (1 − ρ)·g², w ← w − α·g/(√s + ε): T. Tieleman and G. Hinton, "Neural networks for machine learning",
 * lecture 6.5, 2012. With momentum: v ← β·v + g/(√s + ε), w ← w − α·v. Centered: √(s − m²) in place of √s, where
 * m ← ρ·m + (1 − ρ)·g (A. Graves, "Generating sequences with recurrent neural networks", 2013, eq. 38 to 41).
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { rmsprop } from "chainrule/optim";
 * const optimizer = rmsprop({ learningRate: 1e-3, momentum: 0.9 });
 * ```
 */
export function rmsprop(options: RMSpropOptions | Schedule = {}): Optimizer {
  const given: RMSpropOptions = typeof options === "object" ? options : { learningRate: options };
  checkOptions("rmsprop", given, ["learningRate", "decay", "momentum", "centered", "epsilon"]);
  const learningRate = checkSchedule("rmsprop", "learningRate", given.learningRate ?? 0.01);
  const decay = checkNumber("rmsprop", "decay", given.decay ?? 0.99, { least: 0, below: 1 });
  const momentum = checkNumber("rmsprop", "momentum", given.momentum ?? 0, { least: 0, below: 1 });
  const epsilon = checkNumber("rmsprop", "epsilon", given.epsilon ?? 1e-8, { above: 0 });
  const { centered = false } = given;
  if (typeof centered !== "boolean") {
    throw new TypeError(`rmsprop: centered must be true or false; it is ${describeValue(centered)}.`);
  }
  return {
    name: "rmsprop",
    config: { learningRate: scheduleConfig(learningRate), decay, momentum, centered, epsilon },
    init: (parameter) => ({
      square: zerosLike(parameter),
      ...(centered ? { mean: zerosLike(parameter) } : {}),
      ...(momentum > 0 ? { velocity: zerosLike(parameter) } : {}),
    }),
    update({ gradient, state, parameter, step }) {
      const square = (state.square as Tensor).mul(decay).add(gradient.square().mul(1 - decay));
      const mean = state.mean?.mul(decay).add(gradient.mul(1 - decay));
      // A variance, which rounding may have made a little less than 0.
      const variance = mean === undefined ? square : square.sub(mean.square()).maximum(0);
      const scale = variance.sqrt().add(epsilon);
      const scaled = gradient.div(scale);
      const velocity = state.velocity?.mul(momentum).add(scaled);
      const rate = rateAt(learningRate, step, parameter.dtype);
      return {
        parameter: parameter.sub(rate.mul(velocity ?? scaled)),
        state: {
          square,
          ...(mean === undefined ? {} : { mean }),
          ...(velocity === undefined ? {} : { velocity }),
        },
        rate: rate.mul(1 / (1 - momentum)).div(scale),
      };
    },
  };
}

/** Adam. */
import { zerosLike } from "../ops/constant.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, type Optimizer, rateAt, type Schedule, scheduleConfig } from "./optimizer.ts";

export interface AdamOptions {
  /** α, default 0.001. */
  readonly learningRate?: Schedule;
  /** Decay of the mean of the gradient, in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of its square, in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Keeps the step finite where the gradient is 0, default 10⁻⁸. */
  readonly epsilon?: number;
}

/**
 * Adam, with the correction of the moments' bias: D. P. Kingma and J. L. Ba, "Adam: a method for stochastic
 * optimization", 2015, algorithm 1.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 */
export function adam(options: AdamOptions | Schedule = {}): Optimizer {
  const given: AdamOptions = typeof options === "object" ? options : { learningRate: options };
  checkOptions("adam", given, ["learningRate", "beta1", "beta2", "epsilon"]);
  const learningRate = checkSchedule("adam", "learningRate", given.learningRate ?? 0.001);
  const beta1 = checkNumber("adam", "beta1", given.beta1 ?? 0.9, { least: 0, below: 1 });
  const beta2 = checkNumber("adam", "beta2", given.beta2 ?? 0.999, { least: 0, below: 1 });
  const epsilon = checkNumber("adam", "epsilon", given.epsilon ?? 1e-8, { above: 0 });
  return {
    name: "adam",
    config: { learningRate: scheduleConfig(learningRate), beta1, beta2, epsilon },
    init: (parameter) => ({ mean: zerosLike(parameter), square: zerosLike(parameter) }),
    update({ gradient, state, parameter, step }) {
      const t = step.cast(parameter.dtype).add(1);
      const mean = (state.mean as Tensor).mul(beta1).add(gradient.mul(1 - beta1));
      const square = (state.square as Tensor).mul(beta2).add(gradient.square().mul(1 - beta2));
      const unbiasedMean = mean.div(correction(beta1, t));
      const unbiasedSquare = square.div(correction(beta2, t));
      const direction = unbiasedMean.div(unbiasedSquare.sqrt().add(epsilon));
      const rate = rateAt(learningRate, step, parameter.dtype);
      return { parameter: parameter.sub(rate.mul(direction)), state: { mean, square } };
    },
  };
}

/** 1 − βᵗ, as −expm1(t·log β): in float32 the difference itself would have lost four digits for β = 0.999. */
const correction = (beta: number, t: Tensor): Tensor => t.mul(Math.log(beta)).expm1().neg();

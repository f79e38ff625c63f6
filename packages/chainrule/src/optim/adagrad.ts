/** Adagrad. */
import { constantLike } from "../ops/constant.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, type Optimizer, rateAt, type Schedule, scheduleConfig } from "./optimizer.ts";

export interface AdagradOptions {
  /** α, default 0.01. */
  readonly learningRate?: Schedule;
  /** What the sums of squares begin with, default 0. */
  readonly initialSum?: number;
  /** Keeps the step finite where all gradients have been 0, default 10⁻¹⁰. */
  readonly epsilon?: number;
}

/**
 * Adagrad: s ← s + g², w ← w − α·g/(√s + ε), for each element by itself, so that rare features take large steps.
 * J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011,
 * figure 1, with diagonal matrices.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { adagrad } from "chainrule/optim";
 * const optimizer = adagrad(0.05);
 * ```
 */
export function adagrad(options: AdagradOptions | Schedule = {}): Optimizer {
  const given: AdagradOptions = typeof options === "object" ? options : { learningRate: options };
  checkOptions("adagrad", given, ["learningRate", "initialSum", "epsilon"]);
  const learningRate = checkSchedule("adagrad", "learningRate", given.learningRate ?? 0.01);
  const initialSum = checkNumber("adagrad", "initialSum", given.initialSum ?? 0, { least: 0 });
  const epsilon = checkNumber("adagrad", "epsilon", given.epsilon ?? 1e-10, { above: 0 });
  return {
    name: "adagrad",
    config: { learningRate: scheduleConfig(learningRate), initialSum, epsilon },
    init: (parameter) => ({ sum: constantLike(parameter, initialSum) }),
    update({ gradient, state, parameter, step }) {
      const sum = (state.sum as Tensor).add(gradient.square());
      const scale = sum.sqrt().add(epsilon);
      const rate = rateAt(learningRate, step, parameter.dtype);
      return { parameter: parameter.sub(rate.mul(gradient.div(scale))), state: { sum }, rate: rate.div(scale) };
    },
  };
}

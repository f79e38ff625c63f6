/** Gradient descent, with momentum. */
import { zerosLike } from "../ops/constant.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, type Optimizer, rateAt, type Schedule, scheduleConfig, type Updated } from "./optimizer.ts";

export interface SGDOptions {
  readonly learningRate: Schedule;
  /** β in [0, 1): how much of the last step is kept. Default 0, plain gradient descent. */
  readonly momentum?: number;
  /** Whether the gradient is taken, in effect, where the momentum leads. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: w ← w − α·g; stochastic if the gradient is that of a few examples. With momentum β: v ← β·v + g, w ← w − α·v (B. T. Polyak, "Some methods of
 * speeding up the convergence of iteration methods", 1964). With Nesterov's: w ← w − α·(g + β·v) for the new v
 * (I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum in deep
 * learning", 2013, in the variables of the look-ahead).
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { inverseTime, sgd } from "chainrule/optim";
 * const optimizer = sgd({ learningRate: inverseTime(0.1, { decay: 1e-3 }), momentum: 0.9 });
 * ```
 */
export function sgd(options: SGDOptions | Schedule): Optimizer {
  const given: SGDOptions = typeof options === "object" ? options : { learningRate: options };
  checkOptions("sgd", given, ["learningRate", "momentum", "nesterov"]);
  const learningRate = checkSchedule("sgd", "learningRate", given.learningRate);
  const momentum = checkNumber("sgd", "momentum", given.momentum ?? 0, { least: 0, below: 1 });
  const nesterov = given.nesterov ?? false;
  if (typeof nesterov !== "boolean") {
    throw new TypeError(`sgd: nesterov must be true or false; it is ${describeValue(nesterov)}.`);
  }
  if (nesterov && momentum === 0) {
    throw new RangeError("sgd: nesterov needs a momentum above 0, for example { momentum: 0.9, nesterov: true }.");
  }
  return {
    name: "sgd",
    config: { learningRate: scheduleConfig(learningRate), momentum, nesterov },
    init: (parameter): Record<string, Tensor> => (momentum === 0 ? {} : { velocity: zerosLike(parameter) }),
    update({ gradient, state, parameter, step }): Updated {
      const rate = rateAt(learningRate, step, parameter.dtype);
      const before = state.velocity;
      if (before === undefined) return { parameter: parameter.sub(rate.mul(gradient)), state: {}, rate };
      const velocity = before.mul(momentum).add(gradient);
      const direction = nesterov ? gradient.add(velocity.mul(momentum)) : velocity;
      // For a gradient g that stays the same v tends to g/(1 − β), in both forms.
      return { parameter: parameter.sub(rate.mul(direction)), state: { velocity }, rate: rate.mul(1 / (1 - momentum)) };
    },
  };
}

/** Adam, and AdamW, which is Adam with decoupled weight decay. */
import { zerosLike } from "../ops/constant.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { decaying } from "./constraints.ts";
import {
  checkSchedule,
  type Optimizer,
  rateAt,
  type Schedule,
  type ScheduleFunction,
  scheduleConfig,
} from "./optimizer.ts";
import type { Selection } from "./selection.ts";

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
 * @example
 * ```ts
 * import { adam } from "chainrule/optim";
 * const optimizer = adam(1e-3);
 * ```
 */
export function adam(options: AdamOptions | Schedule = {}): Optimizer {
  const given: AdamOptions = typeof options === "object" ? options : { learningRate: options };
  checkOptions("adam", given, OPTIONS);
  return adamOf("adam", given);
}

export interface AdamWOptions extends AdamOptions {
  /** λ, default 0.01. */
  readonly weightDecay?: number;
  /** What decays; default weights, while PyTorch's AdamW lets biases decay too. */
  readonly parameters?: Selection;
}

/**
 * Adam with decoupled weight decay: w ← (1 − α·λ)·w, then Adam's step. I. Loshchilov and F. Hutter, "Decoupled weight
 * decay regularization", 2019, algorithm 2, with α as the schedule multiplier, as PyTorch has it.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range; when training begins, for a pattern that fits
 *   no parameter
 * @example
 * ```ts
 * import { adamw } from "chainrule/optim";
 * const optimizer = adamw({ learningRate: 1e-3, weightDecay: 0.05 });
 * ```
 */
export function adamw(options: AdamWOptions | Schedule = {}): Optimizer {
  const given: AdamWOptions = typeof options === "object" ? options : { learningRate: options };
  checkOptions("adamw", given, [...OPTIONS, "weightDecay", "parameters"]);
  const { weightDecay = 0.01, parameters } = given;
  const lambda = checkNumber("adamw", "weightDecay", weightDecay, { least: 0 });
  const inner = adamOf("adamw", given);
  const learningRate = given.learningRate ?? DEFAULT_RATE;
  const rate: ScheduleFunction = (step) => rateAt(learningRate, step, step.dtype).mul(lambda);
  return {
    ...decaying("adamw", inner, rate, parameters),
    config: { ...inner.config, weightDecay: lambda, parameters: String(parameters ?? "weights") },
  };
}

const OPTIONS = ["learningRate", "beta1", "beta2", "epsilon"];
const DEFAULT_RATE = 0.001;

function adamOf(where: string, given: AdamOptions): Optimizer {
  const learningRate = checkSchedule(where, "learningRate", given.learningRate ?? DEFAULT_RATE);
  const beta1 = checkNumber(where, "beta1", given.beta1 ?? 0.9, { least: 0, below: 1 });
  const beta2 = checkNumber(where, "beta2", given.beta2 ?? 0.999, { least: 0, below: 1 });
  const epsilon = checkNumber(where, "epsilon", given.epsilon ?? 1e-8, { above: 0 });
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
      const scale = unbiasedSquare.sqrt().add(epsilon);
      const rate = rateAt(learningRate, step, parameter.dtype);
      return {
        parameter: parameter.sub(rate.mul(unbiasedMean.div(scale))),
        state: { mean, square },
        rate: rate.div(scale),
      };
    },
  };
}

/** 1 − βᵗ, as −expm1(t·log β): in float32 the difference itself would have lost four digits for β = 0.999. */
const correction = (beta: number, t: Tensor): Tensor => t.mul(Math.log(beta)).expm1().neg();

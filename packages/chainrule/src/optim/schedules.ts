/**
 * Learning rates that depend on the step. All take the number of steps done before, and none counts epochs. All can be held:
 * for the first `holdSteps` steps they stay at their first rate, and go on from there.
 */
import { constant as scalar } from "../ops/constant.ts";
import { where } from "../ops/select.ts";
import { checkNumber, checkOptions, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, rateAt, type Schedule, type ScheduleFunction, scheduleConfig } from "./optimizer.ts";

export interface HoldOptions {
  /** Steps at the first rate before the schedule begins; default 0. */
  readonly holdSteps?: number;
}

/** @param f the rate from the number of steps after those held */
function schedule(
  name: string,
  { holdSteps: held = 0 }: HoldOptions,
  config: JsonObject,
  f: (step: Tensor) => Tensor,
): ScheduleFunction {
  const holdSteps = checkNumber(name, "holdSteps", held, { least: 0 });
  return Object.assign((step: Tensor) => f(holdSteps === 0 ? step : step.sub(holdSteps).maximum(0)), {
    config: { name, ...config, holdSteps },
  });
}

/** The same rate in all steps, so that `holdSteps` changes nothing. */
export function constant(rate: number, options: HoldOptions = {}): ScheduleFunction {
  checkOptions("constant", options, ["holdSteps"]);
  checkNumber("constant", "holdSteps", options.holdSteps ?? 0, { least: 0 });
  checkNumber("constant", "the rate", rate, { above: 0 });
  return Object.assign((step: Tensor) => scalar(rate, step.dtype), { config: { name: "constant", rate } });
}

/**
 * a₀ / (1 + decay·max(0, step − holdSteps)): constant for `holdSteps` steps, then falling like 1/step, as the conditions
 * of H. Robbins and S. Monro, "A stochastic approximation method", 1951, ask.
 */
export function inverseTime(rate: number, options: HoldOptions & { readonly decay: number }): ScheduleFunction {
  checkOptions("inverseTime", options, ["decay", "holdSteps"]);
  checkNumber("inverseTime", "the first rate", rate, { above: 0 });
  const decay = checkNumber("inverseTime", "decay", options?.decay, { least: 0 });
  return schedule("inverseTime", options, { rate, decay }, (step) =>
    scalar(rate, step.dtype).div(step.mul(decay).add(1)),
  );
}

/**
 * a₀ / (step + 1)^exponent. For exponents above ½ and up to 1 the sum of the rates diverges and that of their squares
 * converges, as the conditions of H. Robbins and S. Monro, 1951, ask.
 */
export function inversePower(rate: number, options: HoldOptions & { readonly exponent: number }): ScheduleFunction {
  checkOptions("inversePower", options, ["exponent", "holdSteps"]);
  checkNumber("inversePower", "the first rate", rate, { above: 0 });
  const exponent = checkNumber("inversePower", "exponent", options?.exponent, { least: 0 });
  return schedule("inversePower", options, { rate, exponent }, (step) => step.add(1).pow(-exponent).mul(rate));
}

/** a₀·factor^(step / every): falls smoothly by `factor` in every so many steps. */
export function exponential(rate: number, options: DecayOptions): ScheduleFunction {
  const { factor, every } = checkDecay("exponential", rate, options);
  return schedule("exponential", options, { rate, factor, every }, (step) =>
    step
      .mul(Math.log(factor) / every)
      .exp()
      .mul(rate),
  );
}

/** a₀·factor^⌊step / every⌋: falls by `factor` at once after every so many steps. */
export function stepDecay(rate: number, options: DecayOptions): ScheduleFunction {
  const { factor, every } = checkDecay("stepDecay", rate, options);
  return schedule("stepDecay", options, { rate, factor, every }, (step) =>
    step.div(every).floor().mul(Math.log(factor)).exp().mul(rate),
  );
}

export interface DecayOptions extends HoldOptions {
  /** In (0, 1]. */
  readonly factor: number;
  /** Steps. */
  readonly every: number;
}

function checkDecay(where: string, rate: number, options: DecayOptions) {
  checkOptions(where, options, ["factor", "every", "holdSteps"]);
  checkNumber(where, "the first rate", rate, { above: 0 });
  return {
    factor: checkNumber(where, "factor", options?.factor, { above: 0, most: 1 }),
    every: checkNumber(where, "every", options.every, { least: 1, integer: true }),
  };
}

/** Half a cosine from one rate to another, for a share of the way between 0 and 1. */
const halfCosine = (share: Tensor, from: number, to: number): Tensor =>
  share
    .mul(Math.PI)
    .cos()
    .add(1)
    .mul((from - to) / 2)
    .add(to);

/**
 * Half a cosine from a₀ down to `floor` (default 0) in `steps` steps, then `floor`: I. Loshchilov and F. Hutter, "SGDR:
 * stochastic gradient descent with warm restarts", 2017, eq. 5, without restarts.
 */
export function cosine(
  rate: number,
  options: HoldOptions & { readonly steps: number; readonly floor?: number },
): ScheduleFunction {
  checkOptions("cosine", options, ["steps", "floor", "holdSteps"]);
  checkNumber("cosine", "the first rate", rate, { above: 0 });
  const steps = checkNumber("cosine", "steps", options?.steps, { least: 1, integer: true });
  const floor = checkNumber("cosine", "floor", options.floor ?? 0, { least: 0, most: rate });
  return schedule("cosine", options, { rate, steps, floor }, (step) =>
    halfCosine(step.minimum(steps).div(steps), rate, floor),
  );
}

/** Rises in equal parts through the first `steps` steps to the rate of another schedule, which then goes on from its start. */
export function warmup(then: Schedule, options: HoldOptions & { readonly steps: number }): ScheduleFunction {
  checkOptions("warmup", options, ["steps", "holdSteps"]);
  checkSchedule("warmup", "the schedule", then);
  const steps = checkNumber("warmup", "steps", options?.steps, { least: 1, integer: true });
  return schedule("warmup", options, { then: scheduleConfig(then), steps }, (step) => {
    const first = rateAt(then, scalar(0, step.dtype), step.dtype);
    const rising = step.add(1).mul(1 / steps);
    return where(step.less(steps), first.mul(rising), rateAt(then, step.sub(steps).maximum(0), step.dtype));
  });
}

export interface OneCycleOptions extends HoldOptions {
  /** Steps of the whole cycle. */
  readonly steps: number;
  /** Share of the steps in which the rate rises, in (0, 1); default 0.3. */
  readonly rise?: number;
  /** The first rate is the highest divided by this; default 25. */
  readonly startFactor?: number;
  /** The last rate is the first divided by this; default 10⁴. */
  readonly endFactor?: number;
}

/**
 * One cycle: by half a cosine from highest/startFactor up to `highest`, then by another down to almost nothing: L. N. Smith
 * and N. Topin, "Super-convergence", 2018, with the parameters and the shape of PyTorch's OneCycleLR.
 */
export function oneCycle(highest: number, options: OneCycleOptions): ScheduleFunction {
  checkOptions("oneCycle", options, ["steps", "rise", "startFactor", "endFactor", "holdSteps"]);
  checkNumber("oneCycle", "the highest rate", highest, { above: 0 });
  const steps = checkNumber("oneCycle", "steps", options?.steps, { least: 2, integer: true });
  const rise = checkNumber("oneCycle", "rise", options.rise ?? 0.3, { above: 0, below: 1 });
  const startFactor = checkNumber("oneCycle", "startFactor", options.startFactor ?? 25, { least: 1 });
  const endFactor = checkNumber("oneCycle", "endFactor", options.endFactor ?? 1e4, { least: 1 });
  if (rise * steps <= 1) {
    throw new RangeError(`oneCycle: rise is ${rise}, which of ${steps} steps leaves none to rise in. Use more steps.`);
  }
  const [first, last] = [highest / startFactor, highest / startFactor / endFactor];
  // Steps count from 0, so that these are the numbers of the highest and of the last step.
  const [top, end] = [rise * steps - 1, steps - 1];
  return schedule("oneCycle", options, { highest, steps, rise, startFactor, endFactor }, (step) => {
    const up = halfCosine(step.div(top), first, highest);
    const down = halfCosine(
      step
        .sub(top)
        .div(end - top)
        .minimum(1),
      highest,
      last,
    );
    return where(step.less(top), up, down);
  });
}

/** Learning rates that depend on the step. All take the number of steps done before, and none counts epochs. */
import { constant as scalar } from "../ops/constant.ts";
import { where } from "../ops/select.ts";
import { checkNumber, checkOptions, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, rateAt, type Schedule, type ScheduleFunction, scheduleConfig } from "./optimizer.ts";

const schedule = (config: JsonObject, f: (step: Tensor) => Tensor): ScheduleFunction => Object.assign(f, { config });

/** The same rate in all steps. */
export function constant(rate: number): ScheduleFunction {
  checkNumber("constant", "the rate", rate, { above: 0 });
  return schedule({ name: "constant", rate }, (step) => scalar(rate, step.dtype));
}

/**
 * a₀ / (1 + decay·max(0, step − holdSteps)): constant for `holdSteps` steps, then falling like 1/step, as the conditions
 * of H. Robbins and S. Monro, "A stochastic approximation method", 1951, ask.
 */
export function inverseTime(
  rate: number,
  options: { readonly decay: number; readonly holdSteps?: number },
): ScheduleFunction {
  checkOptions("inverseTime", options, ["decay", "holdSteps"]);
  checkNumber("inverseTime", "the first rate", rate, { above: 0 });
  const decay = checkNumber("inverseTime", "decay", options?.decay, { least: 0 });
  const holdSteps = checkNumber("inverseTime", "holdSteps", options.holdSteps ?? 0, { least: 0 });
  return schedule({ name: "inverseTime", rate, decay, holdSteps }, (step) =>
    scalar(rate, step.dtype).div(step.sub(holdSteps).maximum(0).mul(decay).add(1)),
  );
}

/** a₀·factor^(step / every): falls smoothly by `factor` in every so many steps. */
export function exponential(
  rate: number,
  options: { readonly factor: number; readonly every: number },
): ScheduleFunction {
  const { factor, every } = checkDecay("exponential", rate, options);
  return schedule({ name: "exponential", rate, factor, every }, (step) =>
    step
      .mul(Math.log(factor) / every)
      .exp()
      .mul(rate),
  );
}

/** a₀·factor^⌊step / every⌋: falls by `factor` at once after every so many steps. */
export function stepDecay(
  rate: number,
  options: { readonly factor: number; readonly every: number },
): ScheduleFunction {
  const { factor, every } = checkDecay("stepDecay", rate, options);
  return schedule({ name: "stepDecay", rate, factor, every }, (step) =>
    step.div(every).floor().mul(Math.log(factor)).exp().mul(rate),
  );
}

function checkDecay(where: string, rate: number, options: { readonly factor: number; readonly every: number }) {
  checkOptions(where, options, ["factor", "every"]);
  checkNumber(where, "the first rate", rate, { above: 0 });
  return {
    factor: checkNumber(where, "factor", options?.factor, { above: 0, most: 1 }),
    every: checkNumber(where, "every", options.every, { least: 1, integer: true }),
  };
}

/**
 * Half a cosine from a₀ down to `floor` (default 0) in `steps` steps, then `floor`: I. Loshchilov and F. Hutter, "SGDR:
 * stochastic gradient descent with warm restarts", 2017, eq. 5, without restarts.
 */
export function cosine(rate: number, options: { readonly steps: number; readonly floor?: number }): ScheduleFunction {
  checkOptions("cosine", options, ["steps", "floor"]);
  checkNumber("cosine", "the first rate", rate, { above: 0 });
  const steps = checkNumber("cosine", "steps", options?.steps, { least: 1, integer: true });
  const floor = checkNumber("cosine", "floor", options.floor ?? 0, { least: 0, most: rate });
  return schedule({ name: "cosine", rate, steps, floor }, (step) =>
    step
      .minimum(steps)
      .mul(Math.PI / steps)
      .cos()
      .add(1)
      .mul((rate - floor) / 2)
      .add(floor),
  );
}

/** Rises in equal parts through the first `steps` steps to the rate of another schedule, which then goes on from its start. */
export function warmup(then: Schedule, options: { readonly steps: number }): ScheduleFunction {
  checkOptions("warmup", options, ["steps"]);
  checkSchedule("warmup", "the schedule", then);
  const steps = checkNumber("warmup", "steps", options?.steps, { least: 1, integer: true });
  return schedule({ name: "warmup", then: scheduleConfig(then), steps }, (step) => {
    const first = rateAt(then, scalar(0, step.dtype), step.dtype);
    const rising = step.add(1).mul(1 / steps);
    return where(step.less(steps), first.mul(rising), rateAt(then, step.sub(steps).maximum(0), step.dtype));
  });
}

/** What an optimizer and a schedule are. */
import { located, TraceError } from "../graph/errors.ts";
import { constant } from "../ops/constant.ts";
import type { DType } from "../tensor/dtype.ts";
import { checkNumber, describeValue, type Json, type JsonObject } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What an optimizer is given for one parameter in one step. */
export interface Update {
  readonly gradient: Tensor;
  /** What `init` or the step before made. */
  readonly state: Readonly<Record<string, Tensor>>;
  readonly parameter: Tensor;
  /** The number of steps done before, an int32 or float scalar: 0 in the first step. */
  readonly step: Tensor;
}

export interface Updated {
  readonly parameter: Tensor;
  readonly state: Record<string, Tensor>;
}

/** A rule for changing a parameter by its gradient. Both functions are traced into the training step. */
export interface Optimizer {
  readonly name: string;
  /** The settings, for records and checkpoints. */
  readonly config: JsonObject;
  /** The state of a parameter before the first step, by names; same shapes and dtypes in every step. */
  init(parameter: Tensor): Record<string, Tensor>;
  update(update: Update): Updated;
}

/** A learning rate that depends on the step: takes the number of steps done before, a float scalar. */
export interface ScheduleFunction {
  (step: Tensor): Tensor;
  /** How it is written in a record. */
  readonly config?: JsonObject;
}

/** A learning rate: the same for all steps, or a function of the step. */
export type Schedule = number | ScheduleFunction;

/** @throws RangeError, TypeError unless it is a positive number or a function */
export function checkSchedule(where: string, name: string, schedule: unknown): Schedule {
  if (typeof schedule === "function") return schedule as ScheduleFunction;
  if (typeof schedule === "number") return checkNumber(where, name, schedule, { above: 0 });
  throw new TypeError(
    `${where}: ${name} must be a positive number or a schedule such as inverseTime(0.1, { decay: 1e-3 }); ` +
      `it is ${describeValue(schedule)}.`,
  );
}

/** The rate at a step, a scalar of the given dtype. @throws TraceError if the schedule gives no scalar */
export function rateAt(schedule: Schedule, step: Tensor, dtype: DType): Tensor {
  if (typeof schedule === "number") return constant(schedule, dtype);
  const rate: unknown = schedule(step.cast(dtype));
  if (rate instanceof Tensor && rate.rank === 0) return rate.cast(dtype);
  const found = rate instanceof Tensor ? `shape ${formatShape(rate.shape)}` : describeValue(rate);
  throw new TraceError(
    located(`A schedule must give a scalar tensor, computed from the step; this one gives ${found}.`),
  );
}

/** A schedule as JSON. */
export const scheduleConfig = (schedule: Schedule): Json =>
  typeof schedule === "number" ? schedule : (schedule.config ?? { name: "custom" });

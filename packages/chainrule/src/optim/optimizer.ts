/** What an optimizer and a schedule are. */
import { located, TraceError } from "../graph/errors.ts";
import { constant } from "../ops/constant.ts";
import type { DType } from "../tensor/dtype.ts";
import { checkNumber, describeValue, type Json, type JsonObject } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { ParameterInfo } from "./selection.ts";

/** What an optimizer is given for one parameter in one step. */
export interface Update extends ParameterInfo {
  readonly gradient: Tensor;
  /** What `init` or the step before made. */
  readonly state: Readonly<Record<string, Tensor>>;
  readonly parameter: Tensor;
  /** The number of steps done before, an int32 or float scalar: 0 in the first step. */
  readonly step: Tensor;
  /** What a regularizer wants done after the step, for steps of this length (see `Updated.rate`). */
  readonly proximal?: (parameter: Tensor, rate: Tensor) => Tensor;
}

export interface Updated {
  readonly parameter: Tensor;
  readonly state: Record<string, Tensor>;
  /**
   * By how much the parameter goes down for each unit of a gradient that stays the same: a scalar, or one number for each
   * element. Proximal steps (`l1(…, { proximal: true })`) need it.
   */
  readonly rate?: Tensor;
}

/** A rule for changing parameters by their gradients. Its functions are traced into the training step. */
export interface Optimizer {
  readonly name: string;
  /** The settings, for records and checkpoints. */
  readonly config: JsonObject;
  /** The state of a parameter before the first step, by names; same shapes and dtypes in every step. */
  init(parameter: Tensor, info?: ParameterInfo): Record<string, Tensor>;
  /** The step of one parameter. */
  update(update: Update): Updated;
  /** The step of all parameters, in place of `update`, where it depends on all of them, as on their common norm. */
  updateAll?(updates: readonly Update[]): Updated[];
  /** Where the gradient is to be taken, if not at the parameter itself: `ema` and `swa` keep that in their state. */
  gradientAt?(parameter: Tensor, state: Readonly<Record<string, Tensor>>, info: ParameterInfo): Tensor;
  /** Whether it changes each of these parameters; without it, all. What it does not change needs no gradient. */
  trains?(parameters: readonly ParameterInfo[]): boolean[];
}

/** The step of all parameters by any optimizer, with the proximal steps that regularizers want. */
export function updateAll(optimizer: Optimizer, updates: readonly Update[]): Updated[] {
  return optimizer.updateAll?.(updates) ?? updates.map((update) => proximalStep(optimizer, update));
}

/** @throws TraceError if the optimizer does not say how long its steps are */
function proximalStep(optimizer: Optimizer, update: Update): Updated {
  const updated = optimizer.update(update);
  if (update.proximal === undefined) return updated;
  if (updated.rate !== undefined) {
    return { ...updated, parameter: update.proximal(updated.parameter, updated.rate) };
  }
  throw new TraceError(
    located(
      `The regularizer's proximal step needs to know how long the optimizer's steps are, and "${optimizer.name}" does not ` +
        "say: its update gives no rate. Leave out { proximal: true }, or give a rate.",
    ),
  );
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

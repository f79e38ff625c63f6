/**
 * Optimizers, learning-rate schedules and regularizers: functions that are traced into the training step.
 * `optimizer.ts` says what they are; each other file holds one, or one kind.
 */
import "../compile/index.ts";

export { type AdamOptions, adam } from "./adam.ts";
export type { Optimizer, Schedule, ScheduleFunction, Update, Updated } from "./optimizer.ts";
export { l1, l2, type Regularized, type Regularizer } from "./regularizers.ts";
export { constant, cosine, exponential, inverseTime, stepDecay, warmup } from "./schedules.ts";
export { type SGDOptions, sgd } from "./sgd.ts";

/**
 * Optimizers, learning-rate schedules and regularizers: functions that are traced into the training step.
 * `optimizer.ts` says what they are; each other file holds one, or one kind. `wrap.ts` serves those made of another.
 */
import "../compile/index.ts";

export { accumulate } from "./accumulate.ts";
export { type AdagradOptions, adagrad } from "./adagrad.ts";
export { type AdamOptions, type AdamWOptions, adam, adamw } from "./adam.ts";
export { ema, type SWAOptions, swa } from "./average.ts";
export { clipByGlobalNorm, clipByValue } from "./clip.ts";
export { type DecoupledDecayOptions, decoupledDecay, type MaxNormOptions, maxNorm } from "./constraints.ts";
export { frozen, groups, type ParameterGroup } from "./groups.ts";
export {
  gaussNewton,
  type IterationLog,
  type LBFGSOptions,
  type LevenbergMarquardtOptions,
  lbfgs,
  levenbergMarquardt,
  type Method,
  type MinimizeOptions,
  type MinimizeStep,
  type Minimum,
  minimize,
  minimizeSteps,
  newton,
  type TruncatedNewtonOptions,
  truncatedNewton,
} from "./minimize/index.ts";
export type { Optimizer, Schedule, ScheduleFunction, Update, Updated } from "./optimizer.ts";
export {
  type ElasticNetOptions,
  elasticNet,
  type L1Options,
  l1,
  l2,
  type PenaltyOptions,
  type Regularized,
  type Regularizer,
} from "./regularizers.ts";
export { type RMSpropOptions, rmsprop } from "./rmsprop.ts";
export {
  constant,
  cosine,
  type DecayOptions,
  exponential,
  type HoldOptions,
  inversePower,
  inverseTime,
  type OneCycleOptions,
  oneCycle,
  stepDecay,
  warmup,
} from "./schedules.ts";
export type { ParameterInfo, Selection } from "./selection.ts";
export { type SGDOptions, sgd } from "./sgd.ts";

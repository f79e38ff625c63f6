/**
 * Training: one step as a program (`train-step.ts`), the loop over a data set (`fit.ts`, its options in
 * `fit-options.ts`), training on all examples at once (`full-batch.ts`), evaluation and prediction, metrics, and callbacks.
 */
import "../compile/index.ts";

export type { Metric, MetricFunction, MetricName } from "../metrics/index.ts";
export type { BatchLog, Callback, EpochLog, FitContext, RunState } from "./callbacks.ts";
export { type CheckpointOptions, checkpoint, encodeCheckpoint } from "./checkpoint.ts";
export { type EarlyStoppingOptions, earlyStopping } from "./early-stopping.ts";
export {
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type PredictOptions,
  predict,
} from "./evaluate.ts";
export { type FitResult, fit } from "./fit.ts";
export type { FitOptions } from "./fit-options.ts";
export { type FullBatchLog, type FullBatchOptions, type FullBatchResult, fitFullBatch } from "./full-batch.ts";
export { type HistoryChartOptions, historyChart } from "./history-chart.ts";
export type { Model } from "./model.ts";
export { NonFiniteLossError } from "./non-finite.ts";
export type { ProgressStream } from "./progress.ts";
export { type RecomputeStatisticsOptions, recomputeStatistics } from "./recompute-statistics.ts";
export { type StepResult, type TrainStep, type TrainStepOptions, trainStep } from "./train-step.ts";
export { type StepsResult, type TrainSteps, trainSteps } from "./train-steps.ts";
export type { ValidationSplit } from "./training-data.ts";

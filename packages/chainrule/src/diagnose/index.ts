/**
 * Diagnostics: what happens inside a model before and while it is trained. How the layers fare (`diagnose-layers.ts`), where the
 * first NaN came from (`detect-nan.ts`), which learning rate suits (`find-learning-rate.ts`), whether the model can learn at all
 * (`overfit-one-batch.ts`), and what the loss is like around the weights (`landscape.ts`, `hessian-spectrum.ts`).
 */
import "../compile/index.ts";

export { detectNaN, NaNReport, type NonFinite, type StepToCheck, type ValueRange } from "./detect-nan.ts";
export {
  type DiagnoseOptions,
  diagnoseLayers,
  type JudgeOptions,
  judgeLayers,
  type LayerMonitor,
  LayerReport,
  layerMonitor,
  type MonitorEntry,
  type MonitorOptions,
} from "./diagnose-layers.ts";
export { filterNormalized } from "./directions.ts";
export {
  type FindLearningRateOptions,
  findLearningRate,
  LearningRateCurve,
  type RateSuggestions,
} from "./find-learning-rate.ts";
export {
  type FunctionSpectrum,
  HessianSpectrum,
  hessianSpectrum,
  type ModelSpectrum,
  type RitzValue,
  type SpectralDensity,
  type SpectrumOptions,
} from "./hessian-spectrum.ts";
export { Histogram, type HistogramOptions, histogram } from "./histogram.ts";
export {
  type Direction,
  type LineOptions,
  LossLine,
  LossPlane,
  lossAlongLine,
  lossOnPlane,
  type PlaneOptions,
} from "./landscape.ts";
export type { LayerNumbers, LayerValues } from "./layers.ts";
export {
  type Cause,
  type CauseKind,
  type OverfitOptions,
  OverfitResult,
  overfitOneBatch,
} from "./overfit-one-batch.ts";
export type { Sample } from "./sample.ts";
export type { Thresholds, Verdict, VerdictKind } from "./verdicts.ts";

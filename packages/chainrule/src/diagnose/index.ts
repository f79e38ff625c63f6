/**
 * Diagnostics: what happens inside a model while it is trained. How the layers fare
 * (`diagnose-layers.ts`), where the first NaN came from (`detect-nan.ts`), how
 * curved the loss is (`hessian-spectrum.ts`, by `lanczos.ts`), and its shape (`landscape.ts`). `untouched.ts` puts back what a diagnosis changes.
 */
import "../compile/index.ts";

export { detectNaN, NaNReport, type NonFinite, type StepToCheck, type ValueRange } from "./detect-nan.ts";
export {
  type DiagnoseOptions,
  diagnoseLayers,
  type LayerMonitor,
  LayerReport,
  layerMonitor,
  type MonitorEntry,
  type MonitorOptions,
} from "./diagnose-layers.ts";
export {
  type FunctionSpectrum,
  HessianSpectrum,
  hessianSpectrum,
  type ModelSpectrum,
  type RitzValue,
  type SpectralDensity,
  type SpectrumOptions,
} from "./hessian-spectrum.ts";
export { Histogram, histogram } from "./histogram.ts";
export {
  type Direction,
  type LineOptions,
  LossLine,
  LossPlane,
  lossAlongLine,
  lossOnPlane,
  type PlaneOptions,
} from "./landscape.ts";
export type { LayerNumbers } from "./layers.ts";
export type { Sample } from "./sample.ts";
export type { Thresholds, Verdict, VerdictKind } from "./verdicts.ts";

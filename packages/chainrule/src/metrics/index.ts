/**
 * Metrics: numbers that tell how good predictions are, computed on the host from all examples. Of classes
 * (`classification.ts`), of their order (`ranking.ts`), of probabilities (`probability.ts`), of real values
 * (`regression.ts`); `named.ts` lists those that `fit` knows by name.
 */
import "../compile/index.ts";

export {
  type Average,
  type AverageOptions,
  accuracy,
  type ClassScores,
  classes,
  classScores,
  confusionMatrix,
  f1,
  precision,
  recall,
  topKAccuracy,
} from "./classification.ts";
export type { Metric, MetricFunction, MetricName } from "./named.ts";
export {
  brierScore,
  type Calibration,
  type CalibrationBin,
  type CalibrationOptions,
  calibration,
  logLoss,
  probabilities,
} from "./probability.ts";
export { type RocPoint, rocAuc, rocCurve } from "./ranking.ts";
export { mae, mse, r2, rmse } from "./regression.ts";

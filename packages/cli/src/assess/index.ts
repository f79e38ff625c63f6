/**
 * How good predictions are, as plain data that `eval`, `train` and the report share: of classes (`classification.ts`), of real
 * values (`regression.ts`), how well a share is known (`interval.ts`), and what a gradient check came to
 * (`gradients.ts`).
 */
export {
  assessClassification,
  type ClassificationAssessment,
  type ClassificationInput,
  type ClassRow,
  type ConfusedPair,
  type Mistake,
  mostConfused,
} from "./classification.ts";
export { type GradientSummary, type ParameterCheck, summarizeGradients } from "./gradients.ts";
export { type Interval, wilson } from "./interval.ts";
export {
  type Assessed,
  type AssessOptions,
  assessModel,
  type Baseline,
  Predictions,
  requireFiniteOutputs,
} from "./model.ts";
export {
  assessRegression,
  type Point,
  type RegressionAssessment,
  type RegressionInput,
  type Residual,
  scatterPoints,
} from "./regression.ts";
export { Worst } from "./worst.ts";

import type { ClassificationAssessment } from "./classification.ts";
import type { RegressionAssessment } from "./regression.ts";

export type Assessment = ClassificationAssessment | RegressionAssessment;

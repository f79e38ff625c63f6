/**
 * Choosing a model: cross-validation (`folds.ts`), searches over a grid or a space of distributions (`search.ts`,
 * `space.ts`), whose trials and winner are a study (`study.ts`, as text `table.ts`), the bias–variance trade-off
 * (`bias-variance.ts`), and the score by the size of the training set (`learning-curve.ts`). Nothing here knows a network: what is trained is the caller's function.
 */
import "../compile/index.ts";

export { type BiasVariance, type BiasVarianceOptions, biasVariance } from "./bias-variance.ts";
export { type CrossValidation, crossValidate, type Fold } from "./folds.ts";
export {
  type CurvePoint,
  type CurveScores,
  type LearningCurve,
  type LearningCurveOptions,
  learningCurve,
  type Scorer,
} from "./learning-curve.ts";
export {
  type Grid,
  type GridSearchOptions,
  gridSearch,
  type Point,
  type RandomSearchOptions,
  randomSearch,
  refine,
} from "./search.ts";
export {
  type Configuration,
  choice,
  type Distribution,
  integer,
  logUniform,
  type Space,
  uniform,
} from "./space.ts";
export type { Found, Study, StudyOptions, Trial, TrialContext, Winner } from "./study.ts";

/**
 * Losses: from predictions and targets to one number. `loss.ts` holds what all share, the weights and the reduction;
 * each other file one loss, and `check-targets.ts` what is wrong with targets.
 */
import "../compile/index.ts";

export { type HuberOptions, huber, meanAbsoluteError } from "./absolute-error.ts";
export { binaryCrossEntropy } from "./binary-cross-entropy.ts";
export { checkTargets } from "./check-targets.ts";
export { type HingeOptions, hinge } from "./hinge.ts";
export {
  type DivergenceOptions,
  type EntropyOptions,
  entropy,
  informationContent,
  klDivergence,
} from "./information.ts";
export type { BaseOptions, ClassLossOptions, CrossEntropyOptions, Loss, LossOptions } from "./loss.ts";
export { meanSquaredError } from "./mean-squared-error.ts";
export { type LikelihoodOptions, negativeLogLikelihood, softmaxCrossEntropy } from "./softmax-cross-entropy.ts";
export { halfSquaredError, squaredError } from "./squared-error.ts";
export { withOptions } from "./with-options.ts";

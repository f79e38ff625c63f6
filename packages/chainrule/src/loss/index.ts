/**
 * Losses: from predictions and targets to one number. `loss.ts` holds what all share, the weights and the reduction;
 * each other file one loss, and `check-targets.ts` what is wrong with targets.
 */
import "../compile/index.ts";

export { binaryCrossEntropy } from "./binary-cross-entropy.ts";
export { checkTargets } from "./check-targets.ts";
export type { CrossEntropyOptions, Loss, LossOptions } from "./loss.ts";
export { meanSquaredError } from "./mean-squared-error.ts";
export { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

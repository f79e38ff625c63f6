/** Information theory: information content, entropy, and the divergence of two distributions. */
import { located, ShapeError } from "../graph/errors.ts";
import { checkChoice, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkDistributions, checkProbabilities } from "./check-targets.ts";
import {
  type BaseOptions,
  canCheck,
  FROM,
  inBase,
  LOSS_OPTIONS,
  type LossOptions,
  matchTargets,
  named,
  reduceElements,
  requireFloat,
  shareOf,
} from "./loss.ts";

/**
 * −log p of each probability, of any shape: how surprising an event is, in nats, or in bits with `base: 2`.
 * C. E. Shannon, "A mathematical theory of communication", 1948.
 *
 * @throws RangeError if the probabilities are known (within a traced function they are not) and one is not in [0, 1]
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { informationContent } from "chainrule/loss";
 * informationContent(tensor([1, 0.5, 0.125]), { base: 2 }).arraySync(); // → [ 0, 1, 3 ]
 * ```
 */
export function informationContent(p: Tensor, options: BaseOptions = {}): Tensor {
  checkOptions("informationContent", options, ["base"]);
  requireFloat("informationContent", p);
  if (canCheck(p)) checkProbabilities("informationContent", p, "p");
  // 0 − x and not −x: what is certain has the content 0, not −0.
  return inBase("informationContent", p.log().mul(-1).add(0), options.base);
}

export interface EntropyOptions extends BaseOptions {
  /** Whether the argument holds probabilities (default) or logits. */
  readonly from?: (typeof FROM)[number];
}

/**
 * −Σ p·log p along the last axis: [.., classes] gives [..]. The mean information of an event: 0 where one class is
 * certain, log(classes) where all are alike. Terms of probability 0 are 0, the limit, and so is their derivative.
 *
 * @throws RangeError if the probabilities are known and a row does not sum to 1
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { entropy } from "chainrule/loss";
 * entropy(tensor([[0.5, 0.5], [1, 0]]), { base: 2 }).arraySync(); // → [ 1, 0 ]
 * ```
 */
export function entropy(p: Tensor, options: EntropyOptions = {}): Tensor {
  checkOptions("entropy", options, ["from", "base"]);
  const from = checkChoice("entropy", "from", options.from ?? "probabilities", FROM);
  requireFloat("entropy", p);
  requireClasses("entropy", p);
  if (from === "probabilities" && canCheck(p)) checkDistributions("entropy", p, "p");
  const logs = from === "logits" ? p.logSoftmax() : p.log();
  const shares = from === "logits" ? logs.exp() : p;
  return inBase("entropy", shareOf(shares, logs).mul(-1).sum(-1), options.base);
}

export interface DivergenceOptions extends LossOptions, BaseOptions {
  /** Whether the predictions are logits (default) or probabilities. */
  readonly from?: (typeof FROM)[number];
}

/**
 * The Kullback–Leibler divergence D(t ‖ q) = Σ t·log(t / q) of the targets t, probabilities [batch, classes], from the
 * predicted distribution q = softmax(z): what is lost by taking q for t; 0 where both are the same. Dimensions between
 * batch and classes are averaged, then the examples. It is the cross-entropy less the entropy of t, so the derivative
 * by the logits is the same, softmax(z) − t over the count. S. Kullback and R. A. Leibler, "On information and
 * sufficiency", 1951.
 *
 * @throws ShapeError unless prediction and target have the same shape; RangeError for rows of targets, or of predictions
 *   `from: "probabilities"`, that are known and no distribution. Within a traced function they are not known, and where a mask
 *   or weights are given they are not looked at.
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { klDivergence } from "chainrule/loss";
 * klDivergence(tensor([[0.25, 0.75]]), tensor([[1, 0]]), { from: "probabilities", base: 2 }).itemSync(); // → 2
 * ```
 */
export const klDivergence = /* @__PURE__ */ named(
  "klDivergence",
  (prediction: Tensor, target: Tensor, options: DivergenceOptions = {}): Tensor => {
    const name = "klDivergence";
    checkOptions(name, options, [...LOSS_OPTIONS, "from", "base"]);
    const from = checkChoice(name, "from", options.from ?? "logits", FROM);
    const t = matchTargets(name, prediction, target);
    requireClasses(name, prediction);
    if (canCheck(target, options)) checkDistributions(name, target);
    if (from === "probabilities" && canCheck(prediction, options)) checkDistributions(name, prediction, "predictions");
    const logs = from === "logits" ? prediction.logSoftmax() : prediction.log();
    return reduceElements(name, inBase(name, shareOf(t, t.log().sub(logs)).sum(-1), options.base), options);
  },
);

function requireClasses(name: string, p: Tensor): void {
  if (p.rank > 0) return;
  throw new ShapeError(located(`${name}: takes a distribution, [.., classes], and this is a scalar.`));
}

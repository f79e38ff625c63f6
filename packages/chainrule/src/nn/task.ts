/** Output activation and loss by the task. */
import { binaryCrossEntropy, type Loss, meanSquaredError, softmaxCrossEntropy, withOptions } from "../loss/index.ts";
import { checkChoice, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Activation, linear, sigmoid, softmax } from "./activations.ts";

const KINDS = ["classification", "regression", "binary"] as const;

export type TaskKind = (typeof KINDS)[number];

export interface TaskOptions {
  /** Whether the model ends with logits, and the loss contains the activation (default), or with probabilities. */
  readonly from?: "logits" | "probabilities";
}

export interface Task {
  readonly kind: TaskKind;
  /** What makes predictions of logits: softmax, linear or sigmoid. */
  readonly activation: Activation;
  /** What the model ends with, after its last dense layer: `linear`, or the activation if the loss takes probabilities. */
  readonly output: Activation;
  /** What fits that output. */
  readonly loss: Loss;
  /** Predictions from the model's outputs: real values, or probabilities. */
  predict(outputs: Tensor): Tensor;
}

/**
 * The output activation and the loss that belong to a task: linear and squared error for real values ("regression"),
 * sigmoid and binary cross-entropy for two classes ("binary"), softmax and cross-entropy for one of many
 * ("classification"). Each loss is −log of the likelihood of the targets under a normal, a Bernoulli or a categorical
 * distribution, and in each case its derivative by the logits is prediction − target.
 *
 * @throws RangeError for another task
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { dense, sequential, task } from "chainrule/nn";
 * const { output, loss, predict } = task("binary");
 * const model = sequential(dense(2, 1), output);
 * loss.name; // → binaryCrossEntropy
 * predict(tensor([0])).arraySync(); // → [ 0.5 ]
 * ```
 */
export function task(kind: TaskKind, options: TaskOptions = {}): Task {
  checkChoice("task", "the kind", kind, KINDS);
  checkOptions("task", options, ["from"]);
  const from = checkChoice("task", "from", options.from ?? "logits", ["logits", "probabilities"]);
  const [activation, crossEntropy] = kind === "binary" ? [sigmoid, binaryCrossEntropy] : [softmax, softmaxCrossEntropy];
  if (kind === "regression") {
    return { kind, activation: linear, output: linear, loss: meanSquaredError, predict: linear };
  }
  if (from === "logits") return { kind, activation, output: linear, loss: crossEntropy, predict: activation };
  return { kind, activation, output: activation, loss: withOptions(crossEntropy, { from }), predict: linear };
}

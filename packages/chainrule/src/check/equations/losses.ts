/** Losses by name: how they and their gradients by the prediction are written, and which one follows from the targets. */
import type { Node } from "../../graph/node.ts";
import {
  binaryCrossEntropy,
  halfSquaredError,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
  squaredError,
  withOptions,
} from "../../loss/index.ts";
import { optionsOf } from "../../loss/with-options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LayerTrace } from "../flow/layers.ts";
import type { LossFunction } from "../subject.ts";
import { operator, type Term } from "./terms.ts";

export interface LossFormula {
  /** Of ŷ and y. */
  readonly value: Term;
  /** undefined: left as ∂L/∂ŷ. */
  readonly gradient: Term | undefined;
}

/** n is the number of examples, N that of all outputs. */
const FORMULAS: Record<string, LossFormula> = {
  meanSquaredError: {
    value: operator("1/N Σ (ŷ − y)²", "\\frac1N \\sum (\\hat y - y)^2"),
    gradient: operator("2/N (ŷ − y)", "\\frac2N (\\hat y - y)"),
  },
  squaredError: {
    value: operator("1/n Σ (ŷ − y)²", "\\frac1n \\sum (\\hat y - y)^2"),
    gradient: operator("2/n (ŷ − y)", "\\frac2n (\\hat y - y)"),
  },
  halfSquaredError: {
    value: operator("1/(2n) Σ (ŷ − y)²", "\\frac{1}{2n} \\sum (\\hat y - y)^2"),
    gradient: operator("1/n (ŷ − y)", "\\frac1n (\\hat y - y)"),
  },
  meanAbsoluteError: {
    value: operator("1/N Σ |ŷ − y|", "\\frac1N \\sum |\\hat y - y|"),
    gradient: operator("1/N sign(ŷ − y)", "\\frac1N \\operatorname{sign}(\\hat y - y)"),
  },
  huber: {
    value: operator("1/N Σ huber(ŷ − y)", "\\frac1N \\sum \\operatorname{huber}(\\hat y - y)"),
    gradient: operator("1/N max(−1, min(1, ŷ − y))", "\\frac1N \\max(-1, \\min(1, \\hat y - y))"),
  },
  binaryCrossEntropy: {
    value: operator(
      "−1/N Σ (y log σ(ŷ) + (1 − y) log(1 − σ(ŷ)))",
      "-\\frac1N \\sum \\bigl(y \\log \\sigma(\\hat y) + (1 - y) \\log(1 - \\sigma(\\hat y))\\bigr)",
    ),
    gradient: operator("1/N (σ(ŷ) − y)", "\\frac1N (\\sigma(\\hat y) - y)"),
  },
  "binaryCrossEntropy of probabilities": {
    value: operator(
      "−1/N Σ (y log ŷ + (1 − y) log(1 − ŷ))",
      "-\\frac1N \\sum \\bigl(y \\log \\hat y + (1 - y) \\log(1 - \\hat y)\\bigr)",
    ),
    gradient: operator("1/N (ŷ − y)/(ŷ (1 − ŷ))", "\\frac1N \\frac{\\hat y - y}{\\hat y (1 - \\hat y)}"),
  },
  softmaxCrossEntropy: {
    value: operator("−1/n Σ e(y) log softmax(ŷ)", "-\\frac1n \\sum e(y) \\log \\operatorname{softmax}(\\hat y)"),
    gradient: operator("1/n (softmax(ŷ) − e(y))", "\\frac1n (\\operatorname{softmax}(\\hat y) - e(y))"),
  },
  "softmaxCrossEntropy of probabilities": {
    value: operator("−1/n Σ e(y) log ŷ", "-\\frac1n \\sum e(y) \\log \\hat y"),
    gradient: operator("−1/n e(y)/ŷ", "-\\frac1n \\frac{e(y)}{\\hat y}"),
  },
};

const LOSSES: readonly LossFunction[] = [
  meanSquaredError,
  squaredError,
  halfSquaredError,
  meanAbsoluteError,
  huber,
  binaryCrossEntropy,
  softmaxCrossEntropy,
];

/** A loss that is not known, or has options that change it, is written by its name. */
export function lossFormula(loss: LossFunction): LossFormula {
  const name = loss.name || "loss";
  const { from = "logits", ...others } = optionsOf(loss as Loss);
  const known = LOSSES.includes(loss) || (Object.keys(others).length === 0 && from === "probabilities");
  const key = from === "probabilities" ? `${name} of probabilities` : name;
  const formula = known && Object.hasOwn(FORMULAS, key) ? FORMULAS[key] : undefined;
  return formula ?? { value: operator(`${name}(ŷ, y)`, `\\operatorname{${name}}(\\hat y, y)`), gradient: undefined };
}

/** The loss that goes with the last activation and the targets: cross-entropy for classes, else squared error. */
export function usualLoss(last: string | undefined, y: Tensor): LossFunction {
  if (last === "softmax") return withOptions(softmaxCrossEntropy, { from: "probabilities" });
  if (last === "sigmoid") return withOptions(binaryCrossEntropy, { from: "probabilities" });
  return y.dtype === "int32" ? softmaxCrossEntropy : meanSquaredError;
}

/** The activation of the last layer that there is. */
export const lastActivation = (layers: readonly Pick<LayerTrace<Node>, "activations">[]): string | undefined =>
  layers.at(-1)?.activations.at(-1)?.type;

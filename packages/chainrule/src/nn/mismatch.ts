/** Output activations that do not go with a loss. */
import type { Loss } from "../loss/index.ts";
import { optionsOf } from "../loss/with-options.ts";
import { isActivation } from "./activations.ts";
import { Dense } from "./dense.ts";
import { Dropout } from "./dropout.ts";
import { GaussianNoise } from "./gaussian-noise.ts";
import { specOf } from "./layer-function.ts";
import type { AnyModule } from "./module.ts";
import { Perceptron } from "./perceptron.ts";
import { type Layer, Sequential } from "./sequential.ts";

/** What a model gives, as far as its last layers tell. */
interface Output {
  /** The name of the last activation, "linear" after a dense layer. */
  readonly activation: string;
  /** The number of outputs, if the last layer with weights is dense. */
  readonly size: number | undefined;
}

/** undefined where the last layer is a module or a function of the user's. */
function outputOf(layer: Layer | AnyModule): Output | undefined {
  if (layer instanceof Perceptron) return { activation: "step", size: layer.weight.shape[1] };
  if (layer instanceof Dense) return { activation: "linear", size: layer.weight.shape[1] };
  if (!(layer instanceof Sequential)) return undefined;
  for (let i = layer.layers.length - 1; i >= 0; i--) {
    const last = layer.layers[i] as Layer;
    const type = specOf(last as never)?.type;
    if (last instanceof Dropout || last instanceof GaussianNoise || type === "flatten" || type === "linear") continue;
    if (type === undefined || !isActivation(type)) return outputOf(last);
    return { activation: type, size: outputOf(new Sequential(layer.layers.slice(0, i)))?.size };
  }
  return undefined;
}

/** What each loss takes, by its option `from`; the first is what to use. */
const LOGITS = ["linear", "logSoftmax"];
const CLASS_LOSSES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  softmaxCrossEntropy: { logits: LOGITS, probabilities: ["softmax"] },
  klDivergence: { logits: LOGITS, probabilities: ["softmax"] },
  negativeLogLikelihood: { logProbabilities: ["logSoftmax"], probabilities: ["softmax"] },
  binaryCrossEntropy: { logits: ["linear"], probabilities: ["sigmoid", "hardSigmoid"] },
};
const REGRESSION_LOSSES = ["meanSquaredError", "squaredError", "halfSquaredError", "meanAbsoluteError", "huber"];
const PROBABILITIES = ["sigmoid", "hardSigmoid", "softmax", "logSoftmax"];

/**
 * What is wrong with a loss after the last activation of a model, and how to mend it; undefined if nothing is, or if the
 * last layer is a function or a module that the library does not know.
 *
 * @example
 * ```ts
 * import { softmaxCrossEntropy } from "chainrule/loss";
 * import { dense, outputMismatch, sequential, softmax } from "chainrule/nn";
 * outputMismatch(sequential(dense(2, 3)), softmaxCrossEntropy); // → undefined
 * const text = outputMismatch(sequential(dense(2, 3), softmax), softmaxCrossEntropy); // softmax would be applied twice
 * ```
 */
export function outputMismatch(model: AnyModule, loss: Loss): string | undefined {
  const output = outputOf(model);
  if (output === undefined) return undefined;
  const { activation, size } = output;
  const ends = `The model ends with ${activation === "linear" ? "a linear layer" : activation}`;
  if (activation === "step") {
    return `${ends}, whose derivative is 0, so that ${loss.name} cannot train it. Use trainPerceptron, or end with linear.`;
  }
  if (loss.name === "binaryCrossEntropy" && activation.endsWith("oftmax"))
    return softmaxBeforeBinary(ends, activation, size);
  const taken = CLASS_LOSSES[loss.name];
  if (taken !== undefined) {
    const from = (optionsOf(loss).from as string | undefined) ?? (Object.keys(taken)[0] as string);
    const allowed = taken[from] ?? [];
    if (!allowed.includes(activation)) return classMismatch(ends, activation, loss.name, from, taken);
    if (size === 1 && loss.name !== "binaryCrossEntropy") {
      return (
        `The model has one output, so the softmax of ${loss.name} is always 1 and nothing is learned. ` +
        "For two classes with one output use binaryCrossEntropy; else give the last dense layer one output for each class."
      );
    }
    return undefined;
  }
  if (REGRESSION_LOSSES.includes(loss.name) && PROBABILITIES.includes(activation)) {
    const right = activation.endsWith("oftmax") ? "softmaxCrossEntropy" : "binaryCrossEntropy";
    return (
      `${ends}, and ${loss.name} is for real values: where the activation saturates, its gradient vanishes even if the ` +
      `prediction is wrong. For real values end with linear; for classes drop the ${activation} and use ${right}, which takes logits.`
    );
  }
  if (loss.name === "hinge" && [...PROBABILITIES, "relu"].includes(activation)) {
    return `${ends}, and hinge takes scores of both signs, below −1 and above 1 too. Drop the ${activation}.`;
  }
  return undefined;
}

/** Neither the activation with the other option nor the option with another activation is what was meant. */
function softmaxBeforeBinary(ends: string, activation: string, size: number | undefined): string {
  if (size === 1) {
    return `${ends} of one output, which is always the same, so nothing is learned. Drop the ${activation}: binaryCrossEntropy takes the logit.`;
  }
  return (
    `${ends}, whose probabilities sum to 1, and binaryCrossEntropy asks each output a question of yes or no by itself. ` +
    `For one class among several drop the ${activation} and use softmaxCrossEntropy; for questions that do not exclude each other ` +
    `drop the ${activation} alone.`
  );
}

function classMismatch(
  ends: string,
  activation: string,
  loss: string,
  from: string,
  taken: Readonly<Record<string, readonly string[]>>,
): string {
  const what =
    { logits: "logits", probabilities: "probabilities", logProbabilities: "log-probabilities" }[from] ?? from;
  const [right] = taken[from] as readonly [string, ...string[]];
  const other = Object.keys(taken).find((key) => taken[key]?.includes(activation));
  const drop =
    activation === "linear"
      ? `End with ${right}`
      : right === "linear"
        ? `Drop the ${activation}`
        : `End with ${right} instead`;
  const or = other === undefined ? "" : `, or use withOptions(${loss}, { from: "${other}" })`;
  return `${ends}, and ${loss} takes ${what}${right === "linear" ? ", to which it applies the activation itself" : ""}. ${drop}${or}.`;
}

/** The pairs of models and losses that have been warned about. */
const warned = new WeakMap<AnyModule, Set<string>>();

/** Says once, on the console, what `outputMismatch` finds for this model and loss. */
export function warnMismatch(model: AnyModule, loss: Loss): void {
  const text = outputMismatch(model, loss);
  const known = warned.get(model) ?? new Set();
  if (text === undefined || known.has(text)) return;
  warned.set(model, known.add(text));
  console.warn(`chainrule: ${text}`);
}

/** From a network's outputs for a row to classes. */
import { sigmoid, softmax } from "../../metrics/logits.ts";

/** The probabilities of all classes: of a single output, which is the logit of the second of two classes, or of a logit each. */
export function classProbabilities(outputs: ArrayLike<number>): Float64Array {
  if (outputs.length > 1) return softmax(outputs);
  const p = sigmoid(outputs[0] as number);
  return Float64Array.of(1 - p, p);
}

/** The class with the largest probability, the first of several. */
export const likeliest = (probabilities: Float64Array): number => probabilities.indexOf(Math.max(...probabilities));

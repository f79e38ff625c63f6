/** What a trained network can do: accuracy, mistakes, and whether its gradients are right. */
import { type Tensor, tensor } from "chainrule";
import { type GradcheckReport, gradcheck } from "chainrule/check";
import { softmaxCrossEntropy } from "chainrule/loss";
import { classes, confusionMatrix } from "chainrule/metrics";
import { params, type Sequential } from "chainrule/nn";
import { predict } from "chainrule/train";
import { CLASSES, type Images, pixelsOf } from "./files.ts";

/** One image that the network takes for another digit. */
export interface Mistake {
  /** Position among the test images. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted digit, as the network sees it. */
  readonly probability: number;
}

export interface Assessment {
  readonly count: number;
  readonly right: number;
  /** right / count */
  readonly accuracy: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** [true digit][predicted digit] */
  readonly confusion: readonly (readonly number[])[];
  /** Those the network was most certain of, first. */
  readonly mistakes: readonly Mistake[];
  readonly gradients: GradcheckReport;
}

/** How many mistakes to show. */
const MISTAKES = 6;

/** Images in the loss whose gradient is checked, and elements of each parameter. */
const CHECKED_IMAGES = 8;
const CHECKED_ELEMENTS = 8;

export async function assess(network: Sequential, test: Images): Promise<Assessment> {
  const { data } = test;
  const logits = await predict(network, data.x);
  const labels = await data.y.data();
  const predicted = classes(logits);
  const losses = Array.from(await softmaxCrossEntropy(logits, data.y, { reduction: "none" }).data());
  const wrong = [...labels.keys()].filter((i) => predicted[i] !== labels[i]);
  const right = data.length - wrong.length;
  return {
    count: data.length,
    right,
    accuracy: right / data.length,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / data.length,
    confusion: confusionMatrix(predicted, labels, CLASSES),
    mistakes: await mistakesOf(logits, labels, predicted, wrong),
    gradients: checkGradients(network, test, labels, hardest(losses)),
  };
}

async function mistakesOf(
  logits: Tensor,
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  wrong: readonly number[],
): Promise<Mistake[]> {
  const probabilities = await logits.softmax().data();
  const mistakes = wrong.map((index): Mistake => {
    const [label, digit] = [labels[index] as number, predicted[index] as number];
    return { index, label, predicted: digit, probability: probabilities[index * CLASSES + digit] as number };
  });
  return mistakes.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, MISTAKES);
}

/** The images of the largest loss: their gradients are far from 0, where a comparison would only see rounding errors. */
function hardest(losses: readonly number[]): number[] {
  return [...losses.keys()]
    .sort((a, b) => (losses[b] as number) - (losses[a] as number) || a - b)
    .slice(0, CHECKED_IMAGES);
}

function checkGradients(
  network: Sequential,
  test: Images,
  labels: ArrayLike<number>,
  chosen: readonly number[],
): GradcheckReport {
  const x = tensor(chosen.map((i) => [...pixelsOf(test, i)]));
  const y = tensor(
    chosen.map((i) => labels[i] as number),
    { dtype: "int32" },
  );
  return gradcheck(() => softmaxCrossEntropy(network(x), y), params(network), { samples: CHECKED_ELEMENTS });
}

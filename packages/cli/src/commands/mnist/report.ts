/** What `chainrule mnist` says. */
import { Dense, type Sequential } from "chainrule/nn";
import { describeEngine, type Engine } from "../../engine.ts";
import { renderConfusion } from "../../render/confusion.ts";
import { count, percent } from "../../render/format.ts";
import { type Picture, renderPictures } from "../../render/pictures.ts";
import type { Assessment, Mistake } from "./assessment.ts";
import { type DataFolder, type Images, type MNIST, pixelsOf } from "./files.ts";
import {
  countParameters,
  DROPOUT,
  MOMENTUM,
  type Outcome,
  PATIENCE,
  type TrainingOptions,
  WEIGHT_DECAY,
} from "./training.ts";

export function describeData({ train, test }: MNIST, folder: DataFolder): string {
  const size = `${train.height}×${train.width}`;
  return `Data: ${count(train.data.length)} training and ${count(test.data.length)} test images, ${size}, from ${folder.path}`;
}

export function describeSetup(network: Sequential, options: TrainingOptions, engine: Engine): string {
  const dense = network.layers.filter((layer) => layer instanceof Dense);
  const sizes = [dense[0]?.weight.shape[0], ...dense.map((layer) => layer.weight.shape[1])].join(" → ");
  return [
    `Network: ${sizes}, relu and dropout ${DROPOUT} between the layers; ${count(countParameters(network), "parameter")}`,
    `Training: gradient descent, momentum ${MOMENTUM}, learning rate from ${options.learningRate} to 0 along a cosine, weight decay ` +
      `${WEIGHT_DECAY};\n  batches of ${options.batchSize}, at most ${count(options.epochs, "epoch")}, ends after ${PATIENCE} without a better ` +
      `validation accuracy; seed ${options.seed}`,
    `Engine: ${describeEngine(engine)}`,
  ].join("\n");
}

export const describeOutcome = (outcome: Outcome): string =>
  `Trained ${count(outcome.epochs, "epoch")} in ${outcome.seconds.toFixed(1)} s, ${count(Math.round(outcome.imagesPerSecond))} images/s ` +
  `(${outcome.stopped}). Kept: epoch ${outcome.bestEpoch}, validation accuracy ${percent(outcome.validationAccuracy)}.`;

/** @param brief the accuracy alone */
export function describeAssessment(assessment: Assessment, test: Images, columns: number, brief: boolean): string {
  const { accuracy, right, count: total, confusion, mistakes, gradients } = assessment;
  const headline = `Test accuracy: ${percent(accuracy)} (${count(right)} of ${count(total)})`;
  if (brief) return headline;
  return [
    `\n${headline}`,
    `Confusion matrix (rows: the true digit, columns: the predicted one)\n${renderConfusion(confusion)}`,
    mistakes.length === 0
      ? "There are no mistakes."
      : `Worst mistakes (those with the highest probability)\n${drawMistakes(mistakes, test, columns)}`,
    `Gradients of the trained network against finite differences\n${gradients}`,
    "",
  ].join("\n\n");
}

function drawMistakes(mistakes: readonly Mistake[], test: Images, columns: number): string {
  const { height, width } = test;
  const pictures = mistakes.map(({ index, label, predicted, probability }): Picture => {
    const caption = [
      `true ${label}, predicted ${predicted}`,
      `probability ${percent(probability)}`,
      `test image ${index}`,
    ];
    return { pixels: pixelsOf(test, index), height, width, caption };
  });
  return renderPictures(pictures, columns);
}

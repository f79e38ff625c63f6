/** What `chainrule mnist` does. */
import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { saveModel } from "chainrule/io";
import { type EngineOptions, startEngine } from "../../engine.ts";
import { AnswerNo, Failure, messageOf, systemReason } from "../../failure.ts";
import { createOutput, type OutputOptions } from "../../output.ts";
import { type Assessment, assess } from "./assessment.ts";
import { DataFolder, readMNIST } from "./files.ts";
import { describeAssessment, describeData, describeOutcome, describeSetup } from "./report.ts";
import { createNetwork, type Outcome, type TrainingOptions, train } from "./training.ts";

export interface MNISTOptions extends TrainingOptions, EngineOptions, OutputOptions {
  readonly data?: string;
  readonly out: string;
}

export async function run(options: MNISTOptions): Promise<void> {
  const output = createOutput(options);
  const engine = startEngine(options);
  const file = resolve(options.out);
  await checkWritable(file);
  const folder = new DataFolder(options.data);
  const data = await readMNIST(folder);
  output.note(describeData(data, folder));
  const network = createNetwork(data.train, options);
  output.note(describeSetup(network, options, engine));
  const outcome = await train(network, data.train, options, output.progress);
  output.note(describeOutcome(outcome));
  const assessment = await assess(network, data.test);
  await save(network, file, options, outcome, assessment);
  output.result(describeAssessment(assessment, data.test, output.columns, options.quiet === true));
  output.result(`Model file: ${file}`);
  output.json({
    test_accuracy: assessment.accuracy,
    test_loss: assessment.loss,
    epochs: outcome.epochs,
    best_epoch: outcome.bestEpoch,
    stopped: outcome.stopped,
    validation_accuracy: outcome.validationAccuracy,
    train_seconds: outcome.seconds,
    images_per_second: outcome.imagesPerSecond,
    model_path: file,
    gradcheck_max_relative_error: assessment.gradients.maxRelativeError,
    gradcheck_passed: assessment.gradients.passed,
    seed: options.seed,
    threads: engine.threads,
    wide_simd: engine.wideSimd,
  });
  if (!assessment.gradients.passed) throw new AnswerNo("the gradient check failed; see the table above.");
}

/** Better now than after training. */
async function checkWritable(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw new Failure(`--out: ${file} is a folder. Give the name of a file in it.`);
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw new Failure(`--out: no file can be written in the folder ${dirname(file)}: ${systemReason(error)}.`);
  }
}

async function save(
  network: Parameters<typeof saveModel>[0],
  file: string,
  options: TrainingOptions,
  outcome: Outcome,
  { accuracy }: Assessment,
): Promise<void> {
  const { seed, hidden, epochs, batchSize, learningRate } = options;
  const record = {
    data: "MNIST",
    input: "grey values / 255, row-major",
    settings: { seed, hidden, epochs, batchSize, learningRate },
    epochs: outcome.epochs,
    bestEpoch: outcome.bestEpoch,
    testAccuracy: accuracy,
  };
  try {
    await saveModel(network, file, { record });
  } catch (error) {
    throw new Failure(`--out: ${messageOf(error)}`);
  }
}

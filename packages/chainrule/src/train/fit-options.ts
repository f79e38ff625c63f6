/** The options of `fit`, checked, with defaults filled in. */
import type { Dataset } from "../data/index.ts";
import type { Source } from "../io/index.ts";
import type { Loss } from "../loss/index.ts";
import { checkMetrics, type Metric, type NamedMetric } from "../metrics/named.ts";
import { initialize, params, warnMismatch } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { type Callback, checkCallbacks, type RunState } from "./callbacks.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { checkLossOn, requireLoss } from "./evaluate.ts";
import { type Model, requireModel } from "./model.ts";
import type { ProgressStream } from "./progress.ts";
import { splitData, type TrainingData } from "./training-data.ts";

export interface FitOptions extends TrainingData {
  /**
   * One of `chainrule/loss`, or a function of predictions and targets, [batch, …], that gives one number, or one for each
   * example. One number is asked of each example, as a batch of one; the mean is taken of them. A number that belongs to the
   * batch as a whole is refused.
   */
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularizer?: Regularizer;
  /** Default 32. */
  readonly batchSize?: number;
  /** Default 10. */
  readonly epochs?: number;
  /** Any integer, default 0. Decides initial weights, shuffling, dropout and the validation split. */
  readonly seed?: number;
  /** What to measure after each epoch, on the validation data or else the training data. */
  readonly metrics?: readonly Metric[];
  readonly callbacks?: readonly Callback[];
  /** Whether examples come in a new random order in each epoch; default true. */
  readonly shuffle?: boolean;
  /**
   * Where progress is written. Default: standard error, where there is one; on a terminal as a line that is rewritten,
   * elsewhere as a line for an epoch; ten times a second at most. false for none.
   */
  readonly progress?: boolean | ProgressStream;
  /** Ends training after the present batch when it is aborted. */
  readonly signal?: AbortSignal;
  /** A file written by `checkpoint`, or its bytes: training goes on where it was, with the same settings. */
  readonly resume?: Source;
}

const OPTIONS: readonly (keyof FitOptions)[] = [
  "train",
  "validation",
  "loss",
  "optimizer",
  "regularizer",
  "batchSize",
  "epochs",
  "seed",
  "metrics",
  "callbacks",
  "classWeights",
  "sampleWeights",
  "shuffle",
  "progress",
  "signal",
  "resume",
];

export interface Settings {
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularizer: Regularizer | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  readonly metrics: readonly NamedMetric[];
  readonly callbacks: readonly Callback[];
  readonly weights: Float32Array | undefined;
  readonly shuffle: boolean;
  readonly progress: ProgressStream | undefined;
  readonly signal: AbortSignal | undefined;
  readonly resume: RunState | undefined;
}

/** Checks everything that can be checked before training, and gives the parameters their initial values. */
export async function checkFit(model: Model, options: FitOptions): Promise<Settings> {
  requireModel("fit", model);
  checkOptions("fit", options, OPTIONS);
  for (const name of ["train", "loss", "optimizer"] as const) {
    if (options?.[name] === undefined) throw new TypeError(`fit: the option "${name}" is missing.`);
  }
  const { loss, optimizer, regularizer, batchSize = 32, epochs = 10, shuffle = true, signal } = options;
  requireLoss("fit", loss);
  if ((optimizer as { begin?: unknown } | null)?.begin !== undefined)
    throw new TypeError(`fit: ${optimizer.name}() needs all examples in every step. Use fitFullBatch.`);
  requireKind("optimizer", "one such as adam(1e-3)", optimizer, typeof optimizer.update === "function");
  requireKind(
    "regularizer",
    "one such as l2(1e-4)",
    regularizer,
    ["undefined", "function"].includes(typeof regularizer),
  );
  requireKind("shuffle", "true or false", shuffle, typeof shuffle === "boolean");
  requireKind("signal", "an AbortSignal", signal, signal === undefined || signal instanceof AbortSignal);
  const seed = checkNumber("fit", "seed", options.seed ?? 0, { integer: true });
  const settings: Settings = {
    ...splitData("fit", options, seed),
    loss,
    optimizer,
    regularizer,
    batchSize: checkNumber("fit", "batchSize", batchSize, { least: 1, integer: true }),
    epochs: checkNumber("fit", "epochs", epochs, { least: 1, integer: true }),
    seed,
    metrics: checkMetrics("fit", options.metrics),
    callbacks: checkCallbacks("fit", options.callbacks),
    shuffle,
    progress: progressStream(options.progress),
    signal,
    resume: options.resume === undefined ? undefined : await readCheckpoint(options.resume),
  };
  if (Object.keys(params(model)).length === 0) {
    throw new TypeError("fit: the model has no parameters, so there is nothing to train.");
  }
  initialize(model, { seed, missingOnly: true });
  checkModel(model, settings);
  return settings;
}

function requireKind(name: string, kind: string, value: unknown, ok: boolean): void {
  if (!ok) throw new TypeError(`fit: ${name} must be ${kind}; it is ${describeValue(value)}.`);
}

/** Looks at model, loss and data before training. */
function checkModel(model: Model, { train, validation, loss, batchSize }: Settings): void {
  for (const data of validation === undefined ? [train] : [train, validation]) {
    checkLossOn("fit", model, loss, data, batchSize);
  }
  warnMismatch(model, loss);
}

function progressStream(progress: FitOptions["progress"] = true): ProgressStream | undefined {
  if (progress === false) return undefined;
  if (progress === true) return (globalThis as { process?: { stderr?: ProgressStream } }).process?.stderr;
  const isStream = typeof (progress as Partial<ProgressStream> | null)?.write === "function";
  requireKind("progress", "true, false or a stream with write(text)", progress, isStream);
  return progress;
}

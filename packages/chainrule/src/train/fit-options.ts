/** The options of `fit`, checked, with defaults filled in. */
import { type Dataset, type DatasetLike, split } from "../data/index.ts";
import { checkTargets, type Loss } from "../loss/index.ts";
import { traceFunction } from "../graph/trace.ts";
import { evaluation, initialize, Module } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Callback, RunState } from "./callbacks.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { checkedDataset, type Model } from "./evaluate.ts";
import { type Metric, metricOf } from "./metrics.ts";
import type { ProgressStream } from "./progress.ts";
import type { PlainLoss } from "./weighted-loss.ts";

/** A part of the training data that is held back. */
export interface ValidationSplit {
  /** Share of the examples, between 0 and 1. */
  readonly fraction: number;
  readonly strategy?: "random" | "stratified" | "time";
  /** Default: the seed of `fit`. */
  readonly seed?: number;
}

export interface FitOptions {
  readonly train: DatasetLike;
  /** Data for validation after each epoch, or which part of the training data to hold back for it. */
  readonly validation?: DatasetLike | ValidationSplit | number;
  /** One of `chainrule/loss`, or a function of (prediction, target). */
  readonly loss: Loss | PlainLoss;
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
  /** A weight for each class; y must be class numbers. */
  readonly classWeights?: readonly number[];
  /** A weight for each training example. */
  readonly sampleWeights?: readonly number[] | Float32Array;
  /** Whether examples come in a new random order in each epoch; default true. */
  readonly shuffle?: boolean;
  /**
   * Where progress is written. Default: standard error, where there is one; on a terminal as a line that is rewritten,
   * elsewhere as one line an epoch. false for none.
   */
  readonly progress?: boolean | ProgressStream;
  /** Ends training after the present batch when it is aborted. */
  readonly signal?: AbortSignal;
  /** A file written by `checkpoint`, or its bytes: training goes on where it was, with the same settings. */
  readonly resume?: string | Uint8Array;
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
  readonly loss: Loss | PlainLoss;
  readonly optimizer: Optimizer;
  readonly regularizer: Regularizer | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  readonly metrics: readonly Metric[];
  readonly callbacks: readonly Callback[];
  readonly weights: Float32Array | undefined;
  readonly shuffle: boolean;
  readonly progress: ProgressStream | undefined;
  readonly signal: AbortSignal | undefined;
  readonly resume: RunState | undefined;
}

/** Checks everything that can be checked before training, and gives the parameters their initial values. */
export async function checkFit(model: Model, options: FitOptions): Promise<Settings> {
  if (!((model as unknown) instanceof Module)) throw new TypeError("fit: the first argument must be a model, such as sequential(…).");
  checkOptions("fit", options, OPTIONS);
  for (const name of ["train", "loss", "optimizer"] as const) {
    if (options[name] === undefined) throw new TypeError(`fit: the option "${name}" is missing.`);
  }
  if (typeof options.loss !== "function") throw new TypeError(`fit: loss must be a function such as softmaxCrossEntropy; it is ${describeValue(options.loss)}.`);
  if (typeof options.optimizer.update !== "function") {
    throw new TypeError(`fit: optimizer must be one such as adam(1e-3); it is ${describeValue(options.optimizer)}.`);
  }
  const seed = checkNumber("fit", "seed", options.seed ?? 0, { integer: true });
  const given = checkedDataset("fit: train", options.train);
  const { train, validation } = splitData(given, options.validation, seed);
  const metrics = options.metrics ?? [];
  for (const metric of metrics) metricOf(metric);
  const settings: Settings = {
    train,
    validation,
    loss: options.loss,
    optimizer: options.optimizer,
    regularizer: options.regularizer,
    batchSize: checkNumber("fit", "batchSize", options.batchSize ?? 32, { least: 1, integer: true }),
    epochs: checkNumber("fit", "epochs", options.epochs ?? 10, { least: 1, integer: true }),
    seed,
    metrics,
    callbacks: options.callbacks ?? [],
    weights: exampleWeights(train, given, options),
    shuffle: options.shuffle ?? true,
    progress: progressStream(options.progress),
    signal: options.signal,
    resume: options.resume === undefined ? undefined : await readCheckpoint(options.resume),
  };
  initialize(model, { seed, missingOnly: true });
  checkModel(model, settings);
  return settings;
}

function splitData(data: Dataset, validation: FitOptions["validation"], seed: number) {
  if (validation === undefined) return { train: data, validation: undefined };
  if (typeof validation === "object" && "x" in validation) {
    return { train: data, validation: checkedDataset("fit: validation", validation) };
  }
  const rule = typeof validation === "number" ? { fraction: validation } : validation;
  checkOptions("fit: validation", rule, ["fraction", "strategy", "seed"]);
  const [train, held] = split(data, { seed, ...rule });
  return { train, validation: held };
}

/** The weight of each training example: its own times that of its class. */
function exampleWeights(train: Dataset, given: Dataset, { sampleWeights, classWeights }: FitOptions): Float32Array | undefined {
  if (sampleWeights === undefined && classWeights === undefined) return undefined;
  if (sampleWeights !== undefined && train !== given) {
    throw new TypeError("fit: sampleWeights need validation data of their own, since they belong to the rows of train; pass validation as { x, y }.");
  }
  const weights = Float32Array.from({ length: train.length }, (_, i) => sampleWeights?.[i] ?? 1);
  if (sampleWeights !== undefined && sampleWeights.length !== train.length) {
    throw new RangeError(`fit: there are ${sampleWeights.length} sampleWeights for ${train.length} examples.`);
  }
  const bad = weights.findIndex((w) => !(w >= 0 && Number.isFinite(w)));
  if (bad >= 0) throw new RangeError(`fit: weights must be finite and not negative; that of example ${bad} is ${weights[bad]}.`);
  if (classWeights === undefined) return weights;
  if (train.y.dtype !== "int32" || train.y.rank !== 1) throw new TypeError("fit: classWeights need class numbers as y, int32 [examples].");
  const labels = train.y.dataSync();
  return weights.map((w, i) => {
    const factor = classWeights[labels[i] as number];
    if (factor === undefined || !(factor >= 0)) {
      throw new RangeError(`fit: there is no weight ≥ 0 for class ${labels[i]} of example ${i}; classWeights has ${classWeights.length} entries.`);
    }
    return w * factor;
  });
}

/** Traces the model for one batch, which finds shapes that do not fit, and looks at the targets. */
function checkModel(model: Model, { train, validation, loss, batchSize }: Settings): void {
  for (const data of validation === undefined ? [train] : [train, validation]) {
    const rows = Math.min(batchSize, data.length);
    const aval = { shape: [rows, ...data.x.shape.slice(1)], dtype: data.x.dtype };
    const { graph } = traceFunction((x) => [evaluation(() => model(x as Tensor))], [aval]);
    const output = graph.outputs[0]?.avals[0] as Tensor;
    checkTargets(loss.name, data.y, output.shape.at(-1) ?? 1);
  }
}

function progressStream(progress: FitOptions["progress"]): ProgressStream | undefined {
  if (progress === false) return undefined;
  if (typeof progress === "object") return progress;
  return (globalThis as { process?: { stderr?: ProgressStream } }).process?.stderr;
}


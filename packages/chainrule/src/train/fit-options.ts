/** The options of `fit`, checked, with defaults filled in. */
import { type Dataset, type DatasetLike, type SplitStrategy, splitIndices } from "../data/index.ts";
import { classesOf } from "../data/split.ts";
import { traceFunction } from "../graph/trace.ts";
import type { Source } from "../io/index.ts";
import { checkTargets, type Loss } from "../loss/index.ts";
import { checkMetrics, type Metric, type NamedMetric } from "../metrics/named.ts";
import { evaluation, initialize, params, warnMismatch } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Callback, RunState } from "./callbacks.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { checkedDataset, requireLoss } from "./evaluate.ts";
import { type Model, outputOf, requireModel } from "./model.ts";
import type { ProgressStream } from "./progress.ts";
import { exampleLosses } from "./weighted-loss.ts";

/** A part of the training data that is held back. */
export interface ValidationSplit {
  /** Share of the examples, between 0 and 1. */
  readonly fraction: number;
  readonly strategy?: SplitStrategy;
  /** For "group": the group of each example. */
  readonly groups?: ArrayLike<number | string>;
  /** Default: the seed of `fit`. */
  readonly seed?: number;
}

export interface FitOptions {
  readonly train: DatasetLike;
  /** Data for validation after each epoch, or which part of the training data to hold back for it. */
  readonly validation?: DatasetLike | ValidationSplit | number;
  /**
   * One of `chainrule/loss`, or a function of predictions and targets, [batch, …], that gives one number, or one for each
   * example. One number is asked of each example, as a batch of one; the mean is taken of them.
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
  /** A weight for each class, by number; y must be class numbers or one-hot rows. Validation does not use weights. */
  readonly classWeights?: ArrayLike<number>;
  /** A weight for each row of `train`. */
  readonly sampleWeights?: ArrayLike<number>;
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
    ...splitData(checkedDataset("fit", "train", options.train), options, seed),
    loss,
    optimizer,
    regularizer,
    batchSize: checkNumber("fit", "batchSize", batchSize, { least: 1, integer: true }),
    epochs: checkNumber("fit", "epochs", epochs, { least: 1, integer: true }),
    seed,
    metrics: checkMetrics("fit", options.metrics),
    callbacks: checkCallbacks(options.callbacks ?? []),
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

/** Training and validation data, and the weights of the training examples. */
function splitData(data: Dataset, options: FitOptions, seed: number) {
  const { validation } = options;
  const weights = exampleWeights(data, options);
  if (validation === undefined) return { train: data, validation: undefined, weights };
  if (typeof validation === "object" && "x" in validation) {
    return { train: data, validation: checkedDataset("fit", "validation", validation), weights };
  }
  const rule = typeof validation === "number" ? { fraction: validation } : validation;
  checkOptions("fit: validation", rule, ["fraction", "strategy", "seed", "groups"]);
  const [kept, held] = splitIndices(data.y, { seed, ...rule }) as [Int32Array, Int32Array];
  return {
    train: data.take(kept),
    validation: data.take(held),
    weights: weights && Float32Array.from(kept, (row) => weights[row] as number),
  };
}

/** The weight of each example: its own times that of its class. */
function exampleWeights(data: Dataset, { sampleWeights, classWeights }: FitOptions): Float32Array | undefined {
  if (sampleWeights === undefined && classWeights === undefined) return undefined;
  if (sampleWeights !== undefined && sampleWeights.length !== data.length) {
    throw new RangeError(`fit: there are ${sampleWeights.length} sampleWeights for ${data.length} examples.`);
  }
  const labels = classWeights === undefined ? undefined : classesOf("fit", data.y);
  const weights = Float32Array.from({ length: data.length }, (_, row) => {
    const own = sampleWeights === undefined ? 1 : sampleWeights[row];
    const label = labels?.[row] as number;
    const ofClass = classWeights === undefined ? 1 : classWeights[label];
    if (!isWeight(own))
      throw new RangeError(`fit: sampleWeights must be finite and not negative; that of row ${row} is ${own}.`);
    if (!isWeight(ofClass)) {
      throw new RangeError(
        `fit: classWeights must have a finite weight ≥ 0 for each class; for class ${label} of row ${row} it has ${ofClass}.`,
      );
    }
    return own * ofClass;
  });
  if (weights.some((w) => w > 0)) return weights;
  throw new RangeError("fit: all weights of the training examples are 0, so there is nothing to learn.");
}

const isWeight = (w: number | undefined): w is number => w !== undefined && w >= 0 && Number.isFinite(w);

const HOOKS: readonly (keyof Callback)[] = ["onTrainBegin", "onBatchEnd", "onEpochEnd", "onTrainEnd"];

function checkCallbacks(callbacks: readonly Callback[]): readonly Callback[] {
  if (!Array.isArray(callbacks)) {
    throw new TypeError(
      `fit: callbacks must be an array such as [earlyStopping()]; it is ${describeValue(callbacks)}.`,
    );
  }
  callbacks.forEach((callback: unknown, i) => {
    if (typeof callback !== "object" || callback === null) {
      throw new TypeError(
        `fit: callback ${i} is ${describeValue(callback)}, not an object such as { onEpochEnd(log) {} }.`,
      );
    }
    if (HOOKS.some((hook) => hook in callback)) return;
    throw new TypeError(
      `fit: callback ${i} has none of ${HOOKS.join(", ")}, so it would never be called; it has ${Object.keys(callback).join(", ") || "nothing"}.`,
    );
  });
  // Sorting is stable: all others keep their order.
  return [...callbacks].sort((a, b) => Number(a.last ?? false) - Number(b.last ?? false));
}

/** Traces model and loss for one batch, which finds shapes and dtypes that do not fit, and looks at the targets. */
function checkModel(model: Model, { train, validation, loss, batchSize }: Settings): void {
  for (const { x, y, length } of validation === undefined ? [train] : [train, validation]) {
    const avals = [x, y].map((t) => ({ shape: [Math.min(batchSize, length), ...t.shape.slice(1)], dtype: t.dtype }));
    let classes = 1;
    traceFunction((...[input, target]) => {
      const prediction = evaluation(() => outputOf(model, input as Tensor));
      classes = prediction.shape.at(-1) as number;
      return [exampleLosses(loss, prediction, target as Tensor)];
    }, avals);
    checkTargets(loss.name, y, classes);
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

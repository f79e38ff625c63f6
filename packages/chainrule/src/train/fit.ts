/** `fit`: the training loop. */
import type { Dataset } from "../data/index.ts";
import { identity } from "../data/shuffle.ts";
import type { Loss } from "../loss/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Batches, epochOrder } from "./batches.ts";
import type { Callback, EpochLog, FitContext } from "./callbacks.ts";
import { evaluateSync, type Model } from "./evaluate.ts";
import { checkFit, type FitOptions, type Settings } from "./fit-options.ts";
import { explainNonFinite, NonFiniteLossError } from "./non-finite.ts";
import { Progress } from "./progress.ts";
import { loadRun, type Run, saveRun } from "./run-state.ts";
import { putSnapshot, putValues, type Snapshot, takeSnapshot, valuesOf } from "./snapshot.ts";
import { trainStep } from "./train-step.ts";
import { weightedLoss } from "./weighted-loss.ts";

export interface FitResult {
  /** One entry for each epoch. */
  readonly history: readonly EpochLog[];
  /** Epochs done, those before a resumption included. */
  readonly epochs: number;
  /** Why training ended: "all epochs done", "aborted", or what a callback said. */
  readonly stopped: string;
  /** Time spent in this call, in seconds. */
  readonly seconds: number;
}

/** How long the loop may keep the event loop waiting, in milliseconds. */
const BREATH = 50;

/**
 * Trains a model in place.
 *
 * One seed decides initial weights (of parameters without a value), shuffling and dropout: the same seed on the same
 * target gives the same result bit for bit. The last minibatch of an epoch is filled up with rows of weight 0, so that
 * every step has the same shapes.
 *
 * @throws TypeError, RangeError before anything is trained, for options and data that cannot be right
 * @throws NonFiniteLossError at the first loss that is NaN or infinite, naming the batch, the layer and the likely cause
 */
export async function fit(model: Model, options: FitOptions): Promise<FitResult> {
  return new Trainer(model, await checkFit(model, options)).run();
}

class Trainer {
  readonly #model: Model;
  readonly #settings: Settings;
  readonly #batches: Batches;
  readonly #step: ReturnType<typeof stepOf>;
  readonly #run: Run;
  readonly #context: FitContext;
  readonly #progress: Progress;
  #stopped: string | undefined;
  /** Model and optimizer at the start of the epoch, from where a step that failed can be found again. */
  #epochStart: { readonly model: Snapshot; readonly optimizer: Snapshot };
  #breathed = performance.now();

  constructor(model: Model, settings: Settings) {
    this.#model = model;
    this.#settings = settings;
    this.#batches = new Batches(settings.train, settings.batchSize, settings.weights);
    this.#step = stepOf(model, settings);
    const run: Run = { model, optimizer: this.#step.state, settings, history: [], step: 0 };
    this.#run = run;
    if (settings.resume !== undefined) loadRun(run, settings.resume);
    this.#progress = new Progress(settings.progress, settings.epochs, this.#batches.count, this.#batches.length);
    this.#epochStart = this.#snapshot();
    this.#context = {
      model,
      epochs: settings.epochs,
      get history() {
        return run.history;
      },
      stop: (reason) => {
        this.#stopped ??= reason;
      },
      state: () => saveRun(run),
    };
  }

  async run(): Promise<FitResult> {
    const started = performance.now();
    const { epochs } = this.#settings;
    this.#progress.begin(this.#run.history.length);
    await this.#call((c) => c.onTrainBegin?.(this.#context));
    try {
      for (let epoch = this.#run.history.length + 1; epoch <= epochs && this.#stopped === undefined; epoch++) {
        const loss = await this.#epoch(epoch);
        if (loss === undefined) break;
        const log = this.#log(epoch, loss);
        this.#run.history.push(log);
        this.#progress.epoch(log);
        await this.#call((c) => c.onEpochEnd?.(log, this.#context));
      }
    } finally {
      this.#progress.end();
      await this.#call((c) => c.onTrainEnd?.(this.#context));
    }
    return {
      history: this.#run.history,
      epochs: this.#run.history.length,
      stopped: this.#stopped ?? "all epochs done",
      seconds: (performance.now() - started) / 1000,
    };
  }

  /** Mean loss over the examples of one epoch; undefined when it was stopped in the middle. */
  async #epoch(epoch: number): Promise<number | undefined> {
    const { shuffle, seed } = this.#settings;
    const batches = this.#batches;
    const order = shuffle ? epochOrder(batches.length, seed, epoch) : identity(batches.length);
    this.#epochStart = this.#snapshot();
    let [sum, weight] = [0, 0];
    for (let i = 0; i < batches.count; i++) {
      const batch = batches.batch(i, order);
      const loss = this.#step(batch).loss.itemSync();
      if (!Number.isFinite(loss)) this.#fail(epoch, i, loss, order);
      const extent = batches.extent(i, order);
      sum += loss * extent.weight;
      weight += extent.weight;
      this.#run.step++;
      this.#progress.batch(epoch, i + 1, sum / weight);
      for (const callback of this.#settings.callbacks) {
        callback.onBatchEnd?.({ epoch, batch: i, step: this.#run.step, loss }, this.#context);
      }
      await this.#breathe();
      if (this.#stopped !== undefined && i < batches.count - 1) return undefined;
    }
    return weight > 0 ? sum / weight : 0;
  }

  #log(epoch: number, loss: number): EpochLog {
    const { validation, metrics, loss: lossFunction, train } = this.#settings;
    const measure = (data: Dataset, l: Loss | undefined) => evaluateSync(this.#model, data, l, metrics, EVALUATION_BATCH);
    if (validation === undefined) {
      const { count: _, ...found } = metrics.length > 0 ? measure(train, undefined) : { count: 0 };
      return { epoch, loss, ...found };
    }
    const { count: _, ...found } = measure(validation, lossFunction);
    const named = Object.entries(found).map(([key, value]) => [`validation${key.charAt(0).toUpperCase()}${key.slice(1)}`, value]);
    return { epoch, loss, ...(Object.fromEntries(named) as Record<string, number>) };
  }

  #snapshot(): { readonly model: Snapshot; readonly optimizer: Snapshot } {
    return { model: takeSnapshot(this.#model), optimizer: valuesOf(this.#step.state) };
  }

  /** Goes back to the parameters before the step that failed, by doing the epoch again up to it, and says what happened. */
  #fail(epoch: number, failed: number, loss: number, order: Int32Array): never {
    putSnapshot(this.#model, this.#epochStart.model);
    putValues(this.#step.state, this.#epochStart.optimizer);
    for (let i = 0; i < failed; i++) this.#step(this.#batches.batch(i, order));
    const { x, y, weights } = this.#batches.batch(failed, order);
    const objective = weightedLoss(this.#settings.loss);
    const cause = explainNonFinite(this.#model, () => objective(this.#model(x), y, weights));
    const place = `epoch ${epoch}, batch ${failed + 1} of ${this.#batches.count}`;
    throw new NonFiniteLossError(`fit: the loss became ${loss} in ${place}: ${cause}`, epoch, failed);
  }

  /** Lets timers, signals and input have their turn now and then. */
  async #breathe(): Promise<void> {
    const now = performance.now();
    if (now - this.#breathed < BREATH) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#breathed = performance.now();
    if (this.#settings.signal?.aborted === true) this.#context.stop("aborted");
  }

  async #call(f: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.#settings.callbacks) await f(callback);
  }
}

/** Rows evaluated at a time. */
const EVALUATION_BATCH = 256;

function stepOf(model: Model, { loss, optimizer, regularizer }: Settings) {
  const objective = weightedLoss(loss);
  return trainStep(
    model,
    optimizer,
    ({ x, y, weights }: { x: Tensor; y: Tensor; weights: Tensor }) => objective(model(x), y, weights),
    regularizer === undefined ? {} : { regularizer },
  );
}

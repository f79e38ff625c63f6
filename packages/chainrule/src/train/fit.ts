/** `fit`: the training loop. */
import { isBad } from "../check/non-finite.ts";
import { epochOrder } from "../data/batches.ts";
import { identity } from "../data/shuffle.ts";
import type { Box } from "../graph/box.ts";
import { type Param, params, withExampleWeights } from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Batch, Batches } from "./batches.ts";
import { type Callback, chosenEpoch, type EpochLog, endTraining, type FitContext } from "./callbacks.ts";
import { loggedNames, measureEpoch } from "./epoch-log.ts";
import { checkFit, type FitOptions, type Settings } from "./fit-options.ts";
import type { Model } from "./model.ts";
import { explainNonFinite, NonFiniteLossError } from "./non-finite.ts";
import { Progress } from "./progress.ts";
import { loadRun, type Run, saveRun } from "./run-state.ts";
import { boxesOf, putValues, type Snapshot, valuesOf } from "./snapshot.ts";
import { type Steps, stepsOver } from "./steps-over.ts";
import { makeStep } from "./train-step.ts";
import { weightedLoss } from "./weighted-loss.ts";

export interface FitResult {
  /** One entry for each epoch. */
  readonly history: readonly EpochLog[];
  /** Epochs done, those before a resumption included. */
  readonly epochs: number;
  /** The epoch whose weights the model has now, if `earlyStopping` chose one. */
  readonly bestEpoch?: number;
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
 * every step has the same shapes; a loss of one's own that gives one number for a batch is therefore applied to each
 * example as a batch of one, and averaged.
 *
 * @throws TypeError, RangeError, DataError before anything is trained, for options and data that cannot be right
 * @throws NonFiniteLossError at the first number that is NaN or infinite, naming the batch, the layer and the likely
 *   cause; the model then has the parameters from before that step, or the best ones of `earlyStopping`
 * @example
 * ```ts
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { sgd } from "chainrule/optim";
 * import { fit } from "chainrule/train";
 * const train = { x: [[0], [1], [2], [3]], y: [[1], [3], [5], [7]] };
 * const { history } = await fit(dense(1, 1), {
 *   train, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.1 }), epochs: 3, progress: false,
 * });
 * history.length; // → 3
 * ```
 */
export async function fit(model: Model, options: FitOptions): Promise<FitResult> {
  const settings = await checkFit(model, options);
  if (busy.has(model))
    throw new Error("fit: this model is being trained already. Await the first fit before the next.");
  busy.add(model);
  try {
    return await new Trainer(model, settings).run();
  } finally {
    busy.delete(model);
  }
}

/** Models that are being trained: two loops would overwrite each other's parameters. */
const busy = new WeakSet<Model>();

/** What a step is made from and what it changes. */
interface Values {
  readonly model: Snapshot;
  readonly optimizer: Snapshot;
}

class Trainer {
  readonly #model: Model;
  /** Parameters and states of the model. */
  readonly #boxes: Readonly<Record<string, Box>>;
  readonly #parameters: readonly Param[];
  readonly #settings: Settings;
  readonly #batches: Batches;
  readonly #steps: Steps;
  readonly #run: Run;
  readonly #context: FitContext;
  #breathed = performance.now();

  constructor(model: Model, settings: Settings) {
    this.#model = model;
    this.#boxes = boxesOf(model);
    this.#parameters = Object.values(params(model));
    this.#settings = settings;
    this.#batches = new Batches(settings.train, settings.batchSize, settings.weights);
    const { optimizer, regularizer } = settings;
    const step = makeStep<Batch>("fit", model, optimizer, (batch) => this.#loss(batch), { regularizer });
    // Nothing may happen between a step and the callback that looks at it.
    const watched = settings.callbacks.some(({ onBatchEnd }) => onBatchEnd !== undefined);
    this.#steps = stepsOver(step.step, settings.train, this.#batches, watched ? { most: 1 } : {});
    const run: Run = { model, optimizer: step.state, settings, history: [], step: 0, stopped: undefined };
    this.#run = run;
    if (settings.resume !== undefined) loadRun(run, settings.resume);
    this.#context = {
      model,
      epochs: settings.epochs,
      logged: loggedNames(settings),
      get history() {
        return run.history;
      },
      stop: (reason) => {
        run.stopped ??= reason;
      },
      state: () => saveRun(run),
    };
  }

  async run(): Promise<FitResult> {
    const run = this.#run;
    const { epochs, callbacks, signal } = this.#settings;
    const started = performance.now();
    const progress = this.#progress(started);
    if (signal?.aborted === true) this.#context.stop("aborted");
    await this.#call((c) => c.onTrainBegin?.(this.#context));
    const failures: unknown[] = [];
    try {
      for (let epoch = run.history.length + 1; epoch <= epochs && run.stopped === undefined; epoch++) {
        const loss = await this.#epoch(epoch, progress);
        if (loss === undefined) break;
        const log = { epoch, loss, ...measureEpoch("fit", this.#model, this.#settings) };
        run.history.push(log);
        progress?.epoch(log, performance.now());
        await this.#call((c) => c.onEpochEnd?.(log, this.#context));
      }
    } catch (error) {
      failures.push(error);
    }
    progress?.end(performance.now());
    await endTraining(callbacks, this.#context, failures);
    return {
      history: run.history,
      epochs: run.history.length,
      ...chosenEpoch(callbacks),
      stopped: run.stopped ?? "all epochs done",
      seconds: (performance.now() - started) / 1000,
    };
  }

  #progress(now: number): Progress | undefined {
    const { progress, epochs } = this.#settings;
    const { count: steps, length: examples } = this.#batches;
    return progress && new Progress(progress, { epochs, done: this.#run.history.length, steps, examples }, now);
  }

  /** Mean loss over the examples of one epoch; undefined when it was stopped in the middle. */
  async #epoch(epoch: number, progress: Progress | undefined): Promise<number | undefined> {
    const { shuffle, seed, callbacks, signal } = this.#settings;
    const run = this.#run;
    const batches = this.#batches;
    const order = shuffle ? epochOrder(batches.length, seed, epoch) : identity(batches.length);
    const start = this.#values();
    let [sum, weight] = [0, 0];
    for (let i = 0; i < batches.count; ) {
      let loss = 0;
      for (loss of this.#steps(order, i, batches.count)) {
        if (!Number.isFinite(loss)) this.#fail(epoch, start, order, i);
        const extent = batches.extent(i, order);
        sum += loss * extent.weight;
        weight += extent.weight;
        run.step++;
        i++;
      }
      const now = performance.now();
      progress?.step(epoch, i, weight > 0 ? sum / weight : 0, now);
      for (const callback of callbacks) {
        const pending = callback.onBatchEnd?.({ epoch, batch: i - 1, step: run.step, loss }, this.#context);
        if (pending !== undefined) await pending;
      }
      if (now - this.#breathed >= BREATH) await this.#breathe();
      if (signal?.aborted === true) this.#context.stop("aborted");
      if (run.stopped !== undefined && i < batches.count) return undefined;
    }
    // A gradient may overflow where the loss does not, which the loss of the next step would tell; the last has none.
    if (this.#spoilt()) this.#fail(epoch, start, order, batches.count - 1);
    return weight > 0 ? sum / weight : 0;
  }

  #loss({ x, y, weights }: Batch): Tensor {
    const prediction = withExampleWeights(weights, () => this.#model(x));
    return weightedLoss(this.#settings.loss, prediction, y, weights);
  }

  #values(): Values {
    return { model: valuesOf(this.#boxes), optimizer: valuesOf(this.#run.optimizer) };
  }

  #put({ model, optimizer }: Values): void {
    putValues(this.#boxes, model);
    putValues(this.#run.optimizer, optimizer);
  }

  /** Whether a parameter is no longer finite. */
  #spoilt(): boolean {
    return this.#parameters.some(({ value }) => isBad(value));
  }

  /**
   * Finds the step that failed by doing the epoch again, goes back to the parameters before it, and says what happened.
   *
   * @param seen the step in which it was noticed: this one, or one before, has failed
   */
  #fail(epoch: number, start: Values, order: Int32Array, seen: number): never {
    const place = (i: number): string => `in epoch ${epoch}, batch ${i + 1} of ${this.#batches.count}`;
    this.#put(start);
    for (let i = 0; i <= seen; i++) {
      const before = this.#values();
      const [loss] = this.#steps(order, i, i + 1);
      if (Number.isFinite(loss) && !this.#spoilt()) continue;
      this.#put(before);
      const batch = this.#batches.batch(i, order);
      const cause = explainNonFinite(this.#model, () => this.#loss(batch));
      throw new NonFiniteLossError(`fit: training met NaN or infinity ${place(i)}: ${cause}`, epoch, i);
    }
    throw new NonFiniteLossError(
      `fit: training met NaN or infinity ${place(seen)}, but not when the epoch was done again. Does a callback change the ` +
        "parameters? The model has those of the second time.",
      epoch,
      seen,
    );
  }

  /** Lets timers, signals and input have their turn. */
  async #breathe(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#breathed = performance.now();
  }

  async #call(f: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.#settings.callbacks) await f(callback);
  }
}

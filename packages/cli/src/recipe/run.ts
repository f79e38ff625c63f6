/** One run of training: a candidate on some rows, with others held back or with none. */
import { setImmediate } from "node:timers/promises";
import { randomNumbers, shuffle } from "./rows.ts";
import { scoresOf } from "./scores.ts";
import type { Snapshot, Trainer } from "./trainer.ts";
import type { EpochLog, Task } from "./types.ts";

/** What a run is given. */
export interface Course {
  readonly task: Task;
  readonly rows: Int32Array;
  /** Rows to validate with, and their targets. */
  readonly held: { readonly rows: Int32Array; readonly y: ArrayLike<number> } | undefined;
  readonly hidden: readonly number[];
  readonly learningRate: number;
  readonly l2: number;
  /** The most epochs, over which the learning rate falls to 0. */
  readonly epochs: number;
  readonly patience: number;
  readonly seed: number;
  /** Rows that are evaluated at a time. */
  readonly evaluationBatch: number;
}

/** What is known of a run after an epoch, its weights aside. */
export interface RunLog {
  readonly history: readonly EpochLog[];
  /** The epoch whose weights count: that of the lowest validation loss, or the last where nothing is held back; 0 for none. */
  readonly best: number;
  /** Why it has ended; undefined if it goes on. */
  readonly stopped?: string;
  /** It met NaN or infinity in the epoch after these. */
  readonly failed?: boolean;
}

export interface Run extends RunLog {
  /** Those of the best epoch. */
  readonly weights: Snapshot;
}

/** What a run needs to go on from the end of an epoch. */
export interface RunState extends Run {
  readonly present: Snapshot;
  readonly optimizer: Snapshot;
}

export interface RunControl {
  onEpoch?(log: EpochLog): void;
  /** Is told where the run is; `state` gathers what must be kept. */
  keep?(state: () => RunState): Promise<void>;
  readonly signal?: AbortSignal;
  readonly from?: RunState;
}

export const INTERRUPTED = "interrupted";

/** How long the loop may keep the event loop waiting, in milliseconds: signals arrive there. */
const BREATH = 50;

/** Rows in one call of the program. */
const ROWS_IN_CALL = 1 << 14;

/** Trains by a trainer for this network or a wider one. */
export async function carryOut(trainer: Trainer, course: Course, control: RunControl): Promise<Run> {
  const { epochs, patience, rows, seed } = course;
  const order = new Order(rows, trainer.batchSize, seed);
  trainer.begin({ learningRate: course.learningRate, l2: course.l2, steps: order.steps(epochs) }, course.hidden);
  let { history, best, weights }: Run = control.from ?? { history: [], best: 0, weights: trainer.weights };
  if (control.from !== undefined) {
    trainer.weights = control.from.present;
    trainer.optimizer = control.from.optimizer;
  }
  const breath = new Breath();
  /** Where nothing is held back the last weights are the best there are; nobody needs them before the end. */
  const bestWeights = (): Snapshot => (course.held === undefined ? trainer.weights : weights);
  for (;;) {
    const done = history.length;
    const end = (stopped: string, failed = false): Run => ({ history, best, weights: bestWeights(), stopped, failed });
    // The last step of all may overflow too, and no loss would tell.
    const isSpoilt = (): boolean => course.held === undefined && !isFinite(trainer.weights);
    if (done === epochs) return isSpoilt() ? end(SPOILT, true) : end("all epochs done");
    if (course.held !== undefined && done - best >= patience) return end(`no better for ${patience} epochs`);
    if (control.signal?.aborted === true && done > 0) return isSpoilt() ? end(SPOILT, true) : end(INTERRUPTED);
    const log = await epoch(trainer, course, order, done + 1, breath);
    if (log === undefined) return end(SPOILT, true);
    history = [...history, log];
    if (isBest(log, history[best - 1])) {
      best = log.epoch;
      if (course.held !== undefined) weights = trainer.weights;
    }
    control.onEpoch?.(log);
    const now = { history, best };
    await control.keep?.(() => ({
      ...now,
      weights: bestWeights(),
      present: trainer.weights,
      optimizer: trainer.optimizer,
    }));
    await breath.take();
  }
}

const SPOILT = "NaN or infinity";

const isBest = (log: EpochLog, best: EpochLog | undefined): boolean =>
  best?.validationLoss === undefined || log.validationLoss === undefined || log.validationLoss < best.validationLoss;

/** One epoch and its evaluation; undefined where a number is not finite. */
async function epoch(
  trainer: Trainer,
  { held, task, evaluationBatch }: Course,
  order: Order,
  number: number,
  breath: Breath,
): Promise<EpochLog | undefined> {
  const [from, until] = [order.steps(number - 1), order.steps(number)];
  const most = Math.max(1, Math.floor(ROWS_IN_CALL / trainer.batchSize));
  let sum = 0;
  for (let at = from; at < until; at += most) {
    sum += trainer.step(order.rows(at, Math.min(until, at + most)));
    await breath.take();
  }
  const loss = sum / (until - from);
  if (!Number.isFinite(loss)) return undefined;
  if (held === undefined) return { epoch: number, loss };
  const validation = scoresOf(task, trainer.outputs(held.rows, evaluationBatch), held.y);
  if (!Number.isFinite(validation.loss)) return undefined;
  return { epoch: number, loss, validationLoss: validation.loss, validationScore: validation.score };
}

const isFinite = (weights: Snapshot): boolean =>
  Object.values(weights).every((t) => t.dataSync().every((value) => Number.isFinite(value)));

/** Lets timers and signals have their turn. */
class Breath {
  #taken = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#taken < BREATH) return;
    await setImmediate();
    this.#taken = performance.now();
  }
}

/**
 * The rows in the order in which they are trained on: shuffled anew for each epoch, and cut into batches without regard to
 * where an epoch ends, so that every batch is full and every row is seen as often as any other. An epoch is the steps that
 * end in it.
 */
class Order {
  readonly #rows: Int32Array;
  readonly #size: number;
  readonly #seed: number;
  #shuffled: readonly [epoch: number, rows: Int32Array] = [-1, new Int32Array(0)];

  constructor(rows: Int32Array, size: number, seed: number) {
    this.#rows = rows;
    this.#size = size;
    this.#seed = seed;
  }

  /** Steps in so many epochs; at least one in each. */
  steps(epochs: number): number {
    return Math.floor((epochs * this.#rows.length) / this.#size);
  }

  /** The rows of the steps `from` … `until` − 1. */
  rows(from: number, until: number): Int32Array {
    const { length } = this.#rows;
    const all = new Int32Array((until - from) * this.#size);
    let at = from * this.#size;
    for (let filled = 0; filled < all.length; ) {
      const shuffled = this.#epoch(Math.floor(at / length));
      const part = shuffled.subarray(at % length, (at % length) + all.length - filled);
      all.set(part, filled);
      filled += part.length;
      at += part.length;
    }
    return all;
  }

  #epoch(number: number): Int32Array {
    if (this.#shuffled[0] !== number) {
      this.#shuffled = [number, shuffle(this.#rows.slice(), randomNumbers(this.#seed, number))];
    }
    return this.#shuffled[1];
  }
}

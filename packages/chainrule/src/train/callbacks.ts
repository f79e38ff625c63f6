/** What callbacks are: plain objects whose functions `fit` and `fitFullBatch` call as they go. */
import type { AnyModule } from "../nn/index.ts";
import { describeValue, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What is known of an epoch at its end. */
export interface EpochLog {
  /** 1 for the first. */
  readonly epoch: number;
  /** Mean training loss over the epoch, penalties included. */
  readonly loss: number;
  readonly validationLoss?: number;
  /** Metrics on the validation data, or on the training data if there is none: "validationAccuracy", "accuracy" … */
  readonly [metric: string]: number | undefined;
}

export interface BatchLog {
  readonly epoch: number;
  /** 0 for the first of the epoch. */
  readonly batch: number;
  /** Steps done since training began, this one included. */
  readonly step: number;
  readonly loss: number;
}

export interface FitContext {
  readonly model: AnyModule;
  readonly epochs: number;
  /** The names in each `EpochLog`, besides "epoch". */
  readonly logged: readonly string[];
  /** One entry for each epoch so far. */
  readonly history: readonly EpochLog[];
  /** Ends training after this batch (in `onBatchEnd`) or epoch; the reason is in the result. */
  stop(reason: string): void;
  /** For `onEpochEnd`: everything that training needs to go on from there. */
  state(): RunState;
}

/** What must survive an interruption. */
export interface RunState {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly record: JsonObject;
}

export interface Callback {
  onTrainBegin?(context: FitContext): void | Promise<void>;
  /** After each step. One that returns nothing costs least; a promise is waited for. */
  onBatchEnd?(log: BatchLog, context: FitContext): void | Promise<void>;
  onEpochEnd?(log: EpochLog, context: FitContext): void | Promise<void>;
  /** Also called when training was stopped early, by whatever. */
  onTrainEnd?(context: FitContext): void | Promise<void>;
  /** Whether its `onEpochEnd` comes after those of the other callbacks, whose state it saves. */
  readonly last?: boolean;
  /** The epoch whose weights the model has in the end, for the result of `fit`. */
  readonly bestEpoch?: number | undefined;
  /** A callback that remembers something between epochs gives it here, for checkpoints, and takes it back. */
  saveState?(): RunState;
  loadState?(state: RunState): void;
}

const HOOKS: readonly (keyof Callback)[] = ["onTrainBegin", "onBatchEnd", "onEpochEnd", "onTrainEnd"];

/** The callbacks in the order in which they are called. @throws TypeError for what is none */
export function checkCallbacks(where: string, callbacks: readonly Callback[] = []): readonly Callback[] {
  if (!Array.isArray(callbacks)) {
    throw new TypeError(
      `${where}: callbacks must be an array such as [earlyStopping()]; it is ${describeValue(callbacks)}.`,
    );
  }
  callbacks.forEach((callback: unknown, i) => {
    if (typeof callback !== "object" || callback === null) {
      throw new TypeError(
        `${where}: callback ${i} is ${describeValue(callback)}, not an object such as { onEpochEnd(log) {} }.`,
      );
    }
    if (HOOKS.some((hook) => hook in callback)) return;
    throw new TypeError(
      `${where}: callback ${i} has none of ${HOOKS.join(", ")}, so it would never be called; it has ${Object.keys(callback).join(", ") || "nothing"}.`,
    );
  });
  // Sorting is stable: all others keep their order.
  return [...callbacks].sort((a, b) => Number(a.last ?? false) - Number(b.last ?? false));
}

/**
 * Tells all callbacks that training has ended. Whatever has failed, every one gets its turn: it may put back the best weights.
 *
 * @param failures what has failed before; the first of them is thrown in the end
 */
export async function endTraining(
  callbacks: readonly Callback[],
  context: FitContext,
  failures: unknown[],
): Promise<void> {
  for (const callback of callbacks) {
    try {
      await callback.onTrainEnd?.(context);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** The epoch whose weights a callback has chosen, as a part of a result. */
export function chosenEpoch(callbacks: readonly Callback[]): { readonly bestEpoch?: number } {
  const bestEpoch = callbacks.find((callback) => callback.bestEpoch !== undefined)?.bestEpoch;
  return bestEpoch === undefined ? {} : { bestEpoch };
}

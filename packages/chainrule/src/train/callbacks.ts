/** What callbacks are: plain objects whose functions `fit` calls as it goes. */
import type { AnyModule } from "../nn/index.ts";
import type { JsonObject } from "../tensor/options.ts";
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

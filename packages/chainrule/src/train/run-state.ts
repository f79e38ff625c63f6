/** Everything that a training run needs to go on from the end of an epoch, as tensors and a record. */
import type { Box } from "../graph/box.ts";
import type { AnyModule } from "../nn/index.ts";
import type { JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Callback, EpochLog, RunState } from "./callbacks.ts";
import type { Settings } from "./fit-options.ts";
import { putSnapshot, putValues, takeSnapshot, valuesOf } from "./snapshot.ts";

export interface Run {
  readonly model: AnyModule;
  /** The optimizer's boxes by name. */
  readonly optimizer: Readonly<Record<string, Box>>;
  readonly settings: Settings;
  history: EpochLog[];
  /** Steps done. */
  step: number;
  /** Why training ended, once it has. */
  stopped: string | undefined;
}

/** What decides the course of a run; it must be the same when the run goes on. */
const identityOf = ({ settings }: Run): JsonObject => ({
  seed: settings.seed,
  batchSize: settings.batchSize,
  shuffle: settings.shuffle,
  examples: settings.train.length,
  weighted: settings.weights !== undefined,
  loss: settings.loss.name,
  optimizer: { name: settings.optimizer.name, ...settings.optimizer.config },
  regularizer: settings.regularizer?.config ?? null,
});

type Remembering = Callback & Required<Pick<Callback, "saveState">>;

const remembers = (callback: Callback): callback is Remembering => callback.saveState !== undefined;

/** The state of a run after its last finished epoch. */
export function saveRun(run: Run): RunState {
  const callbacks = run.settings.callbacks.filter(remembers).map((callback) => callback.saveState());
  return {
    tensors: {
      ...prefixed("model/", takeSnapshot(run.model)),
      ...prefixed("optimizer/", valuesOf(run.optimizer)),
      ...Object.assign({}, ...callbacks.map(({ tensors }, i) => prefixed(`callback ${i}/`, tensors))),
    },
    record: {
      identity: identityOf(run),
      step: run.step,
      stopped: run.stopped ?? null,
      history: run.history as unknown as JsonObject[],
      callbacks: callbacks.map(({ record }) => record),
    },
  };
}

/** Puts a run into a saved state. @throws RangeError when it was saved by a run with other settings */
export function loadRun(run: Run, { tensors, record }: RunState): void {
  const [saved, own] = [record.identity as JsonObject, identityOf(run)];
  for (const [key, value] of Object.entries(own)) {
    const [before, now] = [JSON.stringify(saved[key]), JSON.stringify(value)];
    if (before !== now) {
      throw new RangeError(
        `fit: the checkpoint was written with ${key} ${before}, and now it is ${now}. Resume with the same settings.`,
      );
    }
  }
  const remembering = run.settings.callbacks.filter(remembers);
  const callbacks = record.callbacks as readonly JsonObject[];
  if (callbacks.length !== remembering.length) {
    throw new RangeError(
      `fit: the checkpoint holds the state of ${callbacks.length} callbacks such as earlyStopping, and now there are ` +
        `${remembering.length}. Resume with the same ones.`,
    );
  }
  putSnapshot(run.model, stripped("model/", tensors));
  putValues(run.optimizer, stripped("optimizer/", tensors));
  // JSON has no NaN, which a validation loss may be, and writes null.
  run.history = (record.history as readonly JsonObject[]).map(
    (log) => Object.fromEntries(Object.entries(log).map(([key, value]) => [key, value ?? Number.NaN])) as EpochLog,
  );
  run.step = record.step as number;
  run.stopped = (record.stopped as string | null) ?? undefined;
  remembering.forEach((callback, i) => {
    callback.loadState?.({ tensors: stripped(`callback ${i}/`, tensors), record: callbacks[i] as JsonObject });
  });
}

const prefixed = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [prefix + name, t]));

const stripped = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, t]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), t]] : [])),
  );

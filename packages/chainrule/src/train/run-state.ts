/** Everything that a training run needs to go on from the end of an epoch, as tensors and a record. */
import type { Box } from "../graph/box.ts";
import type { AnyModule } from "../nn/index.ts";
import type { JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { EpochLog, RunState } from "./callbacks.ts";
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
}

/** What decides the course of a run; it must be the same when the run goes on. */
const identityOf = ({ settings }: Run): JsonObject => ({
  seed: settings.seed,
  batchSize: settings.batchSize,
  shuffle: settings.shuffle,
  examples: settings.train.length,
  loss: settings.loss.name,
  optimizer: { name: settings.optimizer.name, ...settings.optimizer.config },
  regularizer: settings.regularizer?.config ?? null,
});

/** The state of a run after its last finished epoch. */
export function saveRun(run: Run): RunState {
  const callbacks = run.settings.callbacks.map((callback) => callback.saveState?.() ?? { tensors: {}, record: {} });
  return {
    tensors: {
      ...prefixed("model/", takeSnapshot(run.model)),
      ...prefixed("optimizer/", valuesOf(run.optimizer)),
      ...Object.assign({}, ...callbacks.map(({ tensors }, i) => prefixed(`callback ${i}/`, tensors))),
    },
    record: {
      identity: identityOf(run),
      step: run.step,
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
      throw new RangeError(`fit: the checkpoint was written with ${key} ${before}, and now it is ${now}. Resume with the same settings.`);
    }
  }
  const callbacks = record.callbacks as readonly JsonObject[];
  if (callbacks.length !== run.settings.callbacks.length) {
    throw new RangeError(
      `fit: the checkpoint was written with ${callbacks.length} callbacks, and now there are ${run.settings.callbacks.length}. Resume with the same ones.`,
    );
  }
  putSnapshot(run.model, stripped("model/", tensors));
  putValues(run.optimizer, stripped("optimizer/", tensors));
  run.history = [...(record.history as unknown as EpochLog[])];
  run.step = record.step as number;
  run.settings.callbacks.forEach((callback, i) => {
    callback.loadState?.({ tensors: stripped(`callback ${i}/`, tensors), record: callbacks[i] as JsonObject });
  });
}

const prefixed = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [prefix + name, t]));

const stripped = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).flatMap(([name, t]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), t]] : [])));

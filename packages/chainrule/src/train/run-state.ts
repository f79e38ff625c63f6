/** Everything that a training run needs to go on from the end of an epoch, as tensors and a record. */

import { numbersOf } from "../data/dataset.ts";
import type { Box } from "../graph/box.ts";
import { FormatError } from "../io/errors.ts";
import type { AnyModule } from "../nn/index.ts";
import { mix } from "../tensor/hash.ts";
import type { JsonObject } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Callback, EpochLog, RunState } from "./callbacks.ts";
import type { Settings } from "./fit-options.ts";
import { boxesOf, putValues, valuesOf } from "./snapshot.ts";

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

/** What a run remembers besides tensors. */
interface RunRecord {
  readonly identity: JsonObject;
  readonly step: number;
  readonly history: readonly EpochLog[];
  /** Of the callbacks that remember something, in their order. */
  readonly callbacks: readonly JsonObject[];
}

/** What decides the course of a run; it must be the same when the run goes on. */
const identityOf = ({ settings }: Run): JsonObject => ({
  seed: settings.seed,
  batchSize: settings.batchSize,
  shuffle: settings.shuffle,
  examples: settings.train.length,
  data: fingerprint(settings),
  loss: settings.loss.name,
  optimizer: { name: settings.optimizer.name, ...settings.optimizer.config },
  regularizer: settings.regularizer?.config ?? null,
});

const fingerprints = new WeakMap<Settings, string>();

/** A number for the training data, their weights and the validation data, to tell them from others. */
function fingerprint(settings: Settings): string {
  const known = fingerprints.get(settings);
  if (known !== undefined) return known;
  const { train, validation, weights } = settings;
  const arrays = [train.x, train.y, validation?.x, validation?.y].flatMap((t) => (t ? [numbersOf(t)] : []));
  let hash: number | undefined;
  for (const array of [...arrays, ...(weights ? [weights] : [])]) {
    const { buffer, byteOffset, byteLength } = array;
    const words = array instanceof Uint8Array ? array : new Int32Array(buffer, byteOffset, byteLength / 4);
    hash = mix([byteLength], mix(words, hash));
  }
  const text = ((hash ?? 0) >>> 0).toString(16);
  fingerprints.set(settings, text);
  return text;
}

type Remembering = Callback & Required<Pick<Callback, "saveState" | "loadState">>;

const rememberingOf = ({ settings }: Run): Remembering[] =>
  settings.callbacks.filter((c): c is Remembering => c.saveState !== undefined && c.loadState !== undefined);

/** The state of a run after its last finished epoch. */
export function saveRun(run: Run): RunState {
  const callbacks = rememberingOf(run).map((callback) => callback.saveState());
  const record: RunRecord = {
    identity: identityOf(run),
    step: run.step,
    history: run.history,
    callbacks: callbacks.map((state) => state.record),
  };
  return {
    tensors: {
      ...prefixed("model/", valuesOf(boxesOf(run.model))),
      ...prefixed("optimizer/", valuesOf(run.optimizer)),
      ...Object.assign({}, ...callbacks.map(({ tensors }, i) => prefixed(`callback ${i}/`, tensors))),
    },
    record: record as unknown as JsonObject,
  };
}

/** Puts a run into a saved state. @throws RangeError, and changes nothing, when that is of a run with other settings */
export function loadRun(run: Run, state: RunState): void {
  const record = recordOf(state);
  checkIdentity(record.identity, identityOf(run));
  const remembering = rememberingOf(run);
  if (record.callbacks.length !== remembering.length) {
    throw new RangeError(
      `fit: the checkpoint holds the state of ${record.callbacks.length} callbacks such as earlyStopping, and now there are ` +
        `${remembering.length}. Resume with the same ones.`,
    );
  }
  const parts = [
    { what: "model", boxes: boxesOf(run.model), values: stripped("model/", state.tensors) },
    { what: "optimizer", boxes: run.optimizer, values: stripped("optimizer/", state.tensors) },
  ];
  for (const { what, boxes, values } of parts) checkValues(what, boxes, values);
  for (const { boxes, values } of parts) putValues(boxes, values);
  run.history = [...record.history];
  run.step = record.step;
  remembering.forEach((callback, i) => {
    callback.loadState({
      tensors: stripped(`callback ${i}/`, state.tensors),
      record: record.callbacks[i] as JsonObject,
    });
  });
}

function recordOf({ record }: RunState): RunRecord {
  const { identity, step, history, callbacks } = record as unknown as Partial<RunRecord>;
  if (typeof identity === "object" && typeof step === "number" && Array.isArray(history) && Array.isArray(callbacks)) {
    return { identity, step, history, callbacks };
  }
  throw new FormatError("fit: the checkpoint is damaged: its record is incomplete.");
}

function checkIdentity(saved: JsonObject, own: JsonObject): void {
  for (const [key, value] of Object.entries(own)) {
    const [before, now] = [JSON.stringify(saved[key]), JSON.stringify(value)];
    if (before === now) continue;
    throw new RangeError(
      `fit: the checkpoint was written with ${key} ${before}, and now it is ${now}. Resume with the same settings.`,
    );
  }
}

/** @throws RangeError that lists what is missing, too much, or of another type */
function checkValues(what: string, boxes: Readonly<Record<string, Box>>, values: Record<string, Tensor>): void {
  const problems: string[] = [];
  const list = (text: string, names: readonly string[]): void => {
    if (names.length > 0) problems.push(`${text} ${names.map((name) => `"${name}"`).join(", ")}`);
  };
  list(
    "it has no",
    Object.keys(boxes).filter((name) => !Object.hasOwn(values, name)),
  );
  list(
    "it has",
    Object.keys(values).filter((name) => !Object.hasOwn(boxes, name)),
  );
  for (const [name, box] of Object.entries(boxes)) {
    const [there, here] = [values[name], box.value];
    if (there === undefined || (there.dtype === here.dtype && sameShape(there.shape, here.shape))) continue;
    problems.push(
      `"${name}" is ${there.dtype}${formatShape(there.shape)} there and ${here.dtype}${formatShape(here.shape)} here`,
    );
  }
  if (problems.length > 0)
    throw new RangeError(`fit: the checkpoint does not fit the ${what}: ${problems.join("; ")}.`);
}

const prefixed = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [prefix + name, t]));

const stripped = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, t]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), t]] : [])),
  );

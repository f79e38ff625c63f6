/** Checkpoints: files from which an interrupted training goes on as if nothing had happened. */
import { FormatError } from "../io/errors.ts";
import { nameOf, readBytes, type Source, writeBytes } from "../io/files.ts";
import { decode, encode } from "../io/safetensors.ts";
import { checkNumber, checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import type { Callback, RunState } from "./callbacks.ts";

const FORMAT = "chainrule checkpoint";
const VERSION = 1;

export interface CheckpointOptions {
  /** The file, which is replaced as a whole each time: at any moment it is a complete checkpoint. */
  readonly path: string;
  /** Epochs between checkpoints, default 1. */
  readonly every?: number;
}

/**
 * Saves everything that `fit` needs to go on: weights, the optimizer's state, random state, position in the data, history
 * and what other callbacks remember. `fit({ …, resume: path })` with the same settings then gives, bit for bit, what the
 * uninterrupted run would have given. In a browser, save `context.state()` with `encodeCheckpoint` in a callback instead.
 *
 * @throws TypeError, RangeError for wrong options; while training, Error if the file cannot be written
 */
export function checkpoint(options: CheckpointOptions): Callback {
  checkOptions("checkpoint", options, ["path", "every"]);
  if (typeof options.path !== "string" || options.path === "") {
    throw new TypeError(`checkpoint: path must name a file; it is ${describeValue(options.path)}.`);
  }
  const every = checkNumber("checkpoint", "every", options.every ?? 1, { least: 1, integer: true });
  return {
    last: true,
    async onEpochEnd({ epoch }, context) {
      if (epoch % every === 0) await writeBytes(options.path, encodeCheckpoint(context.state()));
    },
  };
}

/** JSON has no infinities, NaN and −0, which a history may hold. */
const EXTREMES = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];

const toJSON = (record: JsonObject): string =>
  JSON.stringify(record, (_, value: unknown) => {
    const extreme = EXTREMES.findIndex((number) => Object.is(number, value));
    return extreme < 0 ? value : { extreme };
  });

const fromJSON = (text: string): JsonObject =>
  JSON.parse(text, (_, value: unknown) => {
    const { extreme } = (value ?? {}) as { extreme?: number };
    return extreme === undefined ? value : EXTREMES[extreme];
  }) as JsonObject;

/** A state as the bytes of a checkpoint, which `resume` takes as well as a file. */
export const encodeCheckpoint = ({ tensors, record }: RunState): Uint8Array =>
  encode(tensors, { format: FORMAT, format_version: `${VERSION}`, record: toJSON(record) });

/** @throws FormatError for a file that is damaged, of another kind or of another version */
export async function readCheckpoint(source: Source): Promise<RunState> {
  const bytes = await readBytes(source);
  const name = nameOf(source);
  const { tensors, metadata } = decode(bytes, name);
  if (metadata.format !== FORMAT) {
    throw new FormatError(`${name} is not a checkpoint of training. To load a model file use loadModel.`);
  }
  if (metadata.format_version !== `${VERSION}`) {
    throw new FormatError(
      `${name} is a checkpoint of version ${metadata.format_version}; this library reads version ${VERSION}. ` +
        "Resume with the library that wrote it.",
    );
  }
  try {
    return { tensors, record: fromJSON(metadata.record ?? "") };
  } catch (error) {
    throw new FormatError(`${name} is a damaged checkpoint: its record is not JSON.`, { cause: error });
  }
}

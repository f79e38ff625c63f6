/** Checkpoints: files from which an interrupted training goes on as if nothing had happened. */
import { decode, encode, readBytes, writeBytes } from "../io/index.ts";
import { checkNumber, checkOptions, type JsonObject } from "../tensor/options.ts";
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
 * uninterrupted run would have given. Put it last among the callbacks.
 */
export function checkpoint(options: CheckpointOptions): Callback {
  checkOptions("checkpoint", options, ["path", "every"]);
  if (typeof options.path !== "string" || options.path === "") throw new TypeError("checkpoint: path must name a file.");
  const every = checkNumber("checkpoint", "every", options.every ?? 1, { least: 1, integer: true });
  return {
    async onEpochEnd({ epoch }, context) {
      if (epoch % every === 0) await writeBytes(options.path, encodeCheckpoint(context.state()));
    },
  };
}

export const encodeCheckpoint = ({ tensors, record }: RunState): Uint8Array =>
  encode(tensors, { format: FORMAT, format_version: `${VERSION}`, record: JSON.stringify(record) });

/** @throws Error for a file that is missing, damaged, of another kind or of a newer version */
export async function readCheckpoint(source: string | Uint8Array): Promise<RunState> {
  const name = typeof source === "string" ? source : "the checkpoint";
  const { tensors, metadata } = decode(typeof source === "string" ? await readBytes(source) : source, name);
  if (metadata.format !== FORMAT) {
    throw new Error(`${name} is not a checkpoint of training; to load a model file use loadModel.`);
  }
  if (metadata.format_version !== `${VERSION}`) {
    throw new Error(`${name} is a checkpoint of version ${metadata.format_version}; this library reads version ${VERSION}. Update it.`);
  }
  return { tensors, record: JSON.parse(metadata.record as string) as JsonObject };
}

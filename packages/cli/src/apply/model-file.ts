/** Model files, as the commands need them that apply a model to rows. */
import { readFile } from "node:fs/promises";
import { ChainruleError } from "chainrule";
import { loadModel, readModelFile } from "chainrule/io";
import { TableModel } from "chainrule/table";
import { Failure, messageOf } from "../failure.ts";

/** What the training record of a model file says of its data; all of it may be absent. */
export interface TrainingData {
  /** The file, as it was named then. */
  readonly file?: string;
  /** Of that file. */
  readonly sha256?: string;
  /** How many of its rows the model has learned from. */
  readonly rows?: number;
  /** Whether it was read with --decimal-comma. */
  readonly decimalComma?: boolean;
}

/** A model of rows, and the file that it is from. */
export interface ModelFile {
  /** The path as it was given. */
  readonly name: string;
  readonly model: TableModel;
  /** What was saved beside the model. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly trainedOn: TrainingData;
}

/**
 * Reads a model that predicts from rows of a table.
 *
 * @throws Failure for a file that cannot be read, is no model file, or holds a plain network
 */
export async function openModel(path: string): Promise<ModelFile> {
  const bytes = await bytesOf(path);
  const { model, record } = await told(path, async () => ({
    model: await loadModel(bytes),
    record: (await readModelFile(bytes)).record as Readonly<Record<string, unknown>>,
  }));
  if (!(model instanceof TableModel))
    throw new Failure(
      `${path} holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs. ` +
        "Train a model that has it by chainrule train; a program can use the network itself, with loadModel of chainrule/io.",
    );
  return { name: path, model, record, trainedOn: trainingData(record) };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new Failure(
        `there is no model file ${path} (the working folder is ${process.cwd()}). Check the spelling of its path, or make one by ` +
          "chainrule train.",
      );
    if (code === "EISDIR") throw new Failure(`${path} is a folder. Name a model file in it.`);
    throw new Failure(`cannot read the model file ${path}: ${messageOf(error)}.`);
  }
}

/** The library, which was given bytes, calls them "the file". */
async function told<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error;
    const order = /\.safetensors$/i.test(path) ? "" : " The model file comes first, the data after it.";
    throw new Failure(`${error.message.replace(/^the file/, path).replace(/\?\.$/, "?")}${order}`);
  }
}

function trainingData({ data, rows, options }: Readonly<Record<string, unknown>>): TrainingData {
  const [{ file, sha256 }, { train }, { decimalComma }] = [fieldsOf(data), fieldsOf(rows), fieldsOf(options)];
  return {
    ...(typeof file === "string" ? { file } : {}),
    ...(typeof sha256 === "string" ? { sha256 } : {}),
    ...(typeof train === "number" ? { rows: train } : {}),
    ...(decimalComma === true ? { decimalComma } : {}),
  };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

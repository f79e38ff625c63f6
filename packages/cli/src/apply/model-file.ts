/** Model files, as the commands need them that apply a model to rows. */
import type { TableModel } from "chainrule/table";
import { openModel as openAny, requireTableModel, type TrainingRecord } from "../model-file/index.ts";

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
  const opened = await openAny(path);
  const { name, record } = opened;
  return { name, model: requireTableModel(opened), record: record.all, trainedOn: trainedOn(record) };
}

<<<<<<< HEAD
function trainedOn({ data, rows }: TrainingRecord): TrainingData {
  return {
    ...(data === undefined ? {} : { file: data.file, sha256: data.sha256 }),
    ...(rows === undefined ? {} : { rows: rows.train }),
=======
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
>>>>>>> d-catalogue
  };
}

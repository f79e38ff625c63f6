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
  /** The path as it was given, or "standard input". */
  readonly name: string;
  readonly model: TableModel;
  /** What was saved beside the model. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly trainedOn: TrainingData;
}

/** Reads a model that predicts from rows. @throws Failure for a file that cannot be read, is no model file, or holds a plain network */
export async function openModel(path: string): Promise<ModelFile> {
  const opened = await openAny(path);
  const { name, record } = opened;
  return { name, model: requireTableModel(opened), record: record.all, trainedOn: trainedOn(record) };
}

function trainedOn({ data, rows, options }: TrainingRecord): TrainingData {
  return {
    ...(data === undefined ? {} : { file: data.file }),
    ...(data?.sha256 === undefined ? {} : { sha256: data.sha256 }),
    ...(rows === undefined ? {} : { rows: rows.train }),
    ...(options.decimalComma === true ? { decimalComma: true } : {}),
  };
}

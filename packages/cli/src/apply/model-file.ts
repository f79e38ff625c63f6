/** Model files, as the commands need them that apply a model to rows. */
import type { TableModel } from "chainrule/table";
import { openModel as openAnyModel, requireTableModel } from "../model-file/index.ts";

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
  const opened = await openAnyModel(path);
  const record = opened.record.all;
  return { name: opened.name, model: requireTableModel(opened, "it"), record, trainedOn: trainingData(record) };
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

/**
 * Model files as the commands take them: opened whole, with errors that tell a user what to do. What is known of the training is
 * in `record.ts`; the rows to try a model on are found by `rows.ts`, and made numbers, or drawn where there are none, by `batch.ts`.
 */
import { stat } from "node:fs/promises";
import { FormatError, loadModel, type ModelFile, readModelFile } from "chainrule/io";
import type { Module } from "chainrule/nn";
import { TableModel } from "chainrule/table";
import { Failure } from "../failure.ts";
import { openSource } from "../files/source.ts";
import { parseRecord, type TrainingRecord } from "./record.ts";

export {
  type Batch,
  type DrawOptions,
  drawnBatch,
  encodedBatch,
  spreadRows,
  summaryOf,
} from "./batch.ts";
export type { TrainingRecord } from "./record.ts";
export { type FoundRows, findRows } from "./rows.ts";

export interface OpenedModel {
  readonly model: TableModel | Module;
  /** The model, where it takes rows of a table; undefined for a plain network. */
  readonly table: TableModel | undefined;
  /** What makes outputs of features: of a model of rows its network, else the model itself. */
  readonly network: Module;
  /** What the file holds, as it is there. */
  readonly file: ModelFile;
  /** What is known of its training; what the file does not tell is undefined. */
  readonly record: TrainingRecord;
  /** The file, as the user named it, or "standard input". */
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
}

/** Opens a model file, packed by gzip or not. @throws Failure for a file that is not there, or holds no model */
export async function openModel(path: string): Promise<OpenedModel> {
  await requireThere(path);
  const source = await openSource(path);
  const { name } = source;
  try {
    const bytes = await source.whole();
    if (bytes.length === 0)
      throw new Failure(`${name} is empty, so it holds no model. Get it again, or train it again.`);
    const model = await loadModel(bytes);
    const file = await readModelFile(bytes);
    const table = model instanceof TableModel ? model : undefined;
    const record = parseRecord(file.record);
    return { model, table, network: table?.network ?? model, file, record, name, path: source.path };
  } catch (error) {
    if (error instanceof FormatError) throw new Failure(describe(name, error.message));
    throw error;
  } finally {
    await source.close();
  }
}

async function requireThere(path: string): Promise<void> {
  if (path === "-") return;
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      throw new Failure(
        `there is no model file ${path} (the working folder is ${process.cwd()}). Check the spelling of its path, or make one by ` +
          "chainrule train.",
      );
    return undefined;
  });
  if (there?.isDirectory() === true) throw new Failure(`${path} is a folder. Name a model file in it.`);
}

/** The model as one of rows. @throws Failure for a plain network */
export function requireTableModel({ table, name }: OpenedModel): TableModel {
  if (table !== undefined) return table;
  throw new Failure(
    `${name} holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs. ` +
      "Train a model that has it by chainrule train; a program can use the network itself, with loadModel of chainrule/io.",
  );
}

/** What a model of rows knows by itself cannot be told. @param options by name. @throws Failure for one that is given */
export function refuseIdle({ table, name }: OpenedModel, options: Readonly<Record<string, unknown>>): void {
  const idle = Object.keys(options).find((option) => options[option] !== undefined);
  if (table !== undefined && idle !== undefined)
    throw new Failure(`${idle} is for plain networks: ${name} knows its columns and its target itself. Leave it out.`);
}

/** What is wrong with a file, and how to mend it: the library says the first, calling it "the file", and speaks to programmers. */
function describe(name: string, message: string): string {
  const what = message
    .replace(/^the file\b/, name)
    .replace(/ If its tensors fit a model, .*$/, "")
    .replace(/build: /, "")
    .replace(/; there are [^;]* For a layer of your own .*$/, "")
    .replace(/; is it of another kind\?\.?$/, "");
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return `${what.trimEnd().replace(/\.?$/, ".")}${advice === undefined ? "" : ` ${advice}`}`;
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /truncated|unused bytes|overlap|behind the last tensor|damaged|does not fit the model/,
    "It was damaged on its way: get it again, or train it again.",
  ],
  [
    /not registered/,
    "The command knows the layers of the library alone: use this model from the program that has the others.",
  ],
  [
    /not a valid safetensors file|not a model file/,
    "Name a file that chainrule train has written, such as model.safetensors. The model file comes first, the data after it.",
  ],
];

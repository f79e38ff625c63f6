/** What `chainrule predict` does. */
import {
  Application,
  describeNotes,
  describeThreshold,
  type ModelFile,
  openModel,
  readingNotes,
  requireColumns,
  requireTwoClasses,
} from "../../apply/index.ts";
import { type EngineOptions, startEngine } from "../../engine.ts";
import {
  type OutputFile,
  openOutput,
  openTable,
  type ReadFlags,
  readOptionsOf,
  requireApart,
  type TableFile,
} from "../../files/index.ts";
import { createOutput, type Output } from "../../output.ts";
import { count } from "../../render/format.ts";
import { label } from "../../render/text.ts";
import { type ColumnOptions, type OutputColumns, outputColumns } from "./columns.ts";
import { createWriter, formatOf, type OutputFormat } from "./formats.ts";

export interface PredictFlags extends ReadFlags, EngineOptions, ColumnOptions {
  readonly out?: string;
  readonly to?: OutputFormat;
  readonly force?: boolean;
  readonly threshold?: number;
  readonly quiet?: boolean;
}

export async function run(modelPath: string, dataPath: string, flags: PredictFlags): Promise<void> {
  const { quiet = false, force = false, threshold, out } = flags;
  // Standard output is for the rows.
  const output = createOutput({ json: true, quiet });
  startEngine(flags);
  // The rows may be replaced by themselves with predictions, by --force.
  await requireApart([
    ["the model", modelPath],
    ["--out", out],
  ]);
  const file = await openModel(modelPath);
  requireTwoClasses(file.model.target, threshold);
  const data = await openTable(dataPath, readOptionsOf(flags), { written: true });
  try {
    requireColumns(file, data);
    const format = formatOf(flags.to, out, data);
    const columns = outputColumns(file, data, format, flags);
    const to = await openOutput(out ?? "-", { force });
    tellBefore(output, file, data, columns, flags);
    const application = new Application(file, data, { threshold });
    const rows = await writeRows(to, format, data, columns, application);
    tellAfter(output, file, application, `${count(rows, "row")} written${out === undefined ? "" : ` to ${out}`}`);
  } finally {
    await data.close();
  }
}

/** The whole file, or nothing of it. Standard output has what was written before a mistake in the data. */
async function writeRows(
  to: OutputFile,
  format: OutputFormat,
  data: TableFile,
  columns: OutputColumns,
  application: Application,
): Promise<number> {
  const writer = createWriter(format, columns.names, columns.numbers, data);
  let rows = 0;
  try {
    for await (const { batch, prediction } of application.batches()) {
      const lines = batch.rows.map((_, row) => writer.row(columns.cells(batch, prediction, row)));
      await to.write((rows === 0 ? writer.head : "") + lines.join(""));
      rows += lines.length;
    }
    await to.commit();
  } catch (error) {
    await to.abort();
    throw error;
  }
  return rows;
}

function tellBefore(
  output: Output,
  file: ModelFile,
  data: TableFile,
  { renamed }: OutputColumns,
  flags: PredictFlags,
): void {
  const { target } = file.model;
  const { threshold } = flags;
  const notes = readingNotes(file, data, flags);
  if (notes.length > 0) output.note(`${label(data.name, 60)}: ${notes.join("; ")}.`);
  if (data.columns.includes(target.name))
    output.note(
      `${label(data.name, 60)} has a column ${JSON.stringify(target.name)} already, which the model does not look at; chainrule eval ` +
        "says how well it is met.",
    );
  for (const { usual, name } of renamed)
    output.note(`There is a column ${JSON.stringify(usual)} already; the new one is called ${JSON.stringify(name)}.`);
  if (threshold !== undefined) output.note(describeThreshold(target, threshold));
}

function tellAfter(output: Output, { model }: ModelFile, { notes }: Application, written: string): void {
  for (const line of describeNotes(notes, model.input)) output.note(line);
  output.note(`${written}.`);
}

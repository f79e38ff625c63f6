/** The rows that gradients are checked on. */
import { Failure } from "../../failure.ts";
import type { TableData } from "../../files/index.ts";
import {
  type Batch,
  type DrawOptions,
  drawnBatch,
  encodedBatch,
  findRows,
  type OpenedModel,
  refuseIdle,
  requireTableModel,
  spreadRows,
} from "../../model-file/index.ts";
import { located, type Origin, requireColumn } from "../../prepare/index.ts";
import { count } from "../../render/format.ts";
import type { GradcheckFlags } from "./run.ts";

/** Numbers to check on, where they are from, in words and for errors. */
export interface Examples extends Batch {
  readonly told: string;
  readonly origin: Origin;
}

/** @throws Failure for data that does not fit the model */
export async function examplesFor(
  opened: OpenedModel,
  path: string | undefined,
  flags: GradcheckFlags,
): Promise<Examples> {
  if (path !== undefined) requireTableModel(opened);
  refuseIdle(opened, { "--input-shape": flags.inputShape, "--task": flags.task });
  const found = await findRows(opened, path, flags);
  if (opened.table !== undefined && "data" in found) return encoded(opened, found.data, flags.rows);
  return drawn(opened, "absent" in found ? found.absent : undefined, flags);
}

function encoded(opened: OpenedModel, { file, table, place }: TableData, most: number): Examples {
  const model = requireTableModel(opened);
  requireColumn(table.names, file.name, model.target.name);
  const rows = spreadRows(table, model.target.name, most);
  if (rows.length === 0)
    throw new Failure(
      `${file.name}: no row has a value of ${JSON.stringify(model.target.name)}, so there is no loss to check.`,
    );
  const origin: Origin = { name: file.name, place: (row) => place(rows[row] as number) };
  const batch = located(origin, () => encodedBatch(model, table.take(rows)));
  const told = `Gradients of ${opened.name} on ${rows.length} of ${count(table.length, "row")} of ${file.name}, spread evenly`;
  return { ...batch, told, origin };
}

function drawn(opened: OpenedModel, why: string | undefined, flags: GradcheckFlags): Examples {
  const { rows, seed, inputShape, task } = flags;
  const options: DrawOptions = {
    rows,
    seed,
    ...(inputShape === undefined ? {} : { inputShape }),
    ...(task === undefined ? {} : { task }),
  };
  const batch = drawnBatch(opened, options);
  const reason = opened.table === undefined ? "a plain network has no columns" : (why as string);
  const told =
    `Gradients of ${opened.name} on ${count(rows, "row")} of random numbers of the mean 0 and the deviation 1, drawn from the seed ${seed}: ` +
    `${reason}. Loss: that of a ${batch.task} task${opened.table === undefined && task === undefined ? ", by the last layer; --task tells another" : ""}`;
  return { ...batch, told, origin: { name: opened.name, place: (row) => `row ${row + 1}` } };
}

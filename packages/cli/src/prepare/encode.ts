/** Features and targets, learned from some of the rows. */
import { type Table, TableEncoder, TargetEncoder } from "chainrule/table";
import type { Problem } from "../recipe/index.ts";
import type { Loaded } from "./load.ts";
import { located, someRows } from "./located.ts";

/** What the rows to learn from gave, and they themselves as numbers. */
export interface Encoded {
  readonly input: TableEncoder;
  readonly target: TargetEncoder;
  readonly problem: Problem;
  /** The rows to learn from. */
  readonly table: Table;
}

/**
 * Learns encoders from rows, and from nothing else, and applies them to these rows.
 *
 * @param groups the column whose rows belong together, where the recipe shall part by it
 * @throws Failure that names the place in the file of a cell that cannot be used
 */
export function encodeRows(loaded: Loaded, rows: Int32Array, groups?: string): Encoded {
  const { columns, target: name, task, options } = loaded;
  const table = loaded.table.take(rows);
  const impute = Object.fromEntries(Object.entries(options.impute).filter(([column]) => column !== name));
  // The column of the groups names what a row belongs to; what is learned from it does not hold for others.
  const used = columns.map((column) => (column.name === groups ? { ...column, use: "none" as const } : column));
  return located(someRows(loaded, rows), () => {
    const input = TableEncoder.fit(table, used, { impute });
    const unit = options.unit === undefined ? {} : { unit: options.unit };
    const target = TargetEncoder.fit(name, table.column(name), { task: task.task, ...unit });
    const problem: Problem = {
      task: task.task,
      x: input.apply(table),
      y: target.encode(table.column(name)),
      classes: target.classes?.length ?? 1,
      ...(groups === undefined ? {} : { groups: table.column(groups).map(String) }),
    };
    return { input, target, problem, table };
  });
}

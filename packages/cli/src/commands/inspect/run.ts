/** What `chainrule inspect` does. */
import type { TaskChoice } from "chainrule/table";
import { createOutput, type OutputOptions } from "../../output.ts";
import { type DataFlags, loadColumns, loadOptionsOf, taskOf } from "../../prepare/index.ts";
import { taskName } from "../../recipe/names.ts";
import { count } from "../../render/format.ts";
import { label } from "../../render/text.ts";
import { renderColumns } from "./columns.ts";
import { findingsOf, renderFindings, singleClasses } from "./findings.ts";

export interface InspectFlags extends DataFlags, OutputOptions {
  readonly target?: string;
}

export async function run(path: string, flags: InspectFlags): Promise<void> {
  const output = createOutput(flags);
  const { target } = flags;
  const options = loadOptionsOf(flags);
  const { data, origin, columns } = await loadColumns(path, options, target);
  const { table } = data;
  const task = target === undefined ? undefined : taskOf(table, columns, origin, target, options);
  const findings = findingsOf(table, columns, origin.place, target);
  if (target !== undefined && task !== undefined) findings.push(...singleClasses(table, target, task));
  const parts = [
    `${label(origin.name, 60)}: ${[`${count(table.length, "row")} of ${count(table.names.length, "column")}`, ...data.file.notes].join("; ")}`,
    renderColumns(columns, origin, output.columns),
    ...(task === undefined ? [] : [describeTask(target as string, task)]),
    findings.length === 0 ? "Nothing else stands out." : renderFindings(findings, output.columns),
  ];
  output.result(parts.join("\n\n"));
  output.json({
    file: origin.name,
    format: data.file.format,
    rows: table.length,
    sha256: data.fingerprint,
    columns,
    ...(task === undefined ? {} : { task: { ...task, task: taskName(task.task) } }),
    findings,
  });
}

function describeTask(target: string, task: TaskChoice): string {
  const what = { binary: "classification of two classes", classification: "classification", regression: "regression" }[
    task.task
  ];
  const missing = task.missing === 0 ? "" : ` ${count(task.missing, "row")} without a value will be left out.`;
  return `To predict ${JSON.stringify(target)}: ${what}, since ${task.reason}.${missing}`;
}

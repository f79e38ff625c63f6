/** What `chainrule explain` does. */
import { explain } from "chainrule/check";
import { task } from "chainrule/nn";
import { Failure } from "../../failure.ts";
import { openOutput, type ReadFlags, requireApart } from "../../files/index.ts";
import {
  findRows,
  type OpenedModel,
  openModel,
  refuseIdle,
  requireTableModel,
  summaryOf,
} from "../../model-file/index.ts";
import { widthOfTerminal } from "../../output.ts";
import { count } from "../../render/format.ts";
import { label } from "../../render/text.ts";
import { describeColumns, describeTarget } from "./columns.ts";
import { describeGraph } from "./picture.ts";
import { describePrediction, describeRow, type FollowedRow, followRow, rowNumbers } from "./row.ts";
import { describeTraining } from "./training.ts";

export interface ExplainFlags extends ReadFlags {
  readonly row?: number;
  readonly data?: string;
  readonly latex?: boolean;
  readonly graph?: GraphForm;
  readonly all?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly inputShape?: readonly number[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export type GraphForm = "text" | "dot" | "json";

/** Rows of tables that are shown without --all. */
export const SHOWN = 30;

export async function run(path: string, flags: ExplainFlags): Promise<void> {
  requireConsistent(flags);
  const opened = await openModel(path);
  refuseIdle(opened, { "--input-shape": flags.inputShape });
  const row = flags.row === undefined ? undefined : await followed(opened, flags.row, flags);
  await requireApart([
    ["the model", path],
    ["--out", flags.out],
  ]);
  // Also standard output is one of them: whoever reads it may stop at any time.
  const output = await openOutput(flags.out ?? "-", { force: flags.force === true });
  try {
    await output.write(`${render(opened, row, flags)}\n`);
    await output.commit();
  } catch (error) {
    await output.abort();
    throw error;
  }
}

function requireConsistent({ row, data, latex, graph, json, quiet, all }: ExplainFlags): void {
  const forms = [
    latex === true && "--latex",
    graph !== undefined && "--graph",
    json === true && "--json",
    quiet === true && "--quiet",
  ].filter((form) => form !== false);
  if (forms.length > 1) throw new Failure(`${forms.join(" and ")} each print something else. Take one of them.`);
  if (all === true && forms.length > 0)
    throw new Failure(`--all is for what is printed without ${forms[0]}. Leave one of them out.`);
  if (data !== undefined && row === undefined)
    throw new Failure("--data is the file that --row is in: say which row, as in --row 3.");
}

async function followed(opened: OpenedModel, number: number, flags: ExplainFlags): Promise<FollowedRow> {
  const model = requireTableModel(opened);
  const found = await findRows(opened, flags.data, flags);
  if ("absent" in found)
    throw new Failure(`--row ${number}: ${found.absent}. Name the file that the row is in by --data.`);
  return followRow(model, found.data, number);
}

function render(opened: OpenedModel, row: FollowedRow | undefined, flags: ExplainFlags): string {
  if (flags.graph !== undefined) return describeGraph(opened, row, flags.graph, flags.inputShape);
  if (flags.latex === true) return equationsOf(opened, row, flags.inputShape, "latex");
  if (flags.json === true) return JSON.stringify(numbersOf(opened, row, flags));
  if (flags.quiet === true) return row === undefined ? headlineOf(opened) : describePrediction(row, false);
  const columns = widthOfTerminal(process.stdout);
  const most = flags.all === true ? Number.POSITIVE_INFINITY : SHOWN;
  const parts: (readonly [string, string] | undefined)[] = [
    [`${label(opened.name, 60)}`, headlineOf(opened)],
    opened.table && ["From a row to numbers", describeColumns(opened.table, most, columns)],
    ["Network", String(summaryOf(opened, flags.inputShape))],
    opened.table && ["From outputs to a prediction", describeTarget(opened.table.target, columns)],
    ["Training", describeTraining(opened, most, columns)],
    row === undefined
      ? ["Equations (n: rows at a time)", equationsOf(opened, row, flags.inputShape, "text")]
      : [
          `Row ${row.number} (${row.place} of ${label(row.file, 60)})`,
          describeRow(row, equationsOf(opened, row, undefined, "text"), flags.all === true, columns),
        ],
  ];
  return parts.flatMap((part) => (part === undefined ? [] : [`${titled(part[0])}\n${part[1]}`])).join("\n\n");
}

const titled = (title: string): string => `${title}\n${"═".repeat(title.length)}`;

function headlineOf({ table, network }: OpenedModel): string {
  if (table === undefined)
    return `A plain network, ${network.constructor.name}: what its inputs and outputs mean is not in the file.`;
  const { target, input } = table;
  const what = target.classes === undefined ? "a number" : `one of ${count(target.classes.length)} classes`;
  return `Predicts ${JSON.stringify(target.name)}, ${what}, from ${count(input.columns.length, "column")} as ${count(input.features.length, "feature")}.`;
}

/** With the numbers of the row, if there is one; in evaluation mode, as in predictions. */
function equationsOf(
  { table, network, ...rest }: OpenedModel,
  row: FollowedRow | undefined,
  inputShape: readonly number[] | undefined,
  format: "text" | "latex",
): string {
  const loss = table === undefined ? {} : { loss: task(table.task).loss };
  const options = { mode: "evaluation", format, ...loss } as const;
  if (row !== undefined) return explain(network, { ...options, x: row.x, y: row.y });
  const [, ...shape] = summaryOf({ table, network, ...rest }, inputShape).inputShape;
  return explain(network, { ...options, inputShape: shape });
}

function numbersOf(opened: OpenedModel, row: FollowedRow | undefined, flags: ExplainFlags) {
  const { name, table, record } = opened;
  const { inputShape, rows, parameters, flops } = summaryOf(opened, flags.inputShape);
  return {
    model: name,
    ...(table === undefined
      ? {}
      : { columns: table.input.toJSON().columns, features: table.input.features, target: table.target.toJSON() }),
    network: { inputShape, layers: rows, parameters, flops },
    record: record.all,
    equations: equationsOf(opened, undefined, flags.inputShape, "text"),
    ...(row === undefined ? {} : { row: rowNumbers(row) }),
  };
}

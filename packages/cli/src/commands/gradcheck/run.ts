/** What `chainrule gradcheck` does. */
import { type GradcheckEntry, type GradcheckReport, gradcheck } from "chainrule/check";
import type { TaskKind } from "chainrule/nn";
import { summarizeGradients } from "../../assess/index.ts";
import { AnswerNo } from "../../failure.ts";
import type { ReadFlags } from "../../files/index.ts";
import { openModel } from "../../model-file/index.ts";
import { createOutput, type OutputOptions } from "../../output.ts";
import { located } from "../../prepare/index.ts";
import { wrap } from "../../render/table.ts";
import { examplesFor } from "./examples.ts";

export interface GradcheckFlags extends ReadFlags, OutputOptions {
  readonly rows: number;
  readonly samples: number;
  readonly tolerance: number;
  readonly order: "1" | "2";
  readonly seed: number;
  readonly inputShape?: readonly number[];
  readonly task?: TaskKind;
}

/** @throws AnswerNo for a wrong gradient */
export async function run(path: string, data: string | undefined, flags: GradcheckFlags): Promise<void> {
  const output = createOutput(flags);
  const opened = await openModel(path);
  const { x, y, loss, told, origin } = await examplesFor(opened, data, flags);
  output.note(`${wrap(told, output.columns).join("\n")}\n`);
  const { samples, tolerance } = flags;
  const order = Number(flags.order) as 1 | 2;
  const report = located(origin, () => gradcheck(opened.network, loss, x, y, { samples, tolerance, order }));
  output.result(String(report));
  output.note(`\n${wrap(LEGEND, output.columns).join("\n")}`);
  output.json({ model: opened.name, examples: told, loss: loss.name, order, ...numbersOf(report) });
  if (!report.passed) throw new AnswerNo(noOf(report));
}

/** What the columns of the report's table are. */
const LEGEND =
  "analytic: the gradient by reverse mode, which training uses; numeric: by differences of the loss in float64; forward: by " +
  "forward mode, a third opinion; error: relative, of analytic against numeric; bound: how far off the differences may be, which is " +
  "allowed beside the tolerance.";

const noOf = ({ wrong, tolerance }: GradcheckReport): string =>
  `the gradient${wrong.length === 1 ? "" : "s"} of ${wrong.slice(0, 5).join(", ")}${wrong.length > 5 ? " …" : ""} ` +
  `${wrong.length === 1 ? "is" : "are"} wrong: the relative error is above ${tolerance}. The first rows of the table are the worst.`;

const numbersOf = (report: GradcheckReport) => ({
  ...summarizeGradients(report),
  entries: report.entries.map(entryOf),
  directions: report.directions.map(entryOf),
});

const entryOf = ({
  name,
  position,
  order,
  analytic,
  numeric,
  forward,
  relativeError,
  bound,
  verdict,
}: GradcheckEntry) => ({
  name,
  position,
  order,
  analytic,
  numeric,
  forward,
  relativeError,
  bound,
  verdict,
});

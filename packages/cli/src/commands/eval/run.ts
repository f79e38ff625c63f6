/** What `chainrule eval` does. */
import { type Cell, isMissing } from "chainrule/table";
import {
  Application,
  describeNotes,
  describeThreshold,
  type ModelFile,
  openModel,
  readingNotes,
  requireColumns,
  requireTarget,
  requireTwoClasses,
} from "../../apply/index.ts";
import { type Assessment, type Baseline, Predictions } from "../../assess/index.ts";
import { type EngineOptions, startEngine } from "../../engine.ts";
import { Failure } from "../../failure.ts";
import { openTable, type ReadFlags, readOptionsOf, type TableFile } from "../../files/index.ts";
import { createOutput, type Output, type OutputOptions } from "../../output.ts";
import { located } from "../../prepare/located.ts";
import { headlineOf, renderAssessment } from "../../render/assessment.ts";
import { count } from "../../render/format.ts";
import { label } from "../../render/text.ts";
import { MistakenRows, renderMistakes, type ToldMistake } from "./mistakes.ts";

export interface EvalFlags extends ReadFlags, EngineOptions, OutputOptions {
  readonly mistakes: number;
  readonly threshold?: number;
}

/** What evaluation came to. */
interface Evaluated {
  readonly assessment: Assessment;
  readonly mistakes: readonly ToldMistake[];
  /** Rows that have no target, and were left out. */
  readonly without: number;
  readonly application: Application;
  /** Whether the rows are those of the file that the model was trained on. */
  readonly seen: boolean;
}

export async function run(modelPath: string, dataPath: string, flags: EvalFlags): Promise<void> {
  const output = createOutput(flags);
  startEngine(flags);
  const file = await openModel(modelPath);
  requireTwoClasses(file.model.target, flags.threshold);
  const data = await openTable(dataPath, readOptionsOf(flags));
  try {
    requireColumns(file, data);
    requireTarget(file, data);
    tell(output, file, data, flags, await evaluate(file, data, flags));
  } finally {
    await data.close();
  }
}

async function evaluate(file: ModelFile, data: TableFile, flags: EvalFlags): Promise<Evaluated> {
  const { target } = file.model;
  const { threshold, mistakes: most } = flags;
  const at = data.columns.indexOf(target.name);
  let without = 0;
  const only = (row: readonly Cell[]): boolean => {
    const missing = isMissing(row[at] as Cell);
    if (missing) without++;
    return !missing;
  };
  const application = new Application(file, data, { threshold, only });
  const [predictions, rows] = [new Predictions(target), new MistakenRows(most)];
  for await (const applied of application.batches()) {
    const cells = applied.batch.rows.map((row) => row[at] as Cell);
    rows.add(
      applied,
      located(applied, () => predictions.add(applied.prediction, cells)),
      target.classes,
    );
  }
  if (predictions.rows === 0)
    throw new Failure(
      `${data.name} has no value of ${JSON.stringify(target.name)} in any of its ${count(without, "row")}. To predict it, use ` +
        "chainrule predict.",
    );
  const { assessment } = predictions.assess({ baseline: baselineOf(file), threshold, mistakes: most });
  const seen = (await data.fingerprint()) === file.trainedOn.sha256;
  return { assessment, mistakes: rows.of(assessment, data.columns), without, application, seen };
}

/** What someone would say who knows nothing but the rows trained on; undefined where the model file does not tell. */
function baselineOf({ record }: ModelFile): Baseline | undefined {
  const { baseline } = record;
  return typeof baseline === "number" ? { value: baseline } : undefined;
}

function tell(output: Output, file: ModelFile, data: TableFile, flags: EvalFlags, found: Evaluated): void {
  const { target, input } = file.model;
  const { assessment, mistakes, without, application, seen } = found;
  const { columns } = output;
  for (const line of [describeData(file, data, flags, found), ...describeNotes(application.notes, input)])
    output.note(line);
  if (seen) output.note(describeSeen(file, data));
  if (flags.threshold !== undefined) output.note(describeThreshold(target, flags.threshold));
  output.note("");
  const { unit } = target;
  output.result(
    flags.quiet === true ? headlineOf(assessment, { unit }) : renderAssessment(assessment, { columns, unit }),
  );
  if (flags.mistakes > 0) output.result(`\n${renderMistakes(mistakes, target.name, columns)}`);
  output.json({
    event: "result",
    model: file.name,
    data: data.name,
    trainedOn: file.trainedOn,
    trainedOnThisFile: seen,
    target: target.name,
    ...(target.unit === undefined ? {} : { unit: target.unit }),
    ...(flags.threshold === undefined ? {} : { threshold: flags.threshold }),
    rowsWithoutTarget: without,
    notes: application.notes,
    assessment: { ...assessment, mistakes },
  });
}

function describeData(file: ModelFile, data: TableFile, flags: EvalFlags, { assessment, without }: Evaluated): string {
  const { name } = file.model.target;
  const left = without === 0 ? [] : [`${count(without, "row")} without ${JSON.stringify(name)} left out`];
  const told = [count(assessment.rows, "row"), ...left, ...readingNotes(file, data, flags)];
  return `${label(data.name, 60)}: ${told.join("; ")}`;
}

function describeSeen({ trainedOn }: ModelFile, { name }: TableFile): string {
  const some = trainedOn.rows === undefined ? "rows of it" : `${count(trainedOn.rows, "row")} of it`;
  return (
    `${label(name, 60)} is the file that the model was trained on, and it has learned from ${some}: on rows that it has not seen ` +
    "it will do worse."
  );
}

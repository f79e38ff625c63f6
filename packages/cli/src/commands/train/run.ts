/** What `chainrule train` does. */
import { saveModel } from "chainrule/io";
import { type Table, TableModel } from "chainrule/table";
import { type Assessed, assessModel, type Baseline } from "../../assess/index.ts";
import { type EngineOptions, startEngine } from "../../engine.ts";
import { Failure } from "../../failure.ts";
import { type OutputFile, openOutput, requireApart } from "../../files/index.ts";
import { onInterrupt } from "../../interrupt.ts";
import { createOutput, type Output, type OutputOptions } from "../../output.ts";
import {
  type DataFlags,
  type Encoded,
  encodeRows,
  type Loaded,
  loadOptionsOf,
  loadTable,
  type SplitFlags,
  splitTable,
  type TestRows,
} from "../../prepare/index.ts";
import {
  type FoldScores,
  type RecipeFlags,
  requireUsed,
  type Settings,
  settingsOf,
  type Trained,
  trainNetwork,
} from "../../recipe/index.ts";
import { choicesOf } from "./choices.ts";
import { describeAssessment, describeData, describeTraining } from "./describe.ts";
import { crossValidate, describeFolds, foldNumbers } from "./folds.ts";
import { TrainingProgress } from "./progress.ts";
import { recordOf } from "./record.ts";
import { warningsOf } from "./warnings.ts";

export interface TrainFlags extends DataFlags, SplitFlags, RecipeFlags, EngineOptions, OutputOptions {
  readonly target: string;
  readonly out: string;
  readonly report?: string;
  readonly force?: boolean;
  readonly folds?: number;
  readonly checkpoint?: string;
  readonly resume?: boolean;
}

/** Everything that a training run came to. */
export interface TrainingRun {
  readonly flags: TrainFlags;
  readonly loaded: Loaded;
  readonly rows: TestRows;
  readonly encoded: Encoded;
  readonly settings: Settings;
  readonly trained: Trained;
  readonly model: TableModel;
  readonly baseline: Baseline;
  /** The rows held back, and how the model does on them. */
  readonly test: { readonly table: Table; readonly assessed: Assessed } | undefined;
  readonly folds: FoldScores | undefined;
}

export async function run(path: string, flags: TrainFlags): Promise<void> {
  await requireConsistent(path, flags);
  const output = createOutput(flags);
  const engine = startEngine(flags);
  // What is wrong with the places of the results is told before there is any work to lose.
  const outputs = await openOutputs(flags);
  const interrupt = onInterrupt(() => process.stderr.write("\nFinishing the epoch; Ctrl-C again stops at once.\n"));
  try {
    const loaded = await loadTable(path, flags.target, loadOptionsOf(flags));
    requireUsed(flags, loaded.task.task);
    output.note(describeData(loaded, warningsOf(loaded), output.columns));
    const done = await train(loaded, flags, output, interrupt.signal);
    await write(outputs, done);
    tell(done, output, engine);
  } catch (error) {
    await Promise.all([outputs.model.abort(), outputs.report?.abort()]);
    throw error;
  } finally {
    interrupt.stop();
  }
}

async function requireConsistent(path: string, { resume, checkpoint, out, report }: TrainFlags): Promise<void> {
  if (resume === true && checkpoint === undefined)
    throw new Failure("--resume goes on from a checkpoint: name its folder by --checkpoint too.");
  if (out === "-")
    throw new Failure("--out: a model file is not for standard output. Name a file, such as model.safetensors.");
  await requireApart([
    ["the data", path],
    ["--out", out],
    ["--report", report],
  ]);
}

interface Outputs {
  readonly model: OutputFile;
  readonly report: OutputFile | undefined;
}

async function openOutputs({ out, report, force = false }: TrainFlags): Promise<Outputs> {
  const model = await openOutput(out, { force });
  try {
    return { model, report: report === undefined ? undefined : await openOutput(report, { force }) };
  } catch (error) {
    await model.abort();
    throw error;
  }
}

/** Trains on the rows that are not held back, and assesses on those that are. */
async function train(loaded: Loaded, flags: TrainFlags, output: Output, signal: AbortSignal): Promise<TrainingRun> {
  const { seed, split: strategy, by, folds, checkpoint, resume = false } = flags;
  const settings = settingsOf(flags);
  const splitting = { seed, ...(strategy && { strategy }), ...(by === undefined ? {} : { by }) };
  const groups = strategy === "group" ? by : undefined;
  const progress = new TrainingProgress(output);
  const scores =
    folds === undefined ? undefined : await crossValidate(loaded, folds, splitting, settings, { signal, progress });
  if (scores !== undefined) output.result(describeFolds(scores));
  // With folds there is an estimate already, and every row is worth having.
  const rows = splitTable(loaded, { ...splitting, test: folds === undefined ? flags.test : 0 });
  const encoded = encodeRows(loaded, rows.train, groups);
  const trained = await trainNetwork(encoded.problem, settings, {
    signal,
    onEpoch: (log, phase) => progress.epoch(log, phase),
    ...(checkpoint === undefined ? {} : { checkpoint: { folder: checkpoint, resume } }),
  });
  progress.end();
  const { input, target } = encoded;
  const model = new TableModel({ network: trained.network, input, target });
  const baseline = baselineOf(encoded);
  const test = rows.test.length === 0 ? undefined : loaded.table.take(rows.test);
  const assessed = test && (await assessModel(model, test, baseline));
  return {
    flags,
    loaded,
    rows,
    encoded,
    settings,
    trained,
    model,
    baseline,
    test: test && assessed && { table: test, assessed },
    folds: scores,
  };
}

/** The most frequent class of the rows trained on, or the mean of their targets. */
function baselineOf({ target, problem }: Encoded): Baseline {
  if (target.classes === undefined) return { value: target.mean };
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const label of problem.y.dataSync()) counts[label] = (counts[label] as number) + 1;
  return { value: counts.indexOf(Math.max(...counts)) };
}

async function write(outputs: Outputs, done: TrainingRun): Promise<void> {
  await outputs.model.write(await saveModel(done.model, undefined, { record: recordOf(done) }));
  if (outputs.report !== undefined) {
    const { renderTrainingReport } = await import("./report.ts");
    await outputs.report.write(await renderTrainingReport(done));
  }
  await outputs.model.commit();
  await outputs.report?.commit();
}

function tell(done: TrainingRun, output: Output, engine: object): void {
  const { flags, trained, test, settings } = done;
  const choices = choicesOf(done);
  output.note(describeTraining(done, choices, output.columns));
  output.result(describeAssessment(done, output));
  output.result(`Model file: ${flags.out}${flags.report === undefined ? "" : `\nReport: ${flags.report}`}`);
  for (const choice of choices) output.json({ event: "choice", ...choice });
  output.json({
    event: "result",
    model: flags.out,
    ...(flags.report === undefined ? {} : { report: flags.report }),
    task: done.encoded.problem.task,
    seed: settings.seed,
    epochs: trained.epochs,
    stopped: trained.stopped,
    seconds: trained.seconds,
    validation_loss: trained.validationLoss ?? null,
    validation_score: trained.validationScore ?? null,
    ...(test === undefined ? {} : { test: test.assessed.assessment }),
    ...(done.folds === undefined ? {} : { folds: foldNumbers(done.folds) }),
    ...engine,
  });
}

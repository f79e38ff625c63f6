/** The course of a command that makes a model file out of a data file. */
import { type Engine, startEngine } from "../../engine.ts";
import { onInterrupt } from "../../interrupt.ts";
import { createOutput, type Output } from "../../output.ts";
import { type Loaded, loadOptionsOf, loadTable } from "../../prepare/index.ts";
import { requireUsed } from "../../recipe/index.ts";
import { describeData } from "./describe.ts";
import { type Extra, ResultFiles } from "./files.ts";
import type { TrainingFlags, TrainingRun } from "./training.ts";
import { warningsOf } from "./warnings.ts";

export interface Course {
  /** What the first Ctrl-C does, in a few words. */
  readonly interrupted: string;
  readonly extras?: readonly Extra[];
  train(loaded: Loaded, output: Output, signal: AbortSignal): Promise<TrainingRun>;
  tell(run: TrainingRun, output: Output, engine: Engine): void;
}

/** Reads the data, trains, writes the files, and tells of it. */
export async function produce(path: string, flags: TrainingFlags, course: Course): Promise<void> {
  const output = createOutput(flags);
  const engine = startEngine(flags);
  const files = await ResultFiles.open(path, flags, course.extras);
  const interrupt = onInterrupt(() => process.stderr.write(`\n${course.interrupted}; Ctrl-C again stops at once.\n`));
  try {
    const loaded = await loadTable(path, flags.target, loadOptionsOf(flags));
    requireUsed(flags, loaded.task.task);
    output.note(describeData(loaded, warningsOf(loaded), output.columns));
    const run = await course.train(loaded, output, interrupt.signal);
    await files.write(run);
    course.tell(run, output, engine);
  } catch (error) {
    await files.abort();
    throw error;
  } finally {
    interrupt.stop();
  }
}

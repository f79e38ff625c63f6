/** The files that a training run leaves: all of them, or none. */
import { saveModel } from "chainrule/io";
import { Failure } from "../../failure.ts";
import { type OutputFile, openOutput, requireApart } from "../../files/index.ts";
import { recordOf } from "./record.ts";
import type { TrainingFlags, TrainingRun } from "./training.ts";

/** A file beside the model and the report. */
export interface Extra {
  /** The option that names it. */
  readonly option: string;
  readonly path: string;
  contentOf(run: TrainingRun): string;
}

interface Opened {
  readonly file: OutputFile;
  contentOf(run: TrainingRun): string | Uint8Array | Promise<string | Uint8Array>;
}

export class ResultFiles {
  readonly #files: readonly Opened[];

  private constructor(files: readonly Opened[]) {
    this.#files = files;
  }

  /** What is wrong with their places is told now, before there is any work to lose. */
  static async open(
    data: string,
    { out, report, force = false }: TrainingFlags,
    extras: readonly Extra[] = [],
  ): Promise<ResultFiles> {
    const wanted = [
      { option: "--out", path: out, contentOf: modelFile },
      ...(report === undefined ? [] : [{ option: "--report", path: report, contentOf: page }]),
      ...extras,
    ];
    if (out === "-")
      throw new Failure("--out: a model file is not for standard output. Name a file, such as model.safetensors.");
    await requireApart([["the data", data], ...wanted.map(({ option, path }) => [option, path] as const)]);
    const opened: Opened[] = [];
    try {
      for (const { path, contentOf } of wanted) opened.push({ file: await openOutput(path, { force }), contentOf });
    } catch (error) {
      await new ResultFiles(opened).abort();
      throw error;
    }
    return new ResultFiles(opened);
  }

  async write(run: TrainingRun): Promise<void> {
    for (const { file, contentOf } of this.#files) await file.write(await contentOf(run));
    for (const { file } of this.#files) await file.commit();
  }

  async abort(): Promise<void> {
    await Promise.all(this.#files.map(({ file }) => file.abort()));
  }
}

const modelFile = (run: TrainingRun): Promise<Uint8Array> => saveModel(run.model, undefined, { record: recordOf(run) });

const page = async (run: TrainingRun): Promise<string> => (await import("./report.ts")).renderTrainingReport(run);

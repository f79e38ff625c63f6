/** The steps of a program in the order of one thread. */
import type { Buffer, Step } from "../../loop/ir.ts";
import { FunctionWriter, type WasmFunction } from "./assembler.ts";
import { kernelFunctions } from "./kernel-functions.ts";
import type { Library } from "./library.ts";

export const RUN_EXPORT = "run";

/** `run` of a program for one thread. */
export function plainRun(library: Library, buffers: ReadonlyMap<number, Buffer>, steps: readonly Step[]): WasmFunction {
  const writer = new FunctionWriter(RUN_EXPORT, [], []);
  writeSteps({ library, buffers, writer }, steps);
  return writer.finish(true);
}

export interface StepContext {
  readonly library: Library;
  readonly buffers: ReadonlyMap<number, Buffer>;
  readonly writer: FunctionWriter;
}

export function writeSteps(ctx: StepContext, steps: readonly Step[]): void {
  for (const step of steps) writeStep(ctx, step);
}

function writeStep(ctx: StepContext, step: Step): void {
  const { writer, library, buffers } = ctx;
  switch (step.kind) {
    case "kernel":
      for (const target of kernelFunctions(library, buffers, step.kernel)) writer.call(target);
      return;
    case "if":
      pushCell(ctx, step.condition);
      writer.if(
        () => writeSteps(ctx, step.then),
        () => writeSteps(ctx, step.otherwise),
      );
      return;
    case "while":
      writer.block("block", "done", (done) => {
        writer.block("loop", "while", (again) => {
          writeSteps(ctx, step.test);
          pushCell(ctx, step.condition);
          writer.op("i32.eqz");
          writer.branch("br_if", done);
          writeSteps(ctx, step.body);
          writer.branch("br", again);
        });
      });
      return;
    case "repeat":
      writeRepeat(ctx, step);
      return;
  }
}

/** Pushes element 0 of a bool buffer. */
export function pushCell({ writer, buffers }: StepContext, id: number): void {
  writer.i32(0);
  writer.memory("i32.load8_u", (buffers.get(id) as Buffer).offset);
}

function writeRepeat(ctx: StepContext, { count, counter, body }: Extract<Step, { kind: "repeat" }>): void {
  if (count === 0) return;
  const { writer, buffers } = ctx;
  const iteration = writer.local("i32", "iteration");
  writer.i32(0);
  writer.set(iteration);
  writer.block("loop", "repeat", (again) => {
    writer.i32(0);
    writer.get(iteration);
    writer.memory("i32.store", (buffers.get(counter) as Buffer).offset);
    writeSteps(ctx, body);
    writer.advance(iteration, 1);
    writer.get(iteration);
    writer.i32(count);
    writer.op("i32.lt_u");
    writer.branch("br_if", again);
  });
  writer.release(iteration);
}

/**
 * The steps of a program for several threads. All of them run the same function: kernels that are split go by parts to
 * the threads in turn, the others to the first thread, and all walk through control flow together. With one thread it
 * does all there is to do, in the same order of operations.
 */
import { kernelsOf } from "../../loop/dag.ts";
import type { Buffer, Step } from "../../loop/ir.ts";
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";
import { barrierFunction } from "./barrier.ts";
import { Hazards, rangeOf, type Touched, touchedBy } from "./hazards.ts";
import { kernelFunctions } from "./kernel-functions.ts";
import type { Library } from "./library.ts";
import type { Split } from "./split.ts";
import type { Splits } from "./splits.ts";
import { pushCell, RUN_EXPORT, type StepContext, writeSteps } from "./steps.ts";

/** What `run` returns: all is done; a thread did not come, and nothing is done; a thread was lost on the way. */
export const STATUS = { done: 0, notBegun: 1, broken: 2 } as const;

interface ThreadedContext extends StepContext {
  readonly splits: Splits;
  readonly thread: Local;
  readonly threads: Local;
  readonly barrier: WasmFunction;
}

/** (thread, threads: i32) → status; `header` is where the barrier's cells lie. */
export function writeThreadedRun(
  library: Library,
  programBuffers: ReadonlyMap<number, Buffer>,
  splits: Splits,
  steps: readonly Step[],
  header: number,
): WasmFunction {
  const params = ["thread", "threads"].map((name) => [name, "i32"] as const);
  const writer = new FunctionWriter(RUN_EXPORT, params, ["i32"]);
  const [thread, threads] = writer.params as readonly [Local, Local];
  const buffers = new Map(programBuffers);
  for (const buffer of splits.scratch) buffers.set(buffer.id, buffer);
  const barrier = library.add(barrierFunction(header));
  const ctx: ThreadedContext = { library, buffers, writer, splits, thread, threads, barrier };
  // Nothing is written before all have come, so that a thread that is lost between runs does no harm.
  writeBarrier(ctx, STATUS.notBegun);
  writeShared(ctx, steps, new Hazards());
  writeBarrier(ctx);
  writer.i32(STATUS.done);
  return writer.finish(true);
}

function writeBarrier({ writer, thread, threads, barrier }: ThreadedContext, status: number = STATUS.broken): void {
  writer.get(thread);
  writer.get(threads);
  writer.call(barrier);
  writer.if(() => {
    writer.i32(status);
    writer.op("return");
  });
}

function meetBefore(ctx: ThreadedContext, hazards: Hazards, next: Touched): void {
  if (hazards.touch(next)) writeBarrier(ctx);
}

function onFirstThread({ writer, thread }: ThreadedContext, write: () => void): void {
  writer.get(thread);
  writer.op("i32.eqz");
  writer.if(write);
}

function writeShared(ctx: ThreadedContext, steps: readonly Step[], hazards: Hazards): void {
  for (const step of steps) {
    if (kernelsOf([step]).some((kernel) => ctx.splits.byKernel.has(kernel))) writeSharedStep(ctx, step, hazards);
    else {
      meetBefore(ctx, hazards, touchedByStep(ctx, step));
      onFirstThread(ctx, () => writeSteps(ctx, [step]));
    }
  }
}

function writeSharedStep(ctx: ThreadedContext, step: Step, hazards: Hazards): void {
  const { writer } = ctx;
  switch (step.kind) {
    case "kernel": {
      const { body } = step.kernel;
      meetBefore(ctx, hazards, touchedBy(body, ctx.buffers, { single: false, ownScratch: true }));
      writeParts(ctx, ctx.splits.byKernel.get(step.kernel) as Split);
      return;
    }
    case "if": {
      readCell(ctx, hazards, step.condition);
      const otherwise = hazards.copy();
      writer.if(
        () => writeShared(ctx, step.then, hazards),
        () => writeShared(ctx, step.otherwise, otherwise),
      );
      hazards.join(otherwise);
      return;
    }
    case "while":
      meet(ctx, hazards);
      writer.block("block", "done", (done) => {
        writer.block("loop", "while", (again) => {
          writeShared(ctx, step.test, hazards);
          readCell(ctx, hazards, step.condition);
          const after = hazards.copy();
          writer.op("i32.eqz");
          writer.branch("br_if", done);
          writeShared(ctx, step.body, hazards);
          meet(ctx, hazards);
          hazards.join(after);
          writer.branch("br", again);
        });
      });
      return;
    case "repeat":
      writeSharedRepeat(ctx, step, hazards);
      return;
  }
}

function meet(ctx: ThreadedContext, hazards: Hazards): void {
  writeBarrier(ctx);
  hazards.met();
}

/** Pushes a bool that all threads read. */
function readCell(ctx: ThreadedContext, hazards: Hazards, condition: number): void {
  const cell = rangeOf(ctx.buffers.get(condition) as Buffer);
  meetBefore(ctx, hazards, { reads: [cell], writes: [], single: false });
  pushCell(ctx, condition);
}

function writeSharedRepeat(
  ctx: ThreadedContext,
  { count, counter, body }: Extract<Step, { kind: "repeat" }>,
  hazards: Hazards,
): void {
  if (count === 0) return;
  const { writer } = ctx;
  const cell = ctx.buffers.get(counter) as Buffer;
  const iteration = writer.local("i32", "iteration");
  meet(ctx, hazards);
  writer.i32(0);
  writer.set(iteration);
  writer.block("loop", "repeat", (again) => {
    meetBefore(ctx, hazards, { reads: [], writes: [rangeOf(cell)], single: true });
    onFirstThread(ctx, () => {
      writer.i32(0);
      writer.get(iteration);
      writer.memory("i32.store", cell.offset);
    });
    writeShared(ctx, body, hazards);
    meet(ctx, hazards);
    writer.advance(iteration, 1);
    writer.get(iteration);
    writer.i32(count);
    writer.op("i32.lt_u");
    writer.branch("br_if", again);
  });
  writer.release(iteration);
}

function writeParts(ctx: ThreadedContext, { from, parts }: Split): void {
  const { writer, library, buffers, thread, threads } = ctx;
  const made = new Map<unknown, WasmFunction[]>();
  parts.forEach(({ kernel, from: start }, part) => {
    const functions = made.get(kernel) ?? kernelFunctions(library, buffers, kernel, from);
    made.set(kernel, functions);
    writer.i32(part);
    writer.get(threads);
    writer.op("i32.rem_u");
    writer.get(thread);
    writer.op("i32.eq");
    writer.if(() => {
      for (const target of functions) {
        writer.i32(start);
        writer.call(target);
      }
    });
  });
}

/** What a step without split kernels touches, with all that is nested in it. */
function touchedByStep(ctx: ThreadedContext, step: Step): Touched {
  const body = kernelsOf([step]).flatMap((kernel) => kernel.body);
  const kernels = touchedBy(body, ctx.buffers, { single: true, ownScratch: false });
  const cells = cellsOf(step).map((id) => rangeOf(ctx.buffers.get(id) as Buffer));
  return { reads: [...kernels.reads, ...cells], writes: [...kernels.writes, ...cells], single: true };
}

function cellsOf(step: Step): number[] {
  switch (step.kind) {
    case "kernel":
      return [];
    case "if":
      return [step.condition, ...[...step.then, ...step.otherwise].flatMap(cellsOf)];
    case "while":
      return [step.condition, ...[...step.test, ...step.body].flatMap(cellsOf)];
    case "repeat":
      return [step.counter, ...step.body.flatMap(cellsOf)];
  }
}

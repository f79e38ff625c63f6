/** A whole program as one module: a function for each kernel and an exported `run` that executes the steps. */

import { bodyOf, expressionsOf, nodesOf } from "../../loop/dag.ts";
import type { Buffer, Kernel, Program, Step, Stmt, Var } from "../../loop/ir.ts";
import { FunctionWriter, type WasmFunction } from "./assembler.ts";
import { KernelContext } from "./context.ts";
import type { ModuleSource } from "./encode.ts";
import { Library } from "./library.ts";
import { writeBlock } from "./statement.ts";
import type { Engine } from "./tiling.ts";

export const RUN_EXPORT = "run";

const ALIGNMENT = 16;
const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;
/**
 * Instructions after which a kernel goes on in another function. Engines optimize functions one by one in the
 * background, and refuse those of more than 7.6 MB or 50,000 locals.
 */
const FUNCTION_INSTRUCTIONS = 20_000;

export function buildModule(program: Program, engine: Engine): ModuleSource {
  const library = new Library(engine, Math.ceil(program.arenaBytes / ALIGNMENT) * ALIGNMENT);
  const buffers = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  const run = new FunctionWriter(RUN_EXPORT, [], []);
  writeSteps({ library, buffers, writer: run }, program.steps);
  library.add(run.finish(true));
  const memoryPages = Math.max(1, Math.ceil(library.end / PAGE_BYTES));
  if (memoryPages > MOST_PAGES) {
    throw new RangeError(
      `the program needs ${library.end} bytes, but a WebAssembly memory holds ${MOST_PAGES * PAGE_BYTES} at most; use a smaller batch`,
    );
  }
  const { imports, functions, constants, constantsAt } = library;
  return { imports, functions, memoryPages, data: { at: constantsAt, parts: constants } };
}

interface StepContext {
  readonly library: Library;
  readonly buffers: ReadonlyMap<number, Buffer>;
  readonly writer: FunctionWriter;
}

function writeSteps(ctx: StepContext, steps: readonly Step[]): void {
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
function pushCell({ writer, buffers }: StepContext, id: number): void {
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

/** The kernel as one function, or as several where it is large and falls into parts that share no variables. */
function kernelFunctions(library: Library, buffers: ReadonlyMap<number, Buffer>, kernel: Kernel): WasmFunction[] {
  const functions: WasmFunction[] = [];
  let current: { writer: FunctionWriter; ctx: KernelContext } | undefined;
  const close = (): void => {
    if (current) functions.push(library.add(current.writer.finish()));
    current = undefined;
  };
  for (const part of independentParts(kernel.body)) {
    if (!current) {
      const suffix = functions.length === 0 ? "" : `_${functions.length + 1}`;
      const writer = new FunctionWriter(kernel.name + suffix, [], []);
      current = { writer, ctx: new KernelContext(writer, library, buffers, part) };
    }
    writeBlock(current.ctx, part);
    if (current.writer.size > FUNCTION_INSTRUCTIONS) close();
  }
  close();
  return functions;
}

/** Cuts a kernel's statements where no variable declared before is used after. */
function independentParts(body: readonly Stmt[]): Stmt[][] {
  const lastUse = new Map<Var, number>();
  body.forEach((stmt, position) => {
    for (const variable of variablesUsed(stmt)) lastUse.set(variable, position);
  });
  const parts: Stmt[][] = [];
  let part: Stmt[] = [];
  let liveUntil = 0;
  body.forEach((stmt, position) => {
    part.push(stmt);
    if (stmt.kind === "let") liveUntil = Math.max(liveUntil, lastUse.get(stmt.target) ?? position);
    if (liveUntil > position) return;
    parts.push(part);
    part = [];
  });
  return parts;
}

function variablesUsed(stmt: Stmt): Set<Var> {
  const used = new Set(bodyOf(stmt).flatMap((inner) => [...variablesUsed(inner)]));
  for (const node of nodesOf(expressionsOf(stmt))) if (node.kind === "var") used.add(node);
  if (stmt.kind === "assign" || stmt.kind === "accumulate") used.add(stmt.target);
  return used;
}

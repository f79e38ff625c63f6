/** Small programs of the loop IR, written by hand. */
import { variable } from "../../src/loop/build.ts";
import type { Buffer, BufferRole, Expr, For, Kernel, Program, Step, Stmt, Var } from "../../src/loop/ir.ts";
import { js } from "../../src/target/js/index.ts";
import type { Executable } from "../../src/target/target.ts";
import { bytesOf, type DType } from "../../src/tensor/dtype.ts";

type Layout = readonly (readonly [name: string, dtype: DType, length: number, role?: BufferRole])[];

/** Buffers one after the other, their ids counting from 0. */
export function layOut(layout: Layout): { buffers: Buffer[]; arenaBytes: number } {
  let offset = 0;
  const buffers = layout.map(([name, dtype, length, role = "temporary"], id) => {
    const buffer: Buffer = { id, name, dtype, length, role, offset };
    offset = Math.ceil((offset + length * bytesOf(dtype) + 16) / 16) * 16;
    return buffer;
  });
  return { buffers, arenaBytes: offset };
}

export function programOf(layout: Layout, steps: readonly Step[]): Program {
  const { buffers, arenaBytes } = layOut(layout);
  const ids = (role: BufferRole): number[] => buffers.filter((buffer) => buffer.role === role).map(({ id }) => id);
  return { buffers, arenaBytes, steps, inputs: ids("input"), outputs: ids("output") };
}

export const kernelStep = (name: string, body: readonly Stmt[]): Step => ({ kind: "kernel", kernel: { name, body } });

export const singleKernel = (layout: Layout, ...body: Stmt[]): Program => programOf(layout, [kernelStep("k", body)]);

export const store = (buffer: number, index: Expr, value: Expr): Stmt => ({ kind: "store", buffer, index, value });

export const declare = (target: Var, value: Expr): Stmt => ({ kind: "let", target, value });

export const accumulate = (target: Var, value: Expr, op: "add" | "mul" | "min" | "max" = "add"): Stmt => ({
  kind: "accumulate",
  target,
  op,
  value,
});

export const when = (condition: Expr, body: readonly Stmt[]): Stmt => ({
  kind: "if",
  condition,
  then: body,
});

export const choose = (condition: number, body: readonly Step[], otherwise: readonly Step[]): Step => ({
  kind: "if",
  condition,
  then: body,
  otherwise,
});

/** A loop over a new index, which the body is given. */
export function loop(name: string, extent: number, body: (index: Var) => readonly Stmt[], simd = false): For {
  const index = variable(name, "int32");
  return { kind: "for", index, extent, simd, body: body(index) };
}

export const kernelOf = (...body: Stmt[]): Kernel => ({ name: "k", body });

/** Runs a program once on the interpreter, with these values in its buffers before. */
export function runOnce(program: Program, values: Record<number, readonly number[]> = {}): Executable {
  const executable = js.instantiate(program);
  for (const [id, data] of Object.entries(values)) executable.view(Number(id)).set(data);
  executable.run();
  return executable;
}

export const contents = (executable: Executable, buffer: number): number[] => Array.from(executable.view(buffer));

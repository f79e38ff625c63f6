/** Runs programs on several threads at once. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Buffer, Program } from "../../src/loop/ir.ts";
import { printProgram } from "../../src/loop/text.ts";
import { js } from "../../src/target/js/index.ts";
import type { Executable } from "../../src/target/target.ts";
import { wasmTarget } from "../../src/target/wasm/index.ts";
import { ThreadedProgram } from "../../src/target/wasm/threaded-program.ts";
import { runOn, type Values } from "./wasm-compare.ts";

/** Every kernel that can be shared is, however small. */
export const sharing = (threads: number) => wasmTarget({ relaxed: true, threads, leastNs: 0 });

const reset = (program: Program, executable: Executable, values: Values): void => {
  for (const { id } of program.buffers) executable.view(id).fill(0);
  for (const [id, data] of Object.entries(values)) executable.view(Number(id)).set(data);
};

/** Runs a program until all its threads take part, from the same values each time. */
export async function runTogether(program: Program, threads: number, values: Values = {}): Promise<ThreadedProgram> {
  const executable = sharing(threads).instantiate(program);
  if (!(executable instanceof ThreadedProgram)) throw new Error(`nothing is shared in\n${printProgram(program)}`);
  for (const start = performance.now(); performance.now() - start < 30_000; await sleep(1)) {
    reset(program, executable, values);
    executable.run();
    if (executable.threads === threads) return executable;
  }
  throw new Error(`the workers have not come; there were ${executable.threads} threads`);
}

const bits = (executable: Executable, buffers: readonly Buffer[]): number[][] =>
  buffers.map(({ id }) => Array.from(executable.view(id)));

/** Programs leave the same bits in these buffers on one thread without sharing, on 1, 2 and 3 threads, and on `js`. */
export async function expectSameTogether(
  program: Program,
  values: Values,
  include: (buffer: Buffer) => boolean,
  { exact = true }: { readonly exact?: boolean } = {},
): Promise<void> {
  const buffers = program.buffers.filter(include);
  const plain = bits(runOn(wasmTarget({ relaxed: true }), program, values), buffers);
  if (exact) expect(plain).toEqual(bits(runOn(js, program, values), buffers));
  expect(bits(runOn(sharing(3), program, values), buffers)).toEqual(plain);
  for (const threads of [2, 3]) {
    const found = bits(await runTogether(program, threads, values), buffers);
    expect(found, `${threads} threads, ${printProgram(program)}`).toEqual(plain);
  }
}

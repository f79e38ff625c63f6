/** Runs programs on the WebAssembly target and beside the interpreter. */
import { expect } from "vitest";
import type { Buffer, Program } from "../../src/loop/ir.ts";
import { printProgram } from "../../src/loop/text.ts";
import { verifyProgram } from "../../src/loop/verify.ts";
import { js } from "../../src/target/js/index.ts";
import type { Executable, Target } from "../../src/target/target.ts";
import { wasm } from "../../src/target/wasm/index.ts";

export type Values = Readonly<Record<number, ArrayLike<number>>>;

/** Runs a program once on a target, with these values in its buffers before. */
export function runOn(target: Target, program: Program, values: Values = {}): Executable {
  verifyProgram(program);
  const executable = target.instantiate(program);
  for (const [id, data] of Object.entries(values)) executable.view(Number(id)).set(data);
  executable.run();
  return executable;
}

/** A buffer's contents after one run on WebAssembly. */
export const wasmContents = (program: Program, buffer: number, values: Values = {}): number[] =>
  Array.from(runOn(wasm, program, values).view(buffer));

/** What the buffers hold after one run on the interpreter, then on WebAssembly. */
export function bothContents(
  program: Program,
  values: Values,
  buffers: readonly Buffer[] = program.buffers,
): number[][][] {
  return [js, wasm].map((target) => {
    const executable = runOn(target, program, values);
    return buffers.map(({ id }) => Array.from(executable.view(id)));
  });
}

/** Both targets leave the same bits in every buffer that `include` names (all but the sign of NaN). */
export function expectSame(program: Program, values: Values, include: (buffer: Buffer) => boolean = () => true): void {
  const buffers = program.buffers.filter(include);
  const [expected = [], actual = []] = bothContents(program, values, buffers);
  buffers.forEach(({ name }, position) => {
    expect(actual[position], `buffer ${name} of\n${printProgram(program)}`).toEqual(expected[position]);
  });
}

/** Deterministic numbers for tests: mulberry32 (T. Ettinger, public domain), uniform integers below `limit`. */
export function random(seed: number): (limit: number) => number {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/**
 * 256-bit vectors. WebAssembly's have 128 bits, but V8 can join neighbouring operations into one of twice the width,
 * where the processor has AVX2: its flag `--experimental-wasm-revectorize`, which works from Node 24 on. Programs must
 * be printed for it: products in wider tiles, costly loops with two vectors at a time, whose stores stand side by side.
 * The flag is experimental, so what it makes is compared with ordinary code before it is trusted.
 */
import type { Program } from "../../loop/ir.ts";
import type { Executable } from "../target.ts";
import { hasRelaxedMultiplyAdd, instantiate } from "./instantiate.ts";
import { inputValues, testedProgram, timedProgram } from "./wide-programs.ts";

export interface WideSimdOptions {
  /** Default: true. */
  readonly enabled?: boolean;
}

/** What is used of Node's `process` and `node:v8`. */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  readonly config?: { readonly variables?: Readonly<Record<string, unknown>> };
  readonly getBuiltinModule?: (name: string) => unknown;
}
interface FlagSetter {
  setFlagsFromString(flags: string): void;
}

let wide = false;
/** What the test of the engine gave, once it has run. */
let trusted: boolean | undefined;

/** Whether programs instantiated now are printed for joined vectors. */
export const usesWideSimd = (): boolean => wide;

/**
 * Lets programs use 256-bit vectors, in Node ≥ 24 on x64 with AVX2: matrix products, and functions such as tanh, are about
 * twice as fast. It turns on V8's experimental flag `--experimental-wasm-revectorize` for the whole process, tests code
 * made with it bit for bit against ordinary code, and keeps it only if the two agree and the first is faster. It concerns
 * what is compiled afterwards; the results of a program are the same to the last bit. The first call takes about a tenth of
 * a second.
 *
 * `enableWideSimd({ enabled: false })` goes back to 128 bits for what is compiled afterwards.
 *
 * @returns whether wide vectors are now in use; false where the engine or the processor has none
 * @example
 * if (!enableWideSimd()) console.log("this engine has 128-bit vectors only");
 */
export function enableWideSimd({ enabled = true }: WideSimdOptions = {}): boolean {
  const v8 = flagSetter();
  if (v8 === undefined) return false;
  if (enabled) {
    v8.setFlagsFromString("--experimental-wasm-revectorize");
    trusted ??= testEngine(v8);
  }
  wide = enabled && trusted === true;
  if (!wide) v8.setFlagsFromString("--no-experimental-wasm-revectorize");
  return wide;
}

/** Node's module for flags, where this V8 was built with the revectorizer and accepts relaxed multiply-add. */
function flagSetter(): FlagSetter | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess };
  if (process?.config?.variables?.v8_enable_wasm_simd256_revec !== 1 || !hasRelaxedMultiplyAdd()) return undefined;
  // Node 22 has the flag too, but there it has no effect.
  if (Number.parseInt(process.versions?.node ?? "0", 10) < 24) return undefined;
  return process.getBuiltinModule?.("node:v8") as FlagSetter | undefined;
}

/** Runs of each that are timed, and by how much joined vectors must be faster: where they are, it is nearly twice. */
const TIMED_RUNS = 20;
const LEAST_GAIN = 1.2;

/** Whether joined vectors give the same bits as ordinary ones, and give them faster. */
function testEngine(v8: FlagSetter): boolean {
  const [tested, timed] = [testedProgram(), timedProgram()];
  // Code of the optimizing compiler from the first call on: the revectorizer is a part of it.
  v8.setFlagsFromString("--no-liftoff");
  try {
    const [narrow, joined] = [runOn(tested, false), runOn(tested, true)];
    if (!tested.outputs.every((id) => sameBits(narrow.view(id), joined.view(id)))) return false;
    return gain(runOn(timed, false), runOn(timed, true)) >= LEAST_GAIN;
  } finally {
    v8.setFlagsFromString("--liftoff");
  }
}

function runOn(program: Program, joined: boolean): Executable {
  const executable = instantiate(program, { relaxed: true, wide: joined });
  for (const buffer of program.buffers) {
    if (buffer.role === "input") executable.view(buffer.id).set(inputValues(buffer));
  }
  executable.run();
  return executable;
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return Array.from(a).every((value, i) => Object.is(value, b[i]));
}

/** How many times faster the second is, by the shortest of some runs in turn. */
function gain(first: Executable, second: Executable): number {
  const shortest = [first, second].map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < TIMED_RUNS; run++) {
    [first, second].forEach((executable, i) => {
      const start = performance.now();
      executable.run();
      shortest[i] = Math.min(shortest[i] as number, performance.now() - start);
    });
  }
  return (shortest[0] as number) / (shortest[1] as number);
}

/**
 * 256-bit vectors. WebAssembly's have 128 bits, but V8 can join neighbouring operations into one of twice the width,
 * where the processor has AVX2: its flag `--experimental-wasm-revectorize`, which works from Node 24 on. Programs must
 * be printed for it: products in wider tiles, costly loops with two vectors at a time, whose stores stand side by side.
 * The flag is experimental, so what it makes is compared with ordinary code before it is trusted.
 */
import type { Program } from "../../loop/ir.ts";
import { nodeModule } from "../../tensor/host.ts";
import type { Executable } from "../target.ts";
import { encodeModule } from "./encode.ts";
import { hasRelaxedMultiplyAdd, instantiate, start } from "./instantiate.ts";
import { buildModule } from "./module.ts";
import { testedProgram, timedProgram, writeInput } from "./wide-programs.ts";

export interface WideSimdOptions {
  /** Default: true. */
  readonly enabled?: boolean;
}

/** What is used of Node's `process` and `node:v8`. */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  readonly config?: { readonly variables?: Readonly<Record<string, unknown>> };
}
interface FlagSetter {
  setFlagsFromString(flags: string): void;
}

const JOIN = "--experimental-wasm-revectorize";

let wide = false;
/** What the test of the engine gave, once it has run. */
let trusted: boolean | undefined;

/** Whether programs instantiated now are printed for joined vectors. */
export const usesWideSimd = (): boolean => wide;

/**
 * Lets programs use 256-bit vectors, in Node ≥ 24 on x64 with AVX2: matrix products, and functions such as tanh, are about
 * twice as fast. It turns on V8's experimental flag `--experimental-wasm-revectorize` for the whole process, tests code
 * made with it bit for bit against ordinary code, and keeps it only if the two agree and the first is faster. It concerns
 * what is compiled afterwards; the results of a program are the same to the last bit. The first call takes
 * about a tenth of a second.
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
  if (enabled) trusted ??= testEngine(v8);
  wide = enabled && trusted === true;
  v8.setFlagsFromString(wide ? JOIN : `--no-${JOIN.slice(2)}`);
  return wide;
}

/** Node's module for flags, where this V8 was built with the revectorizer and accepts relaxed multiply-add. */
function flagSetter(): FlagSetter | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess };
  if (process?.config?.variables?.v8_enable_wasm_simd256_revec !== 1 || !hasRelaxedMultiplyAdd()) return undefined;
  // Node 22 has the flag too, but there it has no effect.
  if (Number.parseInt(process.versions?.node ?? "0", 10) < 24) return undefined;
  return nodeModule<FlagSetter>("v8");
}

/** Runs of each that are timed, and by how much joined vectors must be faster: where they are, it is nearly twice. */
const TIMED_RUNS = 10;
const LEAST_GAIN = 1.2;

/** Its number, its length, and the length of its name. */
const EMPTY_SECTION = [0, 1, 0];

/** Whether joined vectors give the same bits as ordinary ones, and make products faster. Leaves the flag on. */
function testEngine(v8: FlagSetter): boolean {
  const [tested, timed] = [testedProgram(), timedProgram()];
  const source = buildModule(tested, { relaxed: true, wide: true });
  const bytes = encodeModule(source);
  const ordinary = ran(tested, start(bytes, source, tested));
  v8.setFlagsFromString(JOIN);
  // Code of the optimizing compiler, of which the revectorizer is a part, and of all functions at once: on all cores.
  v8.setFlagsFromString("--no-liftoff --no-wasm-lazy-compilation");
  try {
    // V8 would take the code it has for the same bytes: an empty custom section makes them others.
    const others = new Uint8Array(bytes.length + EMPTY_SECTION.length);
    others.set(bytes);
    others.set(EMPTY_SECTION, bytes.length);
    const joined = ran(tested, start(others, source, tested));
    if (!tested.outputs.every((id) => sameBits(ordinary.view(id), joined.view(id)))) return false;
    const [narrow, wide] = [false, true].map((isWide) =>
      ran(timed, instantiate(timed, { relaxed: true, wide: isWide })),
    );
    return gain(narrow as Executable, wide as Executable) >= LEAST_GAIN;
  } finally {
    v8.setFlagsFromString("--liftoff --wasm-lazy-compilation");
  }
}

/** The program after a run on the inputs of the test. */
function ran({ buffers }: Program, executable: Executable): Executable {
  for (const buffer of buffers) if (buffer.role === "input") writeInput(buffer, executable.view(buffer.id));
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
      const began = performance.now();
      executable.run();
      shortest[i] = Math.min(shortest[i] as number, performance.now() - began);
    });
  }
  return (shortest[0] as number) / (shortest[1] as number);
}

/**
 * The WebAssembly target: a program becomes one module, compiled when it is instantiated, with a memory of its own.
 * `assembler.ts`, `encode.ts` and `text.ts` write modules; `expression.ts`, `lanes.ts`, `statement.ts` and `product.ts`
 * print the loop IR; `math/` holds float32 functions on four lanes; `module.ts` puts a program together, and
 * `instantiate.ts` brings it to run; `wide.ts` turns on 256-bit code where the engine can join vectors.
 * Threads: `split.ts` cuts kernels into parts, `hazards.ts` says where threads must meet, `barrier.ts` how they do,
 * `threaded-steps.ts` writes what each runs; `crew.ts` keeps the workers, and `threaded-program.ts` runs with them.
 */
import type { Target } from "../target.ts";
import { hasRelaxedMultiplyAdd, instantiate, programText, type Threads } from "./instantiate.ts";
import { threadsInUse } from "./threads.ts";
import type { Engine } from "./tiling.ts";
import { usesWideSimd } from "./wide.ts";

export { hasRelaxedMultiplyAdd } from "./instantiate.ts";
export { setThreads } from "./threads.ts";
export { enableWideSimd, type WideSimdOptions } from "./wide.ts";

export interface WasmTargetOptions {
  /** Use relaxed multiply-add in matrix products and functions, and relaxed selections. */
  readonly relaxed: boolean;
  /** Print for an engine that joins neighbouring vectors; matrix products are slow then on one that does not. */
  readonly wide?: boolean;
  /** The most threads a program may use; default 1. */
  readonly threads?: number;
  /** Nanoseconds of work, as one thread does it, from which on threads share a kernel. */
  readonly leastNs?: number;
}

/** A target that prints WebAssembly with or without relaxed SIMD. */
export const wasmTarget = ({ relaxed, wide = false, threads = 1, leastNs }: WasmTargetOptions): Target =>
  targetWith(() => ({ relaxed, wide }), { limit: () => threads, leastNs });

/** WebAssembly with 128-bit SIMD, relaxed multiply-add where the engine has it, threads, and wide products if enabled. */
export const wasm: Target = targetWith(() => ({ relaxed: hasRelaxedMultiplyAdd(), wide: usesWideSimd() }), {
  limit: threadsInUse,
});

function targetWith(engine: () => Engine, threads: Threads): Target {
  return {
    name: "wasm",
    instantiate: (program) => instantiate(program, engine(), threads),
    print: (program) => programText(program, engine(), threads),
  };
}

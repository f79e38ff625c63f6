/**
 * The WebAssembly target: a program becomes one module, compiled when it is instantiated, with a memory of its own.
 * `assembler.ts`, `encode.ts` and `text.ts` write modules; `expression.ts`, `lanes.ts`, `statement.ts` and `product.ts`
 * print the loop IR; `math/` holds float32 functions on four lanes; `module.ts` puts a program together, and
 * `instantiate.ts` brings it to run; `wide.ts` turns on 256-bit code where the engine can join vectors.
 * Threads, once `threads.ts` has installed them: `split.ts` cuts kernels into parts, `hazards.ts` says where threads must meet, `barrier.ts` how they do,
 * `threaded-steps.ts` writes what each runs; `crew.ts` keeps the workers, and `threaded-program.ts` runs with them.
 */
import type { Program } from "../../loop/ir.ts";
import type { Target } from "../target.ts";
import type { ModuleSource } from "./encode.ts";
import { hasRelaxedMultiplyAdd, instantiate } from "./instantiate.ts";
import { buildModule } from "./module.ts";
import { sharedBy } from "./shared-program.ts";
import { installedThreading, type Threading } from "./threading.ts";
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

/** A target that makes WebAssembly modules. */
export interface WasmTarget extends Target {
  /** The module of a program, before it is encoded. */
  source(program: Program): ModuleSource;
}

/** A target that prints WebAssembly with or without relaxed SIMD. */
export function wasmTarget({ relaxed, wide = false, threads = 1, leastNs }: WasmTargetOptions): WasmTarget {
  const threading = threads > 1 ? sharedBy(() => threads, leastNs) : undefined;
  return targetWith(
    () => ({ relaxed, wide }),
    () => threading,
  );
}

/** WebAssembly with 128-bit SIMD, relaxed multiply-add where the engine has it, and threads and wide products if asked for. */
export const wasm: WasmTarget = targetWith(
  () => ({ relaxed: hasRelaxedMultiplyAdd(), wide: usesWideSimd() }),
  installedThreading,
);

function targetWith(engine: () => Engine, threading: () => Threading | undefined): WasmTarget {
  return {
    name: "wasm",
    instantiate: (program) => threading()?.instantiate(program, engine()) ?? instantiate(program, engine()),
    source: (program) => threading()?.source(program, engine()) ?? buildModule(program, engine()),
    settings() {
      const { relaxed, wide } = engine();
      const count = threading()?.limit() ?? 1;
      const vectors = `${wide ? 256 : 128}-bit vectors${relaxed ? ", relaxed multiply-add" : ""}`;
      return `WebAssembly, ${vectors}, ${count === 1 ? "1 thread" : `up to ${count} threads`}`;
    },
  };
}

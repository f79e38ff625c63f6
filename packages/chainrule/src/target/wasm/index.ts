/**
 * The WebAssembly target: a program becomes one module, compiled when it is instantiated, with a memory of its own.
 * `assembler.ts`, `encode.ts` and `text.ts` write modules; `expression.ts`, `lanes.ts`, `statement.ts` and `product.ts`
 * print the loop IR; `math/` holds float32 functions on four lanes; `module.ts` puts a program together, and
 * `instantiate.ts` brings it to run; `wide.ts` turns on 256-bit products where the engine can join vectors.
 */
import type { Target } from "../target.ts";
import { hasRelaxedMultiplyAdd, instantiate, programText } from "./instantiate.ts";
import type { Engine } from "./tiling.ts";
import { usesWideSimd } from "./wide.ts";

export { hasRelaxedMultiplyAdd } from "./instantiate.ts";
export { enableWideSimd, type WideSimdOptions } from "./wide.ts";

export interface WasmTargetOptions {
  /** Use relaxed multiply-add in matrix products. */
  readonly relaxed: boolean;
  /** Print matrix products for an engine that joins neighbouring vectors; they are slow on one that does not. */
  readonly wide?: boolean;
}

/** A target that prints WebAssembly with or without relaxed multiply-add in matrix products. */
export const wasmTarget = ({ relaxed, wide = false }: WasmTargetOptions): Target =>
  targetWith(() => ({ relaxed, wide }));

/** WebAssembly with 128-bit SIMD, relaxed multiply-add where the engine has it, and wide products once enabled. */
export const wasm: Target = targetWith(() => ({ relaxed: hasRelaxedMultiplyAdd(), wide: usesWideSimd() }));

function targetWith(engine: () => Engine): Target {
  return {
    name: "wasm",
    instantiate: (program) => instantiate(program, engine()),
    print: (program) => programText(program, engine()),
  };
}

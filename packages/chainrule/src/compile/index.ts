/**
 * The compiler: graph → simplify (`rules.ts`) → fuse → lower (`kernels.ts`, `place.ts`, `vectorize.ts`) → plan memory →
 * program; `compile` brings it to functions, `eager.ts` to single operations. Importing this file makes operations on
 * concrete tensors work.
 */
import "../ops/index.ts";
import "./eager.ts";

export { enableWideSimd, setThreads, type WideSimdOptions } from "../target/index.ts";
export { type Compiled, CompiledProgram, type CompileOptions, compile } from "./compile.ts";
export { compileGraph } from "./program.ts";
export { setTarget, type TargetName, targetOf } from "./targets.ts";

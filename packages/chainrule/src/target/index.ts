/**
 * Targets: each prints programs of the loop IR in its own way and runs them (`target.ts` says what one is). `js/` is the
 * interpreter, which defines what a program means; `wasm/` prints one WebAssembly module a program.
 */
export { js } from "./js/index.ts";
export { printCode } from "./print.ts";
export type { Executable, Target } from "./target.ts";
export { enableWideSimd, setThreads, type WideSimdOptions, wasm } from "./wasm/index.ts";

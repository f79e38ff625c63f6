/** The code of programs, apart from the targets, so that a page which prints none need not load what prints it. */
import type { Program } from "../loop/ir.ts";
import { printProgram } from "../loop/text.ts";
import type { Target } from "./target.ts";
import type { WasmTarget } from "./wasm/index.ts";
import { programText } from "./wasm/text.ts";

/** The code that a target runs for a program, as text for a person to read. */
export const printCode = (target: Target, program: Program): string =>
  isWasm(target) ? programText(program, target.source(program)) : printProgram(program);

const isWasm = (target: Target): target is WasmTarget => "source" in target;

/**
 * The loop IR: what a program is before a target prints it, how expressions are built, printed, verified and costed,
 * and the meaning of every scalar operation. Knows neither the operations above it nor any target.
 */
export { kernelCost } from "./cost.ts";
export type { Kernel, Program, Step } from "./ir.ts";
export { printKernel, printProgram } from "./text.ts";
export { verifyProgram } from "./verify.ts";

/** One `explain` for all that can be explained. */
import type { CompiledProgram } from "../compile/index.ts";
import { Module } from "../nn/index.ts";
import { type EquationOptions, explainModel } from "./equations/index.ts";
import { explainProgram, type ProgramOptions } from "./program/index.ts";
import type { Model } from "./subject.ts";

/**
 * Explains a model by its equations, or a compiled program by what it is made of, as text.
 *
 * For a model: z, a and L of the forward pass and δ and the gradients of the backward pass, layer by layer, with the shape of
 * each quantity below it, n being the number of examples. `explain(model, { x, y })` fills in the numbers of an example;
 * `format: "latex"` writes LaTeX (amsmath).
 *
 * For a program, from `compile(f).program(...args)` or `trainStep(…).program(batch)`: the graph after simplification, the
 * kernels with their FLOPs, bytes and times, as `profile` measures them (`measure: false` leaves the times out), the arena with
 * the place of every buffer, and the code of the target.
 *
 * @throws TypeError, RangeError for wrong options; the errors of the model for an x that does not fit
 * @example
 * ```ts
 * import { explain } from "chainrule/check";
 * import { dense, sequential, tanh } from "chainrule/nn";
 * explain(sequential(dense(4, 3), tanh)).includes("z⁽¹⁾  =   x"); // → true
 * ```
 */
export function explain(model: Model, options?: EquationOptions): string;
export function explain(program: CompiledProgram, options?: ProgramOptions): string;
export function explain(what: Model | CompiledProgram, options?: EquationOptions | ProgramOptions): string {
  return what instanceof Module
    ? explainModel(what, options as EquationOptions)
    : explainProgram(what, options as ProgramOptions);
}

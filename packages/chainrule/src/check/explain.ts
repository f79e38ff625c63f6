/** One `explain` for all that can be explained. */
import { CompiledProgram } from "../compile/index.ts";
import { Module } from "../nn/index.ts";
import { describeValue } from "../tensor/options.ts";
import { type EquationOptions, explainModel } from "./equations/index.ts";
import { explainProgram, type ProgramOptions } from "./program/index.ts";
import type { Model } from "./subject.ts";

/**
 * Explains a model by its equations, or a compiled program by what it is made of, as text.
 *
 * For a model: z, a and L of the forward pass and δ and the gradients of the backward pass, layer by layer, with the shape of
 * each quantity below it, n being the number of examples. A parameter that is used more than once has one name, and its
 * gradient is the sum over its uses; a layer that is not the library's is written with its Jacobian, (∂z/∂x)ᵀ.
 * `explain(model, { x, y })` fills in the numbers of an example; `format: "latex"` writes two display formulas of LaTeX, for a
 * document with `\\usepackage{amsmath}`.
 *
 * For a program, from `compile(f).program(...args)` or `trainStep(…).program(batch)`: the graph after simplification, the
 * kernels with their FLOPs, bytes and times, as `profile` measures them (`measure: false` leaves the times out), the arena with
 * the place of every buffer, and the code of the target.
 *
 * @throws TypeError for what is neither; TypeError, RangeError for wrong options; the errors of the model for an x that does not fit
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
  if (what instanceof Module) return explainModel(what, options as EquationOptions);
  if (what instanceof CompiledProgram) return explainProgram(what, options as ProgramOptions);
  throw new TypeError(
    `explain: takes a model, such as sequential(…) or a class that extends Module, or a compiled program, from ` +
      `compile(f).program(...args) or trainStep(…).program(batch); it is ${describeValue(what)}.`,
  );
}

/** Models as TypeScript code that needs nothing else. */
import { compile } from "../compile/index.ts";
import { evaluation, initialize, Module } from "../nn/index.ts";
import { printTypeScript } from "../target/typescript/index.ts";
import { allocate, type TypedArray } from "../tensor/dtype.ts";
import { checkInputShape, describeValue } from "../tensor/options.ts";
import { sizeOf } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";

/**
 * A model as a module of TypeScript, weights included, which exports one function
 * `forward(input: ArrayLike<number>): Float32Array`: from the numbers of an input to those that the model gives for it.
 * It computes in float32, operation by operation, what the interpreter computes, to the last bit; WebAssembly, which adds in
 * another order and rounds less, differs from it by round-off. It imports nothing, and runs wherever JavaScript does.
 *
 * @param inputShape the shape of the input as the model gets it, with the batch: [1, 784] for one example
 * @throws TypeError for what is no model; ShapeError if the model does not take the shape
 * @example
 * ```ts
 * import { exportTypeScript } from "chainrule/io";
 * import { dense, relu, sequential } from "chainrule/nn";
 * const code = exportTypeScript(sequential(dense(4, 8), relu, dense(8, 3)), [1, 4]);
 * code.split("\n").at(-6); // → export function forward(input: ArrayLike<number>): Float32Array {
 * ```
 */
export function exportTypeScript(model: Module, inputShape: readonly number[]): string {
  if (!((model as unknown) instanceof Module))
    throw new TypeError(`exportTypeScript: takes a model, not ${describeValue(model)}.`);
  checkInputShape("exportTypeScript", inputShape);
  initialize(model, { missingOnly: true });
  const x = fromData(allocate("float32", sizeOf(inputShape)), inputShape, "float32");
  const compiled = evaluation(() => compile((input: Tensor) => model(input), { target: "js" }).program(x));
  const { program } = compiled;
  const values = compiled.inputs();
  const [input, ...known] = program.inputs;
  const constants = known.map((buffer, i) => ({ buffer, values: values[i + 1] as TypedArray }));
  return `${printTypeScript(program, constants)}

/** From the ${sizeOf(inputShape)} numbers of an input to the model's outputs, both row-major. */
export function forward(input: ArrayLike<number>): Float32Array {
  b${input}.set(input);
  run();
  return b${program.outputs[0]}.slice();
}
`;
}

/** The TypeScript that programs are printed as leaves the interpreter's bits in every buffer. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, cond, scan, type Tensor, tensor, whileLoop } from "../../src/index.ts";
import { variable } from "../../src/loop/build.ts";
import { kernelsOf } from "../../src/loop/dag.ts";
import type { Program } from "../../src/loop/ir.ts";
import { dense, gelu, sequential, sigmoid, softmax, softplus } from "../../src/nn/index.ts";
import { js } from "../../src/target/js/index.ts";
import { printTypeScript } from "../../src/target/typescript/index.ts";
import type { TypedArray } from "../../src/tensor/dtype.ts";
import { carryOut, inputsOf, recipes } from "../support/random-functions.ts";
import { accumulate, declare, loop, singleKernel, store } from "./program.ts";
import { instantiate, typescript } from "./typescript-run.ts";
import { runOn } from "./wasm-compare.ts";

/** Both leave the same in every buffer. */
function expectSame(program: Program, inputs: readonly TypedArray[]): void {
  const values = Object.fromEntries(program.inputs.map((id, i) => [id, inputs[i] as TypedArray]));
  const [expected, actual] = [js, typescript].map((target) => runOn(target, program, values));
  for (const { id, name } of program.buffers) {
    expect([...(actual?.view(id) ?? [])], name).toEqual([...(expected?.view(id) ?? [])]);
  }
}

test("random functions", () => {
  fc.assert(
    fc.property(recipes(), (recipe) => {
      const given = inputsOf(recipe);
      const f = compile((...leaves: Tensor[]) => carryOut(recipe, leaves).map(({ value }) => value), { target: "js" });
      const compiled = f.program(...given);
      expectSame(compiled.program, compiled.inputs());
    }),
    { numRuns: 150 },
  );
});

test("every function of one number, on ordinary and extreme numbers", () => {
  const numbers = [0, -0, 1, -1, 0.3, -0.9, 1.1, -2.5, 4, 7, 100, -100, 3e38, 1e-45, Infinity, -Infinity, Number.NaN];
  for (const dtype of ["float32", "float64"] as const) {
    const f = compile(
      (x: Tensor) => [
        ...[x.exp(), x.expm1(), x.log(), x.log1p(), x.sin(), x.cos(), x.tanh(), x.sigmoid(), x.softplus(), x.erf()],
        ...[x.neg(), x.abs(), x.sign(), x.floor(), x.sqrt(), x.pow(3.5), x.div(3), x.maximum(0), x.minimum(-0.5)],
        ...[x.cast("int32"), x.cast("bool"), x.cast("float32"), x.cast("float64"), x.greater(0), x.notEqual(1)],
      ],
      { target: "js" },
    );
    const compiled = f.program(tensor(numbers, { dtype }));
    expectSame(compiled.program, compiled.inputs());
  }
});

test("loops, conditions and integers", () => {
  const f = compile(
    (x: Tensor) => ({
      sums: scan((sum: Tensor, row: Tensor) => [sum.add(row), sum.mul(row)] as const, tensor([0, 0]), x),
      doubled: whileLoop(
        (v: Tensor) => v.sum().less(100),
        (v: Tensor) => v.mul(2),
        x,
      ),
      chosen: cond(
        x.sum().greater(3),
        () => x.neg(),
        () => x,
      ),
    }),
    { target: "js" },
  );
  const compiled = f.program(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  expect(compiled.program.steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["repeat", "while", "if"]));
  expectSame(compiled.program, compiled.inputs());
});

describe("a network with its weights", () => {
  const model = sequential(dense(5, 7), gelu, dense(7, 6), softplus, dense(6, 4), sigmoid, dense(4, 3), softmax);
  const x = tensor([[0.3, -1.2, 4, 0, 2.5]]);

  test("computes what the interpreter does", () => {
    const compiled = compile(model, { target: "js" }).program(x);
    const [input, output] = [compiled.program.inputs[0] as number, compiled.program.outputs[0] as number];
    const values = compiled.inputs();
    const constants = compiled.program.inputs
      .slice(1)
      .map((buffer, i) => ({ buffer, values: values[i + 1] as TypedArray }));
    const executable = instantiate(compiled.program, constants);
    executable.view(input).set(values[0] as TypedArray);
    executable.run();
    expect([...executable.view(output)]).toEqual([...compile(model, { target: "js" })(x).dataSync()]);
    expect(kernelsOf(compiled.program.steps).length).toBeGreaterThan(4);
  });
});

test("what is printed reads like code that someone wrote", () => {
  const sum = variable("sum", "float32");
  const program = singleKernel(
    [
      ["a", "float32", 6, "input"],
      ["b", "float32", 2, "output"],
    ],
    loop("i", 2, (i) => [
      declare(sum, { kind: "const", dtype: "float32", value: 0 }),
      loop("j", 3, (j) => [
        accumulate(sum, {
          kind: "load",
          dtype: "float32",
          buffer: 0,
          index: {
            kind: "call",
            op: "add",
            dtype: "int32",
            args: [
              { kind: "call", op: "mul", dtype: "int32", args: [i, { kind: "const", dtype: "int32", value: 3 }] },
              j,
            ],
          },
        }),
      ]),
      store(1, i, sum),
    ]),
  );
  expect(printTypeScript(program, [])).toContain(`function kernel0_k(): void {
  for (let i = 0; i < 2; i++) {
    let sum = 0;
    for (let j = 0; j < 3; j++) {
      sum = Math.fround(sum + b0[i * 3 + j]!);
    }
    b1[i] = sum;
  }
}

function run(): void {
  kernel0_k();
}`);
});

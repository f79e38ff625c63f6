import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { compile, setThreads, type Tensor } from "../../src/index.ts";
import { ExprPool, variable } from "../../src/loop/build.ts";
import {
  type Expr,
  type Product,
  type Program,
  SCALAR_OPS,
  type Step,
  type Stmt,
  scratchLength,
} from "../../src/loop/ir.ts";
import { argumentError, resultDType } from "../../src/loop/typing.ts";
import { wasm } from "../../src/target/wasm/index.ts";
import { ThreadedProgram } from "../../src/target/wasm/threaded-program.ts";
import { carryOut, inputsOf, recipes } from "../support/random-functions.ts";
import { accumulate, choose, declare, kernelStep, loop, programOf, singleKernel, store } from "./program.ts";
import { expectSameTogether, runTogether, sharing } from "./threads-compare.ts";
import { runOn } from "./wasm-compare.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const add = (a: Expr, b: Expr): Expr => pool.call("add", a, b);
const mul = (a: Expr, b: Expr): Expr => pool.call("mul", a, b);
const at = (buffer: number, index: Expr): Expr => pool.load("float32", buffer, index);
const float = (x: number): Expr => pool.constant("float32", x);
const range = (length: number): number[] => Array.from({ length }, (_, i) => (i % 23) - 11);
const isResult = ({ role }: { readonly role: string }): boolean => role === "output";

const SIZES = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127];

describe("threads leave the bits that one leaves", () => {
  it("in elementwise loops of every length, in place or not", async () => {
    for (const n of SIZES.filter((size) => size > 16)) {
      const layout = [
        ["x", "float32", n, "output"],
        ["y", "float32", n, "output"],
      ] as const;
      const body = (i: Expr): Stmt[] => [
        store(1, i, pool.call("max", at(0, i), float(2))),
        store(0, i, mul(at(0, i), float(3))),
      ];
      const program = singleKernel(layout, loop("i", n, body, true));
      await expectSameTogether(program, { 0: range(n) }, isResult);
    }
  });

  it("in sums of rows and of columns", async () => {
    for (const rows of [2, 3, 16, 33, 50]) {
      for (const columns of [1, 4, 19, 33]) {
        const layout = [
          ["x", "float32", rows * columns],
          ["rows", "float32", rows, "output"],
          ["columns", "float32", columns, "output"],
        ] as const;
        const sums = (
          out: number,
          extent: number,
          inner: number,
          strides: readonly [number, number],
          simd: boolean,
        ) => {
          const sum = variable("sum", "float32");
          const cell = (i: Expr, j: Expr): Expr => at(0, add(mul(i, int(strides[0])), mul(j, int(strides[1]))));
          return kernelStep("sum", [
            loop(
              "i",
              extent,
              (i) => [
                declare(sum, float(0)),
                loop("j", inner, (j) => [accumulate(sum, cell(i, j))], !simd),
                store(out, i, sum),
              ],
              simd,
            ),
          ]);
        };
        const steps = [sums(1, rows, columns, [columns, 1], false), sums(2, columns, rows, [1, columns], true)];
        // Numbers whose sums depend on the order of addition.
        const values = { 0: Array.from({ length: rows * columns }, (_, i) => Math.sin(i)) };
        await expectSameTogether(programOf(layout, steps), values, isResult, { exact: false });
      }
    }
  });

  it("in matrix products at all edges of tiles, by rows and by columns", async () => {
    for (const size of SIZES.filter((n) => n > 1)) {
      for (const [m, k, n] of [
        [size, 5, 8],
        [3, 4, size + 16],
        [size, size, size],
      ] as const) {
        for (const transposed of [false, true]) {
          const [a, b] = [int(0), int(0)];
          const product: Product = {
            kind: "product",
            dtype: "float32",
            m,
            n,
            k,
            a: { buffer: 0, offset: a, rowStride: transposed ? 1 : k, colStride: transposed ? m : 1 },
            b: { buffer: 1, offset: b, rowStride: transposed ? 1 : n, colStride: transposed ? k : 1 },
            out: { buffer: 2, offset: int(0), rowStride: n, colStride: 1 },
            scratch: 3,
          };
          const layout = [
            ["a", "float32", m * k],
            ["b", "float32", k * n],
            ["out", "float32", m * n, "output"],
            ["scratch", "float32", scratchLength({ k, n })],
          ] as const;
          const sines = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i));
          const values = { 0: sines(m * k), 1: sines(k * n) };
          await expectSameTogether(singleKernel(layout, product), values, isResult, { exact: false });
        }
      }
    }
  });

  it("in random graphs", async () => {
    let shared = 0;
    await fc.assert(
      fc.asyncProperty(recipes(), async (recipe) => {
        const f = compile((...given: Tensor[]) => carryOut(recipe, given).map(({ value }) => value), { target: "js" });
        const inputs = inputsOf(recipe);
        const { program } = f.program(...inputs);
        const values = Object.fromEntries(inputs.map((t, i) => [program.inputs[i] as number, t.dataSync()]));
        if (!(sharing(2).instantiate(program) instanceof ThreadedProgram)) return;
        shared++;
        const included = new Set(program.outputs);
        await expectSameTogether(program, values, ({ id }) => included.has(id), { exact: false });
      }),
      { numRuns: 80 },
    );
    expect(shared).toBeGreaterThan(10);
  });

  it("in control flow, whose conditions they read together", async () => {
    const n = 40;
    const layout = [
      ["x", "float32", n, "output"],
      ["y", "float32", n, "output"],
      ["go", "bool", 1],
      ["counter", "int32", 1],
      ["big", "bool", 1],
    ] as const;
    const double = kernelStep("double", [loop("i", n, (i) => [store(1, i, add(at(0, i), at(0, i)))], true)]);
    const back = (i: Expr): Expr => pool.call("sub", int(n - 1), i);
    const reverse = kernelStep("reverse", [loop("i", n, (i) => [store(0, i, add(at(1, back(i)), float(1)))], true)]);
    const test = kernelStep("test", [store(2, int(0), pool.call("lt", at(0, int(7)), float(1e6)))]);
    const isBig = kernelStep("big", [store(4, int(0), pool.call("gt", at(0, int(3)), float(50)))]);
    const counted = kernelStep("counted", [
      loop("i", n, (i) => [store(1, i, add(at(1, i), pool.cast("float32", pool.load("int32", 3, int(0)))))], true),
    ]);
    const steps: Step[] = [
      { kind: "repeat", count: 5, counter: 3, body: [counted, reverse, double] },
      {
        kind: "while",
        test: [test],
        condition: 2,
        body: [double, reverse, isBig, choose(4, [double, reverse], [counted])],
      },
      { kind: "repeat", count: 0, counter: 3, body: [double] },
    ];
    await expectSameTogether(programOf(layout, steps), { 0: range(n) }, isResult);
  });

  it("run after run, though each is begun while workers are still awake from the one before", async () => {
    const n = 64;
    const layout = [
      ["x", "float32", n, "output"],
      ["y", "float32", n],
    ] as const;
    const back = (i: Expr): Expr => pool.call("sub", int(n - 1), i);
    const steps = [
      kernelStep("next", [loop("i", n, (i) => [store(1, i, add(at(0, back(i)), float(1)))], true)]),
      kernelStep("copy", [loop("i", n, (i) => [store(0, i, at(1, i))], true)]),
    ];
    const program = await runTogether(programOf(layout, steps), 2);
    program.view(0).fill(0);
    for (let run = 0; run < 20_000; run++) program.run();
    expect(program.threads).toBe(2);
    expect(Array.from(program.view(0))).toEqual(new Array(n).fill(20_000));
  });
});

describe("what is not shared", () => {
  const cannotBe = (program: Program): void => {
    expect(sharing(3).instantiate(program)).not.toBeInstanceOf(ThreadedProgram);
  };
  const layout = [
    ["x", "float32", 100],
    ["y", "float32", 100],
  ] as const;

  it("is a loop whose iterations see each other's results: running sums, shifts in place, one cell for all", () => {
    const shift = loop("i", 99, (i) => [store(0, i, at(0, add(i, int(1))))]);
    const one = loop("i", 99, (i) => [store(1, int(0), at(0, i))]);
    const overlapping = loop("i", 20, (i) => [loop("j", 6, (j) => [store(1, add(mul(i, int(4)), j), at(0, i))])]);
    const scattered = loop("i", 100, (i) => [store(1, pool.cast("int32", at(0, i)), float(1))]);
    for (const body of [shift, one, overlapping, scattered]) cannotBe(singleKernel(layout, body));
    const sum = variable("sum", "float32");
    const running = loop("i", 100, (i) => [accumulate(sum, at(0, i)), store(1, i, sum)]);
    cannotBe(singleKernel(layout, declare(sum, float(0)), running));
  });

  it("is a kernel that calls functions of the host, which workers do not have", () => {
    const power = loop("i", 100, (i) => [store(1, i, pool.call("pow", at(0, i), float(2.5)))], true);
    cannotBe(singleKernel(layout, power));
  });

  it("is a small program", () => {
    const program = singleKernel(
      layout,
      loop("i", 100, (i) => [store(1, i, at(0, i))], true),
    );
    expect(runOn(wasm, program)).not.toBeInstanceOf(ThreadedProgram);
  });
});

it("every operation gives the same on workers, or is left to the first thread", async () => {
  const n = 64;
  const values = { 0: range(n).map((x) => x * 1e5), 1: range(n).map((x) => x / 7 + 2) };
  let shared = 0;
  for (const dtype of ["float32", "float64"] as const) {
    for (const op of Object.keys(SCALAR_OPS) as (keyof typeof SCALAR_OPS)[]) {
      const arity = SCALAR_OPS[op];
      if (op === "cast" || op === "select" || argumentError(op, Array(arity).fill(dtype)) !== undefined) continue;
      const result = resultDType(op, Array(arity).fill(dtype));
      const layout = [
        ["x", dtype, n],
        ["y", dtype, n],
        ["out", result, n, "output"],
      ] as const;
      const body = (i: Expr): Stmt[] => {
        const args = [0, 1].map((buffer) => pool.load(dtype, buffer, i)).slice(0, arity);
        return [store(2, i, pool.call(op, ...args))];
      };
      const program = singleKernel(layout, loop("i", n, body, true));
      if (!(sharing(2).instantiate(program) instanceof ThreadedProgram)) continue;
      shared++;
      await expectSameTogether(program, values, isResult, { exact: false });
    }
  }
  expect(shared).toBeGreaterThan(25);
});

describe("setThreads", () => {
  afterEach(() => {
    setThreads("auto");
  });

  it("gives the number in use, which the cores limit", () => {
    const cores = setThreads(1e6);
    expect(cores).toBe(navigator.hardwareConcurrency);
    expect(setThreads(1)).toBe(1);
    expect(setThreads("auto")).toBe(Math.min(cores, 8));
  });

  it("refuses what is no number of threads", () => {
    for (const wrong of [0, 1.5, -2, Number.NaN, "many" as unknown as number]) {
      expect(() => setThreads(wrong)).toThrow(/setThreads: the number of threads must be an integer ≥ 1/);
    }
  });
});

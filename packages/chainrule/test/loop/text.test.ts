import { describe, expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import type { Expr, MatrixView, Stmt } from "../../src/loop/ir.ts";
import { printKernel, printProgram, printStatement } from "../../src/loop/text.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { accumulate, choose, declare, kernelStep, layOut, loop, programOf, store, when } from "../target/program.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const at = (buffer: number, index: Expr, dtype: DType = "float32"): Expr => pool.load(dtype, buffer, index);
const add = (a: Expr, b: Expr): Expr => pool.call("add", a, b);
const x = variable("x", "float32");
const y = variable("y", "float32");
const i = variable("i", "int32");

/** The text of a value, as the right side of a let. */
const text = (value: Expr): string =>
  printStatement(declare(variable("v", value.dtype), value)).replace(/^let v: \w+ = /, "");

describe("printKernel", () => {
  it("prints loops, what is read and what is written", () => {
    const { buffers } = layOut([
      ["", "bool", 1],
      ["x", "float32", 640],
      ["b", "float32", 10],
      ["y", "float32", 640],
    ]);
    const body = loop("i", 64, (row) => [
      loop(
        "j",
        10,
        (j) => {
          const index = add(pool.call("mul", row, int(10)), j);
          return [store(3, index, add(at(1, index), at(2, j)))];
        },
        true,
      ),
    ]);
    expect(printKernel({ name: "dense_bias", body: [body] }, buffers)).toBe(`\
kernel dense_bias (b1: float32[640], b2: float32[10]) -> (b3: float32[640])
  for i in 0..64
    for j in 0..10 simd
      b3[i*10 + j] = b1[i*10 + j] + b2[j]
`);
  });

  it("prints every statement, and gives different variables different names", () => {
    const { buffers } = layOut([
      ["x", "float32", 4],
      ["y", "float32", 4],
      ["z", "float32", 4],
      ["s", "float32", 8],
    ]);
    const sum = variable("sum", "float32");
    const view = (buffer: number, offset: Expr, rowStride: number, colStride: number): MatrixView => ({
      buffer,
      offset,
      rowStride,
      colStride,
    });
    const body: Stmt[] = [
      declare(sum, pool.constant("float32", 0)),
      loop("i", 4, (k) => [accumulate(sum, at(0, k), "max"), accumulate(sum, at(0, k), "mul")]),
      loop("i", 4, (k) => [when(pool.call("gt", at(0, k), sum), [store(1, k, sum)])]),
      { kind: "while", condition: pool.call("lt", sum, pool.constant("float32", 8)), body: [accumulate(sum, sum)] },
      { kind: "assign", target: sum, value: pool.call("neg", sum) },
      accumulate(sum, at(0, int(1)), "min"),
      {
        kind: "product",
        dtype: "float32",
        m: 2,
        n: 1,
        k: 2,
        a: view(0, int(0), 2, 1),
        b: view(1, int(2), 1, 0),
        out: view(2, int(0), 0, 0),
        scratch: 3,
      },
    ];
    expect(printKernel({ name: "all", body }, buffers)).toBe(`\
kernel all (b0: float32[4], b1: float32[4]) -> (b1: float32[4], b2: float32[4])
  let sum: float32 = 0.0
  for i in 0..4
    sum max= b0[i]
    sum *= b0[i]
  for i_1 in 0..4
    if b0[i_1] > sum
      b1[i_1] = sum
  while sum < 8.0
    sum += sum
  sum = -sum
  sum min= b0[1]
  product float32 r in 0..2, c in 0..1, k in 0..2: b2[0] = sum k of b0[r*2 + k] * b1[2 + k], scratch b3
`);
  });

  it("writes what one statement shares once, on a line before it", () => {
    const { buffers } = layOut([["x", "float32", 4]]);
    const e = pool.call("exp", at(0, int(1)));
    const sum = add(e, pool.call("mul", e, e));
    const body = [store(0, int(0), pool.call("div", sum, sum))];
    expect(printKernel({ name: "shared", body }, buffers)).toBe(`\
kernel shared (b0: float32[4]) -> (b0: float32[4])
  $0 = exp(b0[1])
  $1 = $0 + $0*$0
  b0[0] = $1/$1
`);
  });
});

describe("expressions", () => {
  const cases: [string, Expr][] = [
    ["x - y", pool.call("sub", x, y)],
    ["x - (y - x)", pool.call("sub", x, pool.call("sub", y, x))],
    ["x - y - x", pool.call("sub", pool.call("sub", x, y), x)],
    ["x + (y + x)", add(x, add(y, x))],
    ["(x + y)*x", pool.call("mul", add(x, y), x)],
    ["x/(y*x)", pool.call("div", x, pool.call("mul", y, x))],
    ["-(x + y)", pool.call("neg", add(x, y))],
    ["-(-x)", pool.call("neg", pool.call("neg", x))],
    ["max(x, 0.0)", pool.call("max", x, pool.constant("float32", 0))],
    ["i - 1", pool.call("sub", i, int(1))],
    ["x + -1.0", add(x, pool.constant("float32", -1))],
    ["i div 3*2", pool.call("mul", pool.call("idiv", i, int(3)), int(2))],
    ["(i + 1) mod 3", pool.call("imod", add(i, int(1)), int(3))],
    ["float32(i)", pool.cast("float32", i)],
    [
      "select(x < y and y != x, x, y)",
      pool.select(pool.call("and", pool.call("lt", x, y), pool.call("ne", y, x)), x, y),
    ],
    ["true", pool.bool(true)],
    ["-0.0", pool.constant("float64", -0)],
    ["NaN", pool.constant("float32", Number.NaN)],
    ["-Infinity", pool.constant("float32", -Infinity)],
    ["1e-7", pool.constant("float64", 1e-7)],
    ["1e+21", pool.constant("float64", 1e21)],
    ["b3[b2[i]]", at(3, at(2, i, "int32"))],
  ];
  it.each(cases)("prints %s", (expected, expr) => expect(text(expr)).toBe(expected));
});

describe("printProgram", () => {
  it("prints buffers and steps", () => {
    const fill = (name: string, value: number) => kernelStep(name, [store(2, int(0), pool.constant("float32", value))]);
    const program = programOf(
      [
        ["p", "bool", 1, "input"],
        ["i", "int32", 1],
        ["out", "float32", 1, "output"],
      ],
      [
        choose(0, [fill("yes", 1)], [fill("no", 2)]),
        { kind: "while", test: [fill("test", 3)], condition: 0, body: [fill("body", 4)] },
        { kind: "repeat", count: 10, counter: 1, body: [fill("again", 5)] },
      ],
    );
    expect(printProgram(program)).toBe(`\
program (b0) -> (b2), arena of 96 bytes
  b0 input p: bool[1] at 0
  b1 temporary i: int32[1] at 32
  b2 output out: float32[1] at 64
if b0[0]
  kernel yes () -> (b2: float32[1])
    b2[0] = 1.0
else
  kernel no () -> (b2: float32[1])
    b2[0] = 2.0
loop
  kernel test () -> (b2: float32[1])
    b2[0] = 3.0
  stop unless b0[0]
  kernel body () -> (b2: float32[1])
    b2[0] = 4.0
repeat 10 times, counting in b1[0]
  kernel again () -> (b2: float32[1])
    b2[0] = 5.0
`);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import type { Expr, MatrixView, Product, Stmt } from "../../src/loop/ir.ts";
import { printCode } from "../../src/target/index.ts";
import { js } from "../../src/target/js/index.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import {
  accumulate,
  choose,
  contents,
  declare,
  kernelStep,
  loop,
  programOf,
  runOnce,
  singleKernel,
  store,
  when,
} from "./program.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const add = (a: Expr, b: Expr): Expr => pool.call("add", a, b);
const mul = (a: Expr, b: Expr): Expr => pool.call("mul", a, b);
const at = (buffer: number, index: Expr, dtype: DType = "float32"): Expr => pool.load(dtype, buffer, index);

describe("arithmetic", () => {
  const sumOf = (dtype: DType) =>
    singleKernel(
      [
        ["x", dtype, 2],
        ["sum", dtype, 1],
      ],
      store(1, int(0), add(at(0, int(0), dtype), at(0, int(1), dtype))),
    );

  it("rounds float32 after every operation", () => {
    // 2²⁴ + 1 is not a float32; the tie goes to the even 2²⁴, twice.
    const x = (n: number): Expr => at(0, int(n));
    const program = singleKernel(
      [
        ["x", "float32", 3],
        ["y", "float32", 1],
      ],
      store(1, int(0), add(add(x(0), x(1)), x(2))),
    );
    expect(contents(runOnce(program, { 0: [2 ** 24, 1, 1] }), 1)).toEqual([2 ** 24]);
  });

  it("keeps float64 and wraps int32", () => {
    expect(contents(runOnce(sumOf("float64"), { 0: [2 ** 24, 1] }), 1)).toEqual([2 ** 24 + 1]);
    expect(contents(runOnce(sumOf("int32"), { 0: [2 ** 31 - 1, 1] }), 1)).toEqual([-(2 ** 31)]);
    const square = mul(at(0, int(0), "int32"), at(0, int(0), "int32"));
    const program = singleKernel(
      [
        ["x", "int32", 1],
        ["y", "int32", 1],
      ],
      store(1, int(0), square),
    );
    // 65537² = 2³² + 131073.
    expect(contents(runOnce(program, { 0: [65537] }), 1)).toEqual([131073]);
  });

  it("compares, combines and selects booleans of one byte", () => {
    const [x, y] = [at(0, int(0)), at(0, int(1))];
    const p = pool.call("lt", x, y);
    const program = singleKernel(
      [
        ["x", "float32", 2],
        ["p", "bool", 2],
        ["y", "float32", 1],
      ],
      store(1, int(0), p),
      store(1, int(1), pool.call("not", pool.call("or", p, pool.call("eq", x, y)))),
      store(2, int(0), pool.select(pool.load("bool", 1, int(0)), x, y)),
    );
    const run = runOnce(program, { 0: [3, -5] });
    expect(run.view(1)).toEqual(new Uint8Array([0, 1]));
    expect(contents(run, 2)).toEqual([-5]);
    expect(contents(runOnce(program, { 0: [-5, 3] }), 1)).toEqual([1, 0]);
  });

  it("wraps indices like other integers", () => {
    // i·65536·65536 vanishes modulo 2³²; the pool folds it, hence an expression written out.
    const program = singleKernel(
      [["y", "float32", 4]],
      loop("i", 4, (i) => {
        const times = (a: Expr): Expr => ({ kind: "call", op: "mul", dtype: "int32", args: [a, int(65536)] });
        const index: Expr = { kind: "call", op: "add", dtype: "int32", args: [times(times(i)), i] };
        return [store(0, index, pool.cast("float32", add(i, int(1))))];
      }),
    );
    expect(contents(runOnce(program), 0)).toEqual([1, 2, 3, 4]);
  });
});

describe("statements", () => {
  it("adds a bias to every row", () => {
    const program = singleKernel(
      [
        ["x", "float32", 6],
        ["b", "float32", 3],
        ["y", "float32", 6],
      ],
      loop("i", 2, (i) => [
        loop("j", 3, (j) => {
          const index = add(mul(i, int(3)), j);
          return [store(2, index, add(at(0, index), at(1, j)))];
        }),
      ]),
    );
    expect(contents(runOnce(program, { 0: [1, 2, 3, 4, 5, 6], 1: [10, 20, 30] }), 2)).toEqual([11, 22, 33, 14, 25, 36]);
  });

  it.each([
    ["add", 0, 11],
    ["mul", 1, -48],
    ["min", Infinity, -1],
    ["max", -Infinity, 6],
  ] as const)("accumulates by %s", (op, start, expected) => {
    const result = variable("result", "float32");
    const program = singleKernel(
      [
        ["x", "float32", 4],
        ["y", "float32", 1],
      ],
      declare(result, pool.constant("float32", start)),
      loop("i", 4, (i) => [accumulate(result, at(0, i), op)], true),
      store(1, int(0), result),
    );
    expect(contents(runOnce(program, { 0: [2, -1, 4, 6] }), 1)).toEqual([expected]);
  });

  it("accumulates float32 with rounding, and forgets between rows", () => {
    const sum = variable("sum", "float32");
    const program = singleKernel(
      [
        ["x", "float32", 6],
        ["y", "float32", 2],
      ],
      loop("i", 2, (i) => [
        declare(sum, pool.constant("float32", 0)),
        loop("j", 3, (j) => [accumulate(sum, at(0, add(mul(i, int(3)), j)))]),
        store(1, i, sum),
      ]),
    );
    expect(contents(runOnce(program, { 0: [2 ** 24, 1, 1, 1, 2, 3] }), 1)).toEqual([2 ** 24, 6]);
  });

  it("runs if and while by their conditions: Collatz steps from 27 are 111", () => {
    const n = variable("n", "int32");
    const next = variable("next", "int32");
    const steps = variable("steps", "int32");
    const even = pool.call("eq", pool.call("imod", n, int(2)), int(0));
    const body: Stmt[] = [
      declare(next, add(mul(n, int(3)), int(1))),
      when(even, [{ kind: "assign", target: next, value: pool.call("idiv", n, int(2)) }]),
      { kind: "assign", target: n, value: next },
      { kind: "assign", target: steps, value: add(steps, int(1)) },
    ];
    const program = singleKernel(
      [
        ["n", "int32", 1],
        ["steps", "int32", 1],
      ],
      declare(n, at(0, int(0), "int32")),
      declare(steps, int(0)),
      { kind: "while", condition: pool.call("gt", n, int(1)), body },
      store(1, int(0), steps),
    );
    expect(contents(runOnce(program, { 0: [27] }), 1)).toEqual([111]);
    expect(contents(runOnce(program, { 0: [1] }), 1)).toEqual([0]);
  });

  it("does nothing in a loop of no iterations or over an empty buffer", () => {
    const program = singleKernel(
      [
        ["x", "float32", 0],
        ["y", "float32", 1],
      ],
      loop("i", 0, (i) => [store(1, int(0), at(0, i))]),
    );
    expect(contents(runOnce(program, { 1: [7] }), 1)).toEqual([7]);
  });
});

describe("shared expressions", () => {
  it("are computed again after a store", () => {
    // One hash-consed x[0] + 1 in three statements: each must see what the one before stored.
    const next = add(at(0, int(0)), pool.constant("float32", 1));
    const program = singleKernel(
      [
        ["x", "float32", 1],
        ["y", "float32", 1],
      ],
      store(0, int(0), next),
      store(0, int(0), mul(next, next)),
      store(1, int(0), add(next, next)),
    );
    const run = runOnce(program, { 0: [1] });
    expect([contents(run, 0), contents(run, 1)]).toEqual([[9], [20]]);
  });

  it("are computed again in each iteration and after each assignment", () => {
    const v = variable("v", "float32");
    const square = mul(add(v, v), add(v, v));
    const program = singleKernel(
      [
        ["x", "float32", 3],
        ["y", "float32", 3],
      ],
      loop("i", 3, (i) => [declare(v, at(0, i)), { kind: "assign", target: v, value: square }, store(1, i, square)]),
    );
    // (2v)² twice: v → 4v² → 64v⁴.
    expect(contents(runOnce(program, { 0: [1, 2, -1] }), 1)).toEqual([64, 1024, 64]);
  });

  it("are computed once in a statement, so that sixty doublings end", () => {
    let sum = at(0, int(0));
    for (let n = 0; n < 60; n++) sum = add(sum, sum);
    const program = singleKernel(
      [
        ["x", "float32", 1],
        ["y", "float32", 1],
      ],
      store(1, int(0), sum),
    );
    expect(contents(runOnce(program, { 0: [1] }), 1)).toEqual([2 ** 60]);
  });

  it("may be an index", () => {
    const index = pool.call("imod", at(0, int(0), "int32"), int(3));
    const program = singleKernel(
      [
        ["i", "int32", 1],
        ["x", "float32", 3],
      ],
      store(1, index, mul(at(1, index), at(1, index))),
    );
    expect(contents(runOnce(program, { 0: [5], 1: [2, 3, 4] }), 1)).toEqual([2, 3, 16]);
  });
});

describe("bounds", () => {
  const layout = [
    ["x", "float32", 2],
    ["y", "float32", 3],
  ] as const;
  it("refuses a load outside its buffer", () => {
    const program = singleKernel(
      layout,
      loop("i", 3, (i) => [store(1, i, at(0, i))]),
    );
    expect(() => runOnce(program)).toThrow("kernel k: index 2 is outside buffer b0 of 2 elements");
  });

  it("refuses a store outside its buffer", () => {
    const i = loop("i", 3, (index) => [store(0, pool.call("sub", index, int(1)), pool.constant("float32", 1))]);
    expect(() => runOnce(singleKernel(layout, i))).toThrow("kernel k: index -1 is outside buffer b0 of 2 elements");
  });

  it("refuses a product outside its buffers", () => {
    const view = (buffer: number): MatrixView => ({ buffer, offset: int(0), rowStride: 2, colStride: 1 });
    const step: Product = {
      kind: "product",
      dtype: "float32",
      m: 2,
      n: 1,
      k: 1,
      a: view(0),
      b: view(1),
      out: view(2),
      scratch: 3,
    };
    const program = singleKernel([...layout, ["z", "float32", 3], ["s", "float32", 8]], step);
    expect(() => runOnce(program)).toThrow("kernel k: index 2 is outside buffer b0 of 2 elements");
    const before = { ...step, out: { ...view(2), rowStride: -1 } };
    const other = singleKernel([["x", "float32", 4], layout[1], ["z", "float32", 3], ["s", "float32", 8]], before);
    expect(() => runOnce(other)).toThrow("kernel k: index -1 is outside buffer b2 of 3 elements");
  });

  it("refuses a kernel or a reader that asks for a buffer which is not there", () => {
    const program = singleKernel(layout, store(7, int(0), pool.constant("float32", 1)));
    expect(() => js.instantiate(program)).toThrow("kernel k uses buffer 7, which the program lacks");
    expect(() => runOnce(singleKernel(layout)).view(9)).toThrow("the program has no buffer 9");
  });
});

describe("product", () => {
  const matrix = (buffer: number, rowStride: number, colStride = 1, offset: Expr = int(0)): MatrixView => ({
    buffer,
    offset,
    rowStride,
    colStride,
  });
  const product = (
    dtype: DType,
    [m, k, n]: readonly [number, number, number],
    a: MatrixView,
    b: MatrixView,
    out: MatrixView,
  ) => ({ kind: "product", dtype, m, n, k, a, b, out, scratch: 3 }) satisfies Product;
  const layout = (dtype: DType) =>
    [
      ["a", dtype, 24],
      ["b", dtype, 24],
      ["c", dtype, 24],
      ["scratch", dtype, 64],
    ] as const;

  it.each(["float32", "float64", "int32"] as const)("multiplies %s matrices", (dtype) => {
    const step = product(dtype, [2, 3, 2], matrix(0, 3), matrix(1, 2), matrix(2, 2));
    const run = runOnce(singleKernel(layout(dtype), step), { 0: [1, 2, 3, 4, 5, 6], 1: [7, 8, 9, 10, 11, 12] });
    // [[1 2 3] [4 5 6]] · [[7 8] [9 10] [11 12]]
    expect(contents(run, 2).slice(0, 5)).toEqual([58, 64, 139, 154, 0]);
  });

  it("follows strides: the transposes of a and b, into columns", () => {
    const step = product("float32", [2, 3, 2], matrix(0, 1, 2), matrix(1, 1, 3), matrix(2, 1, 2));
    const run = runOnce(singleKernel(layout("float32"), step), { 0: [1, 4, 2, 5, 3, 6], 1: [7, 9, 11, 8, 10, 12] });
    expect(contents(run, 2).slice(0, 4)).toEqual([58, 139, 64, 154]);
  });

  it("starts at the offset of the moment", () => {
    const program = singleKernel(
      layout("float32"),
      loop("i", 2, (i) => [
        product(
          "float32",
          [1, 2, 1],
          matrix(0, 2, 1, mul(i, int(2))),
          matrix(1, 1, 1, mul(i, int(2))),
          matrix(2, 1, 1, i),
        ),
      ]),
    );
    expect(contents(runOnce(program, { 0: [1, 2, 3, 4], 1: [5, 6, 7, 8] }), 2).slice(0, 3)).toEqual([17, 53, 0]);
  });

  it("is zero where k is 0", () => {
    const step = product("float32", [2, 0, 1], matrix(0, 0), matrix(1, 1), matrix(2, 1));
    const run = runOnce(singleKernel(layout("float32"), step), { 2: [5, 5, 5] });
    expect(contents(run, 2).slice(0, 3)).toEqual([0, 0, 5]);
  });

  it("rounds each product and each sum to float32", () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 24 }), (pairs) => {
        const step = product("float32", [1, pairs.length, 1], matrix(0, 24), matrix(1, 1), matrix(2, 1));
        const values = { 0: pairs.map(([a]) => a), 1: pairs.map(([, b]) => b) };
        const cell = new Float32Array(2);
        for (const [a, b] of pairs) {
          cell[1] = a * b;
          cell[0] = (cell[0] as number) + (cell[1] as number);
        }
        expect(runOnce(singleKernel(layout("float32"), step), values).view(2)[0]).toBe(cell[0]);
      }),
    );
  });

  it("wraps int32", () => {
    const step = product("int32", [1, 2, 1], matrix(0, 2), matrix(1, 1), matrix(2, 1));
    const run = runOnce(singleKernel(layout("int32"), step), { 0: [65537, 1], 1: [65537, -1] });
    expect(contents(run, 2)[0]).toBe(131072);
  });
});

describe("steps", () => {
  const increment = (name: string, buffer: number, by: Expr): ReturnType<typeof kernelStep> =>
    kernelStep(name, [store(buffer, int(0), add(at(buffer, int(0), "int32"), by))]);

  it("repeat a body and count for it", () => {
    const program = programOf(
      [
        ["total", "int32", 1],
        ["i", "int32", 1],
      ],
      [{ kind: "repeat", count: 5, counter: 1, body: [increment("sum", 0, at(1, int(0), "int32"))] }],
    );
    expect(contents(runOnce(program), 0)).toEqual([0 + 1 + 2 + 3 + 4]);
  });

  it("choose by a condition", () => {
    const program = programOf(
      [
        ["p", "bool", 1],
        ["n", "int32", 1],
      ],
      [choose(0, [increment("a", 1, int(1))], [increment("b", 1, int(-1))])],
    );
    expect(contents(runOnce(program, { 0: [1] }), 1)).toEqual([1]);
    expect(contents(runOnce(program, { 0: [0] }), 1)).toEqual([-1]);
  });

  it("loop while a test holds, which runs once more than the body", () => {
    const below = pool.call("lt", at(1, int(0), "int32"), int(10));
    const test = [increment("tests", 2, int(1)), kernelStep("below", [store(0, int(0), below)])];
    const program = programOf(
      [
        ["p", "bool", 1],
        ["n", "int32", 1],
        ["tests", "int32", 1],
      ],
      [{ kind: "while", test, condition: 0, body: [increment("n", 1, int(4))] }],
    );
    const run = runOnce(program, { 1: [1] });
    expect([contents(run, 1), contents(run, 2)]).toEqual([[13], [4]]);
  });

  it("keep state between runs, apart for each executable", () => {
    const program = programOf([["n", "int32", 1, "state"]], [increment("n", 0, int(1))]);
    const [one, other] = [js.instantiate(program), js.instantiate(program)];
    for (let run = 0; run < 3; run++) one.run();
    other.run();
    expect([contents(one, 0), contents(other, 0)]).toEqual([[3], [1]]);
  });
});

describe("the target", () => {
  it("is named js and prints the loop IR", () => {
    const program = singleKernel([["x", "float32", 1]], store(0, int(0), pool.constant("float32", 1)));
    expect(js.name).toBe("js");
    expect(printCode(js, program)).toContain("b0[0] = 1.0");
  });
});

import { describe, expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import type { Expr, Program, Stmt, Var } from "../../src/loop/ir.ts";
import { printCode } from "../../src/target/index.ts";
import { hasRelaxedMultiplyAdd, wasm } from "../../src/target/wasm/index.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { accumulate, choose, declare, kernelStep, loop, programOf, singleKernel, store, when } from "./program.ts";
import { runOn, wasmContents } from "./wasm-compare.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const float = (x: number): Expr => pool.constant("float32", x);
const add = (a: Expr, b: Expr): Expr => pool.call("add", a, b);
const mul = (a: Expr, b: Expr): Expr => pool.call("mul", a, b);
const at = (buffer: number, index: Expr, dtype: DType = "float32"): Expr => pool.load(dtype, buffer, index);
const assign = (target: Var, value: Expr): Stmt => ({ kind: "assign", target, value });
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** Lengths with and without a main loop, and with tails of 0 to 3. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 64, 65];

describe("simd loops of every length", () => {
  const overBuffers = (length: number, ...body: Stmt[]): Program =>
    singleKernel(
      [
        ["x", "float32", length],
        ["y", "float32", length],
        ["s", "float32", 1],
        ["flags", "bool", length],
      ],
      ...body,
    );

  it("store what is computed from contiguous loads: y = 2x + 1", () => {
    for (const length of LENGTHS) {
      const program = overBuffers(
        length,
        loop("i", length, (i) => [store(1, i, add(mul(at(0, i), float(2)), float(1)))], true),
      );
      expect(wasmContents(program, 1, { 0: range(length) })).toEqual(range(length).map((x) => 2 * x + 1));
    }
  });

  it("sum 0 … n−1 to n(n−1)/2, added to what the variable held", () => {
    for (const length of LENGTHS) {
      const sum = variable("sum", "float32");
      const body = loop("i", length, (i) => [accumulate(sum, at(0, i))], true);
      const program = overBuffers(length, declare(sum, float(0.5)), body, store(2, int(0), sum));
      expect(wasmContents(program, 2, { 0: range(length) })).toEqual([0.5 + (length * (length - 1)) / 2]);
    }
  });

  it("keep −0 as the sum of −0 and nothing else", () => {
    for (const length of LENGTHS) {
      const sum = variable("sum", "float32");
      const body = loop("i", length, (i) => [accumulate(sum, at(0, i))], true);
      const program = overBuffers(length, declare(sum, float(-0)), body, store(2, int(0), sum));
      expect(wasmContents(program, 2, { 0: new Array(length).fill(-0) })).toEqual([-0]);
    }
  });

  it("find minimum, maximum and product at once", () => {
    for (const length of LENGTHS) {
      const found = (["min", "max", "mul"] as const).map((op) => ({ op, target: variable(op, "float32") }));
      const program = singleKernel(
        [
          ["x", "float32", length],
          ["found", "float32", 3],
        ],
        ...found.map(({ target }) => declare(target, float(1))),
        loop("i", length, (i) => found.map(({ op, target }) => accumulate(target, at(0, i), op)), true),
        ...found.map(({ target }, position) => store(1, int(position), target)),
      );
      // 1, −2, 3, −4, 1, −2 …: the product of four is 24.
      const x = range(length).map((i) => ((i % 4) + 1) * (i % 2 === 0 ? 1 : -1));
      const product = 24 ** Math.floor(length / 4) * x.slice(length - (length % 4)).reduce((a, b) => a * b, 1);
      const expected = [Math.min(1, ...x), Math.max(1, ...x), Math.fround(product)];
      if (length <= 17) expect(wasmContents(program, 1, { 0: x })).toEqual(expected);
    }
  });

  it("accumulate in order where one variable takes two operations", () => {
    const last = variable("last", "float32");
    const body = loop("i", 8, (i) => [accumulate(last, at(0, i)), accumulate(last, float(5), "min")], true);
    const program = overBuffers(8, declare(last, float(0)), body, store(2, int(0), last));
    // 3, min(3 − 4, 5) = −1, 9 → 5, 4, 10 → 5, 5 − 7 = −2, 0, 8 → 5
    expect(wasmContents(program, 2, { 0: [3, -4, 10, -1, 6, -7, 2, 8] })).toEqual([5]);
    expect(wasmContents(program, 2, { 0: [3, -4, 10, -1, 6, -7, 2, 1] })).toEqual([1]);
  });

  it("compare, store and read booleans of one byte", () => {
    for (const length of LENGTHS) {
      const big = loop("i", length, (i) => [store(3, i, pool.call("gt", at(0, i), float(4)))], true);
      const chosen = loop("i", length, (i) => [store(1, i, pool.select(at(3, i, "bool"), float(1), float(-1)))], true);
      const result = runOn(wasm, overBuffers(length, big, chosen), { 0: range(length) });
      expect(Array.from(result.view(3))).toEqual(range(length).map((x) => (x > 4 ? 1 : 0)));
      expect(Array.from(result.view(1))).toEqual(range(length).map((x) => (x > 4 ? 1 : -1)));
    }
  });

  it("give each lane its own index", () => {
    for (const length of LENGTHS) {
      const program = overBuffers(
        length,
        loop("i", length, (i) => [store(1, i, pool.cast("float32", mul(i, i)))], true),
      );
      expect(wasmContents(program, 1)).toEqual(range(length).map((i) => i * i));
    }
  });

  it("gather and scatter: reversed, strided, indirect", () => {
    for (const length of LENGTHS) {
      const reverse = (i: Expr): Expr => pool.call("sub", int(length - 1), i);
      const program = singleKernel(
        [
          ["x", "float32", 2 * length],
          ["order", "int32", length],
          ["y", "float32", length],
          ["z", "float32", 3 * length],
          ["w", "float32", length],
        ],
        loop("i", length, (i) => [store(2, reverse(i), at(0, mul(i, int(2))))], true),
        loop("i", length, (i) => [store(3, add(mul(i, int(3)), int(1)), at(0, reverse(i)))], true),
        loop("i", length, (i) => [store(4, at(1, i, "int32"), at(0, at(1, i, "int32")))], true),
      );
      const order = range(length).map((i) => (i * 5 + 3) % length);
      const result = runOn(wasm, program, { 0: range(2 * length), 1: order });
      expect(Array.from(result.view(2))).toEqual(range(length).map((i) => 2 * (length - 1 - i)));
      expect(Array.from(result.view(3))).toEqual(range(length).flatMap((i) => [0, length - 1 - i, 0]));
      const written = new Set(order);
      expect(Array.from(result.view(4))).toEqual(range(length).map((i) => (written.has(i) ? i : 0)));
    }
  });

  it("keep sums of columns in vectors", () => {
    for (const columns of LENGTHS) {
      const program = singleKernel(
        [
          ["x", "float32", 3 * columns],
          ["sums", "float32", columns],
        ],
        loop(
          "column",
          columns,
          (column) => {
            const sum = variable("sum", "float32");
            const cell = (row: Expr): Expr => at(0, add(mul(row, int(columns)), column));
            return [
              declare(sum, float(0)),
              loop("row", 3, (row) => [accumulate(sum, cell(row))]),
              store(1, column, sum),
            ];
          },
          true,
        ),
      );
      // Column c holds c, columns + c and 2·columns + c.
      expect(wasmContents(program, 1, { 0: range(3 * columns) })).toEqual(range(columns).map((c) => 3 * (columns + c)));
    }
  });
});

describe("control flow in kernels", () => {
  it("runs a while loop: Collatz steps from 27 are 111", () => {
    const [n, steps] = [variable("n", "int32"), variable("steps", "int32")];
    const isEven = pool.call("eq", pool.call("bitand", n, int(1)), int(0));
    const next = pool.select(isEven, pool.call("idiv", n, int(2)), add(mul(n, int(3)), int(1)));
    const program = singleKernel(
      [["steps", "int32", 1]],
      declare(n, int(27)),
      declare(steps, int(0)),
      {
        kind: "while",
        condition: pool.call("ne", n, int(1)),
        body: [assign(n, next), assign(steps, add(steps, int(1)))],
      },
      store(0, int(0), steps),
    );
    expect(wasmContents(program, 0)).toEqual([111]);
  });

  it("runs an if in a loop, simd or not", () => {
    for (const simd of [true, false]) {
      const body = (i: Expr): Stmt[] => [when(pool.call("lt", at(0, i), float(3)), [store(0, i, float(0))])];
      const program = singleKernel([["x", "float32", 6]], loop("i", 6, body, simd));
      expect(wasmContents(program, 0, { 0: range(6) })).toEqual([0, 0, 0, 3, 4, 5]);
    }
  });

  it("does not take a variable for constant that a loop changes", () => {
    // x[position] = i for position = 0, 2, 5, 9: steps of 2, 3, 4.
    const position = variable("position", "int32");
    const advance = (i: Expr): Stmt => assign(position, add(position, add(i, int(2))));
    const body = loop("i", 4, (i) => [store(0, position, pool.cast("float32", add(i, int(1)))), advance(i)]);
    const program = singleKernel([["x", "float32", 10]], declare(position, int(0)), body);
    expect(wasmContents(program, 0)).toEqual([1, 0, 2, 0, 0, 3, 0, 0, 0, 4]);
  });

  it("survives a division by zero that is not chosen", () => {
    const divisor = at(0, int(0), "int32");
    const isZero = pool.call("eq", divisor, int(0));
    const quotient = pool.call("idiv", int(7), divisor);
    const program = singleKernel(
      [
        ["d", "int32", 1],
        ["q", "int32", 1],
      ],
      store(1, int(0), pool.select(isZero, int(-1), quotient)),
    );
    expect(wasmContents(program, 1, { 0: [0] })).toEqual([-1]);
    expect(wasmContents(program, 1, { 0: [2] })).toEqual([3]);
  });
});

describe("steps", () => {
  const increment = kernelStep("increment", [store(0, int(0), add(at(0, int(0)), float(1)))]);

  it("chooses by a condition", () => {
    const twice = kernelStep("twice", [store(0, int(0), mul(at(0, int(0)), float(2)))]);
    const program = programOf(
      [
        ["x", "float32", 1],
        ["flag", "bool", 1],
      ],
      [choose(1, [increment], [twice])],
    );
    expect(wasmContents(program, 0, { 0: [5], 1: [1] })).toEqual([6]);
    expect(wasmContents(program, 0, { 0: [5], 1: [0] })).toEqual([10]);
  });

  it("tests before every iteration of a while", () => {
    const test = kernelStep("test", [store(1, int(0), pool.call("lt", at(0, int(0)), float(10)))]);
    const layout = [
      ["x", "float32", 1],
      ["flag", "bool", 1],
    ] as const;
    const program = programOf(layout, [{ kind: "while", test: [test], condition: 1, body: [increment] }]);
    expect(wasmContents(program, 0, { 0: [7] })).toEqual([10]);
    expect(wasmContents(program, 0, { 0: [12] })).toEqual([12]);
  });

  it("counts repetitions, nested ones too", () => {
    const record = kernelStep("record", [
      store(2, add(mul(at(0, int(0), "int32"), int(3)), at(1, int(0), "int32")), add(at(0, int(0), "int32"), int(10))),
    ]);
    const layout = [
      ["outer", "int32", 1],
      ["inner", "int32", 1],
      ["seen", "int32", 6],
    ] as const;
    const inner = { kind: "repeat", count: 3, counter: 1, body: [record] } as const;
    const program = programOf(layout, [{ kind: "repeat", count: 2, counter: 0, body: [inner] }]);
    expect(wasmContents(program, 2)).toEqual([10, 10, 10, 11, 11, 11]);
    const never = programOf(layout, [{ kind: "repeat", count: 0, counter: 0, body: [record] }]);
    expect(wasmContents(never, 2)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("keeps state between runs, and apart between instances", () => {
    const program = programOf([["x", "float32", 1]], [increment]);
    const [one, other] = [wasm.instantiate(program), wasm.instantiate(program)];
    for (let i = 0; i < 3; i++) one.run();
    other.run();
    expect([one.view(0)[0], other.view(0)[0]]).toEqual([3, 1]);
  });
});

describe("the module", () => {
  it("computes a shared expression once", () => {
    const root = pool.call("sqrt", at(0, int(0)));
    const program = singleKernel([["x", "float32", 1]], store(0, int(0), add(mul(root, root), root)));
    expect(printCode(wasm, program).match(/f32\.sqrt/g)).toHaveLength(1);
    expect(wasmContents(program, 0, { 0: [9] })).toEqual([12]);
  });

  it("prints text with the buffers, the functions and the variables' names", () => {
    const total = variable("total", "float32");
    const body = loop("i", 8, (i) => [accumulate(total, at(0, i))], true);
    const program = singleKernel(
      [
        ["x", "float32", 8, "input"],
        ["y", "float32", 1],
      ],
      declare(total, float(0)),
      body,
      store(1, int(0), total),
    );
    const text = printCode(wasm, program);
    expect(text).toContain(';; b0 "x": float32[8], input, at byte 0');
    expect(text).toMatch(/^ {2}\(func \$k$/m);
    expect(text).toMatch(/local\.set \d+ \(;total;\)/);
    expect(text).toContain("v128.load offset=0");
    expect(text).toMatch(/^ {2}\(func \$run \(export "run"\)\n {4}call \$k\n {2}\)$/m);
  });

  it("advances one address in an inner loop and multiplies nothing", () => {
    const cell = (r: Expr, c: Expr): Expr => add(mul(r, int(12)), c);
    const body = loop("r", 5, (r) => [loop("c", 12, (c) => [store(1, cell(r, c), at(0, cell(r, c)))], true)]);
    const text = printCode(
      wasm,
      singleKernel(
        [
          ["x", "float32", 60],
          ["y", "float32", 60],
        ],
        body,
      ),
    );
    expect(text).not.toContain("i32.mul");
    const [inner = ""] = text.match(/loop \$c[\s\S]*?br_if \$c/) ?? [];
    expect(inner.match(/i32\.add/g)).toHaveLength(1);
  });

  it("splits a kernel that is too large for one function", () => {
    const lines = range(4000).map((n) => store(0, int(n), add(at(0, int(n)), float(n))));
    const program = singleKernel([["x", "float32", 4000]], ...lines);
    expect(printCode(wasm, program)).toContain("(func $k_2");
    expect(wasmContents(program, 0)).toEqual(range(4000));
  });

  it("keeps a variable and its uses in one function", () => {
    const first = variable("first", "float32");
    const lines = range(4000).map((n) => store(0, int(n), add(first, float(n))));
    const program = singleKernel([["x", "float32", 4000]], declare(first, float(1)), ...lines);
    expect(printCode(wasm, program)).not.toContain("(func $k_2");
    expect(wasmContents(program, 0)).toEqual(range(4000).map((n) => n + 1));
  });

  it("says what to do about a program beyond 4 GiB", () => {
    const program = { ...programOf([["x", "float32", 1]], []), arenaBytes: 2 ** 32 + 16 };
    expect(() => wasm.instantiate(program)).toThrow(
      "the program needs 4294967312 bytes, but a WebAssembly memory holds 4294967296 at most; use a smaller batch",
    );
  });

  it("says which buffers there are", () => {
    const program = programOf(
      [
        ["x", "float32", 1],
        ["y", "float32", 1],
      ],
      [],
    );
    expect(() => wasm.instantiate(program).view(7)).toThrow("the program has no buffer 7; it has 0, 1");
  });

  it("can be made often: instances hold no memory once they are out of reach", () => {
    const program = programOf([["x", "float32", 1]], []);
    for (let i = 0; i < 2000; i++) wasm.instantiate(program).run();
  });

  it("detects relaxed SIMD, which Node has had since 22", () => {
    expect(hasRelaxedMultiplyAdd()).toBe(true);
  });
});

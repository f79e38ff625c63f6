import { describe, expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import type { Buffer, Expr, Product, Program, Step, Stmt } from "../../src/loop/ir.ts";
import { verifyProgram } from "../../src/loop/verify.ts";
import { accumulate, choose, declare, loop, programOf, singleKernel, store, when } from "../target/program.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const f32 = (n: number): Expr => pool.constant("float32", n);
const add = (a: Expr, b: Expr): Expr => pool.call("add", a, b);
const load = (index: Expr): Expr => pool.load("float32", 0, index);
const layout = [
  ["x", "float32", 12],
  ["y", "float32", 12],
  ["n", "int32", 1],
  ["p", "bool", 1],
  ["z", "float32", 12],
  ["scratch", "float32", 216],
  ["nothing", "bool", 0],
] as const;

const kernel = (...body: Stmt[]): Program => singleKernel(layout, ...body);
const steps = (...list: Step[]): Program => programOf(layout, list);
const check = (program: Program) => expect(() => verifyProgram(program));
/** The message must be all of this, after the kernel's name. */
const fails = (program: Program, message: string): void => check(program).toThrow(new Error(`kernel k, ${message}`));

describe("a well-formed program", () => {
  it("passes", () => {
    const sum = variable("sum", "float32");
    const row = variable("row", "int32");
    const program = kernel(
      loop("i", 3, (i) => [
        declare(row, pool.call("mul", i, int(4))),
        declare(sum, f32(0)),
        loop("j", 4, (j) => [accumulate(sum, load(add(pool.call("mul", i, int(4)), j)))], true),
        loop("k", 4, (k) => [store(1, add(row, k), pool.call("div", load(add(row, k)), sum))], true),
        when(pool.call("lt", i, int(2)), [store(1, pool.call("mul", i, int(6)), f32(Number.NaN))]),
      ]),
      loop("none", 0, (i) => [store(1, add(i, int(1000)), f32(1))]),
      { ...product, m: 0, a: { ...product.a, offset: int(1000) } },
      product,
    );
    check(program).not.toThrow();
  });
});

describe("buffers", () => {
  const change = (changed: Partial<Buffer>, id = 1): Program => {
    const program = kernel();
    return {
      ...program,
      buffers: program.buffers.map((buffer) => (buffer.id === id ? { ...buffer, ...changed } : buffer)),
    };
  };
  it.each([
    [{ id: 0 }, "buffer b0 (y): another buffer has the same id"],
    [{ length: -1 }, "buffer b1 (y): its length must be an integer ≥ 0; it is -1"],
    [{ length: 1.5 }, "buffer b1 (y): its length must be an integer ≥ 0; it is 1.5"],
    [{ offset: 8 }, "buffer b1 (y): its offset must be a multiple of 16; it is 8"],
    [{ offset: -16 }, "buffer b1 (y): its offset must be a multiple of 16; it is -16"],
    [{ offset: 1600 }, "buffer b1 (y): it ends, with its padding, at byte 1664 of an arena of 1152"],
  ])("%j", (changed, message) => check(change(changed)).toThrow(new Error(message)));

  it("need their padding inside the arena", () => {
    const program = programOf([["x", "float32", 4]], []);
    check(program).not.toThrow();
    check({ ...program, arenaBytes: 31 }).toThrow(
      "buffer b0 (x): it ends, with its padding, at byte 32 of an arena of 31",
    );
  });

  it("may share memory", () => check(change({ offset: 0 })).not.toThrow());

  it("are named among inputs and outputs only if they exist", () => {
    check({ ...kernel(), inputs: [9] }).toThrow("the program's inputs and outputs: there is no buffer b9");
    check({ ...kernel(), outputs: [10] }).toThrow("the program's inputs and outputs: there is no buffer b10");
  });
});

describe("steps", () => {
  it("take a bool condition and an int32 counter", () => {
    check(steps(choose(9, [], []))).toThrow("the condition of an if step: there is no buffer b9");
    check(steps(choose(0, [], []))).toThrow(
      "the condition of an if step must be bool, of at least 1 element; b0 is float32[12]",
    );
    check(steps({ kind: "while", condition: 6, test: [], body: [] })).toThrow(
      "the condition of a while step must be bool, of at least 1 element; b6 is bool[0]",
    );
    check(steps({ kind: "repeat", count: 1, counter: 3, body: [] })).toThrow(
      "the counter of a repeat step must be int32, of at least 1 element; b3 is bool[1]",
    );
    check(steps({ kind: "repeat", count: -1, counter: 2, body: [] })).toThrow(
      "a repeat step runs -1 times; that must be an integer ≥ 0",
    );
  });

  it("are verified at every depth", () => {
    const [bad] = kernel(store(8, int(0), f32(1))).steps as [Step];
    const wrapped: Step[] = [
      choose(3, [bad], []),
      choose(3, [], [bad]),
      { kind: "while", condition: 3, test: [bad], body: [] },
      { kind: "while", condition: 3, test: [], body: [bad] },
      { kind: "repeat", count: 1, counter: 2, body: [bad] },
    ];
    for (const step of wrapped) check(steps(step)).toThrow('kernel k, statement "b8[0] = 1.0": there is no buffer b8');
  });
});

describe("variables", () => {
  const v = variable("v", "float32");
  const n = variable("n", "int32");
  it("are used in scope only", () => {
    fails(
      kernel(store(1, int(0), v)),
      'statement "b1[0] = v": v is not in scope; declare it before, in this block or around',
    );
    fails(
      kernel({ kind: "assign", target: v, value: f32(1) }),
      'statement "v = 1.0": v is not in scope; declare it before, in this block or around',
    );
    fails(
      kernel(accumulate(v, f32(1))),
      'statement "v += 1.0": v is not in scope; declare it before, in this block or around',
    );
    const after = kernel(
      loop("i", 2, () => [declare(v, f32(1))]),
      store(1, int(0), v),
    );
    fails(after, 'statement "b1[0] = v": v is not in scope; declare it before, in this block or around');
    fails(
      kernel(declare(v, add(v, v))),
      'statement "let v: float32 = v + v": v is not in scope; declare it before, in this block or around',
    );
  });

  it("are declared once", () => {
    fails(
      kernel(declare(v, f32(1)), declare(v, f32(2))),
      'statement "let v: float32 = 2.0": v is declared twice in the kernel',
    );
    const twice = loop("i", 2, () => []);
    fails(kernel(twice, twice), 'statement "for i in 0..2": i is declared twice in the kernel');
  });

  it("have the dtype of their values", () => {
    fails(kernel(declare(v, int(1))), 'statement "let v: float32 = 1": v is float32, but its value is int32');
    const assign: Stmt = { kind: "assign", target: v, value: int(1) };
    fails(kernel(declare(v, f32(1)), assign), 'statement "v = 1": v is float32, but its value is int32');
    fails(
      kernel(declare(v, f32(1)), accumulate(v, int(1))),
      'statement "v += 1": v is float32, but its value is int32',
    );
  });

  it("are no loop indices where they are written", () => {
    const assign = loop("i", 2, (i) => [{ kind: "assign", target: i, value: int(1) }]);
    fails(kernel(assign), 'statement "i = 1": i is a loop index, which may not be assigned');
    const sum = loop("i", 2, (i) => [loop("j", 2, () => [accumulate(i, int(1))])]);
    fails(kernel(sum), 'statement "i += 1": i is a loop index, which may not be assigned');
  });

  it("are accumulated from outside the innermost loop, as numbers", () => {
    const inside = loop("i", 2, () => [declare(v, f32(0)), accumulate(v, f32(1))]);
    fails(kernel(inside), 'statement "v += 1.0": v must be declared outside the innermost loop');
    const p = variable("p", "bool");
    const bools = kernel(declare(p, pool.bool(true)), accumulate(p, pool.bool(true), "max"));
    fails(bools, 'statement "p max= true": p is bool, which cannot be accumulated');
  });

  it("carry nothing from one iteration of a simd loop to the next but sums", () => {
    const simd = (...body: Stmt[]): Program =>
      kernel(
        declare(v, f32(0)),
        declare(n, int(0)),
        loop("i", 2, () => body, true),
      );
    const assigned = 'statement "v = 1.0": a simd loop may not assign v, declared outside it';
    fails(simd({ kind: "assign", target: v, value: f32(1) }), assigned);
    fails(simd(when(pool.bool(true), [{ kind: "assign", target: v, value: f32(1) }])), assigned);
    const nested = 'statement "v += 1.0": a simd loop may accumulate v, declared outside it, directly in its body only';
    fails(simd(loop("j", 2, () => [accumulate(v, f32(1))])), nested);
    fails(simd(loop("j", 2, () => [accumulate(v, f32(1))], true)), nested);
    fails(simd(when(pool.bool(true), [accumulate(v, f32(1))])), nested);
    const read = 'statement "b1[0] = v": a simd loop may not read v, which it accumulates';
    fails(simd(accumulate(v, f32(1)), store(1, int(0), v)), read);
    check(simd(accumulate(v, f32(1)), accumulate(n, int(1)))).not.toThrow();
  });
});

describe("loops and conditions", () => {
  it("have a whole extent and an int32 index", () => {
    fails(kernel(loop("i", -1, () => [])), 'statement "for i in 0..-1": the extent must be an integer ≥ 0; it is -1');
    const index = variable("i", "float32");
    fails(
      kernel({ kind: "for", index, extent: 2, simd: false, body: [] }),
      'statement "for i in 0..2": the loop index must be int32; it is float32',
    );
  });

  it("have bool conditions", () => {
    fails(kernel(when(int(1), [])), 'statement "if 1": the condition must be bool; it is int32');
    fails(
      kernel({ kind: "while", condition: f32(1), body: [] }),
      'statement "while 1.0": the condition must be bool; it is float32',
    );
  });
});

describe("expressions", () => {
  const write = (value: Expr): Program => kernel(store(1, int(0), value));
  const call = (expr: Partial<Expr>): Expr =>
    ({ kind: "call", op: "add", dtype: "float32", args: [f32(1), f32(1)], ...expr }) as Expr;

  it("have the dtypes that their operations ask for", () => {
    fails(
      write(call({ args: [f32(1), int(1)] })),
      'statement "b1[0] = 1.0 + 1": add takes 2 values: arguments of one dtype, float or int32; it got (float32, int32)',
    );
    fails(
      kernel(store(2, int(0), call({ op: "lt", dtype: "int32" }))),
      'statement "b2[0] = 1.0 < 1.0": lt(float32, float32) gives bool, but the expression says int32',
    );
    check(kernel(store(2, int(0), call({ op: "cast", dtype: "int32", args: [f32(1)] })))).not.toThrow();
  });

  it("have constants that the dtype can hold", () => {
    const constant = (dtype: "float32" | "int32" | "bool", value: number): Expr => ({ kind: "const", dtype, value });
    fails(write(constant("float32", 0.1)), 'statement "b1[0] = 0.1": the constant 0.1 is no value of float32');
    fails(
      kernel(store(2, int(0), constant("int32", 2 ** 31))),
      'statement "b2[0] = 2147483648": the constant 2147483648 is no value of int32',
    );
    fails(
      kernel(store(3, int(0), constant("bool", 2))),
      'statement "b3[0] = true": the constant 2 is no value of bool',
    );
  });

  it("load and store what the buffer holds, at int32 indices", () => {
    fails(write(int(1)), 'statement "b1[0] = 1": it stores int32 into a float32 buffer');
    fails(
      write(pool.load("float32", 2, int(0))),
      'statement "b1[0] = b2[0]": a load as float32 from b2, which holds int32',
    );
    fails(write(pool.load("float32", 8, int(0))), 'statement "b1[0] = b8[0]": there is no buffer b8');
    fails(
      kernel(store(1, f32(0), f32(1))),
      'statement "b1[0.0] = 1.0": the index into b1 must be int32; it is float32',
    );
    const wild: Expr = { kind: "load", dtype: "float32", buffer: 0, index: f32(0) };
    fails(write(wild), 'statement "b1[0] = b0[0.0]": the index into b0 must be int32; it is float32');
  });
});

describe("bounds", () => {
  it("hold for affine indices of loads and stores", () => {
    const shifted = kernel(loop("i", 12, (i) => [store(1, i, load(add(i, int(1))))]));
    fails(
      shifted,
      'statement "b1[i] = b0[i + 1]": the index into b0 runs from 1 to 12, but the buffer has 12 elements',
    );
    const negative = kernel(loop("i", 3, (i) => [store(1, pool.call("sub", int(1), i), f32(1))]));
    fails(negative, 'statement "b1[1 - i] = 1.0": the index into b1 runs from -1 to 1, but the buffer has 12 elements');
    const constant = kernel(store(1, int(12), f32(1)));
    fails(constant, 'statement "b1[12] = 1.0": the index into b1 runs from 12 to 12, but the buffer has 12 elements');
  });

  it("are left to the interpreter under a condition or for an index that is not affine", () => {
    const guarded = loop("i", 20, (i) => [when(pool.call("lt", i, int(12)), [store(1, i, f32(1))])]);
    const modulo = loop("i", 20, (i) => [store(1, pool.call("imod", i, int(12)), f32(1))]);
    check(kernel(guarded, modulo)).not.toThrow();
  });
});

/** [2 × 3] · [3 × 4]. */
const product: Product = {
  kind: "product",
  dtype: "float32",
  m: 2,
  n: 4,
  k: 3,
  a: { buffer: 0, offset: int(0), rowStride: 3, colStride: 1 },
  b: { buffer: 1, offset: int(0), rowStride: 4, colStride: 1 },
  out: { buffer: 4, offset: int(0), rowStride: 4, colStride: 1 },
  scratch: 5,
};

describe("products", () => {
  const { a, b, out } = product;
  const cases: [string, Partial<Product>, string][] = [
    ["a dtype", { dtype: "bool" }, "a product is of float or int32 matrices"],
    ["sizes", { m: -1 }, "m, n and k must be integers ≥ 0; they are -1, 4, 3"],
    ["matrices of the dtype", { b: { ...b, buffer: 2 } }, "b must be float32; it is int32"],
    ["matrices that exist", { a: { ...a, buffer: 8 } }, "there is no buffer b8"],
    ["strides", { a: { ...a, rowStride: 0.5 } }, "the strides of a must be integers; they are 0.5 and 1"],
    ["int32 offsets", { a: { ...a, offset: f32(0) } }, "the index into b0 must be int32; it is float32"],
    [
      "a inside",
      { a: { ...a, offset: int(7) } },
      "the index into b0 runs from 7 to 12, but the buffer has 12 elements",
    ],
    [
      "out inside",
      { out: { ...out, rowStride: -4 } },
      "the index into b4 runs from -4 to 3, but the buffer has 12 elements",
    ],
    [
      "scratch that is long enough",
      { scratch: 4, out: { ...out, buffer: 5 } },
      "the scratch must be float32[216] or longer; it is float32[12]",
    ],
    ["scratch that exists", { scratch: 8 }, "there is no buffer b8"],
    ["scratch of its own", { out: { ...out, buffer: 5 } }, "the scratch must be a buffer of its own"],
    ["an out of its own", { out: { ...out, buffer: 1 } }, "out must be another buffer than a and b"],
  ];
  it.each(cases)("need %s", (_, changed, message) => {
    check(kernel({ ...product, ...changed })).toThrow(/^kernel k, statement "product /);
    check(kernel({ ...product, ...changed })).toThrow(new RegExp(`": ${message.replace(/[[\]]/g, "\\$&")}$`));
  });
});

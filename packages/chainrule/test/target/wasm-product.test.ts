import { describe, expect, it } from "vitest";
import { ExprPool } from "../../src/loop/build.ts";
import { type Expr, type Product, scratchLength } from "../../src/loop/ir.ts";
import { printCode } from "../../src/target/index.ts";
import { sections } from "../../src/target/wasm/blocking.ts";
import { wasmTarget } from "../../src/target/wasm/index.ts";
import { type Case, exactValues, productOf, productProgram } from "./product-program.ts";
import { loop, singleKernel } from "./program.ts";
import { expectSame, runOn, wasmContents } from "./wasm-compare.ts";

const pool = new ExprPool();

/** Products that are cut into several blocks, by what is copied and what is read where it lies. */
const BLOCKED: [string, Case][] = [
  ["some terms after others, in place", { m: 5, k: 1030, n: 21 }],
  ["copied columns, some terms after others", { m: 13, k: 1030, n: 21 }],
  ["columns of b that are rows, some terms after others", { m: 3, k: 1030, n: 35, transposed: { b: true } }],
  ["two rows, for which b is read in the order of addresses", { m: 2, k: 1030, n: 260 }],
  ["seven rows, for which b is read in the order of addresses", { m: 7, k: 1030, n: 260 }],
  ["rows of b far apart", { m: 17, k: 9, n: 1024 }],
  ["columns of a far apart", { m: 512, k: 6, n: 33, transposed: { a: true } }],
  ["columns of a far apart, some terms after others", { m: 260, k: 530, n: 40, transposed: { a: true } }],
  ["both copied", { m: 512, k: 40, n: 1024, transposed: { a: true } }],
  ["many rows and a large b", { m: 256, k: 520, n: 520 }],
];

const isMatrix = ({ name }: { readonly name: string }): boolean => name !== "scratch";

it("multiplies matrices: (1 2; 3 4)·(5 6; 7 8) = (19 22; 43 50)", () => {
  const data = { 0: [1, 2, 3, 4], 1: [5, 6, 7, 8] };
  for (const dtype of ["float32", "float64", "int32"] as const) {
    expect(wasmContents(productProgram({ m: 2, k: 2, n: 2, dtype }), 2, data)).toEqual([19, 22, 43, 50]);
  }
});

describe("agrees with the interpreter on exact sums", () => {
  const SIZES = [1, 2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127];
  for (const size of SIZES) {
    it(`at m, n or k = ${size}`, () => {
      const cases: Case[] = [
        { m: size, k: 5, n: 8 },
        { m: size, k: 3, n: 10 },
        { m: 4, k: size, n: 8 },
        { m: 7, k: size, n: 5 },
        { m: 3, k: 4, n: size },
        { m: 13, k: 6, n: size },
        { m: size, k: size, n: size },
      ];
      for (const one of cases) expectSame(productProgram(one), exactValues(one), isMatrix);
    });
  }

  it("for every way of storing the matrices", () => {
    for (const n of [5, 16, 19]) {
      for (const bits of [0, 1, 2, 3, 4, 5, 6, 7]) {
        const transposed = { a: (bits & 1) !== 0, b: (bits & 2) !== 0, out: (bits & 4) !== 0 };
        const one = { m: 11, k: 9, n, transposed };
        expectSame(productProgram(one), exactValues(one), isMatrix);
      }
    }
  });

  for (const [name, one] of BLOCKED) {
    it(`in blocks: ${name}`, () => {
      for (const out of [false, true]) {
        const stored = { ...one, transposed: { ...one.transposed, out } };
        expectSame(productProgram(stored), exactValues(stored), isMatrix);
      }
    });
  }

  it("for numbers that are not finite, and for negative zeros", () => {
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -2];
    for (const m of [1, 2, 5, 13]) {
      for (const n of [1, 7, 10, 16, 35]) {
        for (const b of [false, true]) {
          const one = { m, n, k: 3, transposed: { b } };
          const data = {
            0: Array.from({ length: m * 3 }, (_, i) => (i % 5 === 0 ? special[i % 7] : (i % 4) - 2) as number),
            1: Array.from({ length: 3 * n }, (_, i) => (i % 3 === 0 ? special[i % 7] : (i % 5) - 1) as number),
          };
          expectSame(productProgram(one), data, isMatrix);
        }
      }
    }
  });

  it("for float64 and int32", () => {
    for (const dtype of ["float64", "int32"] as const) {
      for (const n of [1, 7, 17]) {
        const one = { m: 5, k: 6, n, dtype, transposed: { b: true } };
        expectSame(productProgram(one), exactValues(one), isMatrix);
      }
    }
  });
});

it("gives zeros for k = 0, and touches nothing for m = 0 or n = 0", () => {
  expect(wasmContents(productProgram({ m: 2, k: 0, n: 3 }), 2, { 2: [9, 9, 9, 9, 9, 9] })).toEqual([0, 0, 0, 0, 0, 0]);
  for (const one of [
    { m: 0, k: 2, n: 3 },
    { m: 2, k: 2, n: 0 },
    { m: 0, k: 0, n: 0 },
  ]) {
    expectSame(productProgram(one), exactValues(one));
  }
});

it("writes nothing beside the matrix", () => {
  // out is the middle 2 × 3 of a 4 × 5 buffer.
  const base = productOf({ m: 2, k: 1, n: 3 });
  const product = { ...base, out: { ...base.out, offset: pool.int(6), rowStride: 5 } };
  const layout = [
    ["a", "float32", 2],
    ["b", "float32", 3],
    ["out", "float32", 20],
    ["scratch", "float32", scratchLength({ k: 1, n: 3 })],
  ] as const;
  const data = { 0: [1, 2], 1: [1, 2, 3], 2: new Array(20).fill(-1) };
  const rows = [
    [-1, -1, -1, -1, -1],
    [-1, 1, 2, 3, -1],
    [-1, 2, 4, 6, -1],
    [-1, -1, -1, -1, -1],
  ];
  expect(wasmContents(singleKernel(layout, product), 2, data)).toEqual(rows.flat());
});

it("takes its matrices where a loop says: a batch of products, with one of them reversed", () => {
  const [m, k, n, batch] = [3, 4, 9, 5];
  const body = (index: Expr): Product[] => {
    const at = (stride: number, start = 0): Expr =>
      pool.call("add", pool.call("mul", index, pool.int(stride)), pool.int(start));
    const base = productOf({ m, k, n });
    const forward = { ...base, a: { ...base.a, offset: at(m * k) }, out: { ...base.out, offset: at(m * n) } };
    // Rows of a from the last to the first.
    const a = { ...base.a, offset: at(m * k, (m - 1) * k), rowStride: -k };
    return [forward, { ...base, a, out: { ...base.out, buffer: 4, offset: at(m * n) } }];
  };
  const layout = [
    ["a", "float32", batch * m * k],
    ["b", "float32", k * n],
    ["out", "float32", batch * m * n],
    ["scratch", "float32", scratchLength({ k, n })],
    ["reversed", "float32", batch * m * n],
  ] as const;
  const program = singleKernel(layout, loop("batch", batch, body));
  const data = {
    0: Array.from({ length: batch * m * k }, (_, i) => i % 17),
    1: Array.from({ length: k * n }, (_, i) => i % 5),
  };
  expectSame(program, data, isMatrix);
});

it("with and without relaxed multiply-add stays close to double precision", () => {
  const one = { m: 13, k: 200, n: 21 };
  const { m, k, n } = one;
  const a = Float32Array.from({ length: m * k }, (_, i) => Math.sin(i));
  const b = Float32Array.from({ length: k * n }, (_, i) => Math.cos(i * 1.7));
  for (const relaxed of [true, false]) {
    const out = runOn(wasmTarget({ relaxed }), productProgram(one), { 0: a, 1: b }).view(2);
    for (let r = 0; r < m; r++) {
      for (let c = 0; c < n; c++) {
        let exact = 0;
        for (let p = 0; p < k; p++) exact += (a[r * k + p] as number) * (b[p * n + c] as number);
        // k roundings of sums below k/2, each by less than 2⁻²⁴ of the sum.
        expect(Math.abs((out[r * n + c] as number) - exact)).toBeLessThan(k * (k / 2) * 2 ** -24);
      }
    }
  }
});

it("cuts blocks of nearly equal size, of whole grains but for the last", () => {
  expect(sections(1030, 512, 8)).toEqual([
    { size: 344, count: 2 },
    { size: 342, count: 1 },
  ]);
  expect(sections(1024, 512, 8)).toEqual([{ size: 512, count: 2 }]);
  expect(sections(5, 512, 8)).toEqual([{ size: 5, count: 1 }]);
});

it("needs scratch for blocks only, however large the matrices are", () => {
  expect(scratchLength({ k: 4096, n: 4096 })).toBe(scratchLength({ k: 2048, n: 2048 }));
});

it("prints multiply-add as the engine has it", () => {
  const program = productProgram({ m: 6, k: 4, n: 8 });
  expect(printCode(wasmTarget({ relaxed: true }), program)).toContain("f32x4.relaxed_madd");
  expect(printCode(wasmTarget({ relaxed: false }), program)).not.toContain("relaxed");
});

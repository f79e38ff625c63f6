/** Programs of one matrix product, written by hand. */
import { ExprPool } from "../../src/loop/build.ts";
import { type MatrixView, type Product, type Program, scratchLength } from "../../src/loop/ir.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { singleKernel } from "./program.ts";
import type { Values } from "./wasm-compare.ts";

const pool = new ExprPool();

export interface Case {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly dtype?: DType;
  /** Stored the other way round. */
  readonly transposed?: { readonly a?: boolean; readonly b?: boolean; readonly out?: boolean };
}

/** A dense matrix, stored by rows or by columns. */
const view = (buffer: number, rows: number, columns: number, transposed = false): MatrixView => ({
  buffer,
  offset: pool.int(0),
  rowStride: transposed ? 1 : columns,
  colStride: transposed ? rows : 1,
});

/** out (buffer 2) = a (0) · b (1), with scratch in buffer 3. */
export function productOf({ m, k, n, dtype = "float32", transposed = {} }: Case): Product {
  const a = view(0, m, k, transposed.a);
  const b = view(1, k, n, transposed.b);
  const out = view(2, m, n, transposed.out);
  return { kind: "product", dtype, m, k, n, a, b, out, scratch: 3 };
}

export function productProgram(testCase: Case, product: Product = productOf(testCase)): Program {
  const { m, k, n, dtype = "float32" } = testCase;
  const layout = [
    ["a", dtype, m * k, "input"],
    ["b", dtype, k * n, "input"],
    ["out", dtype, m * n, "output"],
    ["scratch", dtype, scratchLength({ k, n })],
  ] as const;
  return singleKernel(layout, product);
}

/** Small integers, whose sums of products are exact in float32 in whatever order they are added. */
export const exactValues = ({ m, k, n }: Case): Values => ({
  0: Array.from({ length: m * k }, (_, i) => ((i * 7) % 11) - 5),
  1: Array.from({ length: k * n }, (_, i) => ((i * 5) % 13) - 6),
  2: new Array(m * n).fill(99),
});

/** Numbers whose products and sums are rounded, so that another order of summation would give other bits. */
export const roundedValues = ({ m, k, n }: Case): Values => ({
  0: Float32Array.from({ length: m * k }, (_, i) => Math.sin(i + 1) * 2 ** (i % 5)),
  1: Float32Array.from({ length: k * n }, (_, i) => Math.cos(i * 1.7)),
  2: new Float32Array(m * n).fill(99),
});

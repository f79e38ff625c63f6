import { describe, expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import { kernelCost } from "../../src/loop/cost.ts";
import type { Expr, MatrixView } from "../../src/loop/ir.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { accumulate, declare, kernelOf, loop, store, when } from "../target/program.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const at = (buffer: number, index: Expr, dtype: DType = "float32"): Expr => pool.load(dtype, buffer, index);

describe("kernelCost", () => {
  it("counts an addition, two loads and a store for each element", () => {
    const body = loop("i", 64, (i) => [
      loop("j", 10, (j) => {
        const index = pool.call("add", pool.call("mul", i, int(10)), j);
        return [store(2, index, pool.call("add", at(0, index), at(1, j)))];
      }),
    ]);
    expect(kernelCost(kernelOf(body))).toEqual({ flops: 640, operations: 640 * 3, bytes: 640 * 12 });
  });

  it("counts shared expressions once, accumulation as one operation and no integer arithmetic as flops", () => {
    const sum = variable("sum", "float64");
    const body = loop("i", 100, (i) => {
      const e = pool.call("exp", at(0, pool.call("imod", i, int(7)), "float64"));
      return [accumulate(sum, pool.call("mul", e, e))];
    });
    // exp is 8 flops, mul and the sum's own addition are 1 each; one load of 8 bytes.
    expect(kernelCost(kernelOf(declare(sum, pool.constant("float64", 0)), body))).toEqual({
      flops: 1000,
      operations: 400,
      bytes: 800,
    });
  });

  it("counts comparisons and selections of floats, but no casts", () => {
    const x = at(0, int(0));
    const relu = pool.select(pool.call("gt", x, pool.constant("float32", 0)), x, pool.constant("float32", 0));
    expect(kernelCost(kernelOf(store(1, int(0), relu)))).toEqual({ flops: 2, operations: 2, bytes: 8 });
    expect(kernelCost(kernelOf(store(1, int(0), pool.cast("int32", x))))).toEqual({
      flops: 0,
      operations: 1,
      bytes: 8,
    });
    expect(kernelCost(kernelOf(store(1, int(0), pool.cast("bool", x))))).toEqual({ flops: 0, operations: 1, bytes: 5 });
  });

  it("counts a product as 2·m·n·k operations on three matrices, each time it runs", () => {
    const view = (buffer: number): MatrixView => ({ buffer, offset: int(0), rowStride: 1, colStride: 1 });
    const product = (dtype: DType) =>
      kernelOf(
        loop("batch", 3, () => [
          { kind: "product", dtype, m: 2, n: 5, k: 7, a: view(0), b: view(1), out: view(2), scratch: 3 },
        ]),
      );
    expect(kernelCost(product("float32"))).toEqual({
      flops: 3 * 140,
      operations: 3 * 140,
      bytes: 3 * (14 + 35 + 10) * 4,
    });
    expect(kernelCost(product("int32"))).toEqual({ flops: 0, operations: 3 * 140, bytes: 3 * (14 + 35 + 10) * 4 });
  });

  it("counts bodies of if and while once, but for the operations of while, which is taken to run 64 times", () => {
    const x = at(0, int(0));
    const condition = pool.call("lt", x, pool.constant("float32", 3));
    const body = [store(0, int(0), pool.call("sqrt", x))];
    // A comparison, and a square root, which is 4.
    const once = { flops: 5, bytes: 12 };
    expect(kernelCost(kernelOf({ kind: "while", condition, body }))).toEqual({ ...once, operations: 65 });
    expect(kernelCost(kernelOf(when(condition, body)))).toEqual({ ...once, operations: 2 });
  });
});

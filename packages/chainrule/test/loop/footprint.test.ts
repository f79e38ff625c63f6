/** Bytes that kernels touch, counted by hand. */
import { describe, expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import { footprintOf } from "../../src/loop/footprint.ts";
import type { Expr, Stmt } from "../../src/loop/ir.ts";
import { accumulate, declare, kernelOf, layOut, loop, store } from "../target/program.ts";

const pool = new ExprPool();
const int = (n: number): Expr => pool.int(n);
const at = (buffer: number, index: Expr): Expr => pool.load("float32", buffer, index);
const { buffers } = layOut([
  ["a", "float32", 100],
  ["b", "float32", 100],
  ["rows", "int32", 5],
  ["doubles", "float64", 50],
]);
const byId = new Map(buffers.map((buffer) => [buffer.id, buffer]));
const footprint = (...body: Stmt[]) => footprintOf(kernelOf(...body), byId);

describe("footprintOf", () => {
  it("counts each element once, however often it is loaded", () => {
    const body = loop("i", 10, (i) => [
      loop("j", 7, (j) => [
        store(1, pool.call("add", pool.call("mul", i, int(7)), j), pool.call("mul", at(0, j), at(0, i))),
      ]),
    ]);
    // a[j] is 7 elements and a[i] 10; b is 70.
    expect(footprint(body)).toEqual({ read: 4 * 17, written: 4 * 70 });
  });

  it("counts what is read in several loops no more than once where that is the whole buffer", () => {
    const sum = variable("sum", "float32");
    const pass = (): Stmt => loop("i", 100, (i) => [accumulate(sum, at(0, i))]);
    expect(footprint(declare(sum, pool.constant("float32", 0)), pass(), pass())).toEqual({ read: 400, written: 0 });
  });

  it("counts what is updated as read and as written, in the bytes of its dtype", () => {
    const body = loop("i", 50, (i) => [
      store(3, i, pool.call("add", pool.load("float64", 3, i), pool.load("float64", 3, i))),
    ]);
    expect(footprint(body)).toEqual({ read: 400, written: 400 });
  });

  it("follows variables to the loops on which they depend, and loads of indices", () => {
    const row = variable("row", "int32");
    const body = loop("i", 5, (i) => [
      declare(row, pool.load("int32", 2, i)),
      loop("j", 3, (j) => [
        store(1, pool.call("add", pool.call("mul", i, int(3)), j), at(0, pool.call("add", row, j))),
      ]),
    ]);
    // 5 indices, then 5·3 elements of each.
    expect(footprint(body)).toEqual({ read: 4 * (5 + 15), written: 4 * 15 });
  });

  it("takes an index that is assigned to go anywhere in its buffer, and leaves out loops that never run", () => {
    const place = variable("place", "int32");
    const next: Stmt = { kind: "assign", target: place, value: pool.call("add", place, int(1)) };
    const search = loop("i", 3, () => [store(1, int(0), at(0, place)), next]);
    const never = loop("i", 0, (i) => [store(0, i, at(1, i))]);
    expect(footprint(declare(place, int(0)), search, never)).toEqual({ read: 400, written: 4 });
  });

  it("counts the matrices of a product in each of its runs, a matrix with stride 0 as one row, and no scratch", () => {
    const body = loop("batch", 2, (batch) => {
      const view = (buffer: number, step: number, rowStride: number, colStride = 1) => ({
        buffer,
        offset: pool.call("mul", batch, int(step)),
        rowStride,
        colStride,
      });
      return [
        {
          kind: "product",
          dtype: "float32",
          m: 4,
          n: 5,
          k: 3,
          a: view(0, 12, 3),
          b: view(0, 0, 0),
          out: view(1, 20, 5),
          scratch: 1,
        },
      ];
    });
    // a: 2 of 4·3; b: the same row of 5 in both; out: 2 of 4·5.
    expect(footprint(body)).toEqual({ read: 4 * (24 + 5), written: 4 * 40 });
  });
});

/** Matrix products of views of every kind, with extents around the edges of tiles and panels. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Tensor, tensor } from "../../src/index.ts";
import { sizeOf } from "../../src/tensor/shape.ts";

const EDGES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127];

/** Multiples of 1/8, whose products and sums of up to 127 terms are exact in float32. */
const filled = (shape: readonly number[], seed: number): Tensor =>
  tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((((i + seed) * 2654435761) >>> 9) % 33) / 8 - 2),
  ).reshape(shape);

/** A tensor, and a view of it that is a matrix of the wanted extents. */
const VIEWS: Record<string, (rows: number, columns: number, seed: number) => [Tensor, (t: Tensor) => Tensor]> = {
  "as it is": (m, n, seed) => [filled([m, n], seed), (t) => t],
  transposed: (m, n, seed) => [filled([n, m], seed), (t) => t.transpose()],
  "a slice": (m, n, seed) => [filled([m + 2, n + 3], seed), (t) => t.slice(0, 1, m + 1).slice(1, 2, n + 2)],
  "every other row and column": (m, n, seed) => [
    filled([2 * m, 2 * n], seed),
    (t) => t.slice(0, 1, undefined, 2).slice(1, 0, undefined, 2),
  ],
  "a slice, transposed": (m, n, seed) => [filled([n + 1, m + 1], seed), (t) => t.slice(0, 1).slice(1, 1).transpose()],
  "one row, repeated": (m, n, seed) => [filled([n], seed), (t) => t.broadcastTo([m, n])],
  "one column, repeated": (m, n, seed) => [filled([m, 1], seed), (t) => t.broadcastTo([m, n])],
  "a slice, reshaped": (m, n, seed) => [filled([m * n + 5], seed), (t) => t.slice(0, 3, m * n + 3).reshape([m, n])],
  reshaped: (m, n, seed) => [filled([m * n], seed), (t) => t.reshape([m, n])],
  "a middle axis taken out": (m, n, seed) => [filled([m, 3, n], seed), (t) => t.slice(1, 1, 2).reshape([m, n])],
  computed: (m, n, seed) => [filled([m, n], seed), (t) => t.neg()],
};

/** The definition, in double precision. One term alone keeps the sign of its zero. */
function product(a: Tensor, b: Tensor): number[] {
  const [m, k, n] = [a.shape[0] as number, a.shape[1] as number, b.shape[1] as number];
  const [x, y] = [a.dataSync(), b.dataSync()];
  return Array.from({ length: m * n }, (_, at) => {
    let sum = k === 1 ? -0 : 0;
    for (let i = 0; i < k; i++) sum += (x[Math.floor(at / n) * k + i] as number) * (y[i * n + (at % n)] as number);
    return sum;
  });
}

describe.each(["js", "wasm"] as const)("products on %s", (target) => {
  it("of any two views are what the definition says", () => {
    const names = fc.constantFrom(...Object.keys(VIEWS));
    const extents = fc.constantFrom(...EDGES);
    fc.assert(
      fc.property(extents, extents, extents, names, names, fc.nat(99), (m, k, n, left, right, seed) => {
        fc.pre(m * k * n < 120_000);
        const [a, viewA] = (VIEWS[left] as (typeof VIEWS)[string])(m, k, seed);
        const [b, viewB] = (VIEWS[right] as (typeof VIEWS)[string])(k, n, seed + 7);
        const found = compile((x: Tensor, y: Tensor) => viewA(x).matmul(viewB(y)), { target })(a, b);
        expect(found.shape).toEqual([m, n]);
        expect(found.dataSync()).toEqual(Float32Array.from(product(viewA(a), viewB(b))));
      }),
      { numRuns: 150 },
    );
  });

  it("with leading axes, repeated on one side, multiply matrix by matrix", () => {
    const [a, b] = [filled([3, 5, 9], 1), filled([9, 17], 2)];
    const found = compile((x: Tensor, y: Tensor) => x.matmul(y), { target })(a, b);
    expect(found.shape).toEqual([3, 5, 17]);
    expect(found.dataSync()).toEqual(Float32Array.from(product(a.reshape([15, 9]), b)));
  });
});

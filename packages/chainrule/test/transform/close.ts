/** Comparison of tensors, and of trees of them. */
import { expect } from "vitest";
import type { Tensor } from "../../src/index.ts";
import { flatten } from "../../src/tensor/tree.ts";

/** Expects the numbers of two trees to agree to `tolerance`, relative to the largest of them or 1. */
export function expectClose(found: unknown, expected: unknown, tolerance = 1e-10): void {
  const [a, b] = [flatten(found), flatten(expected)];
  expect(a.paths).toEqual(b.paths);
  a.leaves.forEach((x, i) => {
    const y = b.leaves[i] as Tensor;
    expect(x.shape).toEqual(y.shape);
    const [found, wanted] = [Array.from(x.dataSync()), Array.from(y.dataSync())];
    const scale = Math.max(1, ...wanted.map(Math.abs));
    const error = Math.max(0, ...found.map((value, j) => Math.abs(value - (wanted[j] as number)))) / scale;
    expect(error, `${a.paths[i]}: ${x} and ${y}`).toBeLessThanOrEqual(tolerance);
  });
}

/** Σ of the products of corresponding numbers of two trees. */
export function inner(a: unknown, b: unknown): number {
  const right = flatten(b).leaves;
  return flatten(a).leaves.reduce(
    (sum, x, i) =>
      sum +
      x
        .mul(right[i] as Tensor)
        .sum()
        .itemSync(),
    0,
  );
}

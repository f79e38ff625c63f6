/** Sorting. Expected values: NumPy 2.4, argsort with kind="stable". */
import { describe, expect, it } from "vitest";
import { compile, grad, random, type Tensor, tensor } from "../../src/index.ts";
import { everyWay, expectValue } from "./evaluate.ts";

const int32 = { dtype: "int32" } as const;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe("sort and argsort", () => {
  it("are ascending and stable, with NaN last", () => {
    const w = tensor([3, 1, nan, 2, 1, -inf, inf, -0, 0]);
    expectValue(() => w.sort(), [-inf, 0, 0, 1, 1, 2, 3, inf, nan]);
    expectValue(() => w.argsort(), [5, 7, 8, 1, 4, 3, 0, 6, 2], int32);
    expectValue(() => tensor([nan, 1, nan, nan]).argsort(), [1, 0, 2, 3], int32);
  });

  it("work along any axis", () => {
    const m = tensor([
      [3, 1, 3, 2],
      [0, -1, -1, 5],
    ]);
    expectValue(
      () => m.argsort(0),
      [
        [1, 1, 1, 0],
        [0, 0, 0, 1],
      ],
      int32,
    );
    expectValue(
      () => m.sort(0),
      [
        [0, -1, -1, 2],
        [3, 1, 3, 5],
      ],
    );
    expectValue(
      () => m.sort(),
      [
        [1, 2, 3, 3],
        [-1, -1, 0, 5],
      ],
    );
  });

  it("take int32", () => {
    expectValue(() => tensor([5, -(2 ** 31), 5, 2 ** 31 - 1, 0], int32).argsort(), [1, 4, 0, 2, 3], int32);
  });

  it("sort few elements of every order", () => {
    // All orders of 0 … 4, and all ways to fill 5 places with 3 values.
    const orders = (items: number[]): number[][] =>
      items.length === 0
        ? [[]]
        : items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
    const ties = Array.from({ length: 3 ** 5 }, (_, n) =>
      Array.from({ length: 5 }, (_u, i) => Math.floor(n / 3 ** i) % 3),
    );
    const rows = [...orders([0, 1, 2, 3, 4]), ...ties];
    const expected = rows.map((row) =>
      row.map((_, i) => i).sort((i, j) => (row[i] as number) - (row[j] as number) || i - j),
    );
    expectValue(() => tensor(rows).argsort(), expected, int32);
  });

  it("sort 10,000 elements with many ties as a stable comparison sort does", () => {
    const values = compile(() => random.normal(random.key(3), [10000]).mul(100).floor())();
    const numbers = values.dataSync();
    numbers[17] = nan;
    numbers[9000] = nan;
    const rank = (x: number): number => (Number.isNaN(x) ? inf : x);
    const expected = Array.from(numbers, (_, i) => i).sort((i, j) => {
      const [p, q] = [rank(numbers[i] as number), rank(numbers[j] as number)];
      return p === q ? i - j : p - q;
    });
    for (const positions of everyWay(() => tensor(numbers).argsort()))
      expect([...positions.dataSync()]).toEqual(expected);
  });

  it("the gradient of sort goes back to where elements came from", () => {
    const weighted = (x: Tensor): Tensor => x.sort().mul([10, 20, 30]).sum();
    expect(grad(weighted)(tensor([3, 1, 2])).arraySync()).toEqual([30, 10, 20]);
  });
});

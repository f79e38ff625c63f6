/** Random numbers: the generator against published vectors, the distributions against their moments. */
import { describe, expect, it } from "vitest";
import { compile, jvp, random, type Tensor, tensor, vmap } from "../../src/index.ts";
import { ExprPool } from "../../src/loop/build.ts";
import type { Const } from "../../src/loop/ir.ts";
import { randomBits, threefry } from "../../src/ops/random-bits.ts";
import { everyWay, expectValue } from "./evaluate.ts";

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

describe("Threefry-2x32-20", () => {
  // The known-answer vectors of Random123 (J. K. Salmon et al., SC'11), file kat_vectors.
  it.each([
    { key: [0, 0], counter: [0, 0], bits: ["6b200159", "99ba4efe"] },
    { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], bits: ["1cb996fc", "bb002be7"] },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], bits: ["c4923a9c", "483df7a0"] },
  ])("$key, $counter", ({ key, counter, bits }) => {
    const pool = new ExprPool();
    const words = (pair: number[]): [Const, Const] => pair.map((word) => pool.int(word | 0)) as [Const, Const];
    const result = threefry(pool, words(key), words(counter)) as [Const, Const];
    expect(result.map((word) => hex(word.value))).toEqual(bits);
  });

  it("is what randomBits draws from: the counter is the stream and the position", () => {
    for (const bits of everyWay(() => randomBits(tensor([0, 0], { dtype: "int32" }), [5]))) {
      expect(hex(bits.dataSync()[0] as number)).toBe("6b200159");
    }
    const row = randomBits(random.key(1), [6]).dataSync();
    expect(randomBits(random.key(1), [2, 3]).dataSync()).toEqual(row);
    expect(randomBits(random.key(1), [3]).dataSync()).toEqual(row.slice(0, 3));
    expect(randomBits(random.key(1), [6], 1).dataSync()).not.toEqual(row);
  });
});

describe("keys", () => {
  it("come from any integer seed", () => {
    expectValue(() => random.key(5), [0, 5], { dtype: "int32" });
    expectValue(() => random.key(-1), [-1, -1], { dtype: "int32" });
    expectValue(() => random.key(2 ** 32 + 7), [1, 7], { dtype: "int32" });
  });

  it("that are split or folded all differ, also those of neighbouring seeds", () => {
    const seeds = [0, 1, 2, 3, 2 ** 32];
    const keys = seeds.flatMap((seed) => {
      const k = random.key(seed);
      const folded = [0, 1, 2, 3, -1].map((i) => random.foldIn(k, i).toString());
      const rows = random.split(k, 5).arraySync() as number[][];
      return [k.toString(), ...folded, ...rows.map((row) => tensor(row, { dtype: "int32" }).toString())];
    });
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("fold in a number and a tensor alike", () => {
    const k = random.key(9);
    for (const folded of everyWay(() => random.foldIn(k, tensor(12, { dtype: "int32" })))) {
      expect(folded.dataSync()).toEqual(random.foldIn(k, 12).dataSync());
    }
  });

  it("give each example of a batch the numbers that it would get alone", () => {
    const keys = random.split(random.key(4), 3);
    const batch = vmap((k: Tensor) => random.normal(k, [2]))(keys);
    const rows = [0, 1, 2].map((i) => random.normal(keys.gather(tensor(i, { dtype: "int32" })), [2]).arraySync());
    expect(batch.arraySync()).toEqual(rows);
  });
});

/** Mean and variance of many numbers, in double precision. */
function moments(numbers: ArrayLike<number>): { mean: number; variance: number } {
  const all = Array.from(numbers);
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  return { mean, variance: all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length };
}

describe("distributions", () => {
  const n = 40_000;
  const draw = (f: (k: Tensor) => Tensor) => compile(f)(random.key(42)).dataSync();

  it.each(["float32", "float64"] as const)("uniform, %s", (dtype) => {
    const unit = draw((k) => random.uniform(k, [n], { dtype }));
    const { mean, variance } = moments(unit);
    // Standard errors: √(1/12n) and √(1/180n).
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(3 * Math.sqrt(1 / (12 * n)));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(3 * Math.sqrt(1 / (180 * n)));
    expect(unit.every((u) => u >= 0 && u < 1)).toBe(true);
    const scaled = draw((k) => random.uniform(k, [n], { low: -3, high: -1, dtype }));
    expect(scaled.every((u) => u >= -3 && u < -1)).toBe(true);
    expect(moments(scaled).mean).toBeCloseTo(-2, 1);
  });

  it("uniform is equidistributed", () => {
    const counts = new Array<number>(20).fill(0);
    for (const u of draw((k) => random.uniform(k, [n])))
      counts[Math.floor(u * 20)] = (counts[Math.floor(u * 20)] as number) + 1;
    const chiSquared = counts.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0);
    // The 99.9 % point of χ² with 19 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
    expect(chiSquared).toBeLessThan(43.82);
  });

  it("uniform never reaches its upper end", () => {
    // The first number of this seed, found by search, has 24 bits of ones: 1 + (1 − 2⁻²⁴) lies halfway and rounds to 2.
    const most = random.key(10082300);
    expectValue(() => random.uniform(most, [1]), [1 - 2 ** -24]);
    expectValue(() => random.uniform(most, [1], { low: 1, high: 2 }), [2 - 2 ** -23]);
    const ends: readonly [number, number][] = [
      [1, 2],
      [-1, 0],
      [-2, -1],
      [0, 0.1],
      [100, 100.1],
    ];
    for (const [low, high] of ends) {
      const drawn = random.uniform(most, [1000], { low, high }).dataSync();
      expect(Math.max(...drawn)).toBeLessThan(high);
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(low);
    }
  });

  it("normal", () => {
    const numbers = draw((k) => random.normal(k, [n]));
    const { mean, variance } = moments(numbers);
    // Standard errors: 1/√n, √(2/n), and for the fourth moment √(96/n).
    expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(3 * Math.sqrt(2 / n));
    const fourth = Array.from(numbers).reduce((sum, x) => sum + x ** 4, 0) / n;
    expect(Math.abs(fourth - 3)).toBeLessThan(3 * Math.sqrt(96 / n));
    const shifted = moments(draw((k) => random.normal(k, [n], { mean: 5, deviation: 2, dtype: "float64" })));
    expect(Math.abs(shifted.mean - 5)).toBeLessThan(6 / Math.sqrt(n));
    expect(Math.abs(shifted.variance - 4)).toBeLessThan(12 * Math.sqrt(2 / n));
  });

  it("refuse options that do not exist", () => {
    const misspelt = { max: 2, std: 2 } as object;
    expect(() => random.uniform(random.key(0), [2], misspelt)).toThrow(
      'random.uniform: unknown options "max", "std"; there are low, high, dtype.',
    );
    expect(() => random.normal(random.key(0), [2], misspelt)).toThrow(
      'random.normal: unknown options "max", "std"; there are mean, deviation, dtype.',
    );
  });

  it("bernoulli", () => {
    const { mean } = moments(draw((k) => random.bernoulli(k, 0.3, [n])));
    expect(Math.abs(mean - 0.3)).toBeLessThan(3 * Math.sqrt((0.3 * 0.7) / n));
    expectValue(() => random.bernoulli(random.key(0), 0, [3]), [false, false, false], { dtype: "bool" });
    expectValue(() => random.bernoulli(random.key(0), [0, 1, 1], [3]), [false, true, true], { dtype: "bool" });
  });

  it("permutation", () => {
    for (const order of everyWay(() => random.permutation(random.key(8), 1000))) {
      expect([...order.dataSync()].sort((i, j) => i - j)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    }
    const [first, second] = [0, 1].map((seed) => random.permutation(random.key(seed), 100).toString());
    expect(first).not.toBe(second);
    const rows = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const mixed = random.permutation(random.key(2), rows).arraySync() as number[][];
    expect(mixed.toSorted((p, q) => (p[0] as number) - (q[0] as number))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it("permutation: each of the 6 orders of 3 is equally likely", () => {
    const orders = vmap((k: Tensor) => random.permutation(k, 3))(
      random.split(random.key(6), 6000),
    ).arraySync() as number[][];
    const counts = Map.groupBy(orders, String);
    const chiSquared = [...counts.values()].reduce((sum, { length }) => sum + (length - 1000) ** 2 / 1000, 0);
    expect(counts.size).toBe(6);
    // The 99.9 % point of χ² with 5 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
    expect(chiSquared).toBeLessThan(20.52);
  });

  it("the same key gives the same numbers on every target", () => {
    const [eager, js, wasm] = everyWay(() => random.uniform(random.key(11), [33])) as [Tensor, Tensor, Tensor];
    expect(js.dataSync()).toEqual(eager.dataSync());
    expect(wasm.dataSync()).toEqual(eager.dataSync());
  });

  it("numbers are constants for derivatives", () => {
    const noisy = (x: Tensor): Tensor => x.mul(random.uniform(random.key(1), [2]));
    const [, tangent] = jvp(noisy, [tensor([1, 2])], [tensor([1, 1])]);
    expect(tangent.dataSync()).toEqual(random.uniform(random.key(1), [2]).dataSync());
  });
});

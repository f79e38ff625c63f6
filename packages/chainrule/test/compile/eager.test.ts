/** Single operations: which target carries them out, and that asking again gives fresh results. */
import { afterEach, expect, it } from "vitest";
import { random, setTarget, type Tensor, tensor } from "../../src/index.ts";

afterEach(() => setTarget(undefined));

/** Large enough for WebAssembly; sums of it round differently in lanes and one by one. */
const numbers = Float32Array.from({ length: 100_000 }, (_, i) => Math.fround(Math.sin(i) * 1000));
const large = tensor(numbers);

/** One after the other, rounded each time: what the interpreter is defined to do. */
const inOrder = numbers.reduce((sum, x) => Math.fround(sum + x), 0);

it("the interpreter, once chosen, carries out what WebAssembly did before", () => {
  const fast = large.sum().itemSync();
  setTarget("js");
  expect(large.sum().itemSync()).toBe(inOrder);
  setTarget("wasm");
  expect(large.sum().itemSync()).toBe(fast);
});

it("results do not change when the operation is carried out again", () => {
  const [a, b] = [tensor([1, 2]), tensor([10, 20])];
  const first = a.add(1);
  const second = b.add(1);
  expect([first.arraySync(), second.arraySync()]).toEqual([
    [2, 3],
    [11, 21],
  ]);
});

it("attributes that differ are different operations: constants, axes, shapes", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect([x.sum(0).arraySync(), x.sum(1).arraySync()]).toEqual([
    [4, 6],
    [3, 7],
  ]);
  expect([x.mul(0), x.mul(-0)].map((t: Tensor) => Object.is((t.dataSync() as Float32Array)[0], -0))).toEqual([
    false,
    true,
  ]);
  expect([x.mul(Number.NaN).arraySync(), x.mul(2).arraySync()]).toEqual([
    [
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
    ],
    [
      [2, 4],
      [6, 8],
    ],
  ]);
});

it("more shapes than are kept still work, the first ones again too", () => {
  for (const round of [1, 2]) {
    for (let size = 1; size <= 300; size++) {
      const sum = tensor(new Float32Array(size).fill(round)).sum().itemSync();
      if (sum !== size * round) expect(sum, `size ${size}`).toBe(size * round);
    }
  }
});

it("what is interpreted at first and compiled when it comes again and again stays the same", () => {
  // Some 40,000 operations a time; after a million they are compiled.
  const bits = Array.from({ length: 60 }, () => random.split(random.key(7), 200).arraySync());
  for (const again of bits) expect(again).toEqual(bits[0]);
  // Sums round differently in lanes: they stay with the interpreter, however often they are asked for.
  const few = numbers.subarray(0, 1000);
  const sum = few.reduce((total, x) => Math.fround(total + x), 0);
  for (let i = 0; i < 1000; i++) expect(tensor(few).sum().itemSync()).toBe(sum);
});

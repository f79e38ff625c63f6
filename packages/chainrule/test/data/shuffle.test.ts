import { expect, it } from "vitest";
import { identity, shuffle } from "../../src/data/shuffle.ts";
import { random } from "../../src/ops/index.ts";
import "../../src/compile/index.ts";

it("gives every order about equally often", () => {
  // 6 orders of 3; 1200 draws: 200 each with a deviation of √(1200·1/6·5/6) ≈ 13. Five deviations are allowed.
  const counts = new Map<string, number>();
  for (const k of random.split(random.key(1), 1200).arraySync() as number[][]) {
    const key = random.foldIn(random.key(k[0] as number), 0);
    const order = shuffle(identity(3), key).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(65);
});

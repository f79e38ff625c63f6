import { expect } from "vitest";

/** What a trained XOR must look like: the truth table, each output on its side of one half by a wide margin. */
export function expectXor({ loss, outputs }: { loss: number; outputs: number[] }): void {
  expect(loss).toBeLessThan(0.02);
  // Adding 0 makes a 0 of −0.
  expect(outputs.map((output) => Math.round(output) + 0)).toEqual([0, 1, 1, 0]);
}

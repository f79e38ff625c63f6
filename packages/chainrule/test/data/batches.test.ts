import { describe, expect, it } from "vitest";
import { batches } from "../../src/data/index.ts";

const data = { x: [[0], [1], [2], [3], [4]], y: [0, 10, 20, 30, 40] };
const rows = (options: Parameters<typeof batches>[1]): number[][] =>
  Array.from(batches(data, options), ({ x }) => [...x.dataSync()]);

describe("batches", () => {
  it("gives every example once, with its target, the last batch smaller", () => {
    const found = rows({ batchSize: 2 });
    expect(found.map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(found.flat().sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { x, y } of batches(data)) expect([...y.dataSync()]).toEqual([...x.dataSync()].map((v) => 10 * v));
  });

  it("keeps the order on request, else has one for each seed and epoch", () => {
    expect(rows({ shuffle: false, batchSize: 3 })).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    const orders = [rows({}), rows({}), rows({ epoch: 1 }), rows({ seed: 1 })].map((r) => r.flat().join());
    expect(orders[1]).toBe(orders[0]);
    expect(new Set(orders).size).toBe(3);
  });

  it("says what is wrong with its options", () => {
    expect(() => rows({ batchSize: 0 })).toThrow("batches: batchSize must be an integer ≥ 1; it is 0.");
    expect(() => rows({ size: 3 } as never)).toThrow('batches: unknown option "size"');
  });
});

import { describe, expect, it } from "vitest";
import { oneHot } from "../../src/data/index.ts";

describe("oneHot", () => {
  it("puts a 1 at the class of each row", () => {
    const rows = oneHot(Int32Array.of(1, 0, 2), 3);
    expect(rows.dtype).toBe("float32");
    expect(rows.arraySync()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(oneHot([], 2).shape).toEqual([0, 2]);
  });

  it("says which row has no such class", () => {
    expect(() => oneHot([0, 3], 3)).toThrow("oneHot: row 1 has class 3, but there are 3 classes (0…2).");
    expect(() => oneHot([0.5], 3)).toThrow("oneHot: row 0 has class 0.5");
    expect(() => oneHot([[0]], 3)).toThrow("oneHot: labels must be class numbers [n]; their shape is [1, 1].");
    expect(() => oneHot([0], 0)).toThrow("oneHot: classes must be an integer ≥ 1; it is 0.");
  });
});

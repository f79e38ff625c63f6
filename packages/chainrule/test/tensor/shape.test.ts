/** Arithmetic on shapes. Broadcasting and axes follow NumPy 2.4. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  broadcastShapes,
  formatShape,
  inversePermutation,
  range,
  resolveAxis,
  sameShape,
  sizeOf,
  stridesOf,
  withoutAxes,
} from "../../src/tensor/shape.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

describe("shapes", () => {
  it("size and strides", () => {
    expect([sizeOf([]), sizeOf([2, 3, 4]), sizeOf([3, 0])]).toEqual([1, 24, 0]);
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(stridesOf([])).toEqual([]);
  });

  it("broadcasting", () => {
    expect(broadcastShapes([2, 3], [3])).toEqual([2, 3]);
    expect(broadcastShapes([2, 1, 4], [3, 1])).toEqual([2, 3, 4]);
    expect(broadcastShapes([], [5])).toEqual([5]);
    expect(broadcastShapes([1], [0])).toEqual([0]);
    expect(broadcastShapes([2, 3], [2])).toBeUndefined();
    expect(broadcastShapes([2], [0])).toBeUndefined();
  });

  it("broadcasting is commutative, and every shape broadcasts to the result", () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        const common = broadcastShapes(a, b);
        expect(broadcastShapes(b, a)).toEqual(common);
        if (common !== undefined) expect(broadcastShapes(a, common)).toEqual(common);
      }),
    );
  });

  it("axes", () => {
    expect([0, 2, -1, -3].map((axis) => resolveAxis(axis, 3))).toEqual([0, 2, 2, 0]);
    expect([3, -4, 0.5, Number.NaN].map((axis) => resolveAxis(axis, 3))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(withoutAxes([2, 3, 4], [0, 2])).toEqual([3]);
  });

  it("lists", () => {
    expect([range(3), range(2, 5), range(0)]).toEqual([[0, 1, 2], [5, 6], []]);
    expect(inversePermutation([2, 0, 1])).toEqual([1, 2, 0]);
    expect([sameShape([2], [2]), sameShape([2], [2, 1]), sameShape([2], [3])]).toEqual([true, false, false]);
  });

  it("text", () => {
    expect(formatShape([2, 3])).toBe("[2, 3]");
    expect(formatShape([2, 3], ["batch", "in"])).toBe("[batch=2, in=3]");
    expect(formatShape([])).toBe("[]");
  });
});

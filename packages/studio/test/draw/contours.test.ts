import { describe, expect, it } from "vitest";
import { contour } from "../../src/draw/contours.ts";

const SIDE = 21;
const grid = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: SIDE * SIDE }, (_, cell) => value((cell % SIDE) - 10, Math.floor(cell / SIDE) - 10));

describe("contour lines", () => {
  it("of a bowl are circles, once around", () => {
    const segments = contour(
      grid((x, y) => Math.hypot(x, y)),
      SIDE,
      6,
    );
    let length = 0;
    for (const [x0, y0, x1, y1] of segments) {
      expect(Math.hypot(x0 - 10, y0 - 10)).toBeCloseTo(6, 1);
      length += Math.hypot(x1 - x0, y1 - y0);
    }
    expect(length).toBeGreaterThan(0.98 * 2 * Math.PI * 6);
    expect(length).toBeLessThan(1.02 * 2 * Math.PI * 6);
  });

  it("of a slope are straight, from edge to edge", () => {
    const segments = contour(
      grid((x) => 2 * x),
      SIDE,
      5,
    );
    expect(segments).toHaveLength(SIDE - 1);
    expect(new Set(segments.flatMap(([x0, , x1]) => [x0, x1]))).toEqual(new Set([12.5]));
  });

  it("are not where values are no numbers, and meet in no cell of a saddle", () => {
    expect(
      contour(
        grid((x) => (x < 0 ? Number.NaN : -1)),
        SIDE,
        0,
      ),
    ).toEqual([]);
    // The four corners of the middle cells are + − + −: two lines each.
    const saddle = contour(Float32Array.of(1, -1, -1, 1), 2, 0);
    expect(saddle).toEqual([
      [0.5, 0, 1, 0.5],
      [0.5, 1, 0, 0.5],
    ]);
  });
});

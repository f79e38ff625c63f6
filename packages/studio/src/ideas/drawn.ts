/** Functions to begin a drawing with, and how a drawing is changed. */
import { DRAWN, INITIAL } from "../state/index.ts";

const at = (f: (x: number) => number): readonly number[] =>
  Array.from({ length: DRAWN }, (_, i) => Math.round(100 * f(i / (DRAWN - 1))) / 100);

export const PRESETS = {
  sine: INITIAL.drawn,
  step: at((x) => (x < 0.5 ? 0.15 : 0.85)),
  bump: at((x) => 0.1 + 0.8 * Math.exp(-(((x - 0.5) / 0.12) ** 2))),
  parabola: at((x) => 0.1 + 3.2 * (x - 0.5) ** 2),
} as const;

const clamp = (value: number): number => Math.round(100 * Math.max(0, Math.min(1, value))) / 100;

/** With a straight stroke from one place to another, both as shares of the picture from the lower left. */
export function stroke(
  heights: readonly number[],
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): number[] {
  const last = heights.length - 1;
  const [from, to] = [Math.round(x0 * last), Math.round(x1 * last)];
  return heights.map((height, i) => {
    if (i < Math.min(from, to) || i > Math.max(from, to)) return height;
    return clamp(from === to ? y1 : y0 + ((y1 - y0) * (i - from)) / (to - from));
  });
}

/** With the height at a handle moved, and its neighbours the less the nearer they are to the next handle. */
export function pull(heights: readonly number[], handle: number, handles: number, height: number): number[] {
  const apart = (heights.length - 1) / (handles - 1);
  const by = height - (heights[handle * apart] as number);
  return heights.map((old, i) => clamp(old + by * Math.max(0, 1 - Math.abs(i - handle * apart) / apart)));
}

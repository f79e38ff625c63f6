/** How far a network is from a function: the largest difference that is found on points which no pattern goes with. */
import { compile } from "../compile/index.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import type { Sequential } from "./sequential.ts";
import type { Range } from "./tower-coefficients.ts";

/** A function of as many numbers as there are ranges. */
export type Target = (...x: number[]) => number;

export interface Deviation {
  /** The largest difference, and where it is. */
  readonly error: number;
  readonly at: readonly number[];
  /** On how many points. */
  readonly points: number;
}

/** Finds the largest difference between a network and the function on the given points. */
export type Meter = (points: readonly (readonly number[])[]) => Deviation;

/** Points computed at a time. */
const ROWS = 256;

export function meterOf(model: Sequential, f: Target): Meter {
  const forward = compile((x: Tensor) => model(x));
  return (points) => {
    let [error, at]: [number, readonly number[]] = [0, points[0] ?? []];
    for (let from = 0; from < points.length; from += ROWS) {
      const some = points.slice(from, from + ROWS);
      // Always as many rows, so that one program serves.
      const rows = Array.from({ length: ROWS }, (_, i) => some[i] ?? (some[0] as readonly number[]));
      const x = fromData(Float64Array.from(rows.flat()), [ROWS, at.length], "float64");
      const y = (forward(x) as Tensor).dataSync();
      some.forEach((point, i) => {
        const difference = Math.abs((y[i] as number) - f(...point));
        if (!(difference <= error)) [error, at] = [difference, point];
      });
    }
    return { error, at, points: points.length };
  };
}

/** The positive solution of φ^(d+1) = φ + 1: the golden ratio for d = 1, the plastic number for d = 2. */
function harmonious(d: number): number {
  let phi = 1;
  for (let i = 0; i < 60; i++) phi = (1 + phi) ** (1 / (d + 1));
  return phi;
}

/** This share of the points, for each side, lies on the boundary, where the interior's sequence would never come. */
const EDGE = 0.01;

/**
 * So many points of the sequence R_d, uₙ = (shift + n·(1/φ, 1/φ², …)) mod 1, in the box of the ranges, and its corners.
 * Points of a regular grid can fall on the zeros of a wave, or all beside a bump; these have an irrational step, and any number of
 * them is spread evenly. M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018.
 */
export function quasirandom(ranges: readonly Range[], count: number, shift: number): number[][] {
  const phi = harmonious(ranges.length);
  const within = ([low, high]: Range, u: number): number =>
    low + (high - low) * Math.min(1, Math.max(0, (1 + 2 * EDGE) * u - EDGE));
  const corners = Array.from({ length: 2 ** ranges.length }, (_, i) => ranges.map((range, k) => range[(i >> k) & 1]));
  const inside = Array.from({ length: count }, (_, n) =>
    ranges.map((range, k) => within(range, (shift + (n + 1) * phi ** -(k + 1)) % 1)),
  );
  return [...(corners as number[][]), ...inside];
}

/** Points around the one with the largest difference, and how often the box is made smaller around a larger one. */
const [AROUND, ROUNDS] = [128, 4];

/** Follows the largest difference from the best of many points to where it is largest nearby. */
export function refined(meter: Meter, found: Deviation, ranges: readonly Range[]): Deviation {
  let [best, share] = [found, found.points ** (-1 / ranges.length)];
  for (let round = 0; round < ROUNDS; round++, share /= 4) {
    const box = ranges.map(([low, high], k): Range => {
      const [center, reach] = [best.at[k] as number, share * (high - low)];
      return [Math.max(low, center - reach), Math.min(high, center + reach)];
    });
    const near = meter(quasirandom(box, AROUND, 0.5));
    const points = best.points + near.points;
    best = near.error > best.error ? { ...near, points } : { ...best, points };
  }
  return best;
}

/** The deterministic numbers that generate.py uses too, and the comparison with what it wrote. */
import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

/** The cases of a file that generate.py wrote; its first line tells the source. */
export function readCases<Case>(name: string): Case[] {
  const [, ...cases] = readFileSync(new URL(name, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return cases.map((line) => JSON.parse(line) as Case);
}

/** sin(12.9898 (i + 1) + 78.233 seed) for the i-th element in row-major order, float64. */
export function values(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((n, extent) => n * extent, 1);
  return tensor(
    Float64Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed)),
    { shape },
  );
}

/** Products with the vectors of two seeds, and the norm. */
export type Projection = readonly [number, number, number];

/** How far a tensor is from the one of which a projection is known, relative to the norm of the latter. */
export function distance(found: Tensor, expected: Projection, seed: number): number {
  const numbers = Array.from(found.dataSync());
  const along = (s: number): number => {
    const direction = values(found.shape, s).dataSync();
    return numbers.reduce((sum: number, x: number, i: number) => sum + x * (direction[i] as number), 0);
  };
  const projection = [along(seed), along(seed + 1), Math.hypot(...numbers)];
  return Math.max(...projection.map((x, i) => ratio(Math.abs(x - (expected[i] as number)), expected[2])));
}

/** |a − b| / |b|. */
export const relative = (a: number, b: number): number => ratio(Math.abs(a - b), Math.abs(b));

/** 0/0 is no error; NaN is an infinite one. */
function ratio(error: number, scale: number): number {
  if (error === 0) return 0;
  const quotient = error / scale;
  return Number.isNaN(quotient) ? Number.POSITIVE_INFINITY : quotient;
}

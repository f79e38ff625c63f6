/** Sums over vectors of numbers. */

export type Vector = Float64Array;

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The Euclidean norm, scaled by the largest entry so that no square overflows. */
export function norm(a: Vector): number {
  const largest = maxNorm(a);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const value of a) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** The largest absolute entry; NaN if there is a NaN. */
export function maxNorm(a: Vector): number {
  let largest = 0;
  for (const value of a) if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
  return largest;
}

/** a + factor·b. */
export const along = (a: Vector, factor: number, b: Vector): Vector =>
  a.map((value, i) => value + factor * (b[i] as number));

/** a ← a + factor·b. */
export function addTo(a: Vector, factor: number, b: Vector): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + factor * (b[i] as number);
}

/** factor·a. */
export const scaled = (factor: number, a: Vector): Vector => a.map((value) => factor * value);

/** a∘b, element by element. */
export const times = (a: Vector, b: Vector): Vector => a.map((value, i) => value * (b[i] as number));

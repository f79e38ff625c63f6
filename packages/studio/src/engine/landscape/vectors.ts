/** Sums over weights, in double precision. */

export type Vector = Float64Array;
type Numbers = ArrayLike<number>;

export function dot(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** a + factor·b. */
export const along = (a: Numbers, factor: number, b: Numbers): Vector =>
  Float64Array.from(a, (value, i) => value + factor * (b[i] as number));

/** a without its part along b, which must not be 0. */
export const without = (a: Numbers, b: Numbers): Vector => along(a, -dot(a, b) / dot(b, b), b);

/** As long as 1; undefined of what has no length to speak of next to `scale`. */
export function unit(a: Numbers, scale: number): Vector | undefined {
  const length = Math.sqrt(dot(a, a));
  return length > 1e-6 * scale ? Float64Array.from(a, (value) => value / length) : undefined;
}

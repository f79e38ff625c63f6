/** Comparison of numbers in tests. */
import { expect } from "vitest";

/** |actual − expected| ≤ tolerance · max(1, |expected|), element by element; NaN and ±∞ agree with themselves. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (Object.is(a, e) || (a === 0 && e === 0)) continue;
    const error = Math.abs(a - e);
    expect(error <= tolerance * Math.max(1, Math.abs(e)), `element ${i} is ${a}, not ${e} (off by ${error})`).toBe(
      true,
    );
  }
}

/** How many numbers of the array's dtype lie between two of them, counting through zero. */
function distance(array: ArrayLike<number>, a: number, b: number): number {
  const order = (x: number): bigint => {
    const double = array instanceof Float64Array;
    const bits = double
      ? (new BigInt64Array(Float64Array.of(x).buffer)[0] as bigint)
      : BigInt(new Int32Array(Float32Array.of(x).buffer)[0] as number);
    return bits < 0n ? -(1n << (double ? 63n : 31n)) - bits : bits;
  };
  const difference = order(a) - order(b);
  return Number(difference < 0n ? -difference : difference);
}

/** At most `ulps` numbers of the dtype apart; with 0, the same bits, but for the payload of NaN. */
export function expectWithin(
  ulps: number,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  at: (i: number) => string,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (Object.is(a, e)) continue;
    // Zeros of different sign are not near: 1/x tells them apart.
    const near =
      ulps > 0 && !(a === 0 && e === 0) && !Number.isNaN(a) && !Number.isNaN(e) && distance(expected, a, e) <= ulps;
    expect(near, `${at(i)} gives ${Object.is(a, -0) ? "-0" : a}, not ${Object.is(e, -0) ? "-0" : e}`).toBe(true);
  }
}

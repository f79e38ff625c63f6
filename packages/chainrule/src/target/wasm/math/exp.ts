/**
 * eˣ and eˣ − 1. x = n·ln 2 + r with |r| ≤ ln(2)/2 (Cody and Waite, "Software Manual for the Elementary Functions",
 * 1980), then e^r − 1 = r + r²·Q(r).
 *
 * Q was made for this file. It starts from a minimax fit with Q(0) = ½ given: C. L. Lawson's iteratively reweighted least
 * squares, 1,500 iterations at 200 Chebyshev points of |r| ≤ 0.34665, in 40 digits, levelling the error relative to e^r,
 * below 2^−28; coefficients rounded to float32 one after the other from the lowest power on, the others fitted anew each
 * time. A random search around it then chose the coefficients with which tanh errs least over all float32.
 */
import type { Formula, LaneMath, Value } from "./lane-math.ts";

/** ln 2 in two parts, the first of 15 bits, so that n·LN2_HIGH is exact. */
export const LN2_HIGH = 0.693145751953125;
export const LN2_LOW = 1.42860677e-6;
const POLYNOMIAL = [1.39110221e-3, 8.36796872e-3, 4.16668914e-2, 1.66665316e-1, 0.5];

/** 1.5·2²³: a float32 of small magnitude added to it is rounded to an integer, found in its low bits. */
const ROUNDER = 12582912;

export interface Reduced {
  /** Its low bits are n + bias. */
  readonly rounded: Value;
  /** r in two parts, the first exact. */
  readonly high: Value;
  readonly low: Value;
}

/** sign·x = n·ln 2 + sign·r. Where x is NaN, so is r. */
export function reduce(m: LaneMath, x: Value, sign: 1 | -1, bias: number): Reduced {
  const rounder = m.float(ROUNDER + bias);
  const rounded = m.keep(m.madd(x, m.float(sign * Math.LOG2E), rounder));
  const n = m.keep(m.sub(rounded, rounder));
  const high = m.keep(m.madd(n, m.float(-sign * LN2_HIGH), x));
  const low = m.keep(m.mul(n, m.float(-sign * LN2_LOW)));
  return { rounded, high, low };
}

/** sign·(e^(sign·r) − 1). */
export function fractionOf(m: LaneMath, { high, low }: Reduced, sign: 1 | -1): Value {
  const r = m.keep(m.add(high, low));
  const coefficients = POLYNOMIAL.map((c, i) => c * sign ** (POLYNOMIAL.length - i));
  const square = m.keep(m.mul(r, r));
  return m.keep(m.add(m.madd(square, m.polynomial(r, square, coefficients), low), high));
}

/** What makes 2ⁿ of n: added to n, it is the exponent's bits. */
export const EXPONENT_BIAS = 127;
const EXPONENT_SHIFT = 23;

/** The float32 whose exponent's bits are the low ones of `rounded`. */
export const power = (m: LaneMath, rounded: Value): Value => m.keep(m.shift("i32x4.shl", rounded, EXPONENT_SHIFT));

/** Beyond these e^x is 0 or ∞ in float32. */
export const LOWEST = -104;
const HIGHEST = 89;

/** 2ⁿ is multiplied in two factors, since n may be 128, or the result subnormal. Greatest error 0.941 ulp. */
export const exp: Formula = (m, x) => {
  const clamped = m.keep(m.atMost(m.atLeast(x, LOWEST), HIGHEST));
  const reduced = reduce(m, clamped, 1, 2 * EXPONENT_BIAS);
  const fraction = fractionOf(m, reduced, 1);
  const { rounded } = reduced;
  const half = power(m, m.shift("i32x4.shr_s", rounded, 1));
  const rest = m.op("i32x4.sub", m.shift("i32x4.shl", rounded, EXPONENT_SHIFT), half);
  return m.mul(m.madd(half, fraction, half), rest);
};

/** Below this eˣ − 1 is −1 in float32. */
const LOWEST_EXPM1 = -20;

/** Twice 2ⁿ⁻¹(e^r − 1) + (2ⁿ⁻¹ − ½), since n may be 128; x itself where that is exact. Greatest error 1.816 ulp. */
export const expm1: Formula = (m, x) => {
  const clamped = m.keep(m.atMost(m.atLeast(x, LOWEST_EXPM1), HIGHEST));
  const reduced = reduce(m, clamped, 1, EXPONENT_BIAS - 1);
  const scale = power(m, reduced.rounded);
  const half = m.keep(m.madd(scale, fractionOf(m, reduced, 1), m.sub(scale, m.float(0.5))));
  const isTiny = m.op("f32x4.lt", m.abs(x), m.float(2 ** -25));
  return m.select(isTiny, x, m.add(half, half));
};

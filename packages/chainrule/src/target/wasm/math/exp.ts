/**
 * eˣ and eˣ − 1. x = n·ln 2 + r with |r| ≤ ln(2)/2 (Cody and Waite, "Software Manual for the Elementary Functions",
 * 1980: ln 2 in two parts, so that n·LN2_HIGH is exact), then the polynomial of Cephes' expf (S. L. Moshier, Cephes Math
 * Library, single/expf.c): e^r = 1 + r + r²·P(r).
 */
import type { WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import { type LaneMath, laneFunction, type Value } from "./lane-math.ts";

export const LN2_HIGH = 0.693359375;
export const LN2_LOW = -2.1219444e-4;
const POLYNOMIAL = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1];

/** 1.5·2²³: a float32 of small magnitude added to it is rounded to an integer, found in its low bits. */
const ROUNDER = 12582912;
const ROUNDER_BITS = 0x4b400000;

interface Reduced {
  /** e^r − 1. */
  readonly fraction: Value;
  /** 2ⁿ = scales[0]·scales[1]: in two factors, since n may be 128, or the result subnormal. */
  readonly scales: readonly [Value, Value];
  /** 1 / scales[1]. */
  readonly inverse: Value;
}

/** Where x is NaN, so is `fraction`. */
function reduce(m: LaneMath, x: Value): Reduced {
  const rounded = m.keep(m.add(m.mul(x, m.float(Math.LOG2E)), m.float(ROUNDER)));
  const n = m.keep(m.op("i32x4.sub", rounded, m.int(ROUNDER_BITS)));
  const count = m.keep(m.sub(rounded, m.float(ROUNDER)));
  const high = m.sub(x, m.mul(count, m.float(LN2_HIGH)));
  const r = m.keep(m.sub(high, m.mul(count, m.float(LN2_LOW))));
  const fraction = m.keep(m.add(m.mul(m.mul(r, r), m.polynomial(r, POLYNOMIAL)), r));
  const half = m.keep(m.shift("i32x4.shr_s", n, 1));
  const rest = m.keep(m.op("i32x4.sub", n, half));
  const powerOf2 = (e: Value): Value => m.keep(m.shift("i32x4.shl", m.op("i32x4.add", e, m.int(127)), 23));
  const inverse = m.shift("i32x4.shl", m.op("i32x4.sub", m.int(127), rest), 23);
  return { fraction, scales: [powerOf2(half), powerOf2(rest)], inverse };
}

/** x within [low, high]; NaN stays. */
const clamp = (m: LaneMath, x: Value, low: number, high: number): Value =>
  m.keep(m.op("f32x4.pmin", m.op("f32x4.pmax", x, m.float(low)), m.float(high)));

/** Beyond these e^x is 0 or ∞ in float32. */
const LOWEST = -104;
const HIGHEST = 89;

export const exp = (library: Library): WasmFunction =>
  laneFunction("exp", library, (m, x) => {
    const { fraction, scales } = reduce(m, clamp(m, x, LOWEST, HIGHEST));
    return m.mul(m.mul(m.add(fraction, m.float(1)), scales[0]), scales[1]);
  });

/** Below this eˣ − 1 is −1 in float32. */
const LOWEST_EXPM1 = -20;

/** 2ⁿ(e^r − 1) + (2ⁿ − 1), with one factor of 2ⁿ taken out of the sum; x itself where that is exact. */
export const expm1 = (library: Library): WasmFunction =>
  laneFunction("expm1", library, (m, x) => {
    const { fraction, scales, inverse } = reduce(m, clamp(m, x, LOWEST_EXPM1, HIGHEST));
    const sum = m.add(m.mul(fraction, scales[0]), m.sub(scales[0], inverse));
    const isTiny = m.op("f32x4.lt", m.abs(x), m.float(2 ** -25));
    return m.select(isTiny, x, m.mul(sum, scales[1]));
  });

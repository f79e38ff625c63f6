/**
 * ln x and ln(1 + x). x = 2ᵉ·m with √½ ≤ m < √2, and with f = m − 1, ln(1 + f) = f + f²·(f·P(f) − ½).
 *
 * P is a minimax fit made for this file in the way that `exp.ts` tells, on √½ − 1 ≤ f ≤ √2 − 1. It levels the relative
 * error of ln(1 + f), which is below 2^−27.
 */
import { LN2_HIGH, LN2_LOW } from "./exp.ts";
import type { Formula, LaneMath, Value } from "./lane-math.ts";

const POLYNOMIAL = [
  -7.63699114e-2, 1.27624735e-1, -1.31595284e-1, 1.42015398e-1, -1.66234121e-1, 2.00012431e-1, -2.50008196e-1,
  3.33333313e-1, -0.5,
];

/** The bits of √½, and of the least normal number's exponent. */
const ROOT_HALF_BITS = 0x3f3504f3;
const LEAST_NORMAL = 2 ** -126;
/** Subnormal numbers are multiplied by 2²³ first. */
const SUBNORMAL_SHIFT = 23;

/** e of a positive normal number. */
const exponentOf = (m: LaneMath, x: Value): Value =>
  m.keep(m.shift("i32x4.shr_s", m.op("i32x4.sub", x, m.int(ROOT_HALF_BITS)), 23));

/** e·ln 2 + ln(1 + f). */
function logOf(m: LaneMath, e: Value, f: Value): Value {
  const square = m.keep(m.mul(f, f));
  const tail = m.madd(square, m.polynomial(f, square, POLYNOMIAL), m.mul(e, m.float(LN2_LOW)));
  return m.madd(e, m.float(LN2_HIGH), m.add(tail, f));
}

/** ln 0 = −∞, ln of a negative number is NaN, ln ∞ = ∞, ln NaN = NaN; `result` elsewhere. */
function withSpecial(m: LaneMath, x: Value, result: Value): Value {
  const negative = m.op("v128.or", result, m.op("f32x4.lt", x, m.float(0)));
  const finite = m.select(m.op("f32x4.eq", x, m.float(0)), m.float(-Infinity), negative);
  return m.select(m.op("f32x4.lt", x, m.float(Infinity)), finite, x);
}

/** Greatest error 0.947 ulp. */
export const log: Formula = (m, x) => {
  const isSmall = m.keep(m.op("f32x4.lt", x, m.float(LEAST_NORMAL)));
  const normal = m.keep(m.select(isSmall, m.mul(x, m.float(2 ** SUBNORMAL_SHIFT)), x));
  const exponent = exponentOf(m, normal);
  const mantissa = m.op("i32x4.sub", normal, m.shift("i32x4.shl", exponent, 23));
  const shift = m.op("v128.and", isSmall, m.float(SUBNORMAL_SHIFT));
  const e = m.keep(m.sub(m.op("f32x4.convert_i32x4_s", exponent), shift));
  const f = m.keep(m.sub(mantissa, m.float(1)));
  return withSpecial(m, x, logOf(m, e, f));
};

/**
 * e is that of 1 + x rounded, but f = 2⁻ᵉ·x + (2⁻ᵉ − 1), where nothing is lost of x. It is computed four times as large,
 * since 2⁻ᵉ may be a subnormal number; e is taken from the bits of 4. Greatest error
 * 1.593 ulp.
 */
export const log1p: Formula = (m, x) => {
  const sum = m.keep(m.add(x, m.float(1)));
  const exponent = exponentOf(m, sum);
  const scale = m.keep(m.op("i32x4.sub", m.float(4), m.shift("i32x4.shl", exponent, 23)));
  const f = m.keep(m.mul(m.madd(x, scale, m.sub(scale, m.float(4))), m.float(0.25)));
  const e = m.keep(m.op("f32x4.convert_i32x4_s", exponent));
  return m.withSignOf(x, withSpecial(m, sum, logOf(m, e, f)));
};

/** ln(1 + x) for 0 ≤ x ≤ 1. */
export function logOfSum(m: LaneMath, x: Value): Value {
  const isLarge = m.keep(m.op("f32x4.gt", x, m.float(Math.SQRT2 - 1)));
  const halved = m.mul(m.sub(x, m.float(1)), m.float(0.5));
  const f = m.keep(m.select(isLarge, halved, x));
  return logOf(m, m.keep(m.op("v128.and", isLarge, m.float(1))), f);
}

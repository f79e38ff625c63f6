/**
 * ln x and ln(1 + x). x = 2ᵉ·m with √½ ≤ m < √2, then the polynomial of Cephes' logf (S. L. Moshier, Cephes Math
 * Library, single/logf.c): with f = m − 1, ln(1 + f) = f − f²/2 + f³·P(f).
 */
import type { WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import { LN2_HIGH, LN2_LOW } from "./exp.ts";
import { laneFunction } from "./lane-math.ts";

const POLYNOMIAL = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];

/** The bits of √½, and of the least normal number's exponent. */
const ROOT_HALF_BITS = 0x3f3504f3;
const LEAST_NORMAL = 2 ** -126;
/** Subnormal numbers are multiplied by 2²³ first. */
const SUBNORMAL_SHIFT = 23;

export const log = (library: Library): WasmFunction =>
  laneFunction("log", library, (m, x) => {
    const isSmall = m.keep(m.op("f32x4.lt", x, m.float(LEAST_NORMAL)));
    const normal = m.keep(m.select(isSmall, m.mul(x, m.float(2 ** SUBNORMAL_SHIFT)), x));
    const exponent = m.keep(m.shift("i32x4.shr_s", m.op("i32x4.sub", normal, m.int(ROOT_HALF_BITS)), 23));
    const mantissa = m.op("i32x4.sub", normal, m.shift("i32x4.shl", exponent, 23));
    const shift = m.op("v128.and", isSmall, m.float(SUBNORMAL_SHIFT));
    const e = m.keep(m.sub(m.op("f32x4.convert_i32x4_s", exponent), shift));
    const f = m.keep(m.sub(mantissa, m.float(1)));
    const square = m.keep(m.mul(f, f));
    const cubic = m.mul(m.mul(f, square), m.polynomial(f, POLYNOMIAL));
    const small = m.sub(m.add(cubic, m.mul(e, m.float(LN2_LOW))), m.mul(square, m.float(0.5)));
    const result = m.add(m.add(f, small), m.mul(e, m.float(LN2_HIGH)));
    // Everywhere else: ln 0 = −∞, ln of a negative number is NaN, ln ∞ = ∞, ln NaN = NaN.
    const isZero = m.op("f32x4.eq", x, m.float(0));
    const isNegative = m.op("f32x4.lt", x, m.float(0));
    const special = m.select(isZero, m.float(-Infinity), m.select(isNegative, m.float(Number.NaN), x));
    const isBelowInfinity = m.op("f32x4.lt", x, m.float(Infinity));
    const isOrdinary = m.op("v128.and", m.op("f32x4.gt", x, m.float(0)), isBelowInfinity);
    return m.select(isOrdinary, result, special);
  });

/**
 * With u = 1 + x rounded, ln(1 + x) = ln u + ln((1 + x)/u), and the second is nearly its argument less 1, which is
 * what the rounding lost, over u (FreeBSD's s_log1pf.c). The loss is exact, computed from the smaller of 1 and x.
 */
export const log1p = (library: Library): WasmFunction =>
  laneFunction("log1p", library, (m, x) => {
    const u = m.keep(m.add(x, m.float(1)));
    const isLarge = m.op("f32x4.ge", x, m.float(1));
    const lost = m.select(isLarge, m.sub(m.float(1), m.sub(u, x)), m.sub(x, m.sub(u, m.float(1))));
    const isOrdinary = m.op("v128.and", m.op("f32x4.gt", u, m.float(0)), m.op("f32x4.lt", u, m.float(Infinity)));
    const correction = m.op("v128.and", m.div(lost, u), isOrdinary);
    const result = m.add(m.call("log", u), correction);
    return m.select(m.op("f32x4.eq", x, m.float(0)), x, result); // keeps −0
  });

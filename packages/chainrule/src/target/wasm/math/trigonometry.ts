/**
 * sin and cos: x = q·π/2 + r with |r| ≤ π/4 in float64 (as in FreeBSD's e_rem_pio2f.c), then a polynomial of r in float32,
 * chosen by q mod 4: sin r = r + r³·S(r²), or cos r = 1 − r²/2 + r⁴·C(r²).
 *
 * S and C are minimax fits made for this file in the way that `exp.ts` tells, for |r| ≤ π/4. They level the relative errors
 * of sin r and cos r, which are below 2^−27 and 2^−32.
 */
import type { Formula, LaneMath, Value } from "./lane-math.ts";

/** π/2 in two parts, the first of 25 bits, so that q·HALF_PI_HIGH is exact for |q| < 2²⁸. */
const HALF_PI_HIGH = 1.5707963109016418;
const HALF_PI_LOW = 1.5893254773528196e-8;
/** The greatest |x| for which the reduction holds. Beyond, the host's own function is called for the lane. */
const REDUCIBLE = 2 ** 28;
/** 1.5·2⁵²: a float64 of small magnitude added to it is rounded to an integer, found in its low bits. */
const ROUNDER = 6755399441055744;

const SINE = [-1.95182845e-4, 8.33218917e-3, -1.66666552e-1];
const COSINE = [2.44323273e-5, -1.38873095e-3, 4.16666456e-2, -0.5];

interface Half {
  /** In the lower two lanes. */
  readonly r: Value;
  /** The quadrant, in the low word of each float64 lane. */
  readonly quadrant: Value;
}

/** The reduction of the lower two lanes. */
function half(m: LaneMath, lanes: Value): Half {
  const x = m.keep(m.op("f64x2.promote_low_f32x4", lanes));
  const quadrant = m.keep(m.doubleMadd(x, m.double(2 / Math.PI), m.double(ROUNDER)));
  const q = m.keep(m.op("f64x2.sub", quadrant, m.double(ROUNDER)));
  const high = m.doubleMadd(q, m.double(-HALF_PI_HIGH), x);
  const r = m.keep(m.op("f32x4.demote_f64x2_zero", m.doubleMadd(q, m.double(-HALF_PI_LOW), high)));
  return { r, quadrant };
}

/** sin(x + turns·π/2). */
const sineFunction =
  (op: "sin" | "cos", turns: 0 | 1): Formula =>
  (m, x) => {
    const low = half(m, x);
    const high = half(m, m.shuffle(x, x, [2, 3, 2, 3]));
    const r = m.keep(m.shuffle(low.r, high.r, [0, 1, 4, 5]));
    const square = m.keep(m.mul(r, r));
    const fourth = m.keep(m.mul(square, square));
    const sine = m.keep(m.withSignOf(r, m.madd(m.mul(r, square), m.polynomial(square, fourth, SINE), r)));
    const cosine = m.keep(m.madd(square, m.polynomial(square, fourth, COSINE), m.float(1)));
    const quadrants = m.shuffle(low.quadrant, high.quadrant, [0, 2, 4, 6]);
    const quadrant = m.keep(m.op("i32x4.add", quadrants, m.int(turns)));
    const isOdd = m.shift("i32x4.shr_s", m.shift("i32x4.shl", quadrant, 31), 31);
    const sign = m.shift("i32x4.shl", m.op("v128.and", quadrant, m.int(2)), 30);
    return withHost(m, op, x, m.keep(m.op("v128.xor", m.select(isOdd, cosine, sine), sign)));
  };

/** Replaces the lanes whose argument is too large for the reduction by the host's function. */
function withHost(m: LaneMath, op: "sin" | "cos", x: Value, reduced: Value): Value {
  const { writer } = m;
  const isHuge = m.keep(m.op("f32x4.gt", m.abs(x), m.float(REDUCIBLE)));
  const result = m.local("result");
  reduced();
  writer.set(result);
  isHuge();
  writer.op("v128.any_true");
  writer.if(() => {
    const exact = hostLanes(m, op, x);
    m.select(isHuge, exact, () => writer.get(result))();
    writer.set(result);
  });
  return () => writer.get(result);
}

/** The host's function of each lane in turn. */
function hostLanes(m: LaneMath, op: "sin" | "cos", x: Value): Value {
  const { writer, library } = m;
  const exact = m.local("exact");
  for (const lane of [0, 1, 2, 3]) {
    if (lane > 0) writer.get(exact);
    x();
    writer.lane("f32x4.extract_lane", lane);
    writer.op("f64.promote_f32");
    writer.call(library.host(op));
    writer.op("f32.demote_f64");
    if (lane > 0) writer.lane("f32x4.replace_lane", lane);
    else writer.op("f32x4.splat");
    writer.set(exact);
  }
  return () => writer.get(exact);
}

/** Greatest error 1.563 ulp. */
export const sin = sineFunction("sin", 0);
/** Greatest error 1.585 ulp. */
export const cos = sineFunction("cos", 1);

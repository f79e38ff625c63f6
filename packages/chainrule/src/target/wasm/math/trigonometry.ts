/**
 * sin and cos, in float64 inside, after FreeBSD's e_rem_pio2f.c, k_sinf.c and k_cosf.c (Sun Microsystems; S. L. Moshier
 * for the reduction; optimized by B. D. Evans): x = q·π/2 + r with |r| ≤ π/4, then a polynomial of r chosen by q mod 4.
 */
import type { WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import { type LaneMath, laneFunction, type Value } from "./lane-math.ts";

/** π/2 in two parts, the first of 25 bits, so that q·HALF_PI_HIGH is exact for |q| < 2²⁸. */
const HALF_PI_HIGH = 1.5707963109016418;
const HALF_PI_LOW = 1.5893254773528196e-8;
/** The greatest |x| for which the reduction holds. Beyond, the host's own function is called for the lane. */
const REDUCIBLE = 2 ** 28;
/** 1.5·2⁵²: a float64 of small magnitude added to it is rounded to an integer, found in its low bits. */
const ROUNDER = 6755399441055744;

/** (sin r)/r and cos r as polynomials of r². */
const SINE = [2.718311493989822e-6, -1.9839334836096632e-4, 8.333329385889463e-3, -1.6666666641626524e-1, 1];
const COSINE = [2.439044879627741e-5, -1.388676377460993e-3, 4.166662332373906e-2, -4.99999997251031e-1, 1];

interface Half {
  readonly sine: Value;
  readonly cosine: Value;
  /** The quadrant, in the low word of each float64 lane. */
  readonly quadrant: Value;
}

/** The lower two lanes, in float64. */
function half(m: LaneMath, lanes: Value): Half {
  const x = m.keep(m.op("f64x2.promote_low_f32x4", lanes));
  const quadrant = m.keep(m.op("f64x2.add", m.op("f64x2.mul", x, m.double(2 / Math.PI)), m.double(ROUNDER)));
  const q = m.keep(m.op("f64x2.sub", quadrant, m.double(ROUNDER)));
  const high = m.op("f64x2.sub", x, m.op("f64x2.mul", q, m.double(HALF_PI_HIGH)));
  const r = m.keep(m.op("f64x2.sub", high, m.op("f64x2.mul", q, m.double(HALF_PI_LOW))));
  const square = m.keep(m.op("f64x2.mul", r, r));
  const sine = m.keep(m.op("f32x4.demote_f64x2_zero", m.op("f64x2.mul", m.doublePolynomial(square, SINE), r)));
  const cosine = m.keep(m.op("f32x4.demote_f64x2_zero", m.doublePolynomial(square, COSINE)));
  return { sine, cosine, quadrant };
}

/** sin(x + turns·π/2). */
const sineFunction =
  (op: "sin" | "cos", turns: 0 | 1) =>
  (library: Library): WasmFunction =>
    laneFunction(op, library, (m, x) => {
      const low = half(m, x);
      const high = half(m, m.shuffle(x, x, [2, 3, 2, 3]));
      const sine = m.shuffle(low.sine, high.sine, [0, 1, 4, 5]);
      const cosine = m.shuffle(low.cosine, high.cosine, [0, 1, 4, 5]);
      const quadrants = m.shuffle(low.quadrant, high.quadrant, [0, 2, 4, 6]);
      const quadrant = m.keep(m.op("i32x4.add", quadrants, m.int(turns)));
      const isOdd = m.shift("i32x4.shr_s", m.shift("i32x4.shl", quadrant, 31), 31);
      const sign = m.shift("i32x4.shl", m.op("v128.and", quadrant, m.int(2)), 30);
      const result = m.keep(m.op("v128.xor", m.select(isOdd, cosine, sine), sign));
      return withHost(m, op, x, result);
    });

/** Replaces the lanes whose argument is too large for the reduction by the host's function. */
function withHost(m: LaneMath, op: "sin" | "cos", x: Value, result: Value): Value {
  const { writer, library } = m;
  const isHuge = m.keep(m.op("f32x4.gt", m.abs(x), m.float(REDUCIBLE)));
  const local = writer.local("v128", "result");
  result();
  writer.set(local);
  isHuge();
  writer.op("v128.any_true");
  writer.if(() => {
    const exact = writer.local("v128", "exact");
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
    m.select(
      isHuge,
      () => writer.get(exact),
      () => writer.get(local),
    )();
    writer.set(local);
  });
  return () => writer.get(local);
}

export const sin = sineFunction("sin", 0);
export const cos = sineFunction("cos", 1);

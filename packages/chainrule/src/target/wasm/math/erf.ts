/**
 * The error function. Below BORDER erf t = t + t·P(t²); above, erf t = 1 − e^−(t + t·Q(t)).
 *
 * P and Q are minimax fits made for this file: C. L. Lawson's iteratively reweighted least squares, 3,000 iterations at
 * 400 and 600 Chebyshev points of [0, BORDER] and [BORDER, LAST], against erf and erfc in 40 digits, weighted so as to
 * level the relative error of erf, which stays below 5·10⁻¹⁰ and 3·10⁻⁹ before the coefficients are rounded to float32.
 */
import { EXPONENT_BIAS, fractionOf, power, reduce } from "./exp.ts";
import type { Formula } from "./lane-math.ts";

const BORDER = 0.93;
/** From here on erf is 1 in float32. */
const LAST = 4;
const P = [8.31680954e-5, -8.13002116e-4, 5.19990735e-3, -2.68589426e-2, 1.12836875e-1, -3.76126319e-1, 1.28379166e-1];
const Q = [-2.13644831e-4, 3.21214343e-3, -2.28809156e-2, 1.05247669e-1, 6.35729134e-1, 1.28511146e-1];

/** Greatest error 1.268 ulp. */
export const erf: Formula = (m, x) => {
  const t = m.keep(m.atMost(m.abs(x), LAST));
  const square = m.keep(m.mul(t, t));
  const small = m.keep(m.madd(m.polynomial(square, m.keep(m.mul(square, square)), P), t, t));
  const reduced = reduce(m, m.keep(m.madd(m.polynomial(t, square, Q), t, t)), -1, EXPONENT_BIAS);
  const scale = power(m, reduced.rounded);
  const large = m.madd(scale, fractionOf(m, reduced, -1), m.sub(m.float(1), scale));
  const isSmall = m.op("f32x4.lt", t, m.float(BORDER));
  return m.withSignOf(x, m.select(isSmall, small, large));
};

/** The logistic function, the hyperbolic tangent and softplus, of exponentials of numbers that cannot overflow. */
import { EXPONENT_BIAS, fractionOf, LOWEST, power, reduce } from "./exp.ts";
import type { Formula } from "./lane-math.ts";
import { logOfSum } from "./log.ts";

/** 2ⁿ is kept larger by this power of 2, so that it is no subnormal number. */
const SHIFT = 24;
const BIAS = EXPONENT_BIAS + SHIFT;

/** From here on the logistic function is 1 in float32. */
const SIGMOID_HIGHEST = 18;

/**
 * With x = n·ln 2 + r, 1 / (1 + e^−x) = 2ⁿ / (2ⁿ + e^−r). The sum 2ⁿ + 1 + (e^−r − 1) starts with the lesser of 2ⁿ and 1,
 * which rounds least. Greatest error 1.9992 ulp.
 */
export const sigmoid: Formula = (m, x) => {
  const clamped = m.keep(m.atMost(m.atLeast(x, LOWEST), SIGMOID_HIGHEST));
  const reduced = reduce(m, clamped, 1, BIAS);
  const fraction = fractionOf(m, reduced, -1);
  const scale = m.keep(m.mul(power(m, reduced.rounded), m.float(2 ** -SHIFT)));
  const sum = m.add(m.sub(m.atMost(scale, 1), fraction), m.atLeast(scale, 1));
  return m.div(scale, sum);
};

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). Greatest error 1.827 ulp. */
export const softplus: Formula = (m, x) => {
  const clamped = m.keep(m.atLeast(m.op("v128.or", x, m.float(-0)), LOWEST));
  const reduced = reduce(m, clamped, 1, BIAS);
  const scale = power(m, reduced.rounded);
  const decay = m.mul(m.madd(scale, fractionOf(m, reduced, 1), scale), m.float(2 ** -SHIFT));
  return m.add(logOfSum(m, m.keep(decay)), m.atLeast(x, 0));
};

/** From here on tanh is 1 in float32. */
const TANH_HIGHEST = 9.1;

/**
 * With 2|x| = −n·ln 2 + r and p = 1 − e^−r, (1 − e^−2|x|) / (1 + e^−2|x|) = (1 − 2ⁿ + 2ⁿp) / (1 + 2ⁿ − 2ⁿp). Greatest error
 * 1.976 ulp.
 */
export const tanh: Formula = (m, x) => {
  const magnitude = m.keep(m.atMost(m.abs(x), TANH_HIGHEST));
  const reduced = reduce(m, m.keep(m.add(magnitude, magnitude)), -1, EXPONENT_BIAS);
  const fraction = fractionOf(m, reduced, -1);
  const scale = power(m, reduced.rounded);
  const scaled = m.keep(m.mul(scale, fraction));
  const [numerator, denominator] = [m.add(m.sub(m.float(1), scale), scaled), m.sub(m.add(m.float(1), scale), scaled)];
  return m.withSignOf(x, m.div(numerator, denominator));
};

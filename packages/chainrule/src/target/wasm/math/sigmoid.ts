/** Functions made of exp and log: each takes the exponential of a number that cannot overflow. */
import type { WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import { type LaneMath, laneFunction, type Value } from "./lane-math.ts";

/** e^−|x|. */
const decay = (m: LaneMath, x: Value): Value => m.keep(m.call("exp", m.op("f32x4.neg", m.abs(x))));

/** 1 / (1 + e^−x): with e = e^−|x|, 1 / (1 + e) for x ≥ 0 and e / (1 + e) below. */
export const sigmoid = (library: Library): WasmFunction =>
  laneFunction("sigmoid", library, (m, x) => {
    const e = decay(m, x);
    const isNegative = m.op("f32x4.lt", x, m.float(0));
    return m.div(m.select(isNegative, e, m.float(1)), m.add(e, m.float(1)));
  });

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). */
export const softplus = (library: Library): WasmFunction =>
  laneFunction("softplus", library, (m, x) => m.add(m.op("f32x4.max", x, m.float(0)), m.call("log1p", decay(m, x))));

// tanh x = x + x³·P(x²) for |x| < 0.625, and 1 − 2 / (e^2|x| + 1) with the sign of x above: the method and the
// polynomial of Cephes' tanhf (S. L. Moshier, Cephes Math Library, single/tanhf.c).
const TANH_POLYNOMIAL = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1];
const TANH_SMALL = 0.625;

export const tanh = (library: Library): WasmFunction =>
  laneFunction("tanh", library, (m, x) => {
    const magnitude = m.keep(m.abs(x));
    const square = m.keep(m.mul(magnitude, magnitude));
    const odd = m.mul(m.mul(m.polynomial(square, TANH_POLYNOMIAL), square), magnitude);
    const small = m.add(odd, magnitude);
    const e = m.call("exp", m.add(magnitude, magnitude));
    const large = m.sub(m.float(1), m.div(m.float(2), m.add(e, m.float(1))));
    const isSmall = m.op("f32x4.lt", magnitude, m.float(TANH_SMALL));
    return m.withSignOf(x, m.select(isSmall, small, large));
  });

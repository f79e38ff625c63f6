/** The error function. */
import type { WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import { laneFunction } from "./lane-math.ts";

const SMALL = [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1];
const LARGE = [
  -1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1, 0,
];
const BORDER = 0.927734375;
/** Beyond this erf is ±1 in float32. */
const LAST = 4;

export const erf = (library: Library): WasmFunction =>
  laneFunction("erf", library, (m, x) => {
    const t = m.keep(m.op("f32x4.pmin", m.abs(x), m.float(LAST)));
    const square = m.keep(m.mul(t, t));
    const small = m.add(m.mul(m.polynomial(square, SMALL), t), t);
    const exponent = m.sub(m.polynomial(t, LARGE), t);
    const large = m.sub(m.float(1), m.call("exp", exponent));
    const isSmall = m.op("f32x4.lt", t, m.float(BORDER));
    return m.withSignOf(x, m.select(isSmall, small, large));
  });

/**
 * The double-precision meaning of every scalar operation. The interpreter rounds these results to the expression's
 * dtype; other targets are tested against them. Booleans are the numbers 0 and 1.
 */
import type { DType } from "../tensor/dtype.ts";
import type { ScalarOp } from "./ir.ts";

/** 1 / (1 + e^−x), with the exponential of a non-positive number only, so that nothing overflows. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|), which neither overflows nor loses small values. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** IEEE 754 (and C, NumPy): 1^y = 1 even for NaN and (−1)^±∞ = 1, where JavaScript's own power gives NaN. */
const pow = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);

// Rational approximations of erf and erfc on four intervals, from FDLIBM's s_erf.c (Sun Microsystems, 1993;
// https://www.netlib.org/fdlibm/s_erf.c), where the error is below 1 ulp. Coefficients by
// ascending power, in the shortest digits that give the same doubles.
/** erf(1), rounded to float: the centre of the interval [0.84375, 1.25]. */
const ERF_1 = 8.450629115104675e-1;
/** |x| < 0.84375: erf(x) = x + x·P(x²)/Q(x²). */
const SMALL = [
  [1.2837916709551256e-1, -3.250421072470015e-1, -2.848174957559851e-2, -5.770270296489442e-3, -2.3763016656650163e-5],
  [1, 3.9791722395915535e-1, 6.50222499887673e-2, 5.081306281875766e-3, 1.3249473800432164e-4, -3.960228278775368e-6],
] as const;
/** 0.84375 ≤ |x| < 1.25: erf(x) = ERF_1 + P(s)/Q(s), s = |x| − 1. */
const MIDDLE = [
  [
    -2.3621185607526594e-3, 4.1485611868374833e-1, -3.722078760357013e-1, 3.1834661990116175e-1, -1.1089469428239668e-1,
    3.5478304325618236e-2, -2.166375594868791e-3,
  ],
  [
    1, 1.0642088040084423e-1, 5.40397917702171e-1, 7.182865441419627e-2, 1.2617121980876164e-1, 1.363708391202905e-2,
    1.1984499846799107e-2,
  ],
] as const;
/** 1.25 ≤ |x| < 1/0.35: erfc(x) = exp(−x² − 0.5625 + P(s)/Q(s)) / x, s = 1/x². */
const LARGE = [
  [
    -9.864944034847148e-3, -6.938585727071818e-1, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -6.04244152148581e-2,
  ],
] as const;
/** 1/0.35 ≤ |x| < 6: as LARGE. */
const LARGER = [
  [
    -9.8649429247001e-3, -7.99283237680523e-1, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
] as const;

/** 2/√π − 1: erf(x) ≈ x + SLOPE·x near 0, which keeps the sign of zero. */
const SLOPE = 1.283791670955126e-1;

/** The numbers of `erf`, for printers of code. */
export const ERF_TABLES = { erfOf1: ERF_1, slope: SLOPE, ratios: [SMALL, MIDDLE, LARGE, LARGER] } as const;

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

const ratio = ([p, q]: readonly [readonly number[], readonly number[]], x: number): number =>
  polynomial(p, x) / polynomial(q, x);

function erf(x: number): number {
  const t = Math.abs(x);
  if (Number.isNaN(t)) return x;
  if (t < 2 ** -28) return x + SLOPE * x;
  if (t < 0.84375) return x + x * ratio(SMALL, x * x);
  if (t < 1.25) return Math.sign(x) * (ERF_1 + ratio(MIDDLE, t - 1));
  if (t >= 6) return Math.sign(x);
  // exp(−t²) in two factors: z has 24 bits, so that z² is exact.
  const z = Math.fround(t);
  const tail = ratio(t < 1 / 0.35 ? LARGE : LARGER, 1 / (t * t));
  return Math.sign(x) * (1 - (Math.exp(-z * z - 0.5625) * Math.exp((z - t) * (z + t) + tail)) / t);
}

/**
 * Every scalar operation on doubles. `cast` is the identity here: `castTo` holds its meaning. An int32 result is still
 * to be wrapped by `roundTo`, and an int32 `mul` is not exact in doubles: `scalarFunction` knows both.
 */
export const REFERENCE: Record<ScalarOp, (...args: number[]) => number> = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  neg: (a: number) => -a,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  sqrt: Math.sqrt,
  pow,
  min: (a: number, b: number) => Math.min(a, b),
  max: (a: number, b: number) => Math.max(a, b),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid,
  softplus,
  erf,
  mulz: (a: number, b: number) => (a === 0 ? 0 : a * b),
  eq: (a: number, b: number) => (a === b ? 1 : 0),
  ne: (a: number, b: number) => (a !== b ? 1 : 0),
  lt: (a: number, b: number) => (a < b ? 1 : 0),
  le: (a: number, b: number) => (a <= b ? 1 : 0),
  gt: (a: number, b: number) => (a > b ? 1 : 0),
  ge: (a: number, b: number) => (a >= b ? 1 : 0),
  and: (a: number, b: number) => a & b,
  or: (a: number, b: number) => a | b,
  not: (a: number) => a ^ 1,
  select: (condition: number, a: number, b: number) => (condition ? a : b),
  cast: (a: number) => a,
  idiv: (a: number, b: number) => (a / b) | 0,
  imod: (a: number, b: number) => (a % b) | 0,
  bitand: (a: number, b: number) => a & b,
  bitor: (a: number, b: number) => a | b,
  xor: (a: number, b: number) => a ^ b,
  shl: (a: number, b: number) => a << b,
  shr: (a: number, b: number) => (a >>> b) | 0,
};

/** The exact result `x` of an arithmetic operation, rounded (floats) or wrapped (int32) to the dtype. */
export function roundTo(dtype: DType, x: number): number {
  switch (dtype) {
    case "float32":
      return Math.fround(x);
    case "float64":
      return x;
    case "int32":
      return x | 0;
    case "bool":
      return x ? 1 : 0;
  }
}

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** `x` converted to the dtype: to int32 truncating and saturating with NaN → 0, to bool as x ≠ 0 (so NaN → 1). */
export function castTo(dtype: DType, x: number): number {
  if (dtype === "int32") return Math.max(INT32_MIN, Math.min(INT32_MAX, x)) | 0;
  if (dtype === "bool") return x !== 0 ? 1 : 0;
  return roundTo(dtype, x);
}

/** The operation with a result of the given dtype, rounding included: what one `Call` of the loop IR computes. */
export function scalarFunction(op: ScalarOp, dtype: DType): (...args: number[]) => number {
  if (op === "cast") return (x: number) => castTo(dtype, x);
  if (op === "mul" && dtype === "int32") return Math.imul;
  const exact = REFERENCE[op];
  if (dtype === "float64" || dtype === "bool") return exact;
  // Three named parameters, the most that an operation takes, are much quicker than spread ones.
  return (a: number, b: number, c: number) => roundTo(dtype, exact(a, b, c));
}

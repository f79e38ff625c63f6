/** How scalar operations are written in TypeScript, and those that need a function of their own. */
import type { ScalarOp } from "../../loop/ir.ts";

type Text = (...args: string[]) => string;

/** Text of the double-precision result; its meaning is that of REFERENCE in loop/scalar.ts. */
export const OPERATIONS: Record<Exclude<ScalarOp, "cast">, Text> = {
  add: (a, b) => `(${a} + ${b})`,
  sub: (a, b) => `(${a} - ${b})`,
  mul: (a, b) => `(${a} * ${b})`,
  div: (a, b) => `(${a} / ${b})`,
  neg: (a) => `(-${a})`,
  abs: (a) => `Math.abs(${a})`,
  sign: (a) => `Math.sign(${a})`,
  floor: (a) => `Math.floor(${a})`,
  sqrt: (a) => `Math.sqrt(${a})`,
  pow: (a, b) => `$pow(${a}, ${b})`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  max: (a, b) => `Math.max(${a}, ${b})`,
  exp: (a) => `Math.exp(${a})`,
  expm1: (a) => `Math.expm1(${a})`,
  log: (a) => `Math.log(${a})`,
  log1p: (a) => `Math.log1p(${a})`,
  sin: (a) => `Math.sin(${a})`,
  cos: (a) => `Math.cos(${a})`,
  tanh: (a) => `Math.tanh(${a})`,
  sigmoid: (a) => `$sigmoid(${a})`,
  softplus: (a) => `$softplus(${a})`,
  erf: (a) => `$erf(${a})`,
  mulz: (a, b) => `$mulz(${a}, ${b})`,
  eq: (a, b) => `+(${a} === ${b})`,
  ne: (a, b) => `+(${a} !== ${b})`,
  lt: (a, b) => `+(${a} < ${b})`,
  le: (a, b) => `+(${a} <= ${b})`,
  gt: (a, b) => `+(${a} > ${b})`,
  ge: (a, b) => `+(${a} >= ${b})`,
  and: (a, b) => `(${a} & ${b})`,
  or: (a, b) => `(${a} | ${b})`,
  not: (a) => `(${a} ^ 1)`,
  select: (condition, a, b) => `(${condition} ? ${a} : ${b})`,
  idiv: (a, b) => `(${a} / ${b} | 0)`,
  imod: (a, b) => `(${a} % ${b})`,
  bitand: (a, b) => `(${a} & ${b})`,
  bitor: (a, b) => `(${a} | ${b})`,
  xor: (a, b) => `(${a} ^ ${b})`,
  shl: (a, b) => `(${a} << ${b})`,
  shr: (a, b) => `(${a} >>> ${b} | 0)`,
};

/** Operations whose result is exact in every dtype, or already of it, when the arguments are. */
export const EXACT: ReadonlySet<ScalarOp> = new Set<ScalarOp>([
  ...([
    "neg",
    "abs",
    "sign",
    "floor",
    "min",
    "max",
    "select",
    "idiv",
    "imod",
    "bitand",
    "bitor",
    "xor",
    "shl",
    "shr",
  ] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not"] as const),
]);

/** The definitions of the functions named above with a $; for formulas and sources see loop/scalar.ts. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  $pow: "const $pow = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);",
  $sigmoid: `function $sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}`,
  $softplus: "const $softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));",
  $mulz: "const $mulz = (a: number, b: number): number => (a === 0 ? 0 : a * b);",
  $int: "const $int = (x: number): number => Math.max(-2147483648, Math.min(2147483647, x)) | 0;",
};

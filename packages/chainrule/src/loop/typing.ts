/** The dtype rule of every scalar operation: what arguments it takes and what it gives. */
import { type DType, isFloat } from "../tensor/dtype.ts";
import { SCALAR_OPS, type ScalarOp } from "./ir.ts";

/**
 * - number: arguments of one dtype, float or int32, which is also the result's
 * - float: the same for floats only; integer: for int32 only; logic: for bool only
 * - compare: arguments of one dtype of any kind; a bool
 * - select: a bool and two values of one dtype, which is also the result's
 * - cast: any one argument; the result's dtype is stated by the expression
 */
type Rule = "number" | "float" | "integer" | "logic" | "compare" | "select" | "cast";

const RULES: Record<ScalarOp, Rule> = {
  add: "number",
  sub: "number",
  mul: "number",
  neg: "number",
  abs: "number",
  sign: "number",
  min: "number",
  max: "number",
  div: "float",
  floor: "float",
  sqrt: "float",
  pow: "float",
  exp: "float",
  expm1: "float",
  log: "float",
  log1p: "float",
  sin: "float",
  cos: "float",
  tanh: "float",
  sigmoid: "float",
  softplus: "float",
  erf: "float",
  mulz: "float",
  eq: "compare",
  ne: "compare",
  lt: "compare",
  le: "compare",
  gt: "compare",
  ge: "compare",
  and: "logic",
  or: "logic",
  not: "logic",
  select: "select",
  cast: "cast",
  idiv: "integer",
  imod: "integer",
  bitand: "integer",
  bitor: "integer",
  xor: "integer",
  shl: "integer",
  shr: "integer",
};

const EXPECTED: Record<Rule, string> = {
  number: "arguments of one dtype, float or int32",
  float: "arguments of one float dtype",
  integer: "int32 arguments",
  logic: "bool arguments",
  compare: "arguments of one dtype",
  select: "a bool and two values of one dtype",
  cast: "one argument",
};

function accepts(rule: Rule, args: readonly DType[]): boolean {
  const [first, second, third] = args;
  if (rule === "select") return first === "bool" && second === third;
  if (!args.every((dtype) => dtype === first)) return false;
  switch (rule) {
    case "number":
      return first !== "bool";
    case "float":
      return first !== undefined && isFloat(first);
    case "integer":
      return first === "int32";
    case "logic":
      return first === "bool";
    default:
      return true;
  }
}

/** How many arguments of which dtypes the operation was given, when that is wrong; otherwise undefined. */
export function argumentError(op: ScalarOp, args: readonly DType[]): string | undefined {
  const arity = SCALAR_OPS[op];
  if (args.length === arity && accepts(RULES[op], args)) return undefined;
  return `${op} takes ${arity === 1 ? "1 value" : `${arity} values`}: ${EXPECTED[RULES[op]]}; it got (${args.join(", ")})`;
}

/** The result's dtype for arguments that `argumentError` accepts. A cast states its own and is not asked for here. */
export function resultDType(op: Exclude<ScalarOp, "cast">, args: readonly DType[]): DType {
  const rule = RULES[op];
  if (rule === "compare") return "bool";
  return (rule === "select" ? args[1] : args[0]) as DType;
}

/**
 * Builds expressions of the loop IR. A pool hash-conses: structurally equal expressions are one object, so that sharing
 * in the DAG is seen by identity. Integer arithmetic (indices) is simplified on the way; float arithmetic never is,
 * except that an operation on constants becomes a constant.
 */
import type { DType } from "../tensor/dtype.ts";
import type { Const, Expr, ScalarOp, Var } from "./ir.ts";
import { castTo, roundTo, scalarFunction } from "./scalar.ts";
import { argumentError, resultDType } from "./typing.ts";

/** A new variable, different from every other, for any pool. */
export const variable = (name: string, dtype: DType): Var => ({ kind: "var", name, dtype });

const isConst = (expr: Expr | undefined): expr is Const => expr?.kind === "const";

/** A constant written out so that only equal ones agree: NaN is itself and −0 is not 0. */
const constantKey = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/**
 * Makes expressions, one object for each structure. Use one pool for a kernel; variables compare by identity and may
 * come from anywhere.
 *
 * @example
 * const pool = new ExprPool();
 * const i = variable("i", "int32");
 * const row = pool.call("mul", i, pool.int(10));
 * pool.load("float32", 0, row) === pool.load("float32", 0, pool.call("mul", i, pool.int(10))); // true
 */
export class ExprPool {
  readonly #ids = new Map<Expr, number>();
  readonly #interned = new Map<string, Expr>();

  /** A constant, rounded to the dtype; an int32 constant must be an integer in range. */
  constant(dtype: DType, value: number): Const {
    if (dtype === "int32" && (value | 0) !== value) throw new RangeError(`${value} is not an int32 constant`);
    const rounded = dtype === "bool" ? castTo(dtype, value) : roundTo(dtype, dtype === "int32" ? value | 0 : value);
    return this.#intern(`${dtype} ${constantKey(rounded)}`, () => ({ kind: "const", dtype, value: rounded })) as Const;
  }

  int(value: number): Const {
    return this.constant("int32", value);
  }

  bool(value: boolean): Const {
    return this.constant("bool", value ? 1 : 0);
  }

  /** Element `index` (an int32 expression) of a buffer. */
  load(dtype: DType, buffer: number, index: Expr): Expr {
    if (index.dtype !== "int32") throw new TypeError(`the index of a load must be int32; it is ${index.dtype}`);
    return this.#intern(`load ${dtype} ${buffer} ${this.#id(index)}`, () => ({ kind: "load", dtype, buffer, index }));
  }

  /** The operation applied to the arguments, simplified. Throws where the arguments' dtypes do not suit it. */
  call(op: Exclude<ScalarOp, "cast">, ...args: readonly Expr[]): Expr {
    const dtypes = args.map((arg) => arg.dtype);
    const error = argumentError(op, dtypes);
    if (error) throw new TypeError(error);
    const dtype = resultDType(op, dtypes);
    return this.#fold(op, dtype, args) ?? this.#call(op, dtype, args);
  }

  select(condition: Expr, a: Expr, b: Expr): Expr {
    return this.call("select", condition, a, b);
  }

  cast(dtype: DType, x: Expr): Expr {
    if (x.dtype === dtype) return x;
    if (isConst(x)) return this.constant(dtype, castTo(dtype, x.value));
    return this.#call("cast", dtype, [x]);
  }

  #call(op: ScalarOp, dtype: DType, args: readonly Expr[]): Expr {
    const key = `${op} ${dtype} ${args.map((arg) => this.#id(arg)).join(" ")}`;
    return this.#intern(key, () => ({ kind: "call", op, dtype, args }));
  }

  #intern(key: string, make: () => Expr): Expr {
    const known = this.#interned.get(key);
    if (known) return known;
    const made = make();
    this.#interned.set(key, made);
    this.#ids.set(made, this.#ids.size);
    return made;
  }

  #id(expr: Expr): number {
    const known = this.#ids.get(expr);
    if (known !== undefined) return known;
    if (expr.kind !== "var") throw new Error(`a ${expr.kind} expression of another pool; build it in this one`);
    const id = this.#ids.size;
    this.#ids.set(expr, id);
    return id;
  }

  #fold(op: Exclude<ScalarOp, "cast">, dtype: DType, args: readonly Expr[]): Expr | undefined {
    const [a, b] = args as readonly [Expr, Expr];
    if (op === "select") return this.#foldSelect(a, b, args[2] as Expr);
    if (args.every(isConst) && op !== "idiv" && op !== "imod") {
      const value = scalarFunction(op, dtype)(...args.map((arg) => arg.value));
      return this.constant(dtype, value);
    }
    if (op === "and" || op === "or") return this.#foldLogic(op, a, b);
    if (dtype !== "int32") return undefined;
    switch (op) {
      case "add":
        return this.#foldAdd(a, b);
      case "sub":
        if (a === b) return this.int(0);
        return isConst(b) ? this.call("add", a, this.int(-b.value | 0)) : undefined;
      case "mul":
        return this.#foldMul(a, b);
      case "idiv":
      case "imod":
        return this.#foldDivision(op, a, b);
      default:
        return undefined;
    }
  }

  #foldSelect(condition: Expr, a: Expr, b: Expr): Expr | undefined {
    if (isConst(condition)) return condition.value ? a : b;
    return a === b ? a : undefined;
  }

  /** true ∧ x = x, false ∧ x = false, and the same for ∨ with the roles exchanged. */
  #foldLogic(op: "and" | "or", a: Expr, b: Expr): Expr | undefined {
    if (isConst(b) || a === b) return isConst(b) && b.value === (op === "and" ? 0 : 1) ? b : a;
    return isConst(a) ? this.#foldLogic(op, b, a) : undefined;
  }

  /** Constants move to the right and merge: (x + c₁) + c₂ = x + (c₁ + c₂), which wrapping keeps true. */
  #foldAdd(a: Expr, b: Expr): Expr | undefined {
    if (isConst(a)) return this.call("add", b, a);
    if (!isConst(b)) return undefined;
    if (b.value === 0) return a;
    const inner = constantOperand(a, "add");
    return inner && this.call("add", inner.x, this.int((inner.c + b.value) | 0));
  }

  #foldMul(a: Expr, b: Expr): Expr | undefined {
    if (isConst(a)) return this.call("mul", b, a);
    if (!isConst(b)) return undefined;
    if (b.value === 0) return b;
    if (b.value === 1) return a;
    const inner = constantOperand(a, "mul");
    return inner && this.call("mul", inner.x, this.int(Math.imul(inner.c, b.value)));
  }

  /** Nothing more clever: x·c / c is not x where the product wraps. */
  #foldDivision(op: "idiv" | "imod", a: Expr, b: Expr): Expr | undefined {
    if (!isConst(b)) return undefined;
    if (b.value <= 0) throw new RangeError(`${op} is only defined for a divisor > 0; it is ${b.value}`);
    if (b.value === 1) return op === "idiv" ? a : this.int(0);
    return isConst(a) ? this.int(scalarFunction(op, "int32")(a.value, b.value)) : undefined;
  }
}

/** x and c of an expression (x op c), constants having been moved to the right. */
function constantOperand(expr: Expr, op: ScalarOp): { x: Expr; c: number } | undefined {
  if (expr.kind !== "call" || expr.op !== op) return undefined;
  const [x, c] = expr.args;
  return x && isConst(c) ? { x, c: c.value } : undefined;
}

/** constant + Σ terms[v]·v over int32 variables, without zero coefficients. */
export interface Affine {
  readonly constant: number;
  readonly terms: Map<Var, number>;
}

/** a + factor·b. */
function combine(a: Affine, b: Affine, factor: number): Affine {
  const terms = new Map(a.terms);
  for (const [variable, coefficient] of b.terms) {
    const sum = (terms.get(variable) ?? 0) + factor * coefficient;
    if (sum === 0) terms.delete(variable);
    else terms.set(variable, sum);
  }
  return { constant: a.constant + factor * b.constant, terms };
}

const ZERO: Affine = { constant: 0, terms: new Map() };

/**
 * An int32 expression as an affine function of its variables, or undefined where it is not one that add, sub, neg and
 * mul by a constant make. Coefficients are those of unbounded integers: nothing wraps.
 */
export function affine(expr: Expr): Affine | undefined {
  if (expr.dtype !== "int32") return undefined;
  if (expr.kind === "const") return { constant: expr.value, terms: new Map() };
  if (expr.kind === "var") return { constant: 0, terms: new Map([[expr, 1]]) };
  if (expr.kind === "load" || !["add", "sub", "mul", "neg"].includes(expr.op)) return undefined;
  const parts = expr.args.map(affine);
  const [a, b] = parts;
  if (a === undefined || parts.includes(undefined)) return undefined;
  if (b === undefined) return combine(ZERO, a, -1);
  if (expr.op === "add") return combine(a, b, 1);
  if (expr.op === "sub") return combine(a, b, -1);
  if (b.terms.size === 0) return combine(ZERO, a, b.constant);
  return a.terms.size === 0 ? combine(ZERO, b, a.constant) : undefined;
}

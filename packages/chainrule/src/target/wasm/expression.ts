/** Scalar expressions: pushes the value of one element. Booleans are the i32 values 0 and 1. */

import type { Call, Const, Expr, Load, ScalarOp } from "../../loop/ir.ts";
import type { DType } from "../../tensor/dtype.ts";
import { type KernelContext, valueTypeOf } from "./context.ts";
import { isLaneFunction, type LaneFunctionOp } from "./math/index.ts";
import type { PlainOp } from "./opcodes.ts";

type Write = (ctx: KernelContext, expr: Call) => void;

/** Instructions that are the operation, for floats (either width) and for int32 or bool. */
const FLOAT_OPS = new Set([
  "add",
  "sub",
  "mul",
  "div",
  "neg",
  "abs",
  "floor",
  "sqrt",
  "min",
  "max",
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
] as const);
type FloatOp = typeof FLOAT_OPS extends Set<infer Op> ? Op : never;

const INTEGER_OPS: Partial<Record<ScalarOp, PlainOp>> = {
  add: "i32.add",
  sub: "i32.sub",
  mul: "i32.mul",
  eq: "i32.eq",
  ne: "i32.ne",
  lt: "i32.lt_s",
  le: "i32.le_s",
  gt: "i32.gt_s",
  ge: "i32.ge_s",
  and: "i32.and",
  or: "i32.or",
  not: "i32.eqz",
  bitand: "i32.and",
  bitor: "i32.or",
  xor: "i32.xor",
  shl: "i32.shl",
  shr: "i32.shr_u",
};

const isFloatOp = (op: ScalarOp): op is FloatOp => (FLOAT_OPS as ReadonlySet<ScalarOp>).has(op);

export function pushScalar(ctx: KernelContext, expr: Expr): void {
  switch (expr.kind) {
    case "const":
      pushConst(ctx, expr);
      return;
    case "var": {
      const binding = ctx.bindings.get(expr);
      if (binding?.kind === "index") {
        ctx.writer.get(ctx.indexLocal(expr));
        return;
      }
      if (binding?.kind === "scalar") {
        ctx.writer.get(binding.local);
        return;
      }
      throw new Error(`variable ${expr.name} has no scalar value here; verify the program`);
    }
    case "load":
      ctx.once(expr, -1, valueTypeOf(expr.dtype), () => pushLoad(ctx, expr));
      return;
    case "call":
      ctx.once(expr, -1, valueTypeOf(expr.dtype), () => pushCall(ctx, expr));
      return;
  }
}

function pushConst({ writer }: KernelContext, { dtype, value }: Const): void {
  if (dtype === "float32") writer.f32(value);
  else if (dtype === "float64") writer.f64(value);
  else writer.i32(value);
}

/** Pushes the address of an element; gives the offset to be added to it. */
export function pushAddress(ctx: KernelContext, buffer: number, index: Expr, shift = 0): number {
  return ctx.address(buffer, index, shift, (atom) => pushScalar(ctx, atom));
}

const LOAD_OPS = { float32: "f32.load", float64: "f64.load", int32: "i32.load", bool: "i32.load8_u" } as const;

function pushLoad(ctx: KernelContext, { dtype, buffer, index }: Load): void {
  const offset = pushAddress(ctx, buffer, index);
  ctx.writer.memory(LOAD_OPS[dtype], offset);
}

function pushCall(ctx: KernelContext, expr: Call): void {
  const operand = (expr.args[0] as Expr).dtype;
  const { op } = expr;
  if (op === "select") {
    pushSelect(ctx, expr);
    return;
  }
  if (op === "cast") {
    pushCast(ctx, expr.args[0] as Expr, expr.dtype);
    return;
  }
  if (operand === "float32" || operand === "float64") {
    pushFloatCall(ctx, expr, operand);
    return;
  }
  (SPECIAL_INTEGER[op] ?? pushInteger)(ctx, expr);
}

function pushArgs(ctx: KernelContext, expr: Call): void {
  for (const arg of expr.args) pushScalar(ctx, arg);
}

function pushInteger(ctx: KernelContext, expr: Call): void {
  pushArgs(ctx, expr);
  const instruction = INTEGER_OPS[expr.op];
  if (!instruction) throw new Error(`${expr.op} is not an operation on ${expr.args[0]?.dtype}; verify the program`);
  ctx.writer.op(instruction);
}

function pushFloatCall(ctx: KernelContext, expr: Call, dtype: "float32" | "float64"): void {
  const { op } = expr;
  const { writer, library } = ctx;
  const type = dtype === "float32" ? "f32" : "f64";
  if (isFloatOp(op)) {
    pushArgs(ctx, expr);
    writer.op(`${type}.${op}`);
    return;
  }
  if (op === "sign") {
    pushFloatSign(ctx, expr, type);
    return;
  }
  if (op === "mulz") {
    pushMulz(ctx, expr, type);
    return;
  }
  if (type === "f64") {
    pushArgs(ctx, expr);
    writer.call(library.host(op));
    return;
  }
  if (isLaneFunction(op)) {
    pushLaneFunction(ctx, expr, op);
    return;
  }
  // Not a function in lanes (pow): rounded from double precision.
  for (const arg of expr.args) {
    pushScalar(ctx, arg);
    writer.op("f64.promote_f32");
  }
  writer.call(library.host(op));
  writer.op("f32.demote_f64");
}

/** The same function as the lanes use, so that a loop's tail gives the bits that its lanes would. */
function pushLaneFunction(ctx: KernelContext, expr: Call, op: LaneFunctionOp): void {
  pushScalar(ctx, expr.args[0] as Expr);
  ctx.writer.op("f32x4.splat");
  ctx.writer.call(ctx.library.lanes(op));
  ctx.writer.lane("f32x4.extract_lane", 0);
}

/** Pushes the first argument and keeps it in a local for `write`. */
function withFirst(ctx: KernelContext, expr: Call, write: (get: () => void) => void): void {
  const x = expr.args[0] as Expr;
  const local = ctx.writer.local(valueTypeOf(x.dtype), "x");
  pushScalar(ctx, x);
  ctx.writer.set(local);
  write(() => ctx.writer.get(local));
  ctx.writer.release(local);
}

/** ±1, or x itself where it is ±0 or NaN. */
function pushFloatSign(ctx: KernelContext, expr: Call, type: "f32" | "f64"): void {
  const { writer } = ctx;
  const number = (value: number): void => (type === "f32" ? writer.f32(value) : writer.f64(value));
  withFirst(ctx, expr, (x) => {
    number(1);
    x();
    writer.op(`${type}.copysign`);
    x();
    x();
    writer.op(`${type}.abs`);
    number(0);
    writer.ops(`${type}.gt`, "select");
  });
}

/** 0 where a = 0, else a·b. */
function pushMulz(ctx: KernelContext, expr: Call, type: "f32" | "f64"): void {
  const { writer } = ctx;
  const zero = (): void => (type === "f32" ? writer.f32(0) : writer.f64(0));
  withFirst(ctx, expr, (a) => {
    zero();
    a();
    pushScalar(ctx, expr.args[1] as Expr);
    writer.op(`${type}.mul`);
    a();
    zero();
    writer.ops(`${type}.eq`, "select");
  });
}

function pushSelect(ctx: KernelContext, expr: Call): void {
  const [condition, a, b] = expr.args as readonly [Expr, Expr, Expr];
  pushScalar(ctx, a);
  pushScalar(ctx, b);
  pushScalar(ctx, condition);
  ctx.writer.op("select");
}

function pushCast(ctx: KernelContext, x: Expr, dtype: DType): void {
  pushScalar(ctx, x);
  if (x.dtype === dtype) return;
  const { writer } = ctx;
  if (dtype === "bool") {
    if (x.dtype === "float32") writer.f32(0);
    else if (x.dtype === "float64") writer.f64(0);
    else writer.i32(0);
    writer.op(x.dtype === "float32" ? "f32.ne" : x.dtype === "float64" ? "f64.ne" : "i32.ne");
    return;
  }
  const instruction = CASTS[valueTypeOf(x.dtype)][dtype];
  if (instruction) writer.op(instruction);
}

/** Conversions to a number, by the value's type; none where a bool becomes an int32. */
const CASTS: Record<"i32" | "f32" | "f64", Partial<Record<DType, PlainOp>>> = {
  i32: { float32: "f32.convert_i32_s", float64: "f64.convert_i32_s" },
  f32: { int32: "i32.trunc_sat_f32_s", float64: "f64.promote_f32" },
  f64: { int32: "i32.trunc_sat_f64_s", float32: "f32.demote_f64" },
};

/** max(divisor, 1), since WebAssembly traps on division by 0 even where a `select` discards the quotient. */
export function pushDivisor(ctx: KernelContext, divisor: Expr): void {
  if (divisor.kind === "const" && divisor.value > 0) {
    pushScalar(ctx, divisor);
    return;
  }
  const { writer } = ctx;
  const local = writer.local("i32", "divisor");
  pushScalar(ctx, divisor);
  writer.tee(local);
  writer.i32(1);
  writer.get(local);
  writer.i32(0);
  writer.ops("i32.gt_s", "select");
  writer.release(local);
}

const division =
  (instruction: PlainOp): Write =>
  (ctx, expr) => {
    pushScalar(ctx, expr.args[0] as Expr);
    pushDivisor(ctx, expr.args[1] as Expr);
    ctx.writer.op(instruction);
  };

/** a or b, whichever `compare` prefers. */
const extremum =
  (compare: PlainOp): Write =>
  (ctx, expr) => {
    const { writer } = ctx;
    const b = writer.local("i32", "b");
    withFirst(ctx, expr, (a) => {
      a();
      pushScalar(ctx, expr.args[1] as Expr);
      writer.tee(b);
      a();
      writer.get(b);
      writer.ops(compare, "select");
    });
    writer.release(b);
  };

const SPECIAL_INTEGER: Partial<Record<ScalarOp, Write>> = {
  idiv: division("i32.div_s"),
  imod: division("i32.rem_s"),
  min: extremum("i32.lt_s"),
  max: extremum("i32.gt_s"),
  neg: (ctx, expr) => {
    ctx.writer.i32(0);
    pushArgs(ctx, expr);
    ctx.writer.op("i32.sub");
  },
  // |x| = (x ^ s) − s with s = x >> 31
  abs: (ctx, expr) => {
    const { writer } = ctx;
    const sign = writer.local("i32", "sign");
    withFirst(ctx, expr, (x) => {
      x();
      x();
      writer.i32(31);
      writer.op("i32.shr_s");
      writer.tee(sign);
      writer.op("i32.xor");
      writer.get(sign);
      writer.op("i32.sub");
    });
    writer.release(sign);
  },
  // (x > 0) − (x < 0)
  sign: (ctx, expr) => {
    const { writer } = ctx;
    withFirst(ctx, expr, (x) => {
      x();
      writer.i32(0);
      writer.op("i32.gt_s");
      x();
      writer.i32(0);
      writer.ops("i32.lt_s", "i32.sub");
    });
  },
};

/**
 * Expressions in lanes: pushes the values of four iterations as one vector. float32 and int32 take a lane each; a bool
 * is a mask of all ones or all zeros.
 */

import { childrenOf } from "../../loop/dag.ts";
import type { Call, Expr, Load, Store, Var } from "../../loop/ir.ts";
import { sumOf } from "./affine.ts";
import type { Local } from "./assembler.ts";
import { type KernelContext, LANES, type Lanes } from "./context.ts";
import { pushAddress, pushDivisor, pushScalar } from "./expression.ts";
import {
  applyLaneFunction,
  castLanes,
  fourFloats,
  fourInts,
  laneInstruction,
  pushConstant,
  signLanes,
  withPushed,
} from "./lane-operations.ts";
import { isLaneFunction } from "./math/index.ts";

const lanesOf = (ctx: KernelContext): Lanes => ctx.lanes as Lanes;
const EVERY_LANE = [0, 1, 2, 3] as const;

/** Whether the expression's value differs between lanes. */
export function varies(ctx: KernelContext, expr: Expr): boolean {
  const { varying, index } = lanesOf(ctx);
  if (expr.kind === "const") return false;
  if (expr.kind === "var") return expr === index || ctx.bindings.get(expr)?.kind === "lanes";
  const known = varying.get(expr);
  if (known !== undefined) return known;
  const result = childrenOf(expr).some((child) => varies(ctx, child));
  varying.set(expr, result);
  return result;
}

export function pushLanes(ctx: KernelContext, expr: Expr, copy: number): void {
  if (!varies(ctx, expr)) {
    pushUniform(ctx, expr);
    return;
  }
  switch (expr.kind) {
    case "const":
      return;
    case "var":
      pushVariable(ctx, expr, copy);
      return;
    case "load":
      ctx.once(expr, copy, "v128", () => pushLoad(ctx, expr, copy));
      return;
    case "call":
      ctx.once(expr, copy, "v128", () => pushCall(ctx, expr, copy));
      return;
  }
}

function pushVariable(ctx: KernelContext, variable: Var, copy: number): void {
  const binding = ctx.bindings.get(variable);
  if (binding?.kind === "lanes") {
    ctx.writer.get(binding.locals[copy] as Local);
    return;
  }
  ctx.writer.get(ctx.indexLocal(variable));
  ctx.writer.op("i32x4.splat");
  pushConstant(
    ctx,
    Int32Array.from(EVERY_LANE, (lane) => lane + LANES * copy),
  );
  ctx.writer.op("i32x4.add");
}

/** Pushes a value that is the same in all lanes. */
function pushUniform(ctx: KernelContext, expr: Expr): void {
  if (expr.kind === "const") {
    const { dtype, value } = expr;
    pushConstant(ctx, dtype === "float32" ? fourFloats(value) : fourInts(dtype === "bool" && value ? -1 : value));
    return;
  }
  if (expr.kind === "var") {
    pushSplatOfVariable(ctx, expr);
    return;
  }
  ctx.once(expr, 0, "v128", () => pushSplat(ctx, expr), lanesOf(ctx).copies > 1);
}

function pushSplat(ctx: KernelContext, expr: Expr): void {
  const { writer } = ctx;
  if (expr.kind === "load" && expr.dtype !== "bool") {
    const offset = pushAddress(ctx, expr.buffer, expr.index);
    writer.memory("v128.load32_splat", offset);
    return;
  }
  pushScalar(ctx, expr);
  writer.op(expr.dtype === "float32" ? "f32x4.splat" : "i32x4.splat");
  if (expr.dtype === "bool") writer.op("i32x4.neg");
}

/** The variable's splat, kept in a local from before the outermost loop that does not change it. */
function pushSplatOfVariable(ctx: KernelContext, variable: Var): void {
  const changing = ctx.loopOf(variable);
  if (changing === ctx.loop) {
    pushSplat(ctx, variable);
    return;
  }
  ctx.pushSteady(ctx.childOf(changing), variable, variable.name, () => pushSplat(ctx, variable));
}

/** The coefficient of the lane index in an affine index, or undefined where lanes differ in another way. */
function strideOf(ctx: KernelContext, index: Expr): number | undefined {
  const { terms } = sumOf(index);
  const lane = lanesOf(ctx).index;
  const other = [...terms.keys()].some((atom) => atom !== lane && varies(ctx, atom));
  return other ? undefined : (terms.get(lane) ?? 0);
}

/**
 * Calls `access` for every lane with a function that pushes the lane's address and gives the offset to be added.
 */
function eachLane(
  ctx: KernelContext,
  { buffer, index }: Load | Store,
  copy: number,
  access: (lane: number, address: () => number) => void,
): void {
  const { writer } = ctx;
  const stride = strideOf(ctx, index);
  if (stride !== undefined) {
    const shift = (lane: number): number => stride * (LANES * copy + lane);
    for (const lane of EVERY_LANE) access(lane, () => pushAddress(ctx, buffer, index, shift(lane)));
    return;
  }
  const { dtype, offset } = ctx.buffer(buffer);
  const addresses = writer.local("v128", "addresses");
  pushLanes(ctx, index, copy);
  if (dtype !== "bool") {
    writer.i32(2);
    writer.op("i32x4.shl");
  }
  writer.set(addresses);
  for (const lane of EVERY_LANE) {
    access(lane, () => {
      writer.get(addresses);
      writer.lane("i32x4.extract_lane", lane);
      return offset;
    });
  }
  writer.release(addresses);
}

function pushLoad(ctx: KernelContext, expr: Load, copy: number): void {
  const { writer } = ctx;
  const { dtype, buffer, index } = expr;
  if (strideOf(ctx, index) === 1) {
    const offset = pushAddress(ctx, buffer, index, LANES * copy);
    writer.memory(dtype === "bool" ? "v128.load32_zero" : "v128.load", offset);
    if (dtype === "bool") writer.ops("i16x8.extend_low_i8x16_u", "i32x4.extend_low_i16x8_u", "i32x4.neg");
    return;
  }
  const gathered = writer.local("v128", "gathered");
  eachLane(ctx, expr, copy, (lane, address) => {
    const offset = address();
    if (dtype === "bool") {
      writer.memory("i32.load8_u", offset);
      const byte = writer.local("i32", "byte");
      writer.set(byte);
      if (lane > 0) writer.get(gathered);
      writer.get(byte);
      if (lane > 0) writer.lane("i32x4.replace_lane", lane);
      else writer.op("i32x4.splat");
      writer.release(byte);
    } else if (lane === 0) writer.memory("v128.load32_zero", offset);
    else {
      writer.get(gathered);
      writer.memoryLane("v128.load32_lane", offset, lane);
    }
    writer.set(gathered);
  });
  writer.get(gathered);
  if (dtype === "bool") writer.op("i32x4.neg");
  writer.release(gathered);
}

/** Stores the values of all copies. */
export function storeLanes(ctx: KernelContext, stmt: Store, { copies }: Lanes): void {
  const { writer } = ctx;
  const { buffer, index, value } = stmt;
  const all = Array.from({ length: copies }, (_, copy) => copy);
  if (copies === 1 || value.dtype === "bool" || strideOf(ctx, index) !== 1) {
    for (const copy of all) storeCopy(ctx, stmt, copy);
    return;
  }
  // All values first: V8 joins neighbouring stores, and what leads to them, only where nothing stands between.
  const values = all.map((copy) => {
    const local = writer.local("v128", "value");
    pushLanes(ctx, value, copy);
    writer.set(local);
    return local;
  });
  values.forEach((local, copy) => {
    const offset = pushAddress(ctx, buffer, index, LANES * copy);
    writer.get(local);
    writer.memory("v128.store", offset);
  });
  writer.release(...values);
}

function storeCopy(ctx: KernelContext, stmt: Store, copy: number): void {
  const { writer } = ctx;
  const { buffer, index, value } = stmt;
  const isBool = value.dtype === "bool";
  if (strideOf(ctx, index) === 1) {
    const offset = pushAddress(ctx, buffer, index, LANES * copy);
    pushLanes(ctx, value, copy);
    if (!isBool) {
      writer.memory("v128.store", offset);
      return;
    }
    const bytes = writer.local("v128", "bytes");
    writer.op("i32x4.neg");
    writer.tee(bytes);
    writer.get(bytes);
    writer.ops("i16x8.narrow_i32x4_s");
    writer.tee(bytes);
    writer.get(bytes);
    writer.ops("i8x16.narrow_i16x8_s");
    writer.release(bytes);
    writer.memoryLane("v128.store32_lane", offset, 0);
    return;
  }
  const values = writer.local("v128", "values");
  pushLanes(ctx, value, copy);
  if (isBool) writer.op("i32x4.neg");
  writer.set(values);
  eachLane(ctx, stmt, copy, (lane, address) => {
    const offset = address();
    writer.get(values);
    if (!isBool) return writer.memoryLane("v128.store32_lane", offset, lane);
    writer.lane("i32x4.extract_lane", lane);
    writer.memory("i32.store8", offset);
  });
  writer.release(values);
}

function pushCall(ctx: KernelContext, expr: Call, copy: number): void {
  const { writer } = ctx;
  const { op, args } = expr;
  const [a, b, c] = args as readonly [Expr, Expr, Expr];
  const push = (arg: Expr): void => pushLanes(ctx, arg, copy);
  const instruction = op === "cast" ? undefined : laneInstruction(op, a.dtype);
  if (instruction) {
    args.forEach(push);
    writer.op(instruction);
    return;
  }
  if (isLaneFunction(op)) {
    push(a);
    applyLaneFunction(ctx, op);
    return;
  }
  switch (op) {
    case "select":
      push(b);
      push(c);
      push(a);
      writer.op(ctx.library.select);
      return;
    case "cast":
      push(a);
      castLanes(ctx, a.dtype, expr.dtype);
      return;
    case "sign":
      push(a);
      signLanes(ctx, a.dtype);
      return;
    case "mulz":
      withVector(ctx, a, copy, (get) => {
        get();
        push(b);
        writer.op("f32x4.mul");
        get();
        pushConstant(ctx, fourInts(0));
        writer.ops("f32x4.eq", "v128.andnot");
      });
      return;
    case "shl":
    case "shr":
      if (varies(ctx, b)) {
        laneByLane(ctx, expr, copy);
        return;
      }
      push(a);
      pushScalar(ctx, b);
      writer.op(op === "shl" ? "i32x4.shl" : "i32x4.shr_u");
      return;
    default:
      laneByLane(ctx, expr, copy);
      return;
  }
}

/** Pushes an argument into a local for `write`. */
function withVector(ctx: KernelContext, arg: Expr, copy: number, write: (get: () => void) => void): void {
  pushLanes(ctx, arg, copy);
  withPushed(ctx, write);
}

/** Operations on scalars that have no vector form, done on each lane in turn; both arguments are on the stack. */
function pushScalarForm(ctx: KernelContext, { op }: Call): void {
  const { writer, library } = ctx;
  switch (op) {
    case "idiv":
      writer.op("i32.div_s");
      return;
    case "imod":
      writer.op("i32.rem_s");
      return;
    case "shl":
      writer.op("i32.shl");
      return;
    case "shr":
      writer.op("i32.shr_u");
      return;
    case "pow":
      writer.call(library.host("pow"));
      writer.op("f32.demote_f64");
      return;
    default:
      throw new Error(`${op} has no form in lanes; verify the program`);
  }
}

function laneByLane(ctx: KernelContext, expr: Call, copy: number): void {
  const { writer } = ctx;
  const [a, b] = expr.args as readonly [Expr, Expr];
  const isFloat = a.dtype === "float32";
  const isDivision = expr.op === "idiv" || expr.op === "imod";
  const operand = (arg: Expr): Local | Expr => {
    if (!varies(ctx, arg) && !isFloat) return arg;
    const local = writer.local("v128", "operand");
    pushLanes(ctx, arg, copy);
    if (arg === b && isDivision) {
      pushConstant(ctx, fourInts(1)); // a divisor of 0 would trap
      writer.op("i32x4.max_s");
    }
    writer.set(local);
    return local;
  };
  const operands = [operand(a), operand(b)];
  const pushOperand = (from: Local | Expr, lane: number): void => {
    if ("kind" in from) {
      from === b && isDivision ? pushDivisor(ctx, from) : pushScalar(ctx, from);
      return;
    }
    writer.get(from);
    writer.lane(isFloat ? "f32x4.extract_lane" : "i32x4.extract_lane", lane);
    if (isFloat) writer.op("f64.promote_f32");
  };
  const result = writer.local("v128", "result");
  for (const lane of EVERY_LANE) {
    if (lane > 0) writer.get(result);
    for (const from of operands) pushOperand(from, lane);
    pushScalarForm(ctx, expr);
    if (lane > 0) writer.lane(isFloat ? "f32x4.replace_lane" : "i32x4.replace_lane", lane);
    else writer.op(isFloat ? "f32x4.splat" : "i32x4.splat");
    if (lane < 3) writer.set(result);
  }
  for (const from of operands) if (!("kind" in from)) writer.release(from);
  writer.release(result);
}

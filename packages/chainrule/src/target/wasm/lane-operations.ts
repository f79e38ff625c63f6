/** Operations on vectors that are on the stack, and the instructions for operations that have one. */

import type { ScalarOp } from "../../loop/ir.ts";
import type { DType } from "../../tensor/dtype.ts";
import { type KernelContext, LANES } from "./context.ts";
import { LANE_FUNCTIONS, type LaneFunctionOp } from "./math/index.ts";
import { LaneMath } from "./math/lane-math.ts";
import type { PlainOp } from "./opcodes.ts";

/** Pushes a vector that never changes, which `push` pushes, from a local that is set before the outermost loop. */
export function pushSteadily(ctx: KernelContext, key: string, push: () => void): void {
  let outermost = ctx.loop;
  while (outermost.parent?.parent) outermost = outermost.parent;
  ctx.pushSteady(outermost, key, "constant", push);
}

export function pushConstant(ctx: KernelContext, lanes: Int32Array | Float32Array): void {
  pushSteadily(ctx, new Int32Array(lanes.buffer).join(" "), () => ctx.writer.v128(lanes));
}

export const fourInts = (value: number): Int32Array => new Int32Array(LANES).fill(value);
export const fourFloats = (value: number): Float32Array => new Float32Array(LANES).fill(value);

const FLOAT_OPS: Partial<Record<ScalarOp, PlainOp>> = {
  add: "f32x4.add",
  sub: "f32x4.sub",
  mul: "f32x4.mul",
  div: "f32x4.div",
  neg: "f32x4.neg",
  abs: "f32x4.abs",
  floor: "f32x4.floor",
  sqrt: "f32x4.sqrt",
  min: "f32x4.min",
  max: "f32x4.max",
  eq: "f32x4.eq",
  ne: "f32x4.ne",
  lt: "f32x4.lt",
  le: "f32x4.le",
  gt: "f32x4.gt",
  ge: "f32x4.ge",
};
const INTEGER_OPS: Partial<Record<ScalarOp, PlainOp>> = {
  add: "i32x4.add",
  sub: "i32x4.sub",
  mul: "i32x4.mul",
  neg: "i32x4.neg",
  abs: "i32x4.abs",
  min: "i32x4.min_s",
  max: "i32x4.max_s",
  eq: "i32x4.eq",
  ne: "i32x4.ne",
  lt: "i32x4.lt_s",
  le: "i32x4.le_s",
  gt: "i32x4.gt_s",
  ge: "i32x4.ge_s",
  bitand: "v128.and",
  bitor: "v128.or",
  xor: "v128.xor",
};
/** On masks, true is the greatest unsigned number. */
const MASK_OPS: Partial<Record<ScalarOp, PlainOp>> = {
  and: "v128.and",
  or: "v128.or",
  not: "v128.not",
  eq: "i32x4.eq",
  ne: "i32x4.ne",
  lt: "i32x4.lt_u",
  le: "i32x4.le_u",
  gt: "i32x4.gt_u",
  ge: "i32x4.ge_u",
};
const LANE_OPS = { float32: FLOAT_OPS, int32: INTEGER_OPS, bool: MASK_OPS, float64: {} } as const satisfies Record<
  DType,
  Partial<Record<ScalarOp, PlainOp>>
>;

/** The instruction that combines two vectors of accumulated values. */
export const laneInstruction = (op: ScalarOp, dtype: DType): PlainOp | undefined =>
  (LANE_OPS[dtype] as Partial<Record<ScalarOp, PlainOp>>)[op];

/** Keeps the vector on the stack in a local for `write`. */
export function withPushed({ writer }: KernelContext, write: (get: () => void) => void): void {
  const local = writer.local("v128", "x");
  writer.set(local);
  write(() => writer.get(local));
  writer.release(local);
}

/**
 * A function of the vector on the stack. Its formula is written in place, where its constants stay in registers and V8
 * can join it with its neighbour's.
 */
export function applyLaneFunction(ctx: KernelContext, op: LaneFunctionOp): void {
  const { writer, library } = ctx;
  withPushed(ctx, (x) => {
    const m = new LaneMath(writer, library, (key, push) => pushSteadily(ctx, key, push));
    LANE_FUNCTIONS[op](m, x)();
    m.release();
  });
}

export function castLanes(ctx: KernelContext, from: DType, to: DType): void {
  const { writer } = ctx;
  if (from === to) return;
  if (from === "bool") {
    if (to === "int32") {
      writer.op("i32x4.neg");
      return;
    }
    pushConstant(ctx, fourFloats(1));
    writer.op("v128.and");
    return;
  }
  if (to === "bool") {
    pushConstant(ctx, fourInts(0));
    writer.op(from === "float32" ? "f32x4.ne" : "i32x4.ne");
    return;
  }
  writer.op(to === "int32" ? "i32x4.trunc_sat_f32x4_s" : "f32x4.convert_i32x4_s");
}

export function signLanes(ctx: KernelContext, dtype: DType): void {
  const { writer } = ctx;
  withPushed(ctx, (x) => {
    if (dtype === "int32") {
      // A comparison that holds is −1: (x < 0) − (x > 0) is the sign.
      x();
      pushConstant(ctx, fourInts(0));
      writer.op("i32x4.lt_s");
      x();
      pushConstant(ctx, fourInts(0));
      return writer.ops("i32x4.gt_s", "i32x4.sub");
    }
    // ±1, or x itself where it is ±0 or NaN.
    x();
    pushConstant(ctx, fourFloats(-0));
    writer.op("v128.and");
    pushConstant(ctx, fourFloats(1));
    writer.op("v128.or");
    x();
    x();
    writer.op("f32x4.abs");
    pushConstant(ctx, fourInts(0));
    writer.ops("f32x4.gt", ctx.library.select);
  });
}

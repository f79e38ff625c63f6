/** Statements: loops one by one or in lanes, variables, stores and control flow. */

import type { Accumulate, Expr, For, If, Let, Stmt, Store, Var, While } from "../../loop/ir.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Local } from "./assembler.ts";
import { type KernelContext, LANES, valueTypeOf } from "./context.ts";
import { pushAddress, pushScalar } from "./expression.ts";
import { laneInstruction } from "./lane-operations.ts";
import { pushLanes, storeLanes, varies } from "./lanes.ts";
import { isTiled, writeTiledProduct } from "./product.ts";
import { productLoops } from "./product-loops.ts";
import { type LanePlan, planLanes } from "./vectorize.ts";

/** Writes statements and frees the variables that they declare. */
export function writeBlock(ctx: KernelContext, body: readonly Stmt[]): void {
  for (const stmt of body) writeStatement(ctx, stmt);
  for (const stmt of body) {
    if (stmt.kind !== "let") continue;
    const binding = ctx.bindings.get(stmt.target);
    if (binding?.kind === "scalar") ctx.writer.release(binding.local);
    if (binding?.kind === "lanes") ctx.writer.release(...binding.locals);
  }
}

export function writeStatement(ctx: KernelContext, stmt: Stmt): void {
  switch (stmt.kind) {
    case "for":
      writeFor(ctx, stmt);
      return;
    case "let":
      writeLet(ctx, stmt);
      return;
    case "assign":
      assign(ctx, stmt.target, stmt.value);
      return;
    case "accumulate":
      writeAccumulate(ctx, stmt);
      return;
    case "store":
      writeStore(ctx, stmt);
      return;
    case "if":
      writeIf(ctx, stmt);
      return;
    case "while":
      writeWhile(ctx, stmt);
      return;
    case "product":
      isTiled(stmt) ? writeTiledProduct(ctx, stmt) : writeBlock(ctx, productLoops(stmt));
      return;
  }
}

function writeFor(ctx: KernelContext, stmt: For): void {
  const plan = ctx.lanes ? undefined : planLanes(stmt, ctx.library.engine);
  if (plan) {
    writeLanes(ctx, stmt, plan);
    return;
  }
  ctx.writeLoop({ index: stmt.index, end: stmt.extent }, stmt.body, () => writeBlock(ctx, stmt.body));
}

/** Main loop by `copies` vectors, what is left by one vector, the tail one by one. */
function writeLanes(ctx: KernelContext, stmt: For, { copies, accumulates }: LanePlan): void {
  const { index, body, extent } = stmt;
  const accumulators = new Map(accumulates.map((sum) => [sum.target, startAccumulators(ctx, sum, copies)]));
  const run = (start: number, end: number, width: number): void => {
    ctx.lanes = { index, copies: width, accumulators, varying: new Map() };
    ctx.writeLoop({ index, start, end, step: LANES * width }, body, () => writeBlock(ctx, body));
    ctx.lanes = undefined;
  };
  const mainEnd = extent - (extent % (LANES * copies));
  const lanesEnd = extent - (extent % LANES);
  run(0, mainEnd, copies);
  run(mainEnd, lanesEnd, 1);
  for (const sum of accumulates) finishAccumulators(ctx, sum, accumulators.get(sum.target) as Local[]);
  ctx.writeLoop({ index, start: lanesEnd, end: extent }, body, () => writeBlock(ctx, body));
}

/** What combined with x gives x, also for x = −0. */
function identityOf(op: Accumulate["op"], dtype: DType): number {
  const isInteger = dtype === "int32";
  switch (op) {
    case "add":
      return isInteger ? 0 : -0;
    case "mul":
      return 1;
    case "min":
      return isInteger ? 2 ** 31 - 1 : Infinity;
    case "max":
      return isInteger ? -(2 ** 31) : -Infinity;
  }
}

function startAccumulators({ writer }: KernelContext, { target, op }: Accumulate, copies: number): Local[] {
  const identity = identityOf(op, target.dtype);
  const lanes = target.dtype === "int32" ? new Int32Array(LANES) : new Float32Array(LANES);
  return Array.from({ length: copies }, () => {
    const local = writer.local("v128", target.name);
    writer.v128(lanes.fill(identity));
    writer.set(local);
    return local;
  });
}

/** Lanes exchanged with those two away, then with those next to them. */
const EXCHANGES: readonly (readonly [number, number, number, number])[] = [
  [2, 3, 0, 1],
  [1, 0, 3, 2],
];

/** Combines copies, then lanes, pair by pair, and the result with the variable. */
function finishAccumulators(ctx: KernelContext, { target, op }: Accumulate, accumulators: readonly Local[]): void {
  const { writer } = ctx;
  const { dtype } = target;
  const combine = laneInstruction(op, dtype);
  const [first] = accumulators;
  const variable = ctx.bindings.get(target);
  if (!combine || !first || variable?.kind !== "scalar") throw new Error(`${target.name} cannot be accumulated`);
  for (let half = accumulators.length / 2; half >= 1; half /= 2) {
    for (let at = 0; at < half; at++) {
      const [low, high] = [accumulators[at] as Local, accumulators[at + half] as Local];
      writer.get(low);
      writer.get(high);
      writer.op(combine);
      writer.set(low);
    }
  }
  for (const exchange of EXCHANGES) {
    writer.get(first);
    writer.get(first);
    writer.get(first);
    writer.shuffle(...exchange);
    writer.op(combine);
    writer.set(first);
  }
  writer.release(...accumulators);
  const sum = writer.local(valueTypeOf(dtype), target.name);
  writer.get(first);
  writer.lane(dtype === "int32" ? "i32x4.extract_lane" : "f32x4.extract_lane", 0);
  writer.set(sum);
  const partial: Var = { kind: "var", name: `${target.name}_lanes`, dtype };
  ctx.bindings.set(partial, { kind: "scalar", loop: ctx.loop, local: sum });
  combineInto(ctx, target, op, partial);
  writer.release(sum);
}

/** target ← target op value. */
function combineInto(ctx: KernelContext, target: Var, op: Accumulate["op"], value: Expr): void {
  assign(ctx, target, { kind: "call", op, dtype: target.dtype, args: [target, value] });
}

function writeLet(ctx: KernelContext, { target, value }: Let): void {
  const { writer, loop, lanes } = ctx;
  const inLanes = lanes !== undefined && (varies(ctx, value) || isAssignedInLanes(ctx, target));
  const declare = (type: "v128" | ReturnType<typeof valueTypeOf>): Local => writer.local(type, target.name);
  if (inLanes) {
    const locals = Array.from({ length: lanes.copies }, () => declare("v128"));
    ctx.bindings.set(target, { kind: "lanes", loop, locals });
  } else ctx.bindings.set(target, { kind: "scalar", loop, local: declare(valueTypeOf(target.dtype)) });
  assign(ctx, target, value);
}

/** Whether a variable declared inside the loop in lanes is assigned there, and so may come to vary. */
function isAssignedInLanes(ctx: KernelContext, target: Var): boolean {
  for (let loop = ctx.loop; loop.parent; loop = loop.parent) {
    if (loop.assigned.has(target)) return true;
    if (loop.index === ctx.lanes?.index) return false;
  }
  return false;
}

/** Sets a variable, in each copy of it, to the value. */
function assign(ctx: KernelContext, target: Var, value: Expr): void {
  const binding = ctx.bindings.get(target);
  ctx.statement([value], () => {
    if (binding?.kind === "scalar") {
      pushScalar(ctx, value);
      ctx.writer.set(binding.local);
    } else if (binding?.kind === "lanes") {
      binding.locals.forEach((local, copy) => {
        pushLanes(ctx, value, copy);
        ctx.writer.set(local);
      });
    } else throw new Error(`${target.name} cannot be assigned; verify the program`);
  });
}

function writeAccumulate(ctx: KernelContext, { target, op, value }: Accumulate): void {
  const accumulators = ctx.lanes?.accumulators.get(target);
  const instruction = laneInstruction(op, target.dtype);
  if (!accumulators || !instruction) {
    combineInto(ctx, target, op, value);
    return;
  }
  ctx.statement([value], () => {
    for (let copy = 0; copy < (ctx.lanes?.copies ?? 0); copy++) {
      const local = accumulators[copy] as Local;
      ctx.writer.get(local);
      pushLanes(ctx, value, copy);
      ctx.writer.op(instruction);
      ctx.writer.set(local);
    }
  });
}

const STORE_OPS = { float32: "f32.store", float64: "f64.store", int32: "i32.store", bool: "i32.store8" } as const;

function writeStore(ctx: KernelContext, stmt: Store): void {
  const { buffer, index, value } = stmt;
  ctx.statement([index, value], () => {
    if (ctx.lanes) {
      storeLanes(ctx, stmt, ctx.lanes);
      return;
    }
    const offset = pushAddress(ctx, buffer, index);
    pushScalar(ctx, value);
    ctx.writer.memory(STORE_OPS[value.dtype], offset);
  });
}

function writeIf(ctx: KernelContext, { condition, then }: If): void {
  ctx.statement([condition], () => pushScalar(ctx, condition));
  ctx.writer.if(() => writeBlock(ctx, then));
}

function writeWhile(ctx: KernelContext, { condition, body }: While): void {
  const { writer } = ctx;
  const { loop, code } = ctx.captureLoop({}, body, () => {
    writer.block("block", "done", (done) => {
      writer.block("loop", "while", (again) => {
        ctx.statement([condition], () => pushScalar(ctx, condition));
        writer.op("i32.eqz");
        writer.branch("br_if", done);
        writeBlock(ctx, body);
        writer.branch("br", again);
      });
    });
  });
  writer.append(loop.preheader);
  writer.append(code);
  ctx.releaseLoop(loop);
}

/** How much work a kernel is, counted from its statements. */
import { bytesOf, isFloat } from "../tensor/dtype.ts";
import { bodyOf, expressionsOf, nodesOf } from "./dag.ts";
import type { Expr, Kernel, Stmt } from "./ir.ts";

export interface Cost {
  /** Operations on floats. */
  readonly flops: number;
  /** Scalar operations of all kinds, those on indices included. */
  readonly operations: number;
  /** Bytes loaded and stored, as if there were no cache. */
  readonly bytes: number;
}

/** How often the body of a `while` is taken to run, for `operations`; what it really does depends on values. */
const WHILE_RUNS = 64;

/**
 * A rough count. Every operation with a float argument or result is one flop, exp as much as add, except casts, which
 * are none; what a statement shares counts once; a product of floats is 2·m·n·k flops. Each load and store counts its
 * bytes each time; a product touches each of its three matrices once. Loops multiply by their extent; the bodies of
 * `if` and, for flops and bytes, of `while` count once.
 */
export const kernelCost = (kernel: Kernel): Cost => blockCost(kernel.body);

function blockCost(body: readonly Stmt[]): Cost {
  let [flops, operations, bytes] = [0, 0, 0];
  for (const stmt of body) {
    const own = statementCost(stmt);
    const nested = blockCost(bodyOf(stmt));
    const times = stmt.kind === "for" ? stmt.extent : 1;
    flops += own.flops + times * nested.flops;
    operations += own.operations + (stmt.kind === "while" ? WHILE_RUNS : times) * nested.operations;
    bytes += own.bytes + times * nested.bytes;
  }
  return { flops, operations, bytes };
}

function statementCost(stmt: Stmt): Cost {
  let [flops, operations, bytes] = [0, 0, 0];
  for (const node of nodesOf(expressionsOf(stmt))) {
    if (node.kind === "load") bytes += bytesOf(node.dtype);
    if (node.kind === "call") operations++;
    if (isFlop(node)) flops++;
  }
  if (stmt.kind === "store") bytes += bytesOf(stmt.value.dtype);
  if (stmt.kind === "accumulate") {
    operations++;
    if (isFloat(stmt.target.dtype)) flops++;
  }
  if (stmt.kind === "product") {
    const { m, n, k, dtype } = stmt;
    operations += 2 * m * n * k;
    if (isFloat(dtype)) flops += 2 * m * n * k;
    bytes += (m * k + k * n + m * n) * bytesOf(dtype);
  }
  return { flops, operations, bytes };
}

function isFlop(expr: Expr): boolean {
  if (expr.kind !== "call" || expr.op === "cast") return false;
  return isFloat(expr.dtype) || expr.args.some((arg) => isFloat(arg.dtype));
}

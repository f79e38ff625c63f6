/** How much work a kernel is, counted from its statements. */
import { bytesOf, isFloat } from "../tensor/dtype.ts";
import { bodyOf, expressionsOf, nodesOf } from "./dag.ts";
import type { Expr, Kernel, ScalarOp, Stmt } from "./ir.ts";

export interface Cost {
  /** Operations on floats, dear ones counted several times. */
  readonly flops: number;
  /** Scalar operations of all kinds, those on indices included. */
  readonly operations: number;
  /** Bytes loaded and stored, as if there were no cache; `footprintOf` counts as if there were a large one. */
  readonly bytes: number;
}

/** How often the body of a `while` is taken to run, for `operations`; what it really does depends on values. */
const WHILE_RUNS = 64;

/**
 * Operations that are more than one flop, normalized as in F. H. McMahon, "The Livermore Fortran Kernels", 1986: division
 * and square root are 4, elementary functions 8.
 */
const NORMALIZED: Readonly<Partial<Record<ScalarOp, number>>> = {
  div: 4,
  sqrt: 4,
  exp: 8,
  expm1: 8,
  log: 8,
  log1p: 8,
  sin: 8,
  cos: 8,
  tanh: 8,
  sigmoid: 8,
  softplus: 8,
  erf: 8,
  pow: 8,
};

/**
 * A rough count. An operation with a float argument or result is one flop, also a comparison or a selection; division
 * and square root are 4, exp, tanh and other elementary functions 8, casts none. What a statement shares counts once; a
 * product of floats is 2·m·n·k flops. Each load and store counts its bytes each time; a product touches each of its
 * three matrices once. Loops multiply by their extent; the bodies of `if` and, for flops and bytes, of `while` count once.
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
    flops += flopsOf(node);
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

function flopsOf(expr: Expr): number {
  if (expr.kind !== "call" || expr.op === "cast") return 0;
  if (!isFloat(expr.dtype) && !expr.args.some((arg) => isFloat(arg.dtype))) return 0;
  return NORMALIZED[expr.op] ?? 1;
}

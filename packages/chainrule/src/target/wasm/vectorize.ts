/** Decides which loops run in lanes, and how many vectors wide. */
import { bodyOf, childrenOf, expressionsOf, nodesOf } from "../../loop/dag.ts";
import type { Accumulate, Call, Expr, For, ScalarOp, Stmt, Var } from "../../loop/ir.ts";
import type { DType } from "../../tensor/dtype.ts";
import { sumOf } from "./affine.ts";
import { assignedIn, LANES } from "./context.ts";
import { laneInstruction } from "./lane-operations.ts";
import { isBranchFree, isLaneFunction } from "./math/index.ts";
import type { Engine } from "./tiling.ts";

export interface LanePlan {
  /** How many vectors each iteration of the main loop works on. */
  readonly copies: number;
  /** What the body accumulates into variables from outside: one operation for each. */
  readonly accumulates: readonly Accumulate[];
}

/** Statements at any depth. */
const statementsIn = (body: readonly Stmt[]): Stmt[] => body.flatMap((stmt) => [stmt, ...statementsIn(bodyOf(stmt))]);

/** How to run a simd loop in lanes, or undefined where it is better, or only possible, one by one. */
export function planLanes(loop: For, engine: Engine): LanePlan | undefined {
  if (!loop.simd || loop.extent < LANES) return undefined;
  const statements = statementsIn(loop.body);
  const accumulates = outerAccumulates(loop.body, statements);
  if (!accumulates || !statements.every(isVectorizable)) return undefined;
  const varying = varyingVariables(loop.index, statements);
  const strides = accessIndices(statements).map((index) => strideOf(index, loop.index, varying));
  // Where lanes would lie scattered, a nested loop marked simd is more likely to run along memory.
  const scattered = strides.some((stride) => stride !== 0 && stride !== 1);
  if (scattered && statements.some((stmt) => stmt.kind === "for" && stmt.simd)) return undefined;
  const isPaired = engine.wide && loop.extent >= 2 * LANES && gainsByPairs(statements, strides);
  return { copies: isPaired ? 2 : chooseCopies(loop.extent, statements), accumulates };
}

/** Accumulations into variables that the body does not declare, unless two of them differ in their operation. */
function outerAccumulates(body: readonly Stmt[], statements: readonly Stmt[]): Accumulate[] | undefined {
  const declared = new Set(statements.flatMap((stmt) => (stmt.kind === "let" ? [stmt.target] : [])));
  const byTarget = new Map<Var, Accumulate>();
  for (const stmt of body) {
    if (stmt.kind !== "accumulate" || declared.has(stmt.target)) continue;
    const known = byTarget.get(stmt.target);
    if (known && known.op !== stmt.op) return undefined;
    byTarget.set(stmt.target, stmt);
  }
  return [...byTarget.values()];
}

function isVectorizable(stmt: Stmt): boolean {
  if (stmt.kind === "if" || stmt.kind === "while" || stmt.kind === "product") return false;
  if (stmt.kind === "accumulate" && !laneInstruction(stmt.op, stmt.target.dtype)) return false;
  return [...nodesOf(expressionsOf(stmt))].every((node) => node.dtype !== "float64");
}

/** The lane index and the variables of the body whose values differ between lanes. */
function varyingVariables(index: Var, statements: readonly Stmt[]): ReadonlySet<Var> {
  const assigned = assignedIn(statements);
  const varying = new Set([index]);
  for (const stmt of statements) {
    if (stmt.kind !== "let") continue;
    if (assigned.has(stmt.target) || dependsOn(stmt.value, varying)) varying.add(stmt.target);
  }
  return varying;
}

function dependsOn(expr: Expr, variables: ReadonlySet<Var>): boolean {
  return [...nodesOf([expr])].some((node) => node.kind === "var" && variables.has(node));
}

/** The indices of all loads and stores. */
function accessIndices(statements: readonly Stmt[]): Expr[] {
  const nodes = nodesOf(statements.flatMap(expressionsOf));
  const loads = [...nodes].flatMap((node) => (node.kind === "load" ? [node.index] : []));
  return [...loads, ...statements.flatMap((stmt) => (stmt.kind === "store" ? [stmt.index] : []))];
}

/** How far apart in the buffer neighbouring lanes are; undefined where that is not constant. */
function strideOf(index: Expr, lane: Var, varying: ReadonlySet<Var>): number | undefined {
  const { terms } = sumOf(index);
  const other = [...terms.keys()].some((atom) => atom !== lane && dependsOn(atom, varying));
  return other ? undefined : (terms.get(lane) ?? 0);
}

/** Instructions that an operation takes, or as many as it takes the time of, where that is more than one. */
const COSTS: Partial<Record<ScalarOp, number>> = { div: 4, sqrt: 4, min: 4, max: 4, mulz: 3 };
const FUNCTION_COST = 20;
const PAIRED_COST = 4;

const isFunctionCall = (node: Expr): boolean => node.kind === "call" && isLaneFunction(node.op);

/** Whether an operation is written in instructions that can be joined. */
const isJoinable = (op: ScalarOp, dtype: DType): boolean =>
  op === "select" ||
  op === "mulz" ||
  (isLaneFunction(op) && isBranchFree(op)) ||
  laneInstruction(op, dtype) !== undefined;

/**
 * Whether an engine that joins neighbouring vectors does so with gain. Only instructions on float32 and int32 along
 * memory are left to it; loops that do little else than load and store are as fast without.
 */
function gainsByPairs(statements: readonly Stmt[], strides: readonly (number | undefined)[]): boolean {
  if (statements.some(({ kind }) => kind !== "let" && kind !== "store")) return false;
  if (strides.some((stride) => stride !== 0 && stride !== 1)) return false;
  const nodes = [...nodesOf(statements.flatMap(expressionsOf))];
  if (nodes.some((node) => node.kind === "load" && node.dtype === "bool")) return false;
  if (statements.some((stmt) => stmt.kind === "store" && stmt.value.dtype === "bool")) return false;
  const calls = nodes.filter((node) => node.kind === "call");
  if (!calls.every(({ op, args }) => isJoinable(op, (args[0] as Expr).dtype))) return false;
  const costOf = (call: Call): number => COSTS[call.op] ?? (isFunctionCall(call) ? FUNCTION_COST : 1);
  return calls.reduce((sum, call) => sum + costOf(call), 0) >= PAIRED_COST;
}

/**
 * A sum that waits for its own previous value leaves most of the processor idle, so small bodies that accumulate work
 * on several vectors at a time. Larger bodies have enough to do, and would run out of the 16 vector registers.
 */
function chooseCopies(extent: number, statements: readonly Stmt[]): number {
  const accumulates = statements.filter((stmt) => stmt.kind === "accumulate").length;
  const nodes = nodesOf(statements.flatMap(expressionsOf));
  const workOf = (node: Expr): number => (isFunctionCall(node) ? FUNCTION_COST : Math.min(1, childrenOf(node).length));
  const work = [...nodes].reduce((sum, node) => sum + workOf(node), 0);
  const variables = statements.filter((stmt) => stmt.kind === "let").length;
  if (accumulates === 0 || work > 12 || accumulates + variables > 4) return 1;
  const wanted = accumulates + variables > 2 ? 2 : 4;
  return Math.max(1, Math.min(wanted, 2 ** Math.floor(Math.log2(extent / LANES))));
}

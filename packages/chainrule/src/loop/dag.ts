/** Walks over statements and their expression DAGs, which printers, checks and the interpreter share. */
import type { Expr, Kernel, MatrixView, Step, Stmt } from "./ir.ts";

export function childrenOf(expr: Expr): readonly Expr[] {
  if (expr.kind === "call") return expr.args;
  return expr.kind === "load" ? [expr.index] : [];
}

/** The expressions that a statement itself evaluates: those of statements nested in it are theirs. */
export function expressionsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case "let":
    case "assign":
    case "accumulate":
      return [stmt.value];
    case "store":
      return [stmt.index, stmt.value];
    case "if":
    case "while":
      return [stmt.condition];
    case "product":
      return [stmt.a.offset, stmt.b.offset, stmt.out.offset];
    case "for":
      return [];
  }
}

/** The statements nested directly in a statement. */
export function bodyOf(stmt: Stmt): readonly Stmt[] {
  if (stmt.kind === "for" || stmt.kind === "while") return stmt.body;
  return stmt.kind === "if" ? stmt.then : [];
}

/** Every node below the roots once, arguments before the node that uses them. */
export function nodesOf(roots: readonly Expr[]): Set<Expr> {
  const seen = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return;
    for (const child of childrenOf(expr)) visit(child);
    seen.add(expr);
  };
  for (const root of roots) visit(root);
  return seen;
}

/** The calls and loads that the roots refer to more than once, not looking below those for which `isLeaf` holds. */
export function sharedNodes(roots: readonly Expr[], isLeaf: (expr: Expr) => boolean): Set<Expr> {
  const seen = new Set<Expr>();
  const shared = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (expr.kind === "const" || expr.kind === "var") return;
    if (seen.has(expr)) {
      shared.add(expr);
      return;
    }
    seen.add(expr);
    if (!isLeaf(expr)) childrenOf(expr).forEach(visit);
  };
  roots.forEach(visit);
  return shared;
}

/** The lowest and highest index of a non-empty matrix relative to its offset. */
export function reachOf({ rowStride, colStride }: MatrixView, rows: number, columns: number): [number, number] {
  const lastRow = (rows - 1) * rowStride;
  const lastColumn = (columns - 1) * colStride;
  return [Math.min(0, lastRow) + Math.min(0, lastColumn), Math.max(0, lastRow) + Math.max(0, lastColumn)];
}

/** All kernels of a list of steps, those in control flow included, in the order in which they stand. */
export const kernelsOf = (steps: readonly Step[]): Kernel[] => steps.flatMap(kernelsIn);

function kernelsIn(step: Step): Kernel[] {
  switch (step.kind) {
    case "kernel":
      return [step.kernel];
    case "if":
      return [...kernelsOf(step.then), ...kernelsOf(step.otherwise)];
    case "while":
      return [...kernelsOf(step.test), ...kernelsOf(step.body)];
    case "repeat":
      return kernelsOf(step.body);
  }
}

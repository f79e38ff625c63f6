/**
 * From expressions to statements: where in a loop nest each shared or loop-invariant expression is computed.
 *
 * An expression is bound to a variable when it is used more than once, or when it does not depend on the innermost
 * loops and so would be repeated for nothing. Index arithmetic of the innermost loop is left in place, so that targets
 * see indices as linear functions of the loop index.
 */

import { variable } from "../loop/build.ts";
import { childrenOf } from "../loop/dag.ts";
import type { Expr, For, Stmt, Var } from "../loop/ir.ts";

export interface Loop {
  readonly index: Var;
  readonly extent: number;
  readonly simd?: boolean;
}

/** A statement at a depth of the nest: depth 0 is outside of all loops, `before` or after the loop inside it. */
export interface Placed {
  readonly depth: number;
  readonly when: "before" | "after";
  readonly values: readonly Expr[];
  statement(values: readonly Expr[]): Stmt;
  /** A variable that the statement declares. */
  readonly declares?: Var;
  /** The buffer that the statement writes. */
  readonly writes?: number;
}

/** The loop nest around the statements, with variables for what is worth computing once. */
export function place(loops: readonly Loop[], statements: readonly Placed[]): Stmt[] {
  const depths = new Map<Expr, number>(loops.map((loop, i) => [loop.index, i + 1]));
  for (const { declares, depth } of statements) if (declares !== undefined) depths.set(declares, depth);
  const depthOf = (expr: Expr): number => {
    let depth = depths.get(expr);
    if (depth === undefined) {
      depth = childrenOf(expr).reduce((most, child) => Math.max(most, depthOf(child)), 0);
      depths.set(expr, depth);
    }
    return depth;
  };

  const uses = new Map<Expr, number>();
  const siteOf = new Map<Expr, number>();
  const count = (expr: Expr, site: number): void => {
    uses.set(expr, (uses.get(expr) ?? 0) + 1);
    siteOf.set(expr, Math.max(site, siteOf.get(expr) ?? 0));
    if (uses.get(expr) === 1)
      for (const child of childrenOf(expr)) count(child, Math.max(depthOf(expr), depthOf(child)));
  };
  for (const { values, depth } of statements) for (const value of values) count(value, depth);

  // A kernel may write over what it reads, element by element: such loads come before all stores.
  const overwritten = new Set(statements.map(({ writes }) => writes));
  const lets = loops.map((): Stmt[] => []);
  lets.push([]);
  const bound = new Map<Expr, Expr>();
  const bind = (expr: Expr): Expr => {
    if (expr.kind === "var" || expr.kind === "const") return expr;
    const known = bound.get(expr);
    if (known !== undefined) return known;
    const depth = depthOf(expr);
    const rebuilt: Expr =
      expr.kind === "load" ? { ...expr, index: bind(expr.index) } : { ...expr, args: expr.args.map(bind) };
    const invariant = depth < (siteOf.get(expr) as number);
    const shared = (uses.get(expr) as number) > 1 && !(expr.kind === "call" && expr.dtype === "int32");
    const early = expr.kind === "load" && overwritten.has(expr.buffer);
    let result: Expr = rebuilt;
    if (invariant || shared || early) {
      const target = variable(`t${bound.size}`, expr.dtype);
      (lets[depth] as Stmt[]).push({ kind: "let", target, value: rebuilt });
      result = target;
    }
    bound.set(expr, result);
    return result;
  };

  const rewritten = statements.map((s) => ({ ...s, ready: s.values.map(bind) }));
  const at = (depth: number, when: Placed["when"]): Stmt[] =>
    rewritten.filter((s) => s.depth === depth && s.when === when).map((s) => s.statement(s.ready));
  let body: Stmt[] = [];
  for (let depth = loops.length; depth >= 0; depth--) {
    body = [...(lets[depth] as Stmt[]), ...at(depth, "before"), ...body, ...at(depth, "after")];
    const loop = loops[depth - 1];
    if (loop !== undefined) {
      body = [{ kind: "for", index: loop.index, extent: loop.extent, simd: loop.simd === true, body } satisfies For];
    }
  }
  return body;
}

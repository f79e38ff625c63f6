/** Helpers for the operations that bring loops of their own. */
import { type ExprPool, variable } from "../loop/build.ts";
import type { Expr, Stmt, Var } from "../loop/ir.ts";
import type { Shape } from "../tensor/shape.ts";

/** Nested loops over all indices of a shape. */
export function forEachIndex(shape: Shape, body: (index: readonly Var[]) => readonly Stmt[]): Stmt[] {
  const index = shape.map((_, i) => variable(`i${i}`, "int32"));
  return index.reduceRight<readonly Stmt[]>(
    (inner, i, axis) => [{ kind: "for", index: i, extent: shape[axis] as number, simd: false, body: inner }],
    body(index),
  ) as Stmt[];
}

/** Σ indexᵢ · strideᵢ. */
export function ravel(k: ExprPool, index: readonly Expr[], strides: readonly number[]): Expr {
  return index.reduce<Expr>(
    (sum, i, axis) => k.call("add", sum, k.call("mul", i, k.int(strides[axis] as number))),
    k.int(0),
  );
}

/** A matrix product as the loops that it stands for, where no tile is made for it: other dtypes, reversed matrices. */
import type { Accumulate, Call, Expr, For, Let, Load, MatrixView, Product, Stmt, Store, Var } from "../../loop/ir.ts";

const variable = (name: string, dtype: Var["dtype"] = "int32"): Var => ({ kind: "var", name, dtype });
const integer = (value: number): Expr => ({ kind: "const", dtype: "int32", value });
const call = (op: "add" | "mul", a: Expr, b: Expr): Call => ({ kind: "call", op, dtype: a.dtype, args: [a, b] });
const loop = (index: Var, extent: number, simd: boolean, body: readonly Stmt[]): For => ({
  kind: "for",
  index,
  extent,
  simd,
  body,
});

/** for row, for column: sum = Σ a·b in order of k; out = sum. */
export function productLoops({ dtype, m, n, k, a, b, out }: Product): Stmt[] {
  const [row, column, inner] = [variable("row"), variable("column"), variable("inner")];
  const [startA, startB, startOut] = [variable("a"), variable("b"), variable("out")];
  const sum = variable("sum", dtype);
  const index = (view: MatrixView, start: Var, r: Var, c: Var): Expr => {
    const rows = call("mul", r, integer(view.rowStride));
    return call("add", start, call("add", rows, call("mul", c, integer(view.colStride))));
  };
  const load = (view: MatrixView, at: Expr): Load => ({ kind: "load", dtype, buffer: view.buffer, index: at });
  const declare = (target: Var, value: Expr): Let => ({ kind: "let", target, value });
  const term = call("mul", load(a, index(a, startA, row, inner)), load(b, index(b, startB, inner, column)));
  const addTerm: Accumulate = { kind: "accumulate", target: sum, op: "add", value: term };
  const store: Store = { kind: "store", buffer: out.buffer, index: index(out, startOut, row, column), value: sum };
  const element = [declare(sum, { kind: "const", dtype, value: 0 }), loop(inner, k, false, [addTerm]), store];
  return [
    declare(startA, a.offset),
    declare(startB, b.offset),
    declare(startOut, out.offset),
    loop(row, m, false, [loop(column, n, true, element)]),
  ];
}

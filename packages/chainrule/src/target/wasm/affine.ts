/** Indices as affine sums, from which addresses are made that advance by a constant per iteration. */
import type { Call, Expr } from "../../loop/ir.ts";

/** constant + Σ coefficient·atom in wrapping int32; an atom is a variable, or an expression that is not affine. */
export interface Sum {
  readonly constant: number;
  readonly terms: ReadonlyMap<Expr, number>;
}

const constantSum = (constant: number): Sum => ({ constant, terms: new Map() });
const atom = (expr: Expr): Sum => ({ constant: 0, terms: new Map([[expr, 1]]) });

/** a + factor·b. */
function combine(a: Sum, b: Sum, factor: number): Sum {
  const terms = new Map(a.terms);
  for (const [expr, coefficient] of b.terms) {
    const total = ((terms.get(expr) ?? 0) + Math.imul(coefficient, factor)) | 0;
    if (total === 0) terms.delete(expr);
    else terms.set(expr, total);
  }
  return { constant: (a.constant + Math.imul(b.constant, factor)) | 0, terms };
}

/** factor·sum. */
export const scale = (sum: Sum, factor: number): Sum => combine(constantSum(0), sum, factor);

function callSum(expr: Call): Sum {
  const [a, b] = expr.args as readonly [Expr, Expr];
  switch (expr.op) {
    case "add":
      return combine(sumOf(a), sumOf(b), 1);
    case "sub":
      return combine(sumOf(a), sumOf(b), -1);
    case "neg":
      return scale(sumOf(a), -1);
    case "mul":
      if (a.kind === "const") return scale(sumOf(b), a.value);
      return b.kind === "const" ? scale(sumOf(a), b.value) : atom(expr);
    case "shl":
      return b.kind === "const" ? scale(sumOf(a), 1 << b.value) : atom(expr);
    default:
      return atom(expr);
  }
}

/** An int32 expression as a sum. */
export function sumOf(expr: Expr): Sum {
  if (expr.kind === "const") return constantSum(expr.value);
  return expr.kind === "call" ? callSum(expr) : atom(expr);
}

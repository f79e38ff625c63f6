/** Expressions as TypeScript: each operation rounds to its dtype, as the interpreter does. */
import { type Affine, affine } from "../../loop/build.ts";
import { nodesOf, sharedNodes } from "../../loop/dag.ts";
import type { Call, Expr } from "../../loop/ir.ts";
import type { Names } from "../../loop/names.ts";
import { EXACT, OPERATIONS } from "./functions.ts";

/** The texts of one statement's expressions, and what must be computed before. */
export interface Printed {
  readonly before: readonly string[];
  readonly texts: readonly string[];
}

/** Names of the constants of a kernel that hold shared values: $0, $1 … */
export class SharedNames {
  #count = 0;

  next(): string {
    return `$${this.#count++}`;
  }
}

export function printExpressions(roots: readonly Expr[], names: Names, constants: SharedNames): Printed {
  const isIndex = (expr: Expr): boolean => affine(expr) !== undefined;
  const shared = sharedNodes(roots, isIndex);
  const known = new Map<Expr, string>();
  const before: string[] = [];
  for (const node of nodesOf(roots)) {
    if (!shared.has(node) || isIndex(node)) continue;
    const name = constants.next();
    before.push(`const ${name} = ${print(node, names, known)};`);
    known.set(node, name);
  }
  return { before, texts: roots.map((root) => print(root, names, known)) };
}

function print(expr: Expr, names: Names, known: ReadonlyMap<Expr, string>): string {
  const name = known.get(expr);
  if (name !== undefined) return name;
  const index = affine(expr);
  if (index !== undefined) return printIndex(index, names);
  switch (expr.kind) {
    case "const":
      return constant(expr.value);
    case "var":
      return names.of(expr);
    case "load":
      return `b${expr.buffer}[${print(expr.index, names, known)}]!`;
    case "call":
      return printCall(
        expr,
        expr.args.map((arg) => operand(arg, print(arg, names, known))),
      );
  }
}

/** An index is a sum of two terms or more, which stands in brackets where it is an operand. */
const operand = (expr: Expr, text: string): string => (affine(expr) && / /.test(text) ? `(${text})` : text);

/** Brackets, because - -1 is no number. */
const constant = (value: number): string =>
  value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? "-0" : value})` : `${value}`;

/** i * 16 + j + 3; no index is so large that it would wrap. */
function printIndex({ constant: offset, terms }: Affine, names: Names): string {
  const parts = [...terms].map(([variable, factor]) =>
    factor === 1 ? names.of(variable) : `${names.of(variable)} * ${factor}`,
  );
  if (offset !== 0 || parts.length === 0) parts.push(`${offset}`);
  return parts.join(" + ").replaceAll("+ -", "- ");
}

function printCall({ op, dtype, args }: Call, texts: readonly string[]): string {
  const [a = "", b = ""] = texts;
  if (op === "cast") return printCast(args[0] as Expr, dtype, a);
  if (op === "mul" && dtype === "int32") return `Math.imul(${a}, ${b})`;
  const exact = OPERATIONS[op](...texts);
  if (dtype === "float32" && !EXACT.has(op)) return `Math.fround(${bare(exact)})`;
  return dtype === "int32" ? `(${bare(exact)} | 0)` : exact;
}

/** See castTo in loop/scalar.ts. */
function printCast(from: Expr, dtype: Expr["dtype"], text: string): string {
  if (dtype === "bool") return `+(${text} !== 0)`;
  if (dtype === "int32") return from.dtype === "bool" ? text : `$int(${text})`;
  return dtype === "float32" ? `Math.fround(${text})` : text;
}

/** Without the brackets around all of it, whose place those of a call take. */
const bare = (text: string): string => (enclosed(text) ? text.slice(1, -1) : text);

function enclosed(text: string): boolean {
  if (!text.startsWith("(")) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")") depth--;
    if (depth === 0) return i === text.length - 1;
  }
  return false;
}

/** Statements and kernels as TypeScript. */
import type { Accumulate, Kernel, MatrixView, Product, Stmt } from "../../loop/ir.ts";
import { Names } from "../../loop/names.ts";
import type { DType } from "../../tensor/dtype.ts";
import { printExpressions, SharedNames } from "./expression.ts";
import { EXACT, OPERATIONS } from "./functions.ts";

/** Words that TypeScript keeps for itself, and what a module names itself. */
const RESERVED = [
  ..."break case class const continue default delete do else export extends for function if import in let new".split(
    " ",
  ),
  ..."return static super switch this throw try typeof var void while with yield Math arena weights input".split(" "),
];

interface Scope {
  readonly names: Names;
  readonly constants: SharedNames;
}

/** The body of the function that is a kernel. */
export function printKernelBody({ body }: Kernel): string[] {
  const scope = { names: new Names(RESERVED), constants: new SharedNames() };
  return body.flatMap((stmt) => statement(stmt, scope));
}

export const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function statement(stmt: Stmt, scope: Scope): string[] {
  const { names, constants } = scope;
  const block = (body: readonly Stmt[]): string[] => indent(body.flatMap((inner) => statement(inner, scope)));
  switch (stmt.kind) {
    case "for": {
      const i = names.of(stmt.index);
      return [`for (let ${i} = 0; ${i} < ${stmt.extent}; ${i}++) {`, ...block(stmt.body), "}"];
    }
    case "let":
    case "assign": {
      const { before, texts } = printExpressions([stmt.value], names, constants);
      return [...before, `${stmt.kind === "let" ? "let " : ""}${names.of(stmt.target)} = ${texts[0]};`];
    }
    case "accumulate":
      return accumulate(stmt, scope);
    case "store": {
      const { before, texts } = printExpressions([stmt.index, stmt.value], names, constants);
      return [...before, `b${stmt.buffer}[${texts[0]}] = ${texts[1]};`];
    }
    case "if": {
      const { before, texts } = printExpressions([stmt.condition], names, constants);
      return [...before, `if (${texts[0]}) {`, ...block(stmt.then), "}"];
    }
    case "while": {
      const { before, texts } = printExpressions([stmt.condition], names, constants);
      return ["for (;;) {", ...indent([...before, `if (!${texts[0]}) break;`]), ...block(stmt.body), "}"];
    }
    case "product":
      return product(stmt, scope);
  }
}

function accumulate({ target, op, value }: Accumulate, { names, constants }: Scope): string[] {
  const { before, texts } = printExpressions([value], names, constants);
  const name = names.of(target);
  return [...before, `${name} = ${combined(op, target.dtype, name, texts[0] as string)};`];
}

function combined(op: Accumulate["op"], dtype: DType, a: string, b: string): string {
  if (op === "mul" && dtype === "int32") return `Math.imul(${a}, ${b})`;
  const exact = OPERATIONS[op](a, b);
  if (dtype === "float32" && !EXACT.has(op)) return `Math.fround${exact}`;
  return dtype === "int32" ? `${exact} | 0` : exact;
}

/** The triple loop; sums in order of k, rounded after every operation. */
function product({ dtype, m, n, k, a, b, out }: Product, { names, constants }: Scope): string[] {
  const { before, texts } = printExpressions([a.offset, b.offset, out.offset], names, constants);
  const [atA, atB, atOut] = [constants.next(), constants.next(), constants.next()];
  const element = (view: MatrixView, at: string, row: string, column: string): string => {
    const terms = [at, strided(row, view.rowStride), strided(column, view.colStride)];
    return `b${view.buffer}[${terms.filter((term) => term !== "").join(" + ")}]`;
  };
  const [row, column, inner, sum] = ["$row", "$column", "$inner", "$sum"];
  const factors = [`${element(a, atA, row, inner)}!`, `${element(b, atB, inner, column)}!`] as const;
  const term = dtype === "float32" ? `Math.fround(${factors.join(" * ")})` : combined("mul", dtype, ...factors);
  return [
    ...before,
    `const ${atA} = ${texts[0]}, ${atB} = ${texts[1]}, ${atOut} = ${texts[2]};`,
    `for (let ${row} = 0; ${row} < ${m}; ${row}++) {`,
    `  for (let ${column} = 0; ${column} < ${n}; ${column}++) {`,
    `    let ${sum} = 0;`,
    `    for (let ${inner} = 0; ${inner} < ${k}; ${inner}++) ${sum} = ${combined("add", dtype, sum, term)};`,
    `    ${element(out, atOut, row, column)} = ${sum};`,
    "  }",
    "}",
  ];
}

const strided = (index: string, stride: number): string =>
  stride === 0 ? "" : stride === 1 ? index : `${index} * ${stride}`;

/**
 * The loop IR as text for a person to read. Buffers are written b0, b1, …; what a statement uses more than once is
 * written on a line of its own before it, as $0, $1, …
 */
import type { DType } from "../tensor/dtype.ts";
import { affine } from "./build.ts";
import { bodyOf, expressionsOf, nodesOf, sharedNodes } from "./dag.ts";
import type {
  Accumulate,
  Buffer,
  Call,
  Expr,
  Kernel,
  MatrixView,
  Product,
  Program,
  ScalarOp,
  Step,
  Stmt,
} from "./ir.ts";
import { Names } from "./names.ts";

/** The whole program: its buffers, then its steps in order. */
export function printProgram(program: Program): string {
  const buffers = program.buffers.map(
    (buffer) => `  b${buffer.id} ${buffer.role} ${buffer.name}: ${typeText(buffer)} at ${buffer.offset}`,
  );
  const ids = (list: readonly number[]): string => list.map((id) => `b${id}`).join(", ");
  return [
    `program (${ids(program.inputs)}) -> (${ids(program.outputs)}), arena of ${program.arenaBytes} bytes`,
    ...buffers,
    ...program.steps.flatMap((step) => stepLines(step, program.buffers)),
    "",
  ].join("\n");
}

/**
 * One kernel, with the buffers that it reads and those that it writes.
 *
 * @example
 * kernel dense_bias (b1: float32[640], b2: float32[10]) -> (b3: float32[640])
 *   for i in 0..64
 *     for j in 0..10 simd
 *       b3[i*10 + j] = b1[i*10 + j] + b2[j]
 */
export function printKernel(kernel: Kernel, buffers: readonly Buffer[]): string {
  return [...kernelLines(kernel, buffers), ""].join("\n");
}

/** The first line of a statement, to name it in a message. */
export const printStatement = (stmt: Stmt): string => headLine(stmt, new Names());

const typeText = ({ dtype, length }: { dtype: DType; length: number }): string => `${dtype}[${length}]`;

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function stepLines(step: Step, buffers: readonly Buffer[]): string[] {
  const block = (steps: readonly Step[]): string[] => indent(steps.flatMap((inner) => stepLines(inner, buffers)));
  switch (step.kind) {
    case "kernel":
      return kernelLines(step.kernel, buffers);
    case "if":
      return [`if b${step.condition}[0]`, ...block(step.then), "else", ...block(step.otherwise)];
    case "while":
      return ["loop", ...block(step.test), `  stop unless b${step.condition}[0]`, ...block(step.body)];
    case "repeat":
      return [`repeat ${step.count} times, counting in b${step.counter}[0]`, ...block(step.body)];
  }
}

function kernelLines({ name, body }: Kernel, buffers: readonly Buffer[]): string[] {
  const { reads, writes } = traffic(body);
  const list = (ids: ReadonlySet<number>): string =>
    buffers
      .filter(({ id }) => ids.has(id))
      .map((buffer) => `b${buffer.id}: ${typeText(buffer)}`)
      .join(", ");
  const names = new Names();
  return [
    `kernel ${name} (${list(reads)}) -> (${list(writes)})`,
    ...indent(body.flatMap((stmt) => statementLines(stmt, names))),
  ];
}

/** The buffers that statements load from and store to. A product's scratch is neither. */
function traffic(body: readonly Stmt[], reads = new Set<number>(), writes = new Set<number>()) {
  for (const stmt of body) {
    for (const node of nodesOf(expressionsOf(stmt))) if (node.kind === "load") reads.add(node.buffer);
    if (stmt.kind === "store") writes.add(stmt.buffer);
    if (stmt.kind === "product") {
      reads.add(stmt.a.buffer).add(stmt.b.buffer);
      writes.add(stmt.out.buffer);
    }
    traffic(bodyOf(stmt), reads, writes);
  }
  return { reads, writes };
}

function statementLines(stmt: Stmt, names: Names): string[] {
  const shared = new Map<Expr, string>();
  const definitions: string[] = [];
  const found = sharedNodes(expressionsOf(stmt), isIndex);
  for (const node of nodesOf(expressionsOf(stmt))) {
    if (node.kind !== "call" || isIndex(node) || !found.has(node)) continue;
    const name = `$${shared.size}`;
    definitions.push(`${name} = ${expression(node, names, shared)}`);
    shared.set(node, name);
  }
  const nested = bodyOf(stmt).flatMap((inner) => statementLines(inner, names));
  return [...definitions, headLine(stmt, names, shared), ...indent(nested)];
}

const isIndex = (expr: Expr): boolean => affine(expr) !== undefined;

const NOTHING_SHARED: ReadonlyMap<Expr, string> = new Map();

function headLine(stmt: Stmt, names: Names, shared = NOTHING_SHARED): string {
  const text = (expr: Expr): string => expression(expr, names, shared);
  switch (stmt.kind) {
    case "for":
      return `for ${names.of(stmt.index)} in 0..${stmt.extent}${stmt.simd ? " simd" : ""}`;
    case "let":
      return `let ${names.of(stmt.target)}: ${stmt.target.dtype} = ${text(stmt.value)}`;
    case "assign":
      return `${names.of(stmt.target)} = ${text(stmt.value)}`;
    case "accumulate":
      return `${names.of(stmt.target)} ${ACCUMULATE[stmt.op]} ${text(stmt.value)}`;
    case "store":
      return `b${stmt.buffer}[${text(stmt.index)}] = ${text(stmt.value)}`;
    case "if":
      return `if ${text(stmt.condition)}`;
    case "while":
      return `while ${text(stmt.condition)}`;
    case "product":
      return productLine(stmt, text);
  }
}

const ACCUMULATE: Record<Accumulate["op"], string> = { add: "+=", mul: "*=", min: "min=", max: "max=" };

function productLine({ dtype, m, n, k, a, b, out, scratch }: Product, text: (expr: Expr) => string): string {
  const element = ({ buffer, offset, rowStride, colStride }: MatrixView, row: string, column: string): string => {
    const parts = [strided(row, rowStride), strided(column, colStride)];
    if (offset.kind !== "const" || offset.value !== 0) parts.unshift(text(offset));
    return `b${buffer}[${parts.filter((part) => part !== "").join(" + ") || "0"}]`;
  };
  const sum = `${element(out, "r", "c")} = sum k of ${element(a, "r", "k")} * ${element(b, "k", "c")}`;
  return `product ${dtype} r in 0..${m}, c in 0..${n}, k in 0..${k}: ${sum}, scratch b${scratch}`;
}

const strided = (index: string, stride: number): string =>
  stride === 0 ? "" : stride === 1 ? index : `${index}*${stride}`;

/** Infix operations: their sign and how tightly it binds. All others are written as functions. */
const INFIX: Partial<Record<ScalarOp, readonly [sign: string, precedence: number]>> = {
  or: [" or ", 1],
  and: [" and ", 2],
  eq: [" == ", 3],
  ne: [" != ", 3],
  lt: [" < ", 3],
  le: [" <= ", 3],
  gt: [" > ", 3],
  ge: [" >= ", 3],
  add: [" + ", 4],
  sub: [" - ", 4],
  mul: ["*", 5],
  div: ["/", 5],
  idiv: [" div ", 5],
  imod: [" mod ", 5],
};
const UNARY = 6;

function expression(expr: Expr, names: Names, shared: ReadonlyMap<Expr, string>, outer = 0): string {
  const name = shared.get(expr);
  if (name !== undefined) return name;
  switch (expr.kind) {
    case "const":
      return constantText(expr.dtype, expr.value);
    case "var":
      return names.of(expr);
    case "load":
      return `b${expr.buffer}[${expression(expr.index, names, shared)}]`;
    case "call":
      return callText(expr, outer, (arg, precedence) => expression(arg, names, shared, precedence));
  }
}

function callText({ op, dtype, args }: Call, outer: number, text: (arg: Expr, precedence: number) => string): string {
  const infix = INFIX[op];
  const [a, b] = args;
  if (infix && a && b) {
    const [sign, precedence] = infix;
    const minus = op === "add" && b.kind === "const" && b.dtype === "int32" && b.value < 0;
    // The right side binds tighter: a - (b - c) and, floats not being associative, a + (b + c) keep their brackets.
    const right = minus ? ` - ${-b.value}` : sign + text(b, precedence + 1);
    const body = text(a, precedence) + right;
    return precedence < outer ? `(${body})` : body;
  }
  if (op === "neg" && a) {
    const body = text(a, UNARY);
    return body.startsWith("-") ? `-(${body})` : `-${body}`;
  }
  const inner = args.map((arg) => text(arg, 0)).join(", ");
  return `${op === "cast" ? dtype : op}(${inner})`;
}

/** Floats show a point or an exponent, integers do not. */
function constantText(dtype: DType, value: number): string {
  if (dtype === "bool") return value ? "true" : "false";
  const digits = Object.is(value, -0) ? "-0" : String(value);
  return dtype !== "int32" && Number.isInteger(value) && /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}

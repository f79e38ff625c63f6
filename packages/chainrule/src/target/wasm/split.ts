/**
 * Which kernels several threads share, and how: the outermost loop is cut into parts of whole iterations, a matrix
 * product into parts of whole rows or columns. Sums are never cut, so every element is computed as by one thread.
 */
import { affine } from "../../loop/build.ts";
import { kernelCost } from "../../loop/cost.ts";
import { bodyOf, expressionsOf, nodesOf } from "../../loop/dag.ts";
import type { Expr, For, Kernel, MatrixView, Product, ScalarOp, Stmt, Var } from "../../loop/ir.ts";
import { scratchLength } from "../../loop/ir.ts";
import { bytesOf } from "../../tensor/dtype.ts";
import { blockingOf } from "./blocking.ts";
import { assignedIn } from "./context.ts";
import { isLaneFunction } from "./math/index.ts";

/** One part of a kernel. Parts of one size share the kernel, which finds its first iteration in `from`. */
export interface Part {
  readonly kernel: Kernel;
  readonly from: number;
}

export interface Split {
  /** The variable that holds where a part begins: declared nowhere, a parameter of the kernel's function. */
  readonly from: Var;
  readonly parts: readonly Part[];
  /** Bytes of scratch that each part needs for itself. */
  readonly scratchBytes: number;
  /** How long one thread takes, roughly. */
  readonly ns: number;
}

/** Gives the scratch of a part, as a buffer of the same dtype as that which it stands for. */
export type ScratchOf = (scratch: number, part: number) => number;

/** What one thread does in a nanosecond, roughly, and the time from which on it pays to meet for sharing a kernel. */
const FLOPS_PER_NS = 40;
const BYTES_PER_NS = 20;
export const LEAST_NS = 2000;

/** Iterations at which parts may begin: a cache line of float32, and a multiple of the lanes of a vector. */
const GRAIN = 16;
/** Rows and columns of a product at which parts may begin: tiles suit any number of rows, columns come in panels. */
const ROW_GRAIN = 1;
const COLUMN_GRAIN = 16;

/** For how many threads a program is made, and from which work on they share a kernel. */
export interface Sharing {
  readonly threads: number;
  /** Nanoseconds that one thread would take, roughly. */
  readonly leastNs: number;
}

/** The kernel in `threads` parts or fewer, or undefined where it is too small or its iterations are not independent. */
export function splitKernel(kernel: Kernel, { threads, leastNs }: Sharing, scratchOf: ScratchOf): Split | undefined {
  const { flops, bytes } = kernelCost(kernel);
  const ns = flops / FLOPS_PER_NS + bytes / BYTES_PER_NS;
  if (threads < 2 || ns < leastNs || callsHost(kernel.body)) return undefined;
  const lets = kernel.body.slice(0, -1);
  const last = kernel.body.at(-1);
  if (!last || lets.some((stmt) => stmt.kind !== "let")) return undefined;
  const from: Var = { kind: "var", name: "from", dtype: "int32" };
  const made =
    last.kind === "product"
      ? splitProduct(last, from, threads)
      : last.kind === "for"
        ? splitLoop(last, lets, from, threads)
        : undefined;
  if (!made || made.length < 2) return undefined;
  const products = made.map(({ stmt }) => productsIn(stmt));
  const ownScratch = products.some((list) => list.length > 0);
  const bySize = new Map<string, Kernel>();
  const parts = made.map(({ stmt, from: start, length }, part): Part => {
    // Kernels with products have a scratch for each part, and so a kernel for each.
    const key = ownScratch ? `${part}` : `${length}`;
    const name = bySize.size === 0 ? kernel.name : `${kernel.name} ${bySize.size + 1}`;
    const body = ownScratch ? withScratch(stmt, (scratch) => scratchOf(scratch, part)) : stmt;
    const known = bySize.get(key) ?? { name, body: [...lets, body] };
    bySize.set(key, known);
    return { kernel: known, from: start };
  });
  const needs = products.flat().map((product) => scratchLength(product) * bytesOf(product.dtype));
  return { from, parts, scratchBytes: Math.max(0, ...needs), ns };
}

interface Cut {
  readonly stmt: Stmt;
  readonly from: number;
  readonly length: number;
}

/** Equal parts of whole grains, the last of them maybe shorter. */
function cut(extent: number, grain: number, threads: number): { from: number; length: number }[] {
  const length = Math.ceil(extent / threads / grain) * grain;
  const count = Math.ceil(extent / length);
  return Array.from({ length: count }, (_, part) => ({
    from: part * length,
    length: Math.min(length, extent - part * length),
  }));
}

function splitLoop(loop: For, lets: readonly Stmt[], from: Var, threads: number): Cut[] | undefined {
  if (!isIndependent(loop, lets)) return undefined;
  const index: Var = { kind: "var", name: loop.index.name, dtype: "int32" };
  const shifted: Expr = { kind: "call", op: "add", dtype: "int32", args: [index, from] };
  const body = substitute(loop.body, new Map<Expr, Expr>([[loop.index, shifted]]));
  const grain = loop.simd || loop.extent >= GRAIN * threads ? GRAIN : 1;
  return cut(loop.extent, grain, threads).map((part) => ({
    ...part,
    stmt: { ...loop, index, extent: part.length, body },
  }));
}

/** Rows or columns, whichever makes the threads do less that only one would have to do. */
function splitProduct(product: Product, from: Var, threads: number): Cut[] {
  const { m, n, k, a, b, out } = product;
  const moved = (view: MatrixView, stride: number): MatrixView => {
    const distance: Expr = { kind: "call", op: "mul", dtype: "int32", args: [from, integer(stride)] };
    return { ...view, offset: { kind: "call", op: "add", dtype: "int32", args: [view.offset, distance] } };
  };
  const byRows = cut(m, ROW_GRAIN, threads);
  const byColumns = cut(n, COLUMN_GRAIN, threads);
  const evenness = (parts: readonly { length: number }[], extent: number): number =>
    extent / (threads * (parts[0]?.length ?? 1));
  // What every thread reads or copies of the factor that it uses whole, beside its share of the work, in units of m·n·k.
  const { packsA, packsB } = blockingOf(product);
  const cost = (parts: readonly { length: number }[], extent: number, shared: number, isPacked: boolean): number =>
    (1 / evenness(parts, extent)) * (1 + ((isPacked ? PACKING_COST : READING_COST) * shared * threads) / (m * n * k));
  const rows = cost(byRows, m, k * n, packsB);
  const columns = cost(byColumns, n, m * k, packsA) + SEAM_COST / (n * k);
  if (byColumns.length < 2 || rows <= columns) {
    return byRows.map((part) => ({
      ...part,
      stmt: { ...product, m: part.length, a: moved(a, a.rowStride), out: moved(out, out.rowStride) },
    }));
  }
  return byColumns.map((part) => ({
    ...part,
    stmt: { ...product, n: part.length, b: moved(b, b.colStride), out: moved(out, out.colStride) },
  }));
}

/** Copying an element, or reading it where it lies, takes as long as so many multiplications and additions. */
const PACKING_COST = 8;
const READING_COST = 2;
/** So does the seam between parts of columns in a row of the result: two threads fetch each other's cache lines there. */
const SEAM_COST = 2000;

const integer = (value: number): Expr => ({ kind: "const", dtype: "int32", value });

/** Statements at any depth. */
const statementsIn = (body: readonly Stmt[]): Stmt[] => body.flatMap((stmt) => [stmt, ...statementsIn(bodyOf(stmt))]);

const productsIn = (stmt: Stmt): Product[] =>
  statementsIn([stmt]).flatMap((inner) => (inner.kind === "product" ? [inner] : []));

const TRANSCENDENTAL: readonly ScalarOp[] = ["exp", "expm1", "log", "log1p", "tanh", "sigmoid", "softplus", "erf"];
/** Sines and cosines in lanes leave large angles to the host. */
const HOST_OPS: ReadonlySet<ScalarOp> = new Set(["pow", "sin", "cos"]);

/** Whether a body calls functions of the host, which only the first thread has. */
function callsHost(body: readonly Stmt[]): boolean {
  return [...nodesOf(statementsIn(body).flatMap(expressionsOf))].some((node) => {
    if (node.kind !== "call") return false;
    const inLanes = isLaneFunction(node.op) && node.args[0]?.dtype === "float32";
    return HOST_OPS.has(node.op) || (TRANSCENDENTAL.includes(node.op) && !inLanes);
  });
}

interface Access {
  readonly buffer: number;
  readonly index: Expr;
  readonly isWrite: boolean;
  /** What it touches relative to the index. */
  readonly reach: readonly [number, number];
  readonly scope: ReadonlyMap<Var, number>;
}

/**
 * Whether no iteration touches what another one writes: variables from outside are not assigned, and all that touches a
 * buffer which is written moves on from one iteration to the next by more than one of them covers.
 */
function isIndependent(loop: For, lets: readonly Stmt[]): boolean {
  const declarations = statementsIn(loop.body).filter((stmt) => stmt.kind === "let");
  const declared = new Set(declarations.map(({ target }) => target));
  const assigned = assignedIn(loop.body);
  if ([...assigned].some((target) => !declared.has(target))) return false;
  const values = new Map<Expr, Expr>();
  for (const { target, value } of declarations) {
    if (target.dtype === "int32" && !assigned.has(target)) values.set(target, resolve(value, values));
  }
  const accesses = accessesIn(loop.body, new Map()).map((access) => ({
    ...access,
    index: resolve(access.index, values),
  }));
  const before = accessesIn(lets, new Map());
  const written = new Set(accesses.flatMap(({ buffer, isWrite }) => (isWrite ? [buffer] : [])));
  if (before.some(({ buffer }) => written.has(buffer))) return false;
  return [...written].every((buffer) =>
    movesOn(
      accesses.filter((access) => access.buffer === buffer),
      loop.index,
      declared,
    ),
  );
}

/** An expression with known ones, and what is made of it, put in the place of others. */
function resolve(expr: Expr, known: Map<Expr, Expr>): Expr {
  const found = known.get(expr);
  if (found) return found;
  const made = rebuild(expr, (inner) => resolve(inner, known));
  known.set(expr, made);
  return made;
}

function movesOn(accesses: readonly Access[], index: Var, declared: ReadonlySet<Var>): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const strides = new Set<number>();
  const bases = new Set<string>();
  const names = new Map<Var, number>();
  for (const access of accesses) {
    const form = affine(access.index);
    if (!form) return false;
    let [first, last] = [form.constant + access.reach[0], form.constant + access.reach[1]];
    const base: string[] = [];
    strides.add(form.terms.get(index) ?? 0);
    for (const [variable, coefficient] of form.terms) {
      if (variable === index) continue;
      if (declared.has(variable)) return false;
      const extent = access.scope.get(variable);
      if (extent === undefined) {
        // The same in all iterations.
        names.set(variable, names.get(variable) ?? names.size);
        base.push(`${names.get(variable)}*${coefficient}`);
      } else {
        first += Math.min(0, coefficient * (extent - 1));
        last += Math.max(0, coefficient * (extent - 1));
      }
    }
    bases.add(base.sort().join("+"));
    [low, high] = [Math.min(low, first), Math.max(high, last)];
  }
  const [stride = 0] = strides;
  return strides.size === 1 && bases.size === 1 && high - low < Math.abs(stride);
}

function accessesIn(body: readonly Stmt[], scope: ReadonlyMap<Var, number>): Access[] {
  return body.flatMap((stmt) => {
    const loads = [...nodesOf(expressionsOf(stmt))].flatMap((node): Access[] =>
      node.kind === "load" ? [{ buffer: node.buffer, index: node.index, isWrite: false, reach: [0, 0], scope }] : [],
    );
    const inner = stmt.kind === "for" ? new Map(scope).set(stmt.index, stmt.extent) : scope;
    return [...loads, ...ownAccesses(stmt, scope), ...accessesIn(bodyOf(stmt), inner)];
  });
}

function ownAccesses(stmt: Stmt, scope: ReadonlyMap<Var, number>): Access[] {
  if (stmt.kind === "store") return [{ buffer: stmt.buffer, index: stmt.index, isWrite: true, reach: [0, 0], scope }];
  if (stmt.kind !== "product") return [];
  const { a, b, out, m, n, k } = stmt;
  const matrix = (view: MatrixView, rows: number, columns: number, isWrite: boolean): Access => {
    const far = [(rows - 1) * view.rowStride, (columns - 1) * view.colStride];
    const reach = [Math.min, Math.max].map((pick) => far.reduce((sum, last) => sum + pick(0, last), 0));
    return { buffer: view.buffer, index: view.offset, isWrite, reach: reach as [number, number], scope };
  };
  return [matrix(a, m, k, false), matrix(b, k, n, false), matrix(out, m, n, true)];
}

/** Statements with expressions put in the place of others; what is shared stays shared. */
function substitute(body: readonly Stmt[], known: Map<Expr, Expr>): Stmt[] {
  const of = (expr: Expr): Expr => resolve(expr, known);
  return body.map((stmt) => substituteIn(stmt, of, (inner) => substitute(inner, known)));
}

function substituteIn(stmt: Stmt, of: (expr: Expr) => Expr, within: (body: readonly Stmt[]) => Stmt[]): Stmt {
  const matrix = (view: MatrixView): MatrixView => ({ ...view, offset: of(view.offset) });
  switch (stmt.kind) {
    case "let":
    case "assign":
    case "accumulate":
      return { ...stmt, value: of(stmt.value) };
    case "store":
      return { ...stmt, index: of(stmt.index), value: of(stmt.value) };
    case "if":
      return { ...stmt, condition: of(stmt.condition), then: within(stmt.then) };
    case "while":
      return { ...stmt, condition: of(stmt.condition), body: within(stmt.body) };
    case "for":
      return { ...stmt, body: within(stmt.body) };
    case "product":
      return { ...stmt, a: matrix(stmt.a), b: matrix(stmt.b), out: matrix(stmt.out) };
  }
}

function rebuild(expr: Expr, of: (expr: Expr) => Expr): Expr {
  if (expr.kind === "load") {
    const index = of(expr.index);
    return index === expr.index ? expr : { ...expr, index };
  }
  if (expr.kind !== "call") return expr;
  const args = expr.args.map(of);
  return args.every((arg, i) => arg === expr.args[i]) ? expr : { ...expr, args };
}

function withScratch(stmt: Stmt, scratch: (of: number) => number): Stmt {
  if (stmt.kind === "product") return { ...stmt, scratch: scratch(stmt.scratch) };
  const within = (body: readonly Stmt[]): Stmt[] => body.map((inner) => withScratch(inner, scratch));
  if (stmt.kind === "for" || stmt.kind === "while") return { ...stmt, body: within(stmt.body) };
  return stmt.kind === "if" ? { ...stmt, then: within(stmt.then) } : stmt;
}

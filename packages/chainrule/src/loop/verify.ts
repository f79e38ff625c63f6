/**
 * The rules of a well-formed program. The compiler's tests verify every program; a target may rely on all of it.
 *
 * - Buffers: ids are unique; each lies in the arena at a multiple of 16 bytes with 16 bytes of padding after it.
 *   Buffers may overlap, since the planner reuses memory.
 * - Steps: conditions are bool buffers and counters int32 buffers, of one element or more.
 * - Variables: declared once in a kernel and used in scope only; loop indices are int32 and never assigned.
 *   `accumulate` has a target from outside the innermost loop.
 * - simd loops: a variable from outside is neither assigned in one, nor accumulated except directly in its body, nor
 *   read where it is accumulated.
 * - Expressions: as `typing.ts` says; loads and stores have the buffer's dtype and int32 indices; constants are exact.
 * - Bounds: an index that is affine in loop indices stays within its buffer. Not checked under an `if`, whose condition
 *   may narrow the range.
 */
import { bytesOf, type DType, isFloat } from "../tensor/dtype.ts";
import { affine } from "./build.ts";
import { expressionsOf, nodesOf, reachOf } from "./dag.ts";
import {
  type Accumulate,
  type Assign,
  type Buffer,
  type Call,
  type Expr,
  type For,
  type Kernel,
  type Let,
  type MatrixView,
  type Product,
  type Program,
  type Step,
  type Stmt,
  scratchLength,
  type Var,
} from "./ir.ts";
import { roundTo } from "./scalar.ts";
import { printStatement } from "./text.ts";
import { argumentError, resultDType } from "./typing.ts";

const ALIGNMENT = 16;
const PADDING = 16;

type Buffers = ReadonlyMap<number, Buffer>;

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** Throws an Error that names the buffer, or the kernel and the statement, where a rule is broken. */
export function verifyProgram(program: Program): void {
  const buffers = verifyBuffers(program);
  for (const id of [...program.inputs, ...program.outputs]) bufferOf(buffers, id, "the program's inputs and outputs");
  verifySteps(program.steps, buffers);
}

function verifyBuffers({ buffers, arenaBytes }: Program): Buffers {
  const byId = new Map<number, Buffer>();
  for (const buffer of buffers) {
    const { id, name, dtype, length, offset } = buffer;
    const fail = (message: string): never => {
      throw new Error(`buffer b${id} (${name}): ${message}`);
    };
    if (byId.has(id)) fail("another buffer has the same id");
    if (!isCount(length)) fail(`its length must be an integer ≥ 0; it is ${length}`);
    if (!isCount(offset) || offset % ALIGNMENT !== 0) fail(`its offset must be a multiple of 16; it is ${offset}`);
    const end = offset + length * bytesOf(dtype) + PADDING;
    if (end > arenaBytes) fail(`it ends, with its padding, at byte ${end} of an arena of ${arenaBytes}`);
    byId.set(id, buffer);
  }
  return byId;
}

function bufferOf(buffers: Buffers, id: number, user: string): Buffer {
  const buffer = buffers.get(id);
  if (buffer === undefined) throw new Error(`${user}: there is no buffer b${id}`);
  return buffer;
}

function verifySteps(steps: readonly Step[], buffers: Buffers): void {
  for (const step of steps) {
    switch (step.kind) {
      case "kernel":
        new KernelVerifier(step.kernel, buffers).verify();
        break;
      case "if":
        verifyCell(buffers, step.condition, "bool", "the condition of an if step");
        verifySteps(step.then, buffers);
        verifySteps(step.otherwise, buffers);
        break;
      case "while":
        verifyCell(buffers, step.condition, "bool", "the condition of a while step");
        verifySteps(step.test, buffers);
        verifySteps(step.body, buffers);
        break;
      case "repeat":
        verifyCell(buffers, step.counter, "int32", "the counter of a repeat step");
        if (!isCount(step.count))
          throw new Error(`a repeat step runs ${step.count} times; that must be an integer ≥ 0`);
        verifySteps(step.body, buffers);
        break;
    }
  }
}

function verifyCell(buffers: Buffers, id: number, dtype: DType, user: string): void {
  const buffer = bufferOf(buffers, id, user);
  if (buffer.dtype === dtype && buffer.length > 0) return;
  throw new Error(`${user} must be ${dtype}, of at least 1 element; b${id} is ${buffer.dtype}[${buffer.length}]`);
}

/** What is known of a variable in scope. */
interface Declared {
  /** The number of loops around the declaration. */
  readonly depth: number;
  /** The extent of a loop index, undefined for other variables. */
  readonly extent?: number;
}

interface SimdLoop {
  readonly depth: number;
  readonly accumulated: ReadonlySet<Var>;
}

/** Where a statement stands. */
interface Place {
  readonly scope: ReadonlyMap<Var, Declared>;
  /** The number of loops around it. */
  readonly depth: number;
  /** The simd loops around it, outermost first. */
  readonly simd: readonly SimdLoop[];
  /** In the body of the innermost simd loop itself, not in a statement nested there. */
  readonly direct: boolean;
  /** Under an `if`: bounds are not checked. */
  readonly guarded: boolean;
  /** Inside a loop of extent 0: never reached. */
  readonly unreachable: boolean;
}

const OUTERMOST: Place = {
  scope: new Map(),
  depth: 0,
  simd: [],
  direct: false,
  guarded: false,
  unreachable: false,
};

/** The variables that a loop's body itself accumulates. */
const accumulatedIn = (body: readonly Stmt[]): ReadonlySet<Var> =>
  new Set(body.flatMap((stmt) => (stmt.kind === "accumulate" ? [stmt.target] : [])));

/** The least and greatest value of an affine function of loop indices, or undefined where an index is not one. */
function rangeOf(index: Expr, scope: ReadonlyMap<Var, Declared>): [number, number] | undefined {
  const form = affine(index);
  if (!form) return undefined;
  let low = form.constant;
  let high = form.constant;
  for (const [variable, coefficient] of form.terms) {
    const extent = scope.get(variable)?.extent;
    if (extent === undefined) return undefined;
    const last = coefficient * (extent - 1);
    low += Math.min(0, last);
    high += Math.max(0, last);
  }
  return [low, high];
}

class KernelVerifier {
  readonly #kernel: Kernel;
  readonly #buffers: Buffers;
  readonly #declared = new Set<Var>();
  #stmt: Stmt | undefined;

  constructor(kernel: Kernel, buffers: Buffers) {
    this.#kernel = kernel;
    this.#buffers = buffers;
  }

  verify(): void {
    this.#block(this.#kernel.body, OUTERMOST);
  }

  #fail(message: string): never {
    const where = this.#stmt ? `, statement "${printStatement(this.#stmt)}"` : "";
    throw new Error(`kernel ${this.#kernel.name}${where}: ${message}`);
  }

  #block(body: readonly Stmt[], outer: Place): void {
    const scope = new Map(outer.scope);
    const place = { ...outer, scope };
    for (const stmt of body) {
      this.#stmt = stmt;
      this.#expressions(stmt, place);
      this.#statement(stmt, place);
      if (stmt.kind === "let") scope.set(this.#declare(stmt.target), { depth: place.depth });
      if (stmt.kind !== "let") this.#nested(stmt, place);
    }
  }

  #declare(variable: Var): Var {
    if (this.#declared.has(variable)) this.#fail(`${variable.name} is declared twice in the kernel`);
    this.#declared.add(variable);
    return variable;
  }

  #nested(stmt: Stmt, place: Place): void {
    if (stmt.kind === "if") this.#block(stmt.then, { ...place, direct: false, guarded: true });
    if (stmt.kind === "while") this.#block(stmt.body, { ...place, direct: false, depth: place.depth + 1 });
    if (stmt.kind === "for") this.#for(stmt, place);
  }

  #for(stmt: For, place: Place): void {
    const depth = place.depth + 1;
    const scope = new Map(place.scope).set(this.#declare(stmt.index), { depth, extent: stmt.extent });
    const simd = stmt.simd ? [...place.simd, { depth, accumulated: accumulatedIn(stmt.body) }] : place.simd;
    const unreachable = place.unreachable || stmt.extent === 0;
    this.#block(stmt.body, { ...place, scope, depth, simd, direct: stmt.simd, unreachable });
  }

  #statement(stmt: Stmt, place: Place): void {
    switch (stmt.kind) {
      case "for":
        if (stmt.index.dtype !== "int32") this.#fail(`the loop index must be int32; it is ${stmt.index.dtype}`);
        if (!isCount(stmt.extent)) this.#fail(`the extent must be an integer ≥ 0; it is ${stmt.extent}`);
        return;
      case "let":
        this.#sameDType(stmt);
        return;
      case "assign":
        this.#assign(stmt, place);
        return;
      case "accumulate":
        this.#accumulate(stmt, place);
        return;
      case "store": {
        const { dtype } = this.#buffer(stmt.buffer);
        if (stmt.value.dtype !== dtype) this.#fail(`it stores ${stmt.value.dtype} into a ${dtype} buffer`);
        this.#index(stmt.buffer, stmt.index, [0, 0], place);
        return;
      }
      case "if":
      case "while":
        if (stmt.condition.dtype !== "bool") this.#fail(`the condition must be bool; it is ${stmt.condition.dtype}`);
        return;
      case "product":
        this.#product(stmt, place);
        return;
    }
  }

  #sameDType({ target, value }: Let | Assign | Accumulate): void {
    if (target.dtype === value.dtype) return;
    this.#fail(`${target.name} is ${target.dtype}, but its value is ${value.dtype}`);
  }

  #lookUp(variable: Var, { scope }: Place): Declared {
    return (
      scope.get(variable) ?? this.#fail(`${variable.name} is not in scope; declare it before, in this block or around`)
    );
  }

  #assign(stmt: Assign, place: Place): void {
    this.#sameDType(stmt);
    const { name } = stmt.target;
    const { depth, extent } = this.#lookUp(stmt.target, place);
    if (extent !== undefined) this.#fail(`${name} is a loop index, which may not be assigned`);
    const crossed = place.simd.some((loop) => depth < loop.depth);
    if (crossed) this.#fail(`a simd loop may not assign ${name}, declared outside it`);
  }

  #accumulate(stmt: Accumulate, place: Place): void {
    this.#sameDType(stmt);
    const { name, dtype } = stmt.target;
    const { depth, extent } = this.#lookUp(stmt.target, place);
    if (extent !== undefined) this.#fail(`${name} is a loop index, which may not be assigned`);
    if (dtype === "bool") this.#fail(`${name} is bool, which cannot be accumulated`);
    if (place.depth > 0 && depth === place.depth) this.#fail(`${name} must be declared outside the innermost loop`);
    const crossed = place.simd.filter((loop) => depth < loop.depth).length;
    if (crossed > (place.direct ? 1 : 0)) {
      this.#fail(`a simd loop may accumulate ${name}, declared outside it, directly in its body only`);
    }
  }

  #buffer(id: number): Buffer {
    return this.#buffers.get(id) ?? this.#fail(`there is no buffer b${id}`);
  }

  #product(stmt: Product, place: Place): void {
    const { dtype, m, n, k, a, b, out } = stmt;
    if (dtype === "bool") this.#fail("a product is of float or int32 matrices");
    if (![m, n, k].every(isCount)) this.#fail(`m, n and k must be integers ≥ 0; they are ${m}, ${n}, ${k}`);
    this.#matrix("a", a, m, k, dtype, place);
    this.#matrix("b", b, k, n, dtype, place);
    this.#matrix("out", out, m, n, dtype, place);
    const scratch = this.#buffer(stmt.scratch);
    const needed = scratchLength(stmt);
    if (scratch.dtype !== dtype || scratch.length < needed) {
      this.#fail(`the scratch must be ${dtype}[${needed}] or longer; it is ${scratch.dtype}[${scratch.length}]`);
    }
    if (out.buffer === a.buffer || out.buffer === b.buffer) this.#fail("out must be another buffer than a and b");
    if ([a, b, out].some(({ buffer }) => buffer === stmt.scratch))
      this.#fail("the scratch must be a buffer of its own");
  }

  #matrix(name: string, matrix: MatrixView, rows: number, columns: number, dtype: DType, place: Place): void {
    const buffer = this.#buffer(matrix.buffer);
    if (buffer.dtype !== dtype) this.#fail(`${name} must be ${dtype}; it is ${buffer.dtype}`);
    const { rowStride, colStride } = matrix;
    if (![rowStride, colStride].every(Number.isSafeInteger)) {
      this.#fail(`the strides of ${name} must be integers; they are ${rowStride} and ${colStride}`);
    }
    const empty = rows === 0 || columns === 0;
    this.#index(matrix.buffer, matrix.offset, empty ? undefined : reachOf(matrix, rows, columns), place);
  }

  /** The index is int32 and, with `reach` added to its least and greatest value, inside the buffer. */
  #index(id: number, index: Expr, reach: readonly [number, number] | undefined, place: Place): void {
    if (index.dtype !== "int32") this.#fail(`the index into b${id} must be int32; it is ${index.dtype}`);
    const range = reach && !place.guarded && !place.unreachable ? rangeOf(index, place.scope) : undefined;
    if (!reach || !range) return;
    const { length } = this.#buffer(id);
    const [low, high] = [range[0] + reach[0], range[1] + reach[1]];
    if (low >= 0 && high < length) return;
    this.#fail(`the index into b${id} runs from ${low} to ${high}, but the buffer has ${length} elements`);
  }

  #expressions(stmt: Stmt, place: Place): void {
    for (const node of nodesOf(expressionsOf(stmt))) {
      switch (node.kind) {
        case "const":
          this.#constant(node.dtype, node.value);
          break;
        case "var":
          this.#lookUp(node, place);
          if (place.simd.some((loop) => loop.accumulated.has(node))) {
            this.#fail(`a simd loop may not read ${node.name}, which it accumulates`);
          }
          break;
        case "load": {
          const { dtype } = this.#buffer(node.buffer);
          if (node.dtype !== dtype) this.#fail(`a load as ${node.dtype} from b${node.buffer}, which holds ${dtype}`);
          this.#index(node.buffer, node.index, [0, 0], place);
          break;
        }
        case "call":
          this.#call(node);
      }
    }
  }

  #constant(dtype: DType, value: number): void {
    if (Object.is(roundTo(dtype, value), value)) return;
    if (!(isFloat(dtype) && Number.isNaN(value))) this.#fail(`the constant ${value} is no value of ${dtype}`);
  }

  #call({ op, dtype, args }: Call): void {
    const dtypes = args.map((arg) => arg.dtype);
    const error = argumentError(op, dtypes);
    if (error) this.#fail(error);
    const result = op === "cast" ? dtype : resultDType(op, dtypes);
    if (dtype !== result) this.#fail(`${op}(${dtypes.join(", ")}) gives ${result}, but the expression says ${dtype}`);
  }
}

/** The programs by which `wide.ts` tests what the engine makes of joined vectors, and how fast it is. */
import { ExprPool, variable } from "../../loop/build.ts";
import {
  type Buffer,
  type Expr,
  type MatrixView,
  type Product,
  type Program,
  type Stmt,
  scratchLength,
} from "../../loop/ir.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import { isBranchFree, LANE_FUNCTIONS, type LaneFunctionOp } from "./math/index.ts";

type Shape = readonly [m: number, k: number, n: number, transposed?: "a" | "b"];

/** One tile, or a few, of each kind: whole and partial, of one row and of many, packed and in place, continued or not. */
const SHAPES: readonly Shape[] = [
  [1, 7, 70],
  [2, 9, 40],
  [4, 33, 31],
  [13, 17, 10],
  [14, 6, 7],
  [25, 4, 3],
  [12, 130, 48, "a"],
  [7, 19, 35, "b"],
  [5, 8, 24],
  [64, 128, 72],
  [7, 1030, 27],
];

/** Large enough to measure, small enough for the caches. */
const TIMED: Shape = [48, 64, 96];
const TIMED_TIMES = 8;

/** Some pairs of vectors, a single one, and a rest. */
const ELEMENTS = 39;

/** Numbers in which vector instructions of different widths have been known to differ. */
const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, -0, 0, 1e-40] as const;

const FLOAT_UNARY = ["neg", "abs", "floor", "sqrt"] as const;
const FLOAT_BINARY = ["add", "sub", "mul", "mulz", "div", "min", "max"] as const;
const FUNCTIONS = (Object.keys(LANE_FUNCTIONS) as LaneFunctionOp[]).filter(isBranchFree);
const INTEGER_BINARY = ["add", "sub", "mul", "min", "max", "bitand", "bitor", "xor"] as const;
const COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"] as const;

/** Writes into an input: all pairs of special numbers in x and y, and numbers that have to be rounded. */
export function writeInput({ id, name }: Buffer, view: TypedArray): void {
  for (let i = 0; i < view.length; i++) {
    const special = name === "x" ? i % SPECIAL.length : Math.floor(i / SPECIAL.length);
    const isSpecial = (name === "x" || name === "y") && i < SPECIAL.length ** 2;
    view[i] = isSpecial ? (SPECIAL[special] as number) : ((((i + id) * 37) % 101) - 50) * (0.1 + (i % 8));
  }
}

export function testedProgram(): Program {
  const builder = new ProgramBuilder();
  return builder.program([...SHAPES.map((shape) => builder.product(shape)), ...builder.elementwise()], 1);
}

export function timedProgram(): Program {
  const builder = new ProgramBuilder();
  return builder.program([builder.product(TIMED)], TIMED_TIMES);
}

class ProgramBuilder {
  readonly #pool = new ExprPool();
  readonly #buffers: Buffer[] = [];
  #end = 0;

  program(body: readonly Stmt[], count: number): Program {
    const counter = this.#buffer("temporary", 1, "int32");
    const idsOf = (role: Buffer["role"]): number[] =>
      this.#buffers.filter((buffer) => buffer.role === role).map(({ id }) => id);
    return {
      buffers: this.#buffers,
      arenaBytes: this.#end,
      steps: [{ kind: "repeat", count, counter, body: [{ kind: "kernel", kernel: { name: "tested", body } }] }],
      inputs: idsOf("input"),
      outputs: idsOf("output"),
    };
  }

  product([m, k, n, transposed]: Shape): Product {
    const matrix = (role: Buffer["role"], rows: number, columns: number, byColumns: boolean): MatrixView => {
      const [rowStride, colStride] = byColumns ? [1, rows] : [columns, 1];
      return { buffer: this.#buffer(role, rows * columns), offset: this.#pool.int(0), rowStride, colStride };
    };
    const a = matrix("input", m, k, transposed === "a");
    const b = matrix("input", k, n, transposed === "b");
    const out = matrix("output", m, n, false);
    const scratch = this.#buffer("temporary", scratchLength({ k, n }));
    return { kind: "product", dtype: "float32", m, n, k, a, b, out, scratch };
  }

  /** Every operation that has an instruction, in loops that store the results of several, as fused kernels do. */
  elementwise(): Stmt[] {
    const pool = this.#pool;
    const [x, y] = [this.#buffer("input", ELEMENTS, "float32", "x"), this.#buffer("input", ELEMENTS, "float32", "y")];
    const [p, q] = [this.#buffer("input", ELEMENTS, "int32"), this.#buffer("input", ELEMENTS, "int32")];
    const at =
      (buffer: number, dtype: "float32" | "int32") =>
      (i: Expr): Expr =>
        pool.load(dtype, buffer, i);
    const [fx, fy, ip, iq] = [at(x, "float32"), at(y, "float32"), at(p, "int32"), at(q, "int32")];
    const mean = (i: Expr): Expr =>
      pool.call("add", pool.call("mul", fx(i), pool.constant("float32", 0.9)), pool.call("mul", fy(i), fy(i)));
    const ratio = (i: Expr): Expr => pool.call("div", mean(i), pool.call("sqrt", pool.call("abs", fy(i))));
    return [
      this.#loop(
        ...FLOAT_UNARY.map((op) => (i: Expr) => pool.call(op, fx(i))),
        ...FLOAT_BINARY.map((op) => (i: Expr) => pool.call(op, fx(i), fy(i))),
      ),
      this.#loop(...FUNCTIONS.map((op) => (i: Expr) => pool.call(op, fx(i)))),
      this.#loop(...COMPARISONS.map((op) => (i: Expr) => pool.select(pool.call(op, fx(i), fy(i)), fy(i), ratio(i)))),
      this.#loop(...INTEGER_BINARY.map((op) => (i: Expr) => pool.call(op, ip(i), iq(i)))),
      this.#loop(...COMPARISONS.map((op) => (i: Expr) => pool.select(pool.call(op, ip(i), iq(i)), iq(i), pool.int(7)))),
      this.#loop(mean, ratio),
    ];
  }

  /** Stores each value in a buffer of its own. */
  #loop(...values: readonly ((i: Expr) => Expr)[]): Stmt {
    const index = variable("i", "int32");
    const body = values.map((valueAt): Stmt => {
      const value = valueAt(index);
      return { kind: "store", buffer: this.#buffer("output", ELEMENTS, value.dtype), index, value };
    });
    return { kind: "for", index, extent: ELEMENTS, simd: true, body };
  }

  #buffer(role: Buffer["role"], length: number, dtype: Buffer["dtype"] = "float32", name: string = role): number {
    const id = this.#buffers.length;
    this.#buffers.push({ id, name, dtype, length, role, offset: this.#end });
    this.#end = Math.ceil((this.#end + 4 * length + 16) / 16) * 16;
    return id;
  }
}

/**
 * The loop IR: what a compiled program is before a target prints it.
 *
 * Nothing here knows of any target. A program is a list of steps over numbered buffers in one arena; a kernel is a
 * list of statements; values and indices are expressions over loop indices, local variables and loads.
 * `verify.ts` states the rules that hold of a well-formed program; the interpreter in `js/` defines what one means.
 */
import type { DType } from "../tensor/dtype.ts";

/** Scalar operations, with the number of arguments and what they mean. Every target implements all of them. */
export const SCALAR_OPS = {
  // float arithmetic; add, sub, mul, neg, min, max, abs, sign also on int32 (wrapping)
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  neg: 1,
  abs: 1,
  sign: 1,
  floor: 1,
  sqrt: 1,
  pow: 2,
  min: 2,
  max: 2, // NaN if either is NaN; -0 < +0
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  sin: 1,
  cos: 1,
  tanh: 1,
  sigmoid: 1,
  softplus: 1,
  erf: 1,
  mulz: 2, // a·b, but 0 where a is 0 even if b is not finite
  // comparison of two values of one dtype → bool; every comparison with NaN but ne is false
  eq: 2,
  ne: 2,
  lt: 2,
  le: 2,
  gt: 2,
  ge: 2,
  // bool → bool
  and: 2,
  or: 2,
  not: 1,
  // select(bool, a, b): both branches may be evaluated
  select: 3,
  // cast to the expression's dtype: float → int32 truncates and saturates, NaN → 0; anything → bool is x ≠ 0
  cast: 1,
  // int32 only. idiv and imod truncate toward zero and are only applied to a divisor > 0.
  idiv: 2,
  imod: 2,
  bitand: 2,
  bitor: 2,
  xor: 2,
  shl: 2,
  shr: 2, // shr is logical (unsigned)
} as const;

export type ScalarOp = keyof typeof SCALAR_OPS;

/** A local variable or a loop index (then int32). Compared by identity. */
export interface Var {
  readonly kind: "var";
  readonly name: string;
  readonly dtype: DType;
}

export interface Const {
  readonly kind: "const";
  readonly dtype: DType;
  readonly value: number;
}

/** One element of a buffer; `index` is an int32 expression, counted in elements. */
export interface Load {
  readonly kind: "load";
  readonly dtype: DType;
  readonly buffer: number;
  readonly index: Expr;
}

export interface Call {
  readonly kind: "call";
  readonly op: ScalarOp;
  readonly dtype: DType;
  readonly args: readonly Expr[];
}

/** Expressions form a DAG. float32 arithmetic rounds after every operation. */
export type Expr = Var | Const | Load | Call;

/** for (index = 0; index < extent; index++) body. */
export interface For {
  readonly kind: "for";
  readonly index: Var;
  readonly extent: number;
  /**
   * The iterations may run in lanes: they are independent except for `accumulate` statements in the body itself,
   * whose order of summation is then the target's choice. A target may ignore it.
   */
  readonly simd: boolean;
  readonly body: readonly Stmt[];
}

/** Declares a variable, in scope until the end of the enclosing block. */
export interface Let {
  readonly kind: "let";
  readonly target: Var;
  readonly value: Expr;
}

export interface Assign {
  readonly kind: "assign";
  readonly target: Var;
  readonly value: Expr;
}

/** target ← target op value, with `target` declared outside the innermost loop. */
export interface Accumulate {
  readonly kind: "accumulate";
  readonly target: Var;
  readonly op: "add" | "mul" | "min" | "max";
  readonly value: Expr;
}

export interface Store {
  readonly kind: "store";
  readonly buffer: number;
  readonly index: Expr;
  readonly value: Expr;
}

export interface If {
  readonly kind: "if";
  readonly condition: Expr;
  readonly then: readonly Stmt[];
}

export interface While {
  readonly kind: "while";
  /** Evaluated before each iteration. */
  readonly condition: Expr;
  readonly body: readonly Stmt[];
}

/** A strided matrix in a buffer: element (r, c) is at offset + r·rowStride + c·colStride. */
export interface MatrixView {
  readonly buffer: number;
  readonly offset: Expr;
  readonly rowStride: number;
  readonly colStride: number;
}

/**
 * out[m, n] = Σ_k a[m, k] · b[k, n]; one dtype, float32 or float64 (or int32), `out` disjoint from a and b. It is one
 * statement because every target tiles it in its own way. `scratch` is a buffer of at least `scratchLength` elements
 * (of the same dtype) that the target may use as it likes.
 */
export interface Product {
  readonly kind: "product";
  readonly dtype: DType;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: MatrixView;
  readonly b: MatrixView;
  readonly out: MatrixView;
  readonly scratch: number;
}

/** Elements of scratch for a product: copies of blocks of b and of rows of a, and 96 sums. */
export const scratchLength = ({ k, n }: { readonly k: number; readonly n: number }): number =>
  Math.min(k * (Math.ceil(n / 8) * 8 + 32), SCRATCH_MOST) + 96;

/** 320 KiB: blocks are of a size that caches hold. */
const SCRATCH_MOST = 80 * 1024;

export type Stmt = For | Let | Assign | Accumulate | Store | If | While | Product;

export interface Kernel {
  readonly name: string;
  readonly body: readonly Stmt[];
}

/** Where a buffer's memory comes from: inputs are written before a run, state persists between runs. */
export type BufferRole = "input" | "output" | "state" | "temporary";

export interface Buffer {
  readonly id: number;
  readonly name: string;
  readonly dtype: DType;
  /** Number of elements; may be 0. */
  readonly length: number;
  readonly role: BufferRole;
  /** Byte offset in the arena, a multiple of 16. At least 16 bytes of padding follow the last element. */
  readonly offset: number;
}

export type Step =
  | { readonly kind: "kernel"; readonly kernel: Kernel }
  /** Runs `then` where element 0 of the bool buffer is true, else `otherwise`. */
  | {
      readonly kind: "if";
      readonly condition: number;
      readonly then: readonly Step[];
      readonly otherwise: readonly Step[];
    }
  /** Runs `test`, then stops if element 0 of the bool buffer is false, then runs `body`, again and again. */
  | {
      readonly kind: "while";
      readonly test: readonly Step[];
      readonly condition: number;
      readonly body: readonly Step[];
    }
  /** Runs `body` `count` times; element 0 of the int32 buffer `counter` holds 0, 1, … count − 1. */
  | { readonly kind: "repeat"; readonly count: number; readonly counter: number; readonly body: readonly Step[] };

export interface Program {
  readonly buffers: readonly Buffer[];
  readonly arenaBytes: number;
  readonly steps: readonly Step[];
  /** Buffer ids, in the order of the graph's inputs and outputs. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

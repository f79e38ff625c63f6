/** Turns expressions into closures once, when a program is instantiated: the interpreter walks no tree as it runs. */

import { type Affine, affine } from "../../loop/build.ts";
import { sharedNodes } from "../../loop/dag.ts";
import type { Call, Expr, Load, ScalarOp, Var } from "../../loop/ir.ts";
import { scalarFunction } from "../../loop/scalar.ts";
import type { TypedArray } from "../../tensor/dtype.ts";

export type Thunk = () => number;
export type Action = () => void;

/** What the closures of one kernel work on. */
export class Frame {
  /** The values of variables and of shared expressions, float32 and int32 ones already rounded or wrapped. */
  readonly cells: number[] = [];
  readonly #cellOf = new Map<Var, number>();
  readonly kernel: string;
  readonly #views: ReadonlyMap<number, TypedArray>;

  constructor(kernel: string, views: ReadonlyMap<number, TypedArray>) {
    this.kernel = kernel;
    this.#views = views;
  }

  view(buffer: number): TypedArray {
    const view = this.#views.get(buffer);
    if (view === undefined) throw new Error(`kernel ${this.kernel} uses buffer ${buffer}, which the program lacks`);
    return view;
  }

  newCell(): number {
    return this.cells.push(0) - 1;
  }

  cellOf(variable: Var): number {
    const known = this.#cellOf.get(variable);
    if (known !== undefined) return known;
    const cell = this.newCell();
    this.#cellOf.set(variable, cell);
    return cell;
  }

  /** An index outside a buffer is a bug of the compiler: other targets would read or write what lies beside it. */
  outOfBounds(buffer: number, index: number): RangeError {
    const { length } = this.view(buffer);
    return new RangeError(`kernel ${this.kernel}: index ${index} is outside buffer b${buffer} of ${length} elements`);
  }
}

/** The values of the roots of one statement, after `before` has computed what they share. */
export interface Evaluation {
  readonly before: readonly Action[];
  readonly values: readonly Thunk[];
}

/**
 * Closures for the expressions of one statement. A node used more than once is computed once each time the statement
 * runs. That is correct because expressions have no effects and nothing is stored while one statement's expressions
 * are evaluated; nothing is kept from one statement, or one iteration, to the next.
 */
export function compileExpressions(roots: readonly Expr[], frame: Frame): Evaluation {
  const shared = sharedNodes(roots, (expr) => affine(expr) !== undefined);
  const before: Action[] = [];
  const compiled = new Map<Expr, Thunk>();
  const { cells } = frame;
  const compile = (expr: Expr): Thunk => {
    const known = compiled.get(expr);
    if (known) return known;
    let thunk = compileNode(expr, compile, frame);
    if (shared.has(expr)) {
      const cell = frame.newCell();
      const value = thunk;
      before.push(() => {
        cells[cell] = value();
      });
      thunk = () => cells[cell] as number;
    }
    compiled.set(expr, thunk);
    return thunk;
  };
  return { values: roots.map(compile), before };
}

function compileNode(expr: Expr, compile: (expr: Expr) => Thunk, frame: Frame): Thunk {
  const index = affine(expr);
  if (index) return compileAffine(index, frame);
  switch (expr.kind) {
    case "const": {
      const { value } = expr;
      return () => value;
    }
    case "var":
      return readCell(frame, expr);
    case "load":
      return compileLoad(expr, compile(expr.index), frame);
    case "call":
      return compileCall(expr, expr.args.map(compile));
  }
}

function readCell(frame: Frame, variable: Var): Thunk {
  const { cells } = frame;
  const cell = frame.cellOf(variable);
  return () => cells[cell] as number;
}

/** An index by its coefficients. Math.imul and |0 wrap as the int32 operations they stand for would. */
function compileAffine({ constant, terms }: Affine, frame: Frame): Thunk {
  const { cells } = frame;
  const [first, second, ...rest] = [...terms].map(([variable, factor]) => ({ cell: frame.cellOf(variable), factor }));
  if (!first) return () => constant;
  const { cell: i, factor: a } = first;
  if (!second) {
    if (a === 1 && constant === 0) return () => cells[i] as number;
    return () => (Math.imul(cells[i] as number, a) + constant) | 0;
  }
  const { cell: j, factor: b } = second;
  if (rest.length === 0) {
    return () => (Math.imul(cells[i] as number, a) + Math.imul(cells[j] as number, b) + constant) | 0;
  }
  return () => {
    let sum = Math.imul(cells[i] as number, a) + Math.imul(cells[j] as number, b) + constant;
    for (const { cell, factor } of rest) sum += Math.imul(cells[cell] as number, factor);
    return sum | 0;
  };
}

function compileLoad({ buffer }: Load, index: Thunk, frame: Frame): Thunk {
  const view = frame.view(buffer);
  return () => {
    const value = view[index()];
    if (value === undefined) throw frame.outOfBounds(buffer, index());
    return value;
  };
}

function compileCall({ op, dtype }: Call, args: readonly Thunk[]): Thunk {
  const [a, b, c] = args as readonly [Thunk, Thunk, Thunk];
  const inlined = dtype === "float32" ? float32Call(op, a, b) : undefined;
  if (inlined) return inlined;
  const apply = scalarFunction(op, dtype);
  if (args.length === 1) return () => apply(a());
  if (args.length === 2) return () => apply(a(), b());
  return () => apply(a(), b(), c());
}

/** The commonest operations without a call of their own. */
function float32Call(op: ScalarOp, a: Thunk, b: Thunk): Thunk | undefined {
  switch (op) {
    case "add":
      return () => Math.fround(a() + b());
    case "sub":
      return () => Math.fround(a() - b());
    case "mul":
      return () => Math.fround(a() * b());
    case "div":
      return () => Math.fround(a() / b());
    default:
      return undefined;
  }
}

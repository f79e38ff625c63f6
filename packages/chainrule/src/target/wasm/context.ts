/**
 * What the printer knows while it writes one kernel: the loops it is inside, where each variable lives, and the
 * addresses that advance with the loops (strength reduction: an inner loop adds constants, it does not multiply).
 */

import { bodyOf, childrenOf, sharedNodes } from "../../loop/dag.ts";
import type { Accumulate, Assign, Buffer, Expr, Stmt, Var } from "../../loop/ir.ts";
import { bytesOf, type DType } from "../../tensor/dtype.ts";
import { type Sum, scale, sumOf } from "./affine.ts";
import type { FunctionWriter, Instruction, Local } from "./assembler.ts";
import type { Library } from "./library.ts";
import type { ValueType } from "./opcodes.ts";

/** A loop being written. The outermost one stands for the kernel's body and has no index. */
export interface Loop {
  readonly parent: Loop | undefined;
  readonly index: Var | undefined;
  readonly start: number;
  readonly step: number;
  /** Variables that the body assigns. */
  readonly assigned: ReadonlySet<Var>;
  /** Code to stand before the loop. */
  readonly preheader: Instruction[];
  /** Locals that hold a sum during an iteration, by the sum's key. */
  readonly sums: Map<string, Local>;
  /** Splatted values that do not change in the loop, by what they are. */
  readonly splats: Map<Var | string, Local>;
  /** What to add to which local after an iteration. */
  readonly advances: Advance[];
}

interface Advance {
  readonly local: Local;
  readonly amount: number;
  /** Its first value, where that is constant. */
  readonly start: number | undefined;
}

export type Binding =
  | { readonly kind: "index"; readonly loop: Loop }
  | { readonly kind: "scalar"; readonly loop: Loop; readonly local: Local }
  /** A vector for each copy of the loop's body (see `Lanes`). */
  | { readonly kind: "lanes"; readonly loop: Loop; readonly locals: readonly Local[] };

/** The loop whose iterations run in lanes. Copy c of its body works on the iterations index + 4c … index + 4c + 3. */
export interface Lanes {
  readonly index: Var;
  readonly copies: number;
  /** For each variable from outside that the body accumulates: a vector for each copy. */
  readonly accumulators: ReadonlyMap<Var, readonly Local[]>;
  /** Whether an expression differs between lanes, as far as it has been asked. */
  readonly varying: Map<Expr, boolean>;
}

export const LANES = 4;

export const valueTypeOf = (dtype: DType): Exclude<ValueType, "v128"> =>
  dtype === "float32" ? "f32" : dtype === "float64" ? "f64" : "i32";

/** Variables that a statement list assigns or accumulates into, at any depth. */
export function assignedIn(body: readonly Stmt[]): Set<Var> {
  return new Set(assignments(body).map((stmt) => stmt.target));
}

function assignments(body: readonly Stmt[]): (Assign | Accumulate)[] {
  return body.flatMap((stmt) => {
    if (stmt.kind === "assign" || stmt.kind === "accumulate") return [stmt];
    return assignments(bodyOf(stmt));
  });
}

export interface LoopHead {
  readonly index?: Var;
  readonly start?: number;
  readonly step?: number;
}

export class KernelContext {
  readonly writer: FunctionWriter;
  readonly library: Library;
  readonly buffers: ReadonlyMap<number, Buffer>;
  readonly bindings = new Map<Var, Binding>();
  loop: Loop;
  /** The loop in lanes that is being written, if one is. */
  lanes: Lanes | undefined;
  /** Expressions that the current statement uses more than once. */
  #repeated: ReadonlySet<Expr> = new Set();
  /** Values already computed in the current statement: scalars first, then the vectors of each copy. */
  #values: Map<Expr, Local>[] = [];
  readonly #atomIds = new Map<Expr, number>();

  constructor(writer: FunctionWriter, library: Library, buffers: ReadonlyMap<number, Buffer>, body: readonly Stmt[]) {
    this.writer = writer;
    this.library = library;
    this.buffers = buffers;
    this.loop = this.#newLoop({}, body, undefined);
  }

  #newLoop({ index, start = 0, step = 1 }: LoopHead, body: readonly Stmt[], parent: Loop | undefined): Loop {
    const state = { preheader: [], sums: new Map(), splats: new Map(), advances: [] };
    return { parent, index, start, step, assigned: assignedIn(body), ...state };
  }

  buffer(id: number): Buffer {
    return this.buffers.get(id) as Buffer;
  }

  /** Writes a loop's body with `write`; gives the loop and the code of the body, without what stands around it. */
  captureLoop(head: LoopHead, body: readonly Stmt[], write: (loop: Loop) => void): { loop: Loop; code: Instruction[] } {
    const outer = this.loop;
    const loop = this.#newLoop(head, body, outer);
    if (loop.index) this.bindings.set(loop.index, { kind: "index", loop });
    this.loop = loop;
    const code = this.writer.capture(() => write(loop));
    this.loop = outer;
    return { loop, code };
  }

  /** Writes `for (index = start; index < end; index += step)`, whose body `write` writes; `end` is reached exactly. */
  writeLoop(
    head: LoopHead & { readonly index: Var; readonly end: number },
    body: readonly Stmt[],
    write: () => void,
  ): void {
    const { writer } = this;
    const { index, start = 0, step = 1, end } = head;
    const iterations = Math.ceil((end - start) / step);
    if (iterations <= 0) return;
    const { loop, code } = this.captureLoop(head, body, write);
    const test = iterations > 1 ? this.#endTest(loop, index, iterations) : undefined;
    writer.append(loop.preheader);
    if (test) {
      writer.block("loop", index.name, (again) => {
        writer.append(code);
        for (const { local, amount } of loop.advances) writer.advance(local, amount);
        test();
        writer.branch("br_if", again);
      });
    } else writer.append(code);
    this.releaseLoop(loop);
  }

  /**
   * What pushes whether the loop goes on, after its locals have advanced. An address serves as well as the index, which
   * is spared unless it is used otherwise.
   */
  #endTest(loop: Loop, index: Var, iterations: number): () => void {
    const { writer } = this;
    const fits = ({ amount }: Advance): boolean => Math.abs(amount) * iterations < 2 ** 31;
    const byConstant = loop.advances.find((advance) => fits(advance) && advance.start !== undefined);
    if (!byConstant && !loop.advances.some(fits)) this.indexLocal(index);
    const { local, amount, start } = (byConstant ?? loop.advances.findLast(fits)) as Advance;
    const pushEnd =
      start === undefined
        ? this.#hoistedEnd(loop, local, amount * iterations)
        : () => writer.i32(start + amount * iterations);
    return () => {
      writer.get(local);
      pushEnd();
      writer.op("i32.ne");
    };
  }

  /** Computes local + distance before the loop; gives what pushes it. */
  #hoistedEnd(loop: Loop, local: Local, distance: number): () => void {
    const { writer } = this;
    const end = writer.freshLocal("i32", "end");
    this.hoist(loop, () => {
      writer.get(local);
      writer.i32(distance);
      writer.op("i32.add");
      writer.set(end);
    });
    return () => writer.get(end);
  }

  /** Frees the locals of a loop that is written in full. */
  releaseLoop(loop: Loop): void {
    this.writer.release(...loop.sums.values(), ...loop.splats.values());
  }

  /** Writes code before `loop`; nothing in it is shared with the statement at hand. */
  hoist(loop: Loop, write: () => void): void {
    const outer = { repeated: this.#repeated, values: this.#values };
    this.#repeated = new Set();
    this.#values = [];
    this.writer.into(loop.preheader, write);
    this.#repeated = outer.repeated;
    this.#values = outer.values;
  }

  /** Pushes a vector that does not change in `loop` from a local that is set before it, with `push`, on first use. */
  pushSteady(loop: Loop, key: Var | string, name: string, push: () => void): void {
    const local = loop.splats.get(key) ?? this.writer.freshLocal("v128", name);
    if (!loop.splats.has(key)) {
      loop.splats.set(key, local);
      this.hoist(loop, () => {
        push();
        this.writer.set(local);
      });
    }
    this.writer.get(local);
  }

  /** Writes one statement's expressions, computing each node that several of them use only once. */
  statement(expressions: readonly Expr[], write: () => void): void {
    const outer = { repeated: this.#repeated, values: this.#values };
    this.#repeated = sharedNodes(expressions, () => false);
    this.#values = [];
    write();
    for (const values of this.#values) this.writer.release(...(values?.values() ?? []));
    this.#repeated = outer.repeated;
    this.#values = outer.values;
  }

  /**
   * Pushes a node's value with `compute`, or the value that it already has in this statement. `copy` −1: scalar.
   * `keep`: other copies will ask for it.
   */
  once(expr: Expr, copy: number, type: ValueType, compute: () => void, keep = false): void {
    if (!keep && !this.#repeated.has(expr)) {
      compute();
      return;
    }
    let values = this.#values[copy + 1];
    if (!values) this.#values[copy + 1] = values = new Map();
    const known = values.get(expr);
    if (known) {
      this.writer.get(known);
      return;
    }
    compute();
    const local = this.writer.local(type, "shared");
    this.writer.tee(local);
    values.set(expr, local);
  }

  /** The innermost loop around here in which the expression's value may change. */
  loopOf(expr: Expr): Loop {
    const variables = variablesOf(expr);
    if (variables === "memory") return this.loop;
    for (let loop = this.loop; ; loop = loop.parent) {
      if (!loop.parent) return loop;
      for (const variable of variables) {
        if (this.bindings.get(variable)?.loop === loop || loop.assigned.has(variable)) return loop;
      }
    }
  }

  /** The loop inside `outer` on the way to here: the one before which code may stand that `outer` changes. */
  childOf(outer: Loop): Loop {
    let child = this.loop;
    while (child.parent && child.parent !== outer) child = child.parent;
    return child;
  }

  /** The value of a loop index, in a local. */
  indexLocal(index: Var): Local {
    const { loop } = this.bindings.get(index) as Binding;
    return this.#sumLocal({ constant: 0, terms: new Map([[index, 1]]) }, loop);
  }

  /**
   * Pushes the address of an element and returns what is to be added to it as the instruction's immediate offset.
   * `shift` counts elements.
   */
  address(bufferId: number, index: Expr, shift: number, pushAtom: (atom: Expr) => void): number {
    const { offset, dtype } = this.buffer(bufferId);
    const sum = scale(sumOf(index), bytesOf(dtype));
    const constant = (sum.constant + shift * bytesOf(dtype)) | 0;
    // An immediate is added without wrapping, so it may hold the constant only where the rest cannot be negative.
    const immediate = this.#isNonNegative(sum) && offset + constant >= 0;
    this.#pushSum({ constant: immediate ? 0 : constant, terms: sum.terms }, this.loop, pushAtom);
    return immediate ? offset + constant : offset;
  }

  #isNonNegative({ terms }: Sum): boolean {
    return [...terms].every(([expr, c]) => c > 0 && expr.kind === "var" && this.bindings.get(expr)?.kind === "index");
  }

  #key({ constant, terms }: Sum): string {
    const parts = Array.from(terms, ([expr, coefficient]) => {
      const id = this.#atomIds.get(expr) ?? this.#atomIds.size;
      this.#atomIds.set(expr, id);
      return `${id}*${coefficient}`;
    });
    return `${parts.sort().join("+")}+${constant}`;
  }

  /** Pushes a sum in the body of `loop`, which is the current loop or one around it. */
  #pushSum({ constant, terms }: Sum, loop: Loop, pushAtom: (atom: Expr) => void): void {
    const { writer } = this;
    const changing = [...terms].filter(([expr]) => expr !== loop.index && this.loopOf(expr) === loop);
    const steady = new Map([...terms].filter(([expr]) => expr === loop.index || this.loopOf(expr) !== loop));
    const pushed = steady.size > 0 || constant !== 0 || changing.length === 0;
    if (steady.size > 0) writer.get(this.#sumLocal({ constant, terms: steady }, loop, pushAtom));
    else if (pushed) writer.i32(constant);
    changing.forEach(([expr, coefficient], position) => {
      pushAtom(expr);
      if (coefficient !== 1) {
        writer.i32(coefficient);
        writer.op("i32.mul");
      }
      if (pushed || position > 0) writer.op("i32.add");
    });
  }

  /** A local that holds, in the body of `loop`, a sum in which only the loop's index changes. */
  #sumLocal(sum: Sum, loop: Loop, pushAtom: (atom: Expr) => void = () => {}): Local {
    const key = this.#key(sum);
    const known = loop.sums.get(key);
    if (known) return known;
    const { parent, index } = loop as Loop & { parent: Loop };
    const coefficient = index && sum.terms.get(index);
    if (
      coefficient === undefined &&
      ![...sum.terms.keys()].some((expr) => expr !== parent.index && this.loopOf(expr) === parent)
    ) {
      return this.#sumLocal(sum, parent, pushAtom);
    }
    const local = this.writer.freshLocal("i32", coefficient === undefined ? "base" : "at");
    const terms = new Map(sum.terms);
    if (index) terms.delete(index);
    const constant = (sum.constant + Math.imul(coefficient ?? 0, loop.start)) | 0;
    this.hoist(loop, () => {
      this.#pushSum({ constant, terms }, parent, pushAtom);
      this.writer.set(local);
    });
    if (coefficient !== undefined) {
      const start = terms.size === 0 ? constant : undefined;
      loop.advances.push({ local, amount: Math.imul(coefficient, loop.step), start });
    }
    loop.sums.set(key, local);
    return local;
  }
}

/** The variables of an expression; "memory" where it also depends on what a buffer holds. */
function variablesOf(expr: Expr): Set<Var> | "memory" {
  const variables = new Set<Var>();
  const seen = new Set<Expr>();
  const visit = (node: Expr): boolean => {
    if (seen.has(node)) return true;
    seen.add(node);
    if (node.kind === "var") variables.add(node);
    return node.kind !== "load" && childrenOf(node).every(visit);
  };
  return visit(expr) ? variables : "memory";
}

/** How much memory a kernel touches. */
import { bytesOf } from "../tensor/dtype.ts";
import { bodyOf, childrenOf, expressionsOf, nodesOf } from "./dag.ts";
import type { Buffer, Expr, Kernel, MatrixView, Product, Stmt, Var } from "./ir.ts";

/** Bytes, each element once however often a kernel touches it; what it both reads and writes counts in both. */
export interface Footprint {
  readonly read: number;
  readonly written: number;
}

/**
 * The bytes that have to move between a kernel and memory if a cache keeps all that it uses. An index takes as many
 * values as the loops on which it depends have iterations together, and a buffer has no more elements than its length;
 * where indices differ but meet (the windows of a convolution), this is an upper bound. What stands under an `if` counts
 * as done, the scratch of products does not count.
 */
export function footprintOf(kernel: Kernel, buffers: ReadonlyMap<number, Buffer>): Footprint {
  const { reads, writes } = new Accesses(kernel);
  const bytes = (touched: ReadonlyMap<number, ReadonlyMap<object, number>>): number => {
    let sum = 0;
    for (const [id, indices] of touched) {
      const { length, dtype } = buffers.get(id) as Buffer;
      const elements = [...indices.values()].reduce((total, count) => total + count, 0);
      sum += Math.min(length, elements) * bytesOf(dtype);
    }
    return sum;
  };
  return { read: bytes(reads), written: bytes(writes) };
}

/** The elements of each buffer that a kernel reads and writes, by the index. */
class Accesses {
  readonly reads = new Map<number, Map<object, number>>();
  readonly writes = new Map<number, Map<object, number>>();
  /** The loops on which the value of an expression depends; undefined where it may be anything. */
  readonly #loops = new Map<Expr, ReadonlySet<Var> | undefined>();
  readonly #extents = new Map<Var, number>();

  constructor(kernel: Kernel) {
    this.#forgetAssigned(kernel.body);
    this.#block(kernel.body);
  }

  /** What is assigned may take any value. */
  #forgetAssigned(body: readonly Stmt[]): void {
    for (const stmt of body) {
      if (stmt.kind === "assign" || stmt.kind === "accumulate") this.#loops.set(stmt.target, undefined);
      this.#forgetAssigned(bodyOf(stmt));
    }
  }

  #block(body: readonly Stmt[]): void {
    for (const stmt of body) {
      for (const node of nodesOf(expressionsOf(stmt))) {
        if (node.kind === "load") this.#touch(this.reads, node.buffer, node, this.#values(node.index));
      }
      if (stmt.kind === "let" && !this.#loops.has(stmt.target)) this.#loops.set(stmt.target, this.#loopsOf(stmt.value));
      if (stmt.kind === "store") this.#touch(this.writes, stmt.buffer, stmt.index, this.#values(stmt.index));
      if (stmt.kind === "product") this.#product(stmt);
      if (stmt.kind === "for") {
        if (stmt.extent === 0) continue;
        this.#extents.set(stmt.index, stmt.extent);
        this.#loops.set(stmt.index, new Set([stmt.index]));
      }
      this.#block(bodyOf(stmt));
    }
  }

  #product({ m, n, k, a, b, out }: Product): void {
    const matrix = (touched: typeof this.reads, view: MatrixView, rows: number, columns: number): void => {
      // A stride of 0 repeats one row or column.
      const elements = (view.rowStride === 0 ? 1 : rows) * (view.colStride === 0 ? 1 : columns);
      this.#touch(touched, view.buffer, view, rows * columns === 0 ? 0 : elements * this.#values(view.offset));
    };
    matrix(this.reads, a, m, k);
    matrix(this.reads, b, k, n);
    matrix(this.writes, out, m, n);
  }

  #touch(touched: typeof this.reads, buffer: number, index: object, elements: number): void {
    const known = touched.get(buffer) ?? new Map<object, number>();
    touched.set(buffer, known.set(index, elements));
  }

  /** How many values an index takes at most. */
  #values(index: Expr): number {
    const loops = this.#loopsOf(index);
    if (loops === undefined) return Number.POSITIVE_INFINITY;
    return [...loops].reduce((count, loop) => count * (this.#extents.get(loop) as number), 1);
  }

  #loopsOf(expr: Expr): ReadonlySet<Var> | undefined {
    if (this.#loops.has(expr)) return this.#loops.get(expr);
    const found = new Set<Var>();
    let known = true;
    for (const child of childrenOf(expr)) {
      const loops = this.#loopsOf(child);
      known &&= loops !== undefined;
      for (const loop of loops ?? []) found.add(loop);
    }
    const loops = known ? found : undefined;
    this.#loops.set(expr, loops);
    return loops;
  }
}

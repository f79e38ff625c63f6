import fc from "fast-check";
import { expect, it } from "vitest";
import { ExprPool, variable } from "../../src/loop/build.ts";
import type { Expr, Program, ScalarOp, Stmt, Var } from "../../src/loop/ir.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { accumulate, declare, loop, singleKernel, store, when } from "./program.ts";
import { expectSame, random, type Values } from "./wasm-compare.ts";

/** Buffers of the random programs: what is read, then what is written. */
const SIZE = 512;
const FLOATS = 0;
const INTEGERS = 1;
const POSITIONS = 2;
const FLAGS = 3;
const OUTPUTS: readonly (readonly [DType, number])[] = [
  ["float32", 4],
  ["int32", 5],
  ["bool", 6],
];

const LAYOUT = [
  ["floats", "float32", SIZE],
  ["integers", "int32", SIZE],
  ["positions", "int32", SIZE],
  ["flags", "bool", SIZE],
  ["floatsOut", "float32", SIZE],
  ["integersOut", "int32", SIZE],
  ["flagsOut", "bool", SIZE],
  ["sums", "int32", 4],
] as const;

const EXTREMES = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 1e-45, -3e38, 2 ** 31];

/** Writes one random program. Only operations that are exact, so that the interpreter's bits are expected. */
class ProgramWriter {
  readonly #below: (limit: number) => number;
  readonly #pool = new ExprPool();
  /** Indices in scope, and how far each runs. */
  #indices: { readonly index: Var; readonly extent: number }[] = [];
  #variables: Var[] = [];

  constructor(seed: number) {
    this.#below = random(seed);
  }

  program(): Program {
    const [a, b] = [this.#extent(), this.#extent()];
    const sums = Array.from({ length: 4 }, (_, n) => variable(`sum${n}`, "int32"));
    const initial = sums.map((sum) => declare(sum, this.#pool.int(this.#below(9))));
    const kinds = [
      () => this.#loop("i", a, (i) => this.#elements(i)),
      () => this.#loop("i", a, () => [this.#loop("j", b, (j) => this.#elements(j))]),
      () => this.#loop("j", b, () => this.#sums(sums)),
      () => this.#loop("i", a, (i) => this.#inner(i, b)),
    ];
    const body = [0, 1].map(() => this.#pick(kinds)());
    const finals = sums.map((sum, n) => store(7, this.#pool.int(n), sum));
    return singleKernel(LAYOUT, ...initial, ...body, ...finals);
  }

  values(): Values {
    const list = (next: () => number): number[] => Array.from({ length: SIZE }, next);
    return {
      [FLOATS]: list(() => (this.#below(6) === 0 ? this.#pick(EXTREMES) : this.#below(2000) / 16 - 60)),
      [INTEGERS]: list(() => (this.#below(3) === 0 ? this.#below(2 ** 32) | 0 : this.#below(20) - 10)),
      [POSITIONS]: list(() => this.#below(SIZE)),
      [FLAGS]: list(() => this.#below(2)),
    };
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  #extent(): number {
    return this.#pick([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17]);
  }

  #loop(name: string, extent: number, body: (index: Var) => readonly Stmt[], simd = this.#below(4) > 0): Stmt {
    const [indices, variables] = [this.#indices, this.#variables];
    const made = loop(
      name,
      extent,
      (index) => {
        this.#indices = [...indices, { index, extent }];
        return body(index);
      },
      simd,
    );
    [this.#indices, this.#variables] = [indices, variables];
    return made;
  }

  /** Variables, then stores to places of their own: each iteration writes where no other does. */
  #elements(_index: Var): Stmt[] {
    const body: Stmt[] = [];
    for (let n = this.#below(3); n > 0; n--) {
      const target = variable(`v${n}`, this.#pick(["float32", "int32", "bool"] as const));
      body.push(declare(target, this.#expression(target.dtype, 2)));
      this.#variables = [...this.#variables, target];
    }
    const stores = OUTPUTS.filter(() => this.#below(2) > 0).map(([dtype, buffer]) =>
      store(buffer, this.#ownPlace(), this.#expression(dtype, 3)),
    );
    const guarded = this.#below(8) === 0 ? [when(this.#expression("bool", 2), stores)] : stores;
    return [...body, ...guarded];
  }

  /** A row-major or column-major position of the indices, maybe backwards or with gaps. */
  #ownPlace(): Expr {
    const pool = this.#pool;
    const order = this.#below(2) === 0 ? this.#indices : [...this.#indices].reverse();
    let size = 1;
    let place: Expr = pool.int(0);
    for (const { index, extent } of order) {
      place = pool.call("add", place, pool.call("mul", index, pool.int(size)));
      size *= Math.max(1, extent);
    }
    // At most 17·17 = 289 places.
    const form = this.#below(4);
    if (form === 0) return pool.call("sub", pool.int(size + 3), place);
    return form === 1 && size < 200 ? pool.call("add", pool.call("mul", place, pool.int(2)), pool.int(5)) : place;
  }

  /** Integer sums over the loop, with one operation for each variable. */
  #sums(sums: readonly Var[]): Stmt[] {
    const ops = ["add", "mul", "min", "max"] as const;
    return sums.slice(0, 1 + this.#below(4)).map((sum, n) => accumulate(sum, this.#expression("int32", 2), ops[n]));
  }

  /** An accumulator of the body's own, filled by an inner loop, then stored. */
  #inner(index: Var, extent: number): Stmt[] {
    const dtype = this.#pick(["float32", "int32"] as const);
    const own = variable("own", dtype);
    const place = this.#ownPlace();
    const op = this.#pick(["add", "min", "max"] as const);
    const start = this.#expression(dtype, 1);
    const body = this.#loop("r", extent, () => [accumulate(own, this.#expression(dtype, 2), op)], false);
    const [[, floats], [, integers]] = OUTPUTS as readonly [readonly [DType, number], readonly [DType, number]];
    void index;
    return [declare(own, start), body, store(dtype === "float32" ? floats : integers, place, own)];
  }

  #index(): Expr {
    const pool = this.#pool;
    const choice = this.#indices.length === 0 ? undefined : this.#pick(this.#indices);
    if (!choice || this.#below(8) === 0) return pool.int(this.#below(SIZE));
    const { index } = choice;
    const other = this.#pick(this.#indices).index;
    const forms: (() => Expr)[] = [
      () => index,
      () => pool.call("add", index, pool.int(this.#below(50))),
      () => pool.call("add", pool.call("mul", other, pool.int(17)), index),
      () => pool.call("add", pool.call("mul", index, pool.int(3)), pool.int(1)),
      () => pool.call("sub", pool.int(100), index),
      () => pool.call("imod", pool.call("mul", index, pool.int(5)), pool.int(7)),
      () => pool.call("idiv", pool.call("add", index, other), pool.int(3)),
      () => pool.load("int32", POSITIONS, index),
      () => pool.load("int32", POSITIONS, pool.call("add", pool.call("mul", other, pool.int(2)), index)),
    ];
    return this.#pick(forms)();
  }

  #expression(dtype: DType, depth: number): Expr {
    if (depth === 0 || this.#below(5) === 0) return this.#leaf(dtype);
    const pool = this.#pool;
    const next = (type: DType): Expr => this.#expression(type, depth - 1);
    if (this.#below(6) === 0) return pool.select(next("bool"), next(dtype), next(dtype));
    if (this.#below(6) === 0) return pool.cast(dtype, next(this.#pick(["float32", "int32", "bool"] as const)));
    if (dtype === "bool" && this.#below(2) === 0) {
      const type = this.#pick(["float32", "int32", "bool"] as const);
      return pool.call(this.#pick(["eq", "ne", "lt", "le", "gt", "ge"] as const), next(type), next(type));
    }
    if (dtype === "int32" && this.#below(6) === 0) {
      return pool.call(this.#pick(["idiv", "imod"] as const), next("int32"), pool.int(1 + this.#below(9)));
    }
    const unary: Record<string, readonly Exclude<ScalarOp, "cast">[]> = {
      float32: ["neg", "abs", "sign", "floor", "sqrt"],
      int32: ["neg", "abs", "sign"],
      bool: ["not"],
    };
    const binary: Record<string, readonly Exclude<ScalarOp, "cast">[]> = {
      float32: ["add", "sub", "mul", "div", "min", "max", "mulz", "pow"],
      int32: ["add", "sub", "mul", "min", "max", "bitand", "bitor", "xor", "shl", "shr"],
      bool: ["and", "or"],
    };
    if (this.#below(3) === 0) return pool.call(this.#pick(unary[dtype] ?? []), next(dtype));
    return pool.call(this.#pick(binary[dtype] ?? []), next(dtype), next(dtype));
  }

  #leaf(dtype: DType): Expr {
    const pool = this.#pool;
    const known = this.#variables.filter((v) => v.dtype === dtype);
    if (known.length > 0 && this.#below(3) === 0) return this.#pick(known);
    if (dtype === "int32" && this.#indices.length > 0 && this.#below(4) === 0) return this.#pick(this.#indices).index;
    if (this.#below(4) === 0) {
      if (dtype === "float32")
        return pool.constant(dtype, this.#below(3) === 0 ? this.#pick(EXTREMES) : this.#below(9) / 4);
      return dtype === "bool" ? pool.bool(this.#below(2) > 0) : pool.int(this.#below(40) - 20);
    }
    const buffer = dtype === "float32" ? FLOATS : dtype === "int32" ? INTEGERS : FLAGS;
    return pool.load(dtype, buffer, this.#index());
  }
}

it("random programs leave the interpreter's bits in every buffer", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const writer = new ProgramWriter(seed);
      expectSame(writer.program(), writer.values());
    }),
    { numRuns: 400 },
  );
});

it("random programs differ from each other and do store something", () => {
  const texts = new Set(
    Array.from({ length: 20 }, (_, seed) => JSON.stringify(new ProgramWriter(seed).program().steps)),
  );
  expect(texts.size).toBe(20);
});

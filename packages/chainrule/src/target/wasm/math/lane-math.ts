/** A small notation for functions of four float32 lanes, so that they read as formulas. */
import { FunctionWriter, type Local, type WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import type { PlainOp } from "../opcodes.ts";

/** Code that pushes a vector. Used twice, it is computed twice: see `keep`. */
export type Value = () => void;

/** Pushes a value that never changes, known by the key, which `push` pushes. */
type Steady = (key: string, push: () => void) => void;

/** A function of four lanes. What it keeps in locals is its own. */
export type Formula = (m: LaneMath, x: Value) => Value;

export class LaneMath {
  readonly writer: FunctionWriter;
  readonly library: Library;
  readonly #locals: Local[] = [];

  readonly #steady: (key: string, push: () => void) => void;

  constructor(writer: FunctionWriter, library: Library, steady: Steady = (_, push) => push()) {
    this.writer = writer;
    this.library = library;
    this.#steady = steady;
  }

  op(op: PlainOp, ...args: readonly Value[]): Value {
    return () => {
      for (const arg of args) arg();
      this.writer.op(op);
    };
  }

  add(a: Value, b: Value): Value {
    return this.op("f32x4.add", a, b);
  }

  sub(a: Value, b: Value): Value {
    return this.op("f32x4.sub", a, b);
  }

  mul(a: Value, b: Value): Value {
    return this.op("f32x4.mul", a, b);
  }

  div(a: Value, b: Value): Value {
    return this.op("f32x4.div", a, b);
  }

  abs(a: Value): Value {
    return this.op("f32x4.abs", a);
  }

  /** a·b + c, where the engine likes with one rounding. The functions keep their bounds with one and with two. */
  madd(a: Value, b: Value, c: Value): Value {
    return this.library.engine.relaxed ? this.op("f32x4.relaxed_madd", a, b, c) : this.add(this.mul(a, b), c);
  }

  /** The same of float64. */
  doubleMadd(a: Value, b: Value, c: Value): Value {
    if (this.library.engine.relaxed) return this.op("f64x2.relaxed_madd", a, b, c);
    return this.op("f64x2.add", this.op("f64x2.mul", a, b), c);
  }

  /** The lesser of a and b; a where it is NaN. */
  atMost(a: Value, b: number): Value {
    return this.op("f32x4.pmin", a, this.float(b));
  }

  /** The greater of a and b; a where it is NaN. */
  atLeast(a: Value, b: number): Value {
    return this.op("f32x4.pmax", a, this.float(b));
  }

  /** The same float32 in all lanes. */
  float(value: number): Value {
    return this.#constant(Float32Array.of(value));
  }

  /** The same float64 in both lanes. */
  double(value: number): Value {
    return this.#constant(Float64Array.of(value));
  }

  /** The same int32 in all lanes. */
  int(value: number): Value {
    return this.#constant(Int32Array.of(value));
  }

  /** Loaded from memory at each use: V8 makes a constant with four instructions, and joins neighbouring splats. */
  #constant(lane: Float32Array | Float64Array | Int32Array): Value {
    const address = this.library.constant(new Uint8Array(lane.buffer));
    return () =>
      this.#steady(`constant ${address}`, () => {
        this.writer.i32(0);
        this.writer.memory(lane.byteLength === 4 ? "v128.load32_splat" : "v128.load64_splat", address);
      });
  }

  shift(op: "i32x4.shl" | "i32x4.shr_s", a: Value, bits: number): Value {
    return () => {
      a();
      this.writer.i32(bits);
      this.writer.op(op);
    };
  }

  shuffle(a: Value, b: Value, lanes: readonly [number, number, number, number]): Value {
    return () => {
      a();
      b();
      this.writer.shuffle(...lanes);
    };
  }

  /** Lanes of a where the mask is set, of b elsewhere. A lane of the mask has all its bits set, or none. */
  select(mask: Value, a: Value, b: Value): Value {
    return this.op(this.library.select, a, b, mask);
  }

  /** a with the sign of x, for a ≥ 0, of x's sign or NaN. */
  withSignOf(x: Value, a: Value): Value {
    return this.op("v128.or", a, this.op("v128.and", x, this.float(-0)));
  }

  /**
   * Σ c·xⁱ, coefficients from the highest power to the lowest; x and its square are kept. Terms are paired first, and the
   * pairs added by Horner's rule in x²: half as many steps that wait for each other, and as many instructions.
   */
  polynomial(x: Value, square: Value, coefficients: readonly number[]): Value {
    const [first = 0, second = 0, ...rest] = coefficients;
    const pair = (a: number, b: number): Value => this.madd(this.float(a), x, this.float(b));
    if (coefficients.length % 2 === 1) return this.#horner(square, this.float(first), [second, ...rest], pair);
    return this.#horner(square, pair(first, second), rest, pair);
  }

  #horner(x: Value, sum: Value, [a, b, ...rest]: readonly number[], pair: (a: number, b: number) => Value): Value {
    if (a === undefined || b === undefined) return sum;
    return this.#horner(x, this.madd(sum, x, pair(a, b)), rest, pair);
  }

  /** A vector of the formula's own, until `release`. */
  local(name: string): Local {
    const local = this.writer.local("v128", name);
    this.#locals.push(local);
    return local;
  }

  /** Computes a value now and keeps it in a local. */
  keep(value: Value): Value {
    const local = this.local("v");
    value();
    this.writer.set(local);
    return () => this.writer.get(local);
  }

  /** Frees the formula's locals. */
  release(): void {
    this.writer.release(...this.#locals.splice(0));
  }
}

/** A function v128 → v128 of a formula. */
export function laneFunction(name: string, library: Library, formula: Formula): WasmFunction {
  const writer = new FunctionWriter(`${name}_f32x4`, [["x", "v128"]], ["v128"]);
  const [x] = writer.params as readonly [Local];
  formula(new LaneMath(writer, library), () => writer.get(x))();
  return writer.finish();
}

/** A small notation for functions of four float32 lanes, so that they read as formulas. */
import { FunctionWriter, type Local, type WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import type { PlainOp } from "../opcodes.ts";
import type { LaneFunctionOp } from "./index.ts";

/** Code that pushes a vector. Used twice, it is computed twice: see `keep`. */
export type Value = () => void;

export class LaneMath {
  readonly writer: FunctionWriter;
  readonly library: Library;

  constructor(writer: FunctionWriter, library: Library) {
    this.writer = writer;
    this.library = library;
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

  /** The same float32 in all lanes. */
  float(value: number): Value {
    return this.#constant(new Float32Array(4).fill(value));
  }

  /** The same float64 in both lanes. */
  double(value: number): Value {
    return this.#constant(new Float64Array(2).fill(value));
  }

  /** The same int32 in all lanes. */
  int(value: number): Value {
    return this.#constant(new Int32Array(4).fill(value));
  }

  #constant(lanes: Float32Array | Float64Array | Int32Array): Value {
    const address = this.library.constant(new Uint8Array(lanes.buffer));
    return () => {
      this.writer.i32(0);
      this.writer.memory("v128.load", address);
    };
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

  /** Lanes of a where the mask is set, of b elsewhere. */
  select(mask: Value, a: Value, b: Value): Value {
    return this.op("v128.bitselect", a, b, mask);
  }

  /** The magnitude of a with the sign of x, for a ≥ 0 or NaN. */
  withSignOf(x: Value, a: Value): Value {
    return this.op("v128.or", a, this.op("v128.and", x, this.float(-0)));
  }

  /** Σ c·xⁱ by Horner's rule; coefficients from the highest power to the lowest. */
  polynomial(x: Value, coefficients: readonly number[]): Value {
    return this.#horner(x, coefficients, "f32x4", (c) => this.float(c));
  }

  /** The same in float64. */
  doublePolynomial(x: Value, coefficients: readonly number[]): Value {
    return this.#horner(x, coefficients, "f64x2", (c) => this.double(c));
  }

  #horner(x: Value, coefficients: readonly number[], type: "f32x4" | "f64x2", constant: (c: number) => Value): Value {
    const [highest = 0, ...rest] = coefficients;
    return rest.reduce(
      (sum, c) => this.op(`${type}.add`, this.op(`${type}.mul`, sum, x), constant(c)),
      constant(highest),
    );
  }

  /** Another function of this family. */
  call(op: LaneFunctionOp, x: Value): Value {
    const target = this.library.lanes(op);
    return () => {
      x();
      this.writer.call(target);
    };
  }

  /** Computes a value now and keeps it in a local. */
  keep(value: Value): Value {
    const local = this.writer.local("v128", "v");
    value();
    this.writer.set(local);
    return () => this.writer.get(local);
  }
}

/** A function v128 → v128 whose body `build` gives as a formula of its argument. */
export function laneFunction(name: string, library: Library, build: (m: LaneMath, x: Value) => Value): WasmFunction {
  const writer = new FunctionWriter(`${name}_f32x4`, [["x", "v128"]], ["v128"]);
  const [x] = writer.params as readonly [Local];
  build(new LaneMath(writer, library), () => writer.get(x))();
  return writer.finish();
}

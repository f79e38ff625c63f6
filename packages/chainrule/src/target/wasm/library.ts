/** The functions that kernels of one module share, each made when it is first asked for. */
import type { ScalarOp } from "../../loop/ir.ts";
import { SCALAR_OPS } from "../../loop/ir.ts";
import { REFERENCE } from "../../loop/scalar.ts";
import type { HostFunction, WasmFunction } from "./assembler.ts";
import { LANE_FUNCTIONS, type LaneFunctionOp } from "./math/index.ts";
import { laneFunction } from "./math/lane-math.ts";
import type { PlainOp } from "./opcodes.ts";
import type { Engine } from "./tiling.ts";

export class Library {
  readonly imports: HostFunction[] = [];
  readonly functions: WasmFunction[] = [];
  readonly engine: Engine;
  /** Constants, which lie in memory one after the other from `constantsAt` on. */
  readonly constants: Uint8Array[] = [];
  readonly constantsAt: number;
  readonly #addresses = new Map<string, number>();
  #end: number;
  readonly #byKey = new Map<string, WasmFunction>();

  constructor(engine: Engine, constantsAt: number) {
    this.engine = engine;
    this.constantsAt = constantsAt;
    this.#end = constantsAt;
  }

  get end(): number {
    return this.#end;
  }

  /** The address of a constant, which is added on first use. */
  constant(bytes: Uint8Array): number {
    const key = bytes.join(" ");
    const known = this.#addresses.get(key);
    if (known !== undefined) return known;
    const address = this.#end;
    this.constants.push(bytes);
    this.#end += bytes.length;
    this.#addresses.set(key, address);
    return address;
  }

  /** The function known by `key`, made and added to the module on first use. */
  shared(key: string, make: () => WasmFunction): WasmFunction {
    const known = this.#byKey.get(key);
    if (known) return known;
    const made = this.add(make());
    this.#byKey.set(key, made);
    return made;
  }

  add(made: WasmFunction): WasmFunction {
    this.functions.push(made);
    return made;
  }

  /** Chooses lanes by a mask, each lane of which has all its bits set, or none. */
  get select(): PlainOp {
    return this.engine.relaxed ? "i32x4.relaxed_laneselect" : "v128.bitselect";
  }

  /** The double-precision function of the host for an operation. */
  host(op: ScalarOp): HostFunction {
    const known = this.imports.find((imported) => imported.name === op);
    if (known) return known;
    const params = Array.from({ length: SCALAR_OPS[op] }, () => "f64" as const);
    const made: HostFunction = { kind: "host", name: op, params, results: ["f64"], call: REFERENCE[op] };
    this.imports.push(made);
    return made;
  }

  /** The function of four float32 lanes for an operation. */
  lanes(op: LaneFunctionOp): WasmFunction {
    return this.shared(`lanes ${op}`, () => laneFunction(op, this, LANE_FUNCTIONS[op]));
  }
}

/** The functions that kernels of one module share, each made when it is first asked for. */
import type { ScalarOp } from "../../loop/ir.ts";
import { SCALAR_OPS } from "../../loop/ir.ts";
import { REFERENCE } from "../../loop/scalar.ts";
import type { HostFunction, WasmFunction } from "./assembler.ts";
import { LANE_FUNCTIONS, type LaneFunctionOp } from "./math/index.ts";
import type { Engine } from "./tiling.ts";

/** Bytes of a vector constant. */
const CONSTANT_BYTES = 16;

export class Library {
  readonly imports: HostFunction[] = [];
  readonly functions: WasmFunction[] = [];
  readonly engine: Engine;
  /** Vector constants, which lie in memory one after the other from `constantsAt` on. */
  readonly constants: Uint8Array[] = [];
  readonly constantsAt: number;
  readonly #constantsByKey = new Map<string, number>();
  readonly #byKey = new Map<string, WasmFunction>();

  constructor(engine: Engine, constantsAt: number) {
    this.engine = engine;
    this.constantsAt = constantsAt;
  }

  get end(): number {
    return this.constantsAt + CONSTANT_BYTES * this.constants.length;
  }

  /** The address of a vector constant: loading one takes less than the four instructions that V8 makes one with. */
  constant(bytes: Uint8Array): number {
    const key = bytes.join(" ");
    const position = this.#constantsByKey.get(key) ?? this.constants.push(bytes) - 1;
    this.#constantsByKey.set(key, position);
    return this.constantsAt + CONSTANT_BYTES * position;
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
    return this.shared(`lanes ${op}`, () => LANE_FUNCTIONS[op](this));
  }
}

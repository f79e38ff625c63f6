/** Brings a program to run on an engine, on one thread. */
import type { Program } from "../../loop/ir.ts";
import type { Executable } from "../target.ts";
import { FunctionWriter, type Local } from "./assembler.ts";
import { encodeModule, IMPORT_MODULE, MEMORY_EXPORT, type ModuleSource } from "./encode.ts";
import { buildModule } from "./module.ts";
import { RUN_EXPORT } from "./steps.ts";
import type { Engine } from "./tiling.ts";
import { viewsOf } from "./views.ts";

/**
 * Whether the engine accepts relaxed SIMD: multiply-add, which it may compute with one rounding or with two, and
 * selection.
 */
export function hasRelaxedMultiplyAdd(): boolean {
  const writer = new FunctionWriter("probe", [["x", "v128"]], ["v128"]);
  const [x] = writer.params as readonly [Local];
  writer.get(x);
  for (const op of ["f32x4.relaxed_madd", "f64x2.relaxed_madd", "i32x4.relaxed_laneselect"] as const) {
    writer.get(x);
    writer.get(x);
    writer.op(op);
  }
  return WebAssembly.validate(
    encodeModule({
      imports: [],
      functions: [writer.finish()],
      memoryPages: 1,
      shared: false,
      data: { at: 0, parts: [] },
    }),
  );
}

/** The functions of the host that a module imports. */
export const hostOf = ({ imports }: ModuleSource): Record<string, WebAssembly.ImportValue> =>
  Object.fromEntries(imports.map(({ name, call }) => [name, call]));

export function instantiate(program: Program, engine: Engine): Executable {
  const source = buildModule(program, engine);
  return start(encodeModule(source), source, program);
}

/** Brings the module of a program to run. */
export function start(bytes: Uint8Array<ArrayBuffer>, source: ModuleSource, { buffers }: Program): Executable {
  const module = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(module, { [IMPORT_MODULE]: hostOf(source) });
  return {
    view: viewsOf(exports[MEMORY_EXPORT] as WebAssembly.Memory, buffers),
    run: exports[RUN_EXPORT] as () => void,
  };
}

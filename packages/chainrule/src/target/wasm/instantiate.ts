/** Brings a program to run, or to be read, for an engine. */
import type { Buffer, Program } from "../../loop/ir.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import type { Executable } from "../target.ts";
import { FunctionWriter } from "./assembler.ts";
import { encodeModule, IMPORT_MODULE, MEMORY_EXPORT } from "./encode.ts";
import { buildModule, RUN_EXPORT } from "./module.ts";
import { moduleText } from "./text.ts";
import type { Engine } from "./tiling.ts";

/** Whether the engine accepts `f32x4.relaxed_madd`, which it may compute with one rounding or with two. */
export function hasRelaxedMultiplyAdd(): boolean {
  const writer = new FunctionWriter("probe", [["x", "v128"]], ["v128"]);
  for (let i = 0; i < 3; i++) for (const x of writer.params) writer.get(x);
  writer.op("f32x4.relaxed_madd");
  return WebAssembly.validate(
    encodeModule({ imports: [], functions: [writer.finish()], memoryPages: 1, data: { at: 0, parts: [] } }),
  );
}

export function instantiate(program: Program, engine: Engine): Executable {
  const source = buildModule(program, engine);
  const host = Object.fromEntries(source.imports.map(({ name, call }) => [name, call]));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(encodeModule(source)), { [IMPORT_MODULE]: host });
  const memory = instance.exports[MEMORY_EXPORT] as WebAssembly.Memory;
  const views = new Map(program.buffers.map((buffer) => [buffer.id, viewOf(memory, buffer)]));
  return {
    view: (id) => {
      const view = views.get(id);
      if (!view) throw new RangeError(`the program has no buffer ${id}; it has ${[...views.keys()].join(", ")}`);
      return view;
    },
    run: instance.exports[RUN_EXPORT] as () => void,
  };
}

function viewOf({ buffer }: WebAssembly.Memory, { dtype, offset, length }: Buffer): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer, offset, length);
    case "float64":
      return new Float64Array(buffer, offset, length);
    case "int32":
      return new Int32Array(buffer, offset, length);
    case "bool":
      return new Uint8Array(buffer, offset, length);
  }
}

export function programText(program: Program, engine: Engine): string {
  const buffers = program.buffers.map(
    ({ id, name, dtype, length, role, offset }) =>
      `;; b${id} "${name}": ${dtype}[${length}], ${role}, at byte ${offset}`,
  );
  return [...buffers, moduleText(buildModule(program, engine))].join("\n");
}

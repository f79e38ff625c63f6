/**
 * The WebAssembly target: a program becomes one module, compiled when it is instantiated, with a memory of its own.
 * `assembler.ts`, `encode.ts` and `text.ts` write modules; `expression.ts`, `lanes.ts`, `statement.ts` and `product.ts`
 * print the loop IR; `math/` holds float32 functions on four lanes; `module.ts` puts a program together.
 */

import type { Buffer, Program } from "../../loop/ir.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import type { Executable, Target } from "../target.ts";
import { FunctionWriter } from "./assembler.ts";
import { encodeModule, IMPORT_MODULE, MEMORY_EXPORT } from "./encode.ts";
import { buildModule, RUN_EXPORT } from "./module.ts";
import { moduleText } from "./text.ts";

/** Whether the engine accepts `f32x4.relaxed_madd`, which it may compute with one rounding or with two. */
export function hasRelaxedMultiplyAdd(): boolean {
  const writer = new FunctionWriter("probe", [["x", "v128"]], ["v128"]);
  for (let i = 0; i < 3; i++) for (const x of writer.params) writer.get(x);
  writer.op("f32x4.relaxed_madd");
  return WebAssembly.validate(
    encodeModule({ imports: [], functions: [writer.finish()], memoryPages: 1, data: { at: 0, parts: [] } }),
  );
}

/** A target that prints WebAssembly with or without relaxed multiply-add in matrix products. */
export const wasmTarget = (options: { readonly relaxed: boolean }): Target => targetWith(() => options.relaxed);

/** WebAssembly with 128-bit SIMD, and relaxed multiply-add where the engine has it. */
export const wasm: Target = targetWith(hasRelaxedMultiplyAdd);

function targetWith(relaxed: () => boolean): Target {
  return {
    name: "wasm",
    instantiate: (program) => instantiate(program, relaxed()),
    print: (program) => programText(program, relaxed()),
  };
}

function instantiate(program: Program, relaxed: boolean): Executable {
  const source = buildModule(program, { relaxed });
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

function programText(program: Program, relaxed: boolean): string {
  const buffers = program.buffers.map(
    ({ id, name, dtype, length, role, offset }) =>
      `;; b${id} "${name}": ${dtype}[${length}], ${role}, at byte ${offset}`,
  );
  return [...buffers, moduleText(buildModule(program, { relaxed }))].join("\n");
}

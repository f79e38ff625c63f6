/** Brings a program to run, or to be read, for an engine. */
import type { Program } from "../../loop/ir.ts";
import type { Executable } from "../target.ts";
import { FunctionWriter, type Local } from "./assembler.ts";
import { encodeModule, IMPORT_MODULE, MEMORY_EXPORT } from "./encode.ts";
import { buildModule } from "./module.ts";
import { LEAST_NS, type Sharing } from "./split.ts";
import { RUN_EXPORT } from "./steps.ts";
import { moduleText } from "./text.ts";
import { ThreadedProgram } from "./threaded-program.ts";
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

/** How programs are shared between threads. */
export interface Threads {
  /** The most threads to use: asked when a program is made, and before each run. */
  readonly limit: () => number;
  /** See `Sharing`. */
  readonly leastNs?: number;
}

const ALONE: Threads = { limit: () => 1 };

const sharingOf = ({ limit, leastNs = LEAST_NS }: Threads): Sharing => ({ threads: limit(), leastNs });

export function instantiate(program: Program, engine: Engine, threads: Threads = ALONE): Executable {
  const sharing = sharingOf(threads);
  const { source, header } = buildModule(program, engine, sharing);
  const host: Record<string, WebAssembly.ImportValue> = {};
  for (const { name, call } of source.imports) host[name] = call;
  const module = new WebAssembly.Module(encodeModule(source));
  const { buffers } = program;
  if (header === undefined) {
    const { exports } = new WebAssembly.Instance(module, { [IMPORT_MODULE]: host });
    const memory = exports[MEMORY_EXPORT] as WebAssembly.Memory;
    return { view: viewsOf(memory, buffers), run: exports[RUN_EXPORT] as () => void };
  }
  const { memoryPages } = source;
  const memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages, shared: true });
  const { exports } = new WebAssembly.Instance(module, { [IMPORT_MODULE]: { ...host, [MEMORY_EXPORT]: memory } });
  const run = exports[RUN_EXPORT] as (thread: number, threads: number) => number;
  return new ThreadedProgram({ module, memory, run, header, buffers, threads: sharing.threads }, threads.limit);
}

export function programText(program: Program, engine: Engine, threads: Threads = ALONE): string {
  const buffers = program.buffers.map(
    ({ id, name, dtype, length, role, offset }) =>
      `;; b${id} "${name}": ${dtype}[${length}], ${role}, at byte ${offset}`,
  );
  return [...buffers, moduleText(buildModule(program, engine, sharingOf(threads)).source)].join("\n");
}

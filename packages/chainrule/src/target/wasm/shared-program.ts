/** Programs as modules over shared memory, which several threads run. */
import type { Program } from "../../loop/ir.ts";
import { HEADER_BYTES } from "./barrier.ts";
import { encodeModule, IMPORT_MODULE, MEMORY_EXPORT, type ModuleSource } from "./encode.ts";
import { hostOf } from "./instantiate.ts";
import { arenaEnd, moduleOf } from "./module.ts";
import { LEAST_NS, type Sharing } from "./split.ts";
import { planSplits } from "./splits.ts";
import { RUN_EXPORT } from "./steps.ts";
import { ThreadedProgram } from "./threaded-program.ts";
import { writeThreadedRun } from "./threaded-steps.ts";
import type { Threading } from "./threading.ts";
import type { Engine } from "./tiling.ts";

/** Of what several threads touch: a cache line. */
const ALIGNMENT = 64;

/**
 * @param limit the most threads to use: asked when a program is made, and before each run
 * @param leastNs see `Sharing`
 */
export function sharedBy(limit: () => number, leastNs = LEAST_NS): Threading {
  const build = (program: Program, engine: Engine) => buildSharedModule(program, engine, { threads: limit(), leastNs });
  return {
    limit,
    source: (program, engine) => build(program, engine)?.source,
    instantiate(program, engine) {
      const built = build(program, engine);
      if (!built) return undefined;
      const { source, header, threads } = built;
      const pages = source.memoryPages;
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
      const module = new WebAssembly.Module(encodeModule(source));
      const host = { ...hostOf(source), [MEMORY_EXPORT]: memory };
      const { exports } = new WebAssembly.Instance(module, { [IMPORT_MODULE]: host });
      const run = exports[RUN_EXPORT] as (thread: number, threads: number) => number;
      return new ThreadedProgram({ module, memory, run, header, buffers: program.buffers, threads }, limit);
    },
  };
}

interface SharedModule {
  readonly source: ModuleSource;
  /** Where the cells lie at which its threads meet. */
  readonly header: number;
  readonly threads: number;
}

function buildSharedModule(program: Program, engine: Engine, sharing: Sharing): SharedModule | undefined {
  const header = Math.ceil(arenaEnd(program) / ALIGNMENT) * ALIGNMENT;
  const splits = planSplits(program, sharing, header + HEADER_BYTES);
  if (!splits) return undefined;
  const source = moduleOf(program, engine, splits.end, true, (library, buffers) =>
    writeThreadedRun(library, buffers, splits, program.steps, header),
  );
  return { source, header, threads: sharing.threads };
}

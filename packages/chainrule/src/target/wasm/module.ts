/** A whole program as one module: a function for each kernel and an exported `run` that executes the steps. */
import type { Program } from "../../loop/ir.ts";
import { HEADER_BYTES } from "./barrier.ts";
import type { ModuleSource } from "./encode.ts";
import { Library } from "./library.ts";
import type { Sharing } from "./split.ts";
import { planSplits } from "./splits.ts";
import { plainRun } from "./steps.ts";
import { writeThreadedRun } from "./threaded-steps.ts";
import type { Engine } from "./tiling.ts";

/** Of vectors, and of what several threads touch: a cache line. */
const ALIGNMENT = 16;
const SHARED_ALIGNMENT = 64;
const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;

const ALONE: Sharing = { threads: 1, leastNs: 0 };

/** A module, and where the cells lie at which its threads meet, if it is one for several threads. */
export interface ProgramModule {
  readonly source: ModuleSource;
  readonly header: number | undefined;
}

/** The module of a program, for several threads where a kernel is worth sharing. */
export function buildModule(program: Program, engine: Engine, sharing: Sharing = ALONE): ProgramModule {
  const arenaEnd = Math.ceil(program.arenaBytes / ALIGNMENT) * ALIGNMENT;
  const header = Math.ceil(arenaEnd / SHARED_ALIGNMENT) * SHARED_ALIGNMENT;
  const splits = planSplits(program, sharing, header + HEADER_BYTES);
  const library = new Library(engine, splits?.end ?? arenaEnd);
  const buffers = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  library.add(
    splits
      ? writeThreadedRun(library, buffers, splits, program.steps, header)
      : plainRun(library, buffers, program.steps),
  );
  const memoryPages = Math.max(1, Math.ceil(library.end / PAGE_BYTES));
  if (memoryPages > MOST_PAGES) {
    throw new RangeError(
      `the program needs ${library.end} bytes, but a WebAssembly memory holds ${MOST_PAGES * PAGE_BYTES} at most; use a smaller batch`,
    );
  }
  const { imports, functions, constants, constantsAt } = library;
  const data = { at: constantsAt, parts: constants };
  return {
    source: { imports, functions, memoryPages, shared: splits !== undefined, data },
    header: splits && header,
  };
}

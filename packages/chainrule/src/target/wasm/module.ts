/** A whole program as one module: a function for each kernel and an exported `run` that executes the steps. */
import type { Buffer, Program } from "../../loop/ir.ts";
import type { WasmFunction } from "./assembler.ts";
import type { ModuleSource } from "./encode.ts";
import { Library } from "./library.ts";
import { plainRun } from "./steps.ts";
import type { Engine } from "./tiling.ts";

/** Of vectors. */
const ALIGNMENT = 16;
const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;

/** Where there is room behind the buffers of a program. */
export const arenaEnd = ({ arenaBytes }: Program): number => Math.ceil(arenaBytes / ALIGNMENT) * ALIGNMENT;

/** The module of a program for one thread. */
export const buildModule = (program: Program, engine: Engine): ModuleSource =>
  moduleOf(program, engine, arenaEnd(program), false, (library, buffers) => plainRun(library, buffers, program.steps));

/**
 * A module with its functions and constants.
 *
 * @param end where the memory is free that programs and threads do not use
 * @param writeRun makes the function that executes the steps
 * @throws RangeError where it needs more memory than there can be
 */
export function moduleOf(
  program: Program,
  engine: Engine,
  end: number,
  shared: boolean,
  writeRun: (library: Library, buffers: ReadonlyMap<number, Buffer>) => WasmFunction,
): ModuleSource {
  const library = new Library(engine, end);
  library.add(writeRun(library, new Map(program.buffers.map((buffer) => [buffer.id, buffer]))));
  const memoryPages = Math.max(1, Math.ceil(library.end / PAGE_BYTES));
  if (memoryPages > MOST_PAGES) {
    throw new RangeError(
      `the program needs ${library.end} bytes, but a WebAssembly memory holds ${MOST_PAGES * PAGE_BYTES} at most; use a smaller batch`,
    );
  }
  const { imports, functions, constants, constantsAt } = library;
  return { imports, functions, memoryPages, shared, data: { at: constantsAt, parts: constants } };
}

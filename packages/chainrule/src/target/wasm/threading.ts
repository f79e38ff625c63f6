/**
 * How programs come to run on several threads. `setThreads` installs it, so that a page which never calls that does not
 * load what it takes: see `shared-program.ts`.
 */
import type { Program } from "../../loop/ir.ts";
import type { Executable } from "../target.ts";
import type { ModuleSource } from "./encode.ts";
import type { Engine } from "./tiling.ts";

export interface Threading {
  /** The most threads that programs use. */
  readonly limit: () => number;
  /** This and `instantiate` give undefined for a program of which not enough is worth sharing: it is one for one thread. */
  source(program: Program, engine: Engine): ModuleSource | undefined;
  instantiate(program: Program, engine: Engine): Executable | undefined;
}

let installed: Threading | undefined;

export const installedThreading = (): Threading | undefined => installed;

export function installThreading(threading: Threading): void {
  installed = threading;
}

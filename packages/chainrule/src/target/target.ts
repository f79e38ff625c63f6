/** What a target is: it takes a program of the loop IR and gives back something that runs. */

import type { Program } from "../loop/ir.ts";
import type { TypedArray } from "../tensor/dtype.ts";

/** A program instantiated on a target, with an arena of its own. */
export interface Executable {
  /**
   * A view of a buffer in the arena, of the buffer's dtype and length (bool as Uint8Array). Write inputs and state
   * through it before `run`, read outputs and state after it. The view may go stale when another program is
   * instantiated; ask again rather than keep it.
   */
  view(buffer: number): TypedArray;
  /** Runs all steps once. Synchronous. */
  run(): void;
  /** How many threads took part in the last run; one where it is not said. */
  readonly threads?: number;
}

export interface Target {
  readonly name: string;
  /** How programs that are instantiated now run, in words: vectors and threads. */
  settings(): string;
  instantiate(program: Program): Executable;
}

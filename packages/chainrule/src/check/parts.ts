/** Programs made of others: with cells added to the arena, and with parts that run one at a time. */
import type { Buffer, Program, Step } from "../loop/ir.ts";
import type { Executable, Target } from "../target/target.ts";
import type { DType, TypedArray } from "../tensor/dtype.ts";

/** A program's memory. */
export type Arena = Pick<Program, "buffers" | "arenaBytes">;

/** What buffers lie apart by. */
export const ALIGNMENT = 64;

/** An arena with buffers of one element behind it. */
export function withCells(
  { buffers, arenaBytes }: Arena,
  name: string,
  dtype: DType,
  count: number,
): Arena & { cells: readonly number[] } {
  const first = buffers.reduce((most, { id }) => Math.max(most, id), -1) + 1;
  const start = Math.ceil(arenaBytes / ALIGNMENT) * ALIGNMENT;
  const cells = Array.from({ length: count }, (_, i): Buffer => {
    return { id: first + i, name, dtype, length: 1, role: "input", offset: start + i * ALIGNMENT };
  });
  return {
    buffers: [...buffers, ...cells],
    arenaBytes: start + count * ALIGNMENT,
    cells: cells.map(({ id }) => id),
  };
}

/**
 * Lists of steps as one program, of which a run does the one that is selected: so they share a module, and kernels are
 * printed and split between threads as in the program that does them all.
 */
export class Parts {
  readonly #executable: Executable;
  readonly #cells: readonly number[];

  constructor(target: Target, arena: Arena, parts: readonly (readonly Step[])[]) {
    const bits = Math.ceil(Math.log2(Math.max(1, parts.length)));
    const { buffers, arenaBytes, cells } = withCells(arena, "selection", "bool", bits);
    const steps = choice(parts, cells);
    this.#executable = target.instantiate({ buffers, arenaBytes, steps, inputs: cells, outputs: [] });
    this.#cells = cells;
  }

  view(buffer: number): TypedArray {
    return this.#executable.view(buffer);
  }

  select(part: number): void {
    this.#cells.forEach((cell, bit) => {
      this.view(cell)[0] = (part >> bit) & 1;
    });
  }

  run(): void {
    this.#executable.run();
  }
}

/** Steps that do the part whose number the cells hold in binary, the lowest bit first. */
function choice(parts: readonly (readonly Step[])[], cells: readonly number[]): readonly Step[] {
  const condition = cells.at(-1);
  if (condition === undefined) return parts[0] ?? [];
  const half = 2 ** (cells.length - 1);
  const [then, otherwise] = [parts.slice(half), parts.slice(0, half)].map((some) => choice(some, cells.slice(0, -1)));
  return [{ kind: "if", condition, then: then ?? [], otherwise: otherwise ?? [] }];
}

/** Programs made of others: with cells added to the arena, and with parts that run one at a time. */
import { ExprPool, variable } from "../loop/build.ts";
import type { Buffer, Kernel, Program, Step, Stmt } from "../loop/ir.ts";
import type { Executable, Target } from "../target/target.ts";
import type { DType, TypedArray } from "../tensor/dtype.ts";

/** A program's memory. */
export type Arena = Pick<Program, "buffers" | "arenaBytes">;

/** What buffers lie apart by. */
export const ALIGNMENT = 64;

/** An arena with cells behind it: buffers of one element, of these dtypes. */
export function withCells(
  { buffers, arenaBytes }: Arena,
  name: string,
  dtypes: readonly DType[],
): Arena & { readonly cells: readonly number[] } {
  const first = buffers.reduce((most, { id }) => Math.max(most, id), -1) + 1;
  const start = Math.ceil(arenaBytes / ALIGNMENT) * ALIGNMENT;
  const added = dtypes.map((dtype, i): Buffer => {
    return { id: first + i, name, dtype, length: 1, role: "input", offset: start + i * ALIGNMENT };
  });
  return {
    buffers: [...buffers, ...added],
    arenaBytes: start + dtypes.length * ALIGNMENT,
    cells: added.map(({ id }) => id),
  };
}

/** The kernel that adds to an int32 cell; if there is a bool cell, it says there whether the sum is below 0. */
export function addToCell(cell: number, amount: number, isNegative?: number): Kernel {
  const k = new ExprPool();
  const sum = variable("sum", "int32");
  const value = k.call("add", k.load("int32", cell, k.int(0)), k.int(amount));
  const below: Stmt[] =
    isNegative === undefined
      ? []
      : [{ kind: "store", buffer: isNegative, index: k.int(0), value: k.call("lt", sum, k.int(0)) }];
  return {
    name: "count",
    body: [{ kind: "let", target: sum, value }, { kind: "store", buffer: cell, index: k.int(0), value: sum }, ...below],
  };
}

/**
 * Lists of steps as one program, which does the one that is selected, as often as it is told to: so they share a module,
 * kernels are printed and split between threads as in the program that does them all, and calls do not count.
 */
export class Parts {
  readonly #executable: Executable;
  readonly #selection: readonly number[];
  /** Minus the runs that are left. */
  readonly #count: number;

  constructor(target: Target, arena: Arena, parts: readonly (readonly Step[])[]) {
    const bits = Math.ceil(Math.log2(Math.max(1, parts.length)));
    const dtypes: DType[] = ["int32", "bool", ...Array<DType>(bits).fill("bool")];
    const { buffers, arenaBytes, cells } = withCells(arena, "selection", dtypes);
    const [count, condition, ...selection] = cells as [number, number, ...number[]];
    // The count goes from −n − 1 to 0; the body runs while it is negative.
    const test: Step[] = [{ kind: "kernel", kernel: addToCell(count, 1, condition) }];
    const steps: Step[] = [{ kind: "while", test, condition, body: choice(parts, selection) }];
    this.#executable = target.instantiate({ buffers, arenaBytes, steps, inputs: cells, outputs: [] });
    this.#count = count;
    this.#selection = selection;
  }

  view(buffer: number): TypedArray {
    return this.#executable.view(buffer);
  }

  select(part: number): void {
    this.#selection.forEach((cell, bit) => {
      this.view(cell)[0] = (part >> bit) & 1;
    });
  }

  /** Runs the part that is selected so many times. */
  run(times: number): void {
    this.view(this.#count)[0] = -times - 1;
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

/** Programs made of others: with cells added to the arena, and with parts that run one at a time. */
import { ExprPool, variable } from "../../loop/build.ts";
import type { Buffer, Kernel, Program, Step, Stmt } from "../../loop/ir.ts";
import type { Executable, Target } from "../../target/target.ts";
import { bytesOf, type DType, type TypedArray } from "../../tensor/dtype.ts";

/** A program's memory. */
export type Arena = Pick<Program, "buffers" | "arenaBytes">;

/** Of buffers, and what follows them at least. */
const ALIGNMENT = 64;
const PADDING = 16;

/** An arena with more buffers behind it, which `added` names. */
export function withBuffers(
  { buffers, arenaBytes }: Arena,
  wanted: readonly Pick<Buffer, "name" | "dtype" | "length">[],
): Arena & { readonly added: readonly number[] } {
  const first = buffers.reduce((most, { id }) => Math.max(most, id), -1) + 1;
  let end = Math.ceil(arenaBytes / ALIGNMENT) * ALIGNMENT;
  const added = wanted.map(({ name, dtype, length }, i): Buffer => {
    const buffer: Buffer = { id: first + i, name, dtype, length, role: "input", offset: end };
    end += Math.ceil((length * bytesOf(dtype) + PADDING) / ALIGNMENT) * ALIGNMENT;
    return buffer;
  });
  return { buffers: [...buffers, ...added], arenaBytes: end, added: added.map(({ id }) => id) };
}

/** One element of a dtype. */
export const cell = (dtype: DType): Pick<Buffer, "name" | "dtype" | "length"> => ({ name: "cell", dtype, length: 1 });

/** The kernel that copies one buffer to another like it. */
export function copyBuffer(from: number, { id, dtype, length }: Pick<Buffer, "id" | "dtype" | "length">): Step {
  const k = new ExprPool();
  const index = variable("i", "int32");
  const store: Stmt = { kind: "store", buffer: id, index, value: k.load(dtype, from, index) };
  const body: Stmt[] = [{ kind: "for", index, extent: length, simd: length >= 4, body: [store] }];
  return { kind: "kernel", kernel: { name: "copy", body } };
}

/** The kernel that adds to an int32 cell; if there is a bool cell, it says there whether the sum is below 0. */
export function addToCell(counter: number, amount: number, isNegative?: number): Kernel {
  const k = new ExprPool();
  const sum = variable("sum", "int32");
  const value = k.call("add", k.load("int32", counter, k.int(0)), k.int(amount));
  const below: Stmt[] =
    isNegative === undefined
      ? []
      : [{ kind: "store", buffer: isNegative, index: k.int(0), value: k.call("lt", sum, k.int(0)) }];
  return {
    name: "count",
    body: [
      { kind: "let", target: sum, value },
      { kind: "store", buffer: counter, index: k.int(0), value: sum },
      ...below,
    ],
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
    const wanted = [cell("int32"), cell("bool"), ...Array.from({ length: bits }, () => cell("bool"))];
    const { added, ...grown } = withBuffers(arena, wanted);
    const [count, condition, ...selection] = added as [number, number, ...number[]];
    // The count goes from −n − 1 to 0; the body runs while it is negative.
    const test: Step[] = [{ kind: "kernel", kernel: addToCell(count, 1, condition) }];
    const steps: Step[] = [{ kind: "while", test, condition, body: choice(parts, selection) }];
    this.#executable = target.instantiate({ ...grown, steps, inputs: added, outputs: [] });
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

/** The kernels of a program that its threads share, and the memory that they need besides the arena. */
import { kernelsOf } from "../../loop/dag.ts";
import type { Buffer, Kernel, Program } from "../../loop/ir.ts";
import { bytesOf, type DType } from "../../tensor/dtype.ts";
import { type Sharing, type Split, splitKernel } from "./split.ts";

export interface Splits {
  readonly byKernel: ReadonlyMap<Kernel, Split>;
  /** The parts' own scratch, one behind the other. */
  readonly scratch: readonly Buffer[];
  /** Where they end. */
  readonly end: number;
}

const ALIGNMENT = 64;
/** Workers are woken for a program whose shared kernels take this many times what makes one worth sharing. */
const LEAST_KERNELS = 10;

/** Undefined where not enough is worth sharing. `at`: where there is room for scratch. */
export function planSplits(program: Program, sharing: Sharing, at: number): Splits | undefined {
  const byId = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  const firstId = program.buffers.reduce((most, { id }) => Math.max(most, id), 0) + 1;
  const wanted = new Map<string, { readonly id: number; readonly dtype: DType; readonly part: number }>();
  const scratchOf = (scratch: number, part: number): number => {
    const { dtype } = byId.get(scratch) as Buffer;
    const key = `${dtype} ${part}`;
    const known = wanted.get(key) ?? { id: firstId + wanted.size, dtype, part };
    wanted.set(key, known);
    return known.id;
  };
  const byKernel = new Map<Kernel, Split>();
  for (const kernel of kernelsOf(program.steps)) {
    const split = splitKernel(kernel, sharing, scratchOf);
    if (split) byKernel.set(kernel, split);
  }
  const ns = [...byKernel.values()].reduce((sum, split) => sum + split.ns, 0);
  if (byKernel.size === 0 || ns < LEAST_KERNELS * sharing.leastNs) return undefined;
  const needed = [...byKernel.values()].reduce((most, { scratchBytes }) => Math.max(most, scratchBytes), 0);
  const bytes = Math.ceil(needed / ALIGNMENT) * ALIGNMENT;
  const scratch = Array.from(wanted.values(), ({ id, dtype, part }): Buffer => {
    const length = Math.floor(bytes / bytesOf(dtype));
    return { id, name: `packing of part ${part}`, dtype, length, role: "temporary", offset: at + part * bytes };
  });
  return { byKernel, scratch, end: scratch.reduce((end, { offset }) => Math.max(end, offset + bytes), at) };
}

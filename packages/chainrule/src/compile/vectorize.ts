/** Chooses the loop whose iterations run in lanes: the one along which most loads are contiguous. */
import { affine } from "../loop/build.ts";
import { nodesOf } from "../loop/dag.ts";
import type { Expr } from "../loop/ir.ts";
import type { Loop } from "./place.ts";

/** Below this extent lanes do not pay. */
const SHORTEST = 4;

/**
 * Marks one of `candidates` (positions in `loops`) as simd. Iterations of a candidate must be independent, but for
 * accumulation.
 */
export function vectorize(loops: readonly Loop[], candidates: readonly number[], values: readonly Expr[]): Loop[] {
  const loads = [...nodesOf(values)].filter((e) => e.kind === "load");
  const gathers = (loop: Loop): number =>
    loads.filter(({ index }) => {
      const terms = affine(index)?.terms;
      const stride = terms === undefined ? Number.NaN : (terms.get(loop.index) ?? 0);
      return stride !== 0 && stride !== 1;
    }).length;
  let best: number | undefined;
  for (const i of candidates) {
    const loop = loops[i] as Loop;
    if (loop.extent < SHORTEST) continue;
    if (best === undefined || gathers(loop) < gathers(loops[best] as Loop)) best = i;
  }
  return loops.map((loop, i) => (i === best ? { ...loop, simd: true } : loop));
}

/** Running statistics that are being computed anew, as plain means over batches. */
import { requireSynchronous } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { State } from "./param.ts";

/** A pass over data in which running statistics move by another share than their layers' momentum. */
export interface Recomputation {
  /** The share of the present batch in the mean of all so far, a scalar; 1 for the first. */
  readonly share: Tensor;
  /** Layers put here the states that they move. */
  readonly moved: Set<State>;
}

let present: Recomputation | undefined;

/** What a layer with running statistics must ask in training mode. */
export const recomputation = (): Recomputation | undefined => present;

/** Runs `f`, which calls a model in training mode, as a part of such a pass. @throws TraceError if it is asynchronous */
export function recomputing<T>(pass: Recomputation, f: () => T): T {
  const before = present;
  present = pass;
  try {
    return requireSynchronous("recomputing", f());
  } finally {
    present = before;
  }
}

/**
 * The mode in which functions are traced: what they compute may depend on it, as dropout's result depends on whether the
 * model is being trained, so a compiled function has a program for each.
 */
import { requireSynchronous } from "./trace.ts";

export type Mode = "training" | "evaluation";

let mode: Mode = "evaluation";

export const currentMode = (): Mode => mode;

/** Runs `f` in the given mode. @throws TraceError if `f` is asynchronous, for the mode would be lost at its first await */
export function withMode<T>(wanted: Mode, f: () => T): T {
  const before = mode;
  mode = wanted;
  try {
    return requireSynchronous(wanted, f());
  } finally {
    mode = before;
  }
}

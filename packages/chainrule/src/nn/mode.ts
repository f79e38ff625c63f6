/** Training mode: whether layers such as dropout behave as in training or as in use. */
import { TraceError } from "../graph/errors.ts";

let active = false;

/** Whether the code runs inside `training`. */
export const isTraining = (): boolean => active;

/** Runs `f` in the given mode. @throws TraceError if `f` is asynchronous, for the mode would be lost at its first await */
export function withMode<T>(mode: "training" | "evaluation", f: () => T): T {
  const before = active;
  active = mode === "training";
  try {
    const result = f();
    if (result instanceof Promise) {
      throw new TraceError(
        `${mode}(): the function is asynchronous. Call the model inside and await its result outside.`,
      );
    }
    return result;
  } finally {
    active = before;
  }
}

/**
 * Runs `f` in training mode: dropout drops. The mode is read while a function is traced; a compiled function keeps the
 * one of its first call, so put `training` inside of `compile`, not around a call of its result.
 *
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { dropout, training } from "chainrule/nn";
 * const layer = dropout(0.5);
 * training(() => layer(tensor([1, 1, 1, 1]))); // some are 0, the others 2
 * ```
 */
export const training = <T>(f: () => T): T => withMode("training", f);

/** Runs `f` in evaluation mode, even inside `training`. */
export const evaluation = <T>(f: () => T): T => withMode("evaluation", f);

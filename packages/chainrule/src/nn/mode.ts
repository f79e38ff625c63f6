/** Training mode: whether layers such as dropout behave as in training or as in use. */
import { currentMode, withMode } from "../graph/mode.ts";

/** Whether the code runs inside `training`. */
export const isTraining = (): boolean => currentMode() === "training";

/**
 * Runs `f` in training mode: dropout drops.
 *
 * @throws TraceError if `f` is asynchronous
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

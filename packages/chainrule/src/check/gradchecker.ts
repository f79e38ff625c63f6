/** The gradient check of single elements, on request. */
import type { Box } from "../graph/box.ts";
import { currentMode, type Mode, withMode } from "../graph/mode.ts";
import { requireSynchronous } from "../graph/trace.ts";
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Checker, finiteChecker } from "./checker.ts";
import { exactly } from "./exact.ts";
import { GradcheckReport } from "./report.ts";
import { MODES, ofFunction, requireLeaves, type Subject } from "./subject.ts";

export interface GradcheckerOptions {
  /** Largest relative error that passes; default 1e-6. */
  readonly tolerance?: number;
  /** Whether dropout drops and the like. Default: as it is. */
  readonly mode?: Mode;
}

/** Checks elements of the gradient at one point, as often as it is asked. */
export class Gradchecker {
  /** The function's value there. */
  readonly value: number;
  readonly #checker: Checker;
  readonly #tolerance: number;

  /** @internal */
  constructor(checker: Checker, tolerance: number) {
    [this.#checker, this.#tolerance, this.value] = [checker, tolerance, checker.value];
  }

  /**
   * The report of one element, as that of `gradcheck`.
   *
   * @param name of a parameter
   * @param position of the element in it, such as [0, 2]
   * @throws RangeError if there is none such
   */
  check(name: string, position: readonly number[]): GradcheckReport {
    return new GradcheckReport([this.#checker.checkElement(name, position)], this.#tolerance);
  }
}

/**
 * `gradcheck` for programs that ask for one element after another, such as a page that must not be blocked while all are checked: the
 * function is traced, promoted and compiled once. Later changes of the parameters do not change what is checked.
 *
 * @throws what `gradcheck` throws
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { gradchecker } from "chainrule/check";
 * const checker = gradchecker((x: Tensor) => x.mul(x).sum(), tensor([1, 2]));
 * checker.check("x", [1]).entries[0]?.analytic; // → 4
 * ```
 */
export function gradchecker<T>(f: (x: T) => Tensor, x: T, options?: GradcheckerOptions): Gradchecker;
export function gradchecker(
  f: () => Tensor,
  parameters: Readonly<Record<string, Box>>,
  options?: GradcheckerOptions,
): Gradchecker;
export function gradchecker(f: (x: never) => unknown, at: unknown, options: GradcheckerOptions = {}): Gradchecker {
  const where = "gradchecker";
  checkOptions(where, options, ["tolerance", "mode"]);
  const tolerance = checkNumber(where, "tolerance", options.tolerance ?? 1e-6, { above: 0 });
  const mode = options.mode && checkChoice(where, "mode", options.mode, MODES);
  const subject = ofFunction(where, f, at);
  requireLeaves(where, subject.leaves);
  const call: Subject["call"] = (values) =>
    withMode(mode ?? currentMode(), () => requireSynchronous(where, subject.call(values)));
  const exact = exactly(where, { ...subject, call }, undefined);
  return new Gradchecker(finiteChecker(where, exact, { samples: 1, directions: 0, tolerance }), tolerance);
}

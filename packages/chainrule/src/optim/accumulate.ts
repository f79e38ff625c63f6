/** Several batches for one step. */
import { zerosLike } from "../ops/constant.ts";
import { where } from "../ops/select.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Optimizer, updateAll } from "./optimizer.ts";
import { checkOptimizer, wrap } from "./wrap.ts";

/**
 * Gathers the gradients of so many batches and lets the optimizer do one step with their mean: for losses that are means
 * the same step as with one batch of all their examples, in the memory of one. Schedules count the optimizer's steps.
 *
 * What is left when training ends, of fewer batches than that, is not used.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 * @example
 * ```ts
 * import { accumulate, adam, clipByGlobalNorm } from "chainrule/optim";
 * const optimizer = accumulate(clipByGlobalNorm(adam(1e-3), 1), { batches: 4 });
 * ```
 */
export function accumulate(optimizer: Optimizer, options: { readonly batches: number }): Optimizer {
  checkOptimizer("accumulate", optimizer);
  checkOptions("accumulate", options, ["batches"]);
  const batches = checkNumber("accumulate", "batches", options?.batches, { least: 1, integer: true });
  return wrap(optimizer, {
    name: "accumulate",
    config: { batches },
    init: (parameter) => ({ gathered: zerosLike(parameter) }),
    updateAll(updates) {
      const sums = updates.map(({ gradient, state }) => (state.gathered as Tensor).add(gradient));
      const [first] = updates;
      if (first === undefined) return [];
      // In float64 integers are exact as far as an int32 counts.
      const [before, after] = [first.step, first.step.add(1)].map((n) => n.cast("float64").div(batches).floor());
      const step = (before as Tensor).cast("int32");
      const due = (before as Tensor).less(after as Tensor);
      const means = updates.map((update, i) => ({ ...update, step, gradient: (sums[i] as Tensor).div(batches) }));
      return updateAll(optimizer, means).map((next, i) => {
        const { parameter, state } = updates[i] as (typeof updates)[number];
        const kept = Object.entries(next.state).map(([key, value]) => [key, where(due, value, state[key] as Tensor)]);
        return {
          parameter: where(due, next.parameter, parameter),
          state: { ...Object.fromEntries(kept), gathered: where(due, 0, sums[i] as Tensor) },
        };
      });
    },
  });
}

/** Limits on gradients. */
import { checkNumber } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Optimizer, updateAll } from "./optimizer.ts";
import { checkOptimizer, wrap } from "./wrap.ts";

/**
 * Limits each element of the gradient to [−limit, limit] before the optimizer sees it.
 *
 * @throws TypeError, RangeError unless it gets an optimizer and a positive limit
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { clipByValue, sgd } from "chainrule/optim";
 * const { update } = clipByValue(sgd(1), 0.5);
 * const at = { parameter: tensor([0, 0]), state: {}, step: tensor(0) };
 * update({ gradient: tensor([3, -0.25]), ...at }).parameter.arraySync(); // → [ -0.5, 0.25 ]
 * ```
 */
export function clipByValue(optimizer: Optimizer, limit: number): Optimizer {
  checkOptimizer("clipByValue", optimizer);
  checkNumber("clipByValue", "the limit", limit, { above: 0 });
  return wrap(optimizer, {
    name: "clipByValue",
    config: { limit },
    updateAll: (updates) =>
      updateAll(
        optimizer,
        updates.map((update) => ({ ...update, gradient: update.gradient.clip(-limit, limit) })),
      ),
  });
}

/**
 * Shortens the gradient of all parameters together to the given Euclidean norm, if it is longer, and keeps its direction:
 * g · limit / max(‖g‖, limit). R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
 * networks", 2013, algorithm 1.
 *
 * @throws TypeError, RangeError unless it gets an optimizer and a positive limit
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { clipByGlobalNorm, sgd } from "chainrule/optim";
 * const { update } = clipByGlobalNorm(sgd(1), 1);
 * const at = { parameter: tensor([0, 0]), state: {}, step: tensor(0) };
 * const { parameter } = update({ gradient: tensor([3, -4]), ...at });
 * Math.abs(parameter.square().sum().itemSync() - 1) < 1e-6; // → true
 * ```
 */
export function clipByGlobalNorm(optimizer: Optimizer, limit: number): Optimizer {
  checkOptimizer("clipByGlobalNorm", optimizer);
  checkNumber("clipByGlobalNorm", "the limit", limit, { above: 0 });
  return wrap(optimizer, {
    name: "clipByGlobalNorm",
    config: { limit },
    updateAll(updates) {
      const squares = updates.map(({ gradient }) => gradient.square().sum());
      const [first, ...others] = squares as [Tensor, ...Tensor[]];
      const norm = others.reduce((sum, square) => sum.add(square.cast(sum.dtype)), first).sqrt();
      const factor = norm.maximum(limit).reciprocal().mul(limit);
      return updateAll(
        optimizer,
        updates.map((update) => ({ ...update, gradient: update.gradient.mul(factor.cast(update.gradient.dtype)) })),
      );
    },
  });
}

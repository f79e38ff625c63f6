/** What is done to weights apart from the gradient: decoupled decay, and limits on their norm. */
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { range } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSchedule, type Optimizer, rateAt, type Schedule, scheduleConfig, updateAll } from "./optimizer.ts";
import { checkSelection, type ParameterInfo, requireSelected, type Selection, selects } from "./selection.ts";
import { checkOptimizer, wrap } from "./wrap.ts";

export interface DecoupledDecayOptions {
  /** The share of a weight that is taken away in a step, in most cases α·λ; a number or a schedule. */
  readonly rate: Schedule;
  /** What decays; default weights. */
  readonly parameters?: Selection;
}

/**
 * Weight decay that does not go through the optimizer: w ← (1 − rate)·w before each of its steps. For plain gradient
 * descent the same as `l2`; for others it is not, since these rescale gradients and would rescale the penalty's with them.
 * I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019. `adamw` is this around `adam`.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range; when training begins, for a pattern that fits
 *   no parameter
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { decoupledDecay, sgd } from "chainrule/optim";
 * const { update } = decoupledDecay(sgd(0.1), { rate: 0.01 });
 * const at = { gradient: tensor([0, 10]), parameter: tensor([100, 100]), state: {}, step: tensor(0) };
 * update(at).parameter.arraySync(); // → [ 99, 98 ]
 * ```
 */
export function decoupledDecay(optimizer: Optimizer, options: DecoupledDecayOptions): Optimizer {
  checkOptimizer("decoupledDecay", optimizer);
  checkOptions("decoupledDecay", options, ["rate", "parameters"]);
  const rate = checkSchedule("decoupledDecay", "rate", options?.rate);
  return decaying("decoupledDecay", optimizer, rate, options.parameters);
}

/** `decoupledDecay` under the name of what it is a part of. */
export function decaying(name: string, optimizer: Optimizer, rate: Schedule, selection?: Selection): Optimizer {
  const parameters = checkSelection(name, selection ?? "weights");
  return wrap(optimizer, {
    name,
    config: { rate: scheduleConfig(rate), parameters: String(parameters) },
    trains: trainsIfFits(name, parameters, optimizer),
    updateAll: (updates) =>
      updateAll(
        optimizer,
        updates.map((update) => {
          if (!selects(parameters, update)) return update;
          const { parameter, step } = update;
          return { ...update, parameter: parameter.mul(rateAt(rate, step, parameter.dtype).neg().add(1)) };
        }),
      ),
  });
}

/** What the optimizer in it trains. @throws RangeError, when training begins, if a pattern fits no parameter */
const trainsIfFits =
  (name: string, selection: Selection, { trains }: Optimizer) =>
  (parameters: readonly ParameterInfo[]): boolean[] => {
    requireSelected(name, selection, parameters);
    return trains?.(parameters) ?? parameters.map(() => true);
  };

export interface MaxNormOptions {
  /** The largest norm of the weights that lead into a unit. */
  readonly limit: number;
  /** What is limited; default weights. */
  readonly parameters?: Selection;
}

/**
 * Limits, after each step, the Euclidean norm of the weights that lead into each unit: w ← w · limit / max(‖w‖, limit).
 * These are the columns of a weight [inputs, units]; of weights with more dimensions, all but the last. Used with dropout:
 * N. Srivastava et al., "Dropout", 2014, section 5.1, where 3 to 4 is usual.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range; when training begins, for a pattern that fits
 *   no parameter
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { maxNorm, sgd } from "chainrule/optim";
 * const { update } = maxNorm(sgd(1), { limit: 5 });
 * const parameter = tensor([[6, 1], [8, 1]]);
 * const at = { gradient: parameter.mul(0), parameter, state: {}, step: tensor(0) };
 * update(at).parameter.arraySync(); // → [ [ 3, 1 ], [ 4, 1 ] ]
 * ```
 */
export function maxNorm(optimizer: Optimizer, options: MaxNormOptions): Optimizer {
  checkOptimizer("maxNorm", optimizer);
  checkOptions("maxNorm", options, ["limit", "parameters"]);
  const limit = checkNumber("maxNorm", "limit", options?.limit, { above: 0 });
  const parameters = checkSelection("maxNorm", options.parameters ?? "weights");
  return wrap(optimizer, {
    name: "maxNorm",
    config: { limit, parameters: String(parameters) },
    trains: trainsIfFits("maxNorm", parameters, optimizer),
    updateAll: (updates) =>
      updateAll(optimizer, updates).map((updated, i) =>
        selects(parameters, updates[i] as (typeof updates)[number])
          ? { ...updated, parameter: shortened(updated.parameter, limit) }
          : updated,
      ),
  });
}

function shortened(weight: Tensor, limit: number): Tensor {
  const axes = range(Math.max(weight.rank - 1, 0));
  const norm = weight.square().sum(axes, { keepDims: true }).sqrt();
  return weight.mul(norm.maximum(limit).reciprocal().mul(limit));
}

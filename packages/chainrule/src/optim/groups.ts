/** Different optimizers for different parameters. */
import { checkOptions, describeValue } from "../tensor/options.ts";
import { type Optimizer, type Update, type Updated, updateAll } from "./optimizer.ts";
import { checkSelection, namesOf, type ParameterInfo, type Selection, selects } from "./selection.ts";
import { checkOptimizer, optimizerConfig } from "./wrap.ts";

export interface ParameterGroup {
  /** Which parameters: a pattern of names, "weights", or "all" for the rest. */
  readonly parameters: Selection;
  readonly optimizer: Optimizer;
}

/** An optimizer that leaves parameters as they are; a group of it is frozen. */
export const frozen: Optimizer = {
  name: "frozen",
  config: {},
  init: () => ({}),
  update: ({ parameter }) => ({ parameter, state: {} }),
  updateAll: (updates) => updates.map(({ parameter }) => ({ parameter, state: {} })),
  trains: (parameters) => parameters.map(() => false),
};

/**
 * An optimizer that treats parameters by groups: the first group whose selection a parameter is in has it. Parameters of
 * `frozen` get no gradient at all.
 *
 * @throws TypeError, RangeError for what is no group; when training begins, if a group has no parameter or a parameter no
 *   group
 * @example
 * ```ts
 * import { adam, frozen, groups, sgd } from "chainrule/optim";
 * const optimizer = groups([
 *   { parameters: /^encoder\./, optimizer: frozen },
 *   { parameters: /bias$/, optimizer: sgd(0.1) },
 *   { parameters: "all", optimizer: adam(1e-3) },
 * ]);
 * ```
 */
export function groups(list: readonly ParameterGroup[]): Optimizer {
  if (!Array.isArray(list) || list.length === 0) {
    throw new TypeError(
      `groups: takes an array of groups such as [{ parameters: "all", optimizer: adam(1e-3) }]; it is ${describeValue(list)}.`,
    );
  }
  for (const group of list as readonly ParameterGroup[]) {
    checkOptions("groups: a group", group, ["parameters", "optimizer"]);
    checkSelection("groups", group?.parameters);
    checkOptimizer("groups", group.optimizer);
  }
  const groupOf = (info: ParameterInfo): number => {
    const found = list.findIndex(({ parameters }) => selects(parameters, info));
    if (found >= 0) return found;
    throw new RangeError(
      `groups: the parameter "${info.name ?? ""}" is in no group. End the list with { parameters: "all", optimizer: … }.`,
    );
  };
  const optimizerOf = (info: ParameterInfo): Optimizer => (list[groupOf(info)] as ParameterGroup).optimizer;
  /** Lets each group do something with its part, and puts the results back in order. */
  const byGroups = <T extends ParameterInfo, R>(all: readonly T[], f: (o: Optimizer, part: T[]) => R[]): R[] => {
    const of = all.map(groupOf);
    const results = list.map(({ optimizer }, group) => {
      const part = all.filter((_, i) => of[i] === group);
      return part.length === 0 ? [] : f(optimizer, part);
    });
    return of.map((group) => results[group]?.shift() as R);
  };
  const update = (updates: readonly Update[]): Updated[] => byGroups(updates, updateAll);
  return {
    name: "groups",
    config: {
      groups: list.map(({ parameters, optimizer }) => ({
        parameters: String(parameters),
        optimizer: optimizerConfig(optimizer),
      })),
    },
    init: (parameter, info = {}) => optimizerOf(info).init(parameter, info),
    update: (one) => update([one])[0] as Updated,
    updateAll: update,
    gradientAt: (parameter, state, info) => optimizerOf(info).gradientAt?.(parameter, state, info) ?? parameter,
    trains(parameters) {
      const used = new Set(parameters.map(groupOf));
      const unused = list.find((_, group) => !used.has(group));
      if (unused !== undefined) {
        throw new RangeError(
          `groups: no parameter is in the group ${String(unused.parameters)}; there are ${namesOf(parameters)}, and a parameter belongs to ` +
            "the first group that it fits.",
        );
      }
      return byGroups(parameters, ({ trains }, part) => trains?.(part) ?? part.map(() => true));
    },
  };
}

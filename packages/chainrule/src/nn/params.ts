/** A model's parameters as a tree with dotted names, and the model as a function of them. */
import { compile } from "../compile/index.ts";
import { withBoxes } from "../graph/box.ts";
import { located, ShapeError } from "../graph/errors.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type AnyModule, asRoot, Module, variablesOf } from "./module.ts";
import { DEFAULT_SEED, fill, fillMissing, Param, State, type Variable } from "./param.ts";

/** The variables of one class, by name. */
function only<V extends Variable>(
  where: string,
  model: AnyModule,
  kind: abstract new (...args: never[]) => V,
): Record<string, V> {
  if (!((model as unknown) instanceof Module)) {
    throw new TypeError(`${where}: takes a module, such as dense(2, 3) or sequential(…).`);
  }
  const all = variablesOf(model);
  // Read before the model is called, a variable still gets its value as a part of the whole model.
  for (const variable of all.values()) variable.owner = () => fillMissing(all);
  return Object.fromEntries([...all].filter((entry): entry is [string, V] => entry[1] instanceof kind));
}

/**
 * The parameters of a model by dotted names, such as "0.weight". These names are the keys of its model file. A
 * parameter that is held twice appears once, under the first name.
 *
 * @example
 * ```ts
 * import { dense, params, sequential, tanh } from "chainrule/nn";
 * Object.keys(params(sequential(dense(2, 3), tanh))); // → [ '0.weight', '0.bias' ]
 * ```
 */
export const params = (model: AnyModule): Record<string, Param> => only("params", model, Param);

/** The states of a model (what it keeps and does not train) by dotted names. */
export const states = (model: AnyModule): Record<string, State> => only("states", model, State);

export interface InitializeOptions {
  /** Any integer; default 0. */
  readonly seed?: number;
  /**
   * Leave alone what has been trained, loaded, assigned or initialised with a seed. Default false. Values that came
   * unasked, because the model was called or saved before, count as missing if a seed is given.
   */
  readonly missingOnly?: boolean;
}

/**
 * Gives all parameters and states of a model their initial values. A value depends on the seed and on the
 * parameter's name in this model only.
 *
 * Without it they get values when a model that holds them is first called, read or saved: those of seed 0 and of their
 * names in that model. These are provisional: `fit`, and `initialize` with a seed, replace them, so that having looked
 * at a model, or at a part of it, does not decide what training starts from. What has been trained, loaded or assigned
 * is never provisional.
 *
 * @returns the model
 */
export function initialize<M extends AnyModule>(model: M, options: InitializeOptions = {}): M {
  checkOptions("initialize", options, ["seed", "missingOnly"]);
  const { seed, missingOnly = false } = options;
  if (seed !== undefined) checkNumber("initialize", "seed", seed, { integer: true });
  only("initialize", model, Param);
  const variables = variablesOf(model);
  if (missingOnly && seed === undefined) fillMissing(variables);
  else fill(variables, seed ?? DEFAULT_SEED, missingOnly ? "open" : "all");
  return model;
}

/** A model as a pure function of its parameters. */
export interface Functional<A extends unknown[], R> {
  /** The present values. */
  readonly parameters: Record<string, Tensor>;
  /** The model's result for these parameters; its own are not touched. */
  apply(parameters: Record<string, Tensor>, ...args: A): R;
}

/**
 * The pure form of a model, for Hessians, ensembles and everything else that wants a function of θ.
 *
 * @example
 * ```ts
 * import { grad, tensor } from "chainrule";
 * import { dense, functional } from "chainrule/nn";
 * const { parameters, apply } = functional(dense(2, 1));
 * const x = tensor([[1, 2]]);
 * Object.keys(grad((theta: typeof parameters) => apply(theta, x).sum())(parameters)); // → [ 'weight', 'bias' ]
 * ```
 */
export function functional<A extends unknown[], R>(model: Module<A, R>): Functional<A, R> {
  const own = params(model);
  fillMissing(variablesOf(model));
  const boxes = Object.values(own);
  const bound = (values: Tensor[], ...args: A): R => withBoxes(boxes, values, () => asRoot(() => model(...args)));
  const compiled = compile(bound);
  return {
    parameters: Object.fromEntries(Object.entries(own).map(([name, box]) => [name, box.value])),
    apply(parameters, ...args) {
      const values = ordered(own, parameters);
      return compiled(values, ...args) as R;
    },
  };
}

/** The values in the order of the parameters. @throws TypeError, ShapeError unless they fit one to one */
function ordered(own: Record<string, Param>, values: Record<string, Tensor>): Tensor[] {
  const names = Object.keys(own);
  const missing = names.filter((name) => !(values[name] instanceof Tensor));
  const extra = Object.keys(values).filter((name) => !(name in own));
  if (missing.length + extra.length > 0) {
    const list = (what: string, keys: string[]): string => (keys.length === 0 ? "" : ` ${what}: ${keys.join(", ")}.`);
    throw new TypeError(
      `functional: the parameters do not fit the model.${list("Missing", missing)}${list("Not of the model", extra)}`,
    );
  }
  return names.map((name) => {
    const [value, param] = [values[name] as Tensor, own[name] as Param];
    if (!sameShape(value.shape, param.shape)) {
      throw new ShapeError(
        located(
          `functional: parameter "${name}" has shape ${formatShape(value.shape)}, but ${formatShape(param.shape)} is needed.`,
        ),
      );
    }
    return value;
  });
}

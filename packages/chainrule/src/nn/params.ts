/** A model's parameters as a tree with dotted names, and the model as a function of them. */
import { compile } from "../compile/index.ts";
import { withBoxes } from "../graph/box.ts";
import { located, ShapeError } from "../graph/errors.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type AnyModule, Module, variablesOf } from "./module.ts";
import { DEFAULT_SEED, fill, Param, State, type Variable } from "./param.ts";

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
  for (const variable of all.values()) variable.owner = () => fill(all, DEFAULT_SEED, true);
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
  /** Leave alone what has a value already. Default false. */
  readonly missingOnly?: boolean;
}

/**
 * Gives all parameters and states of a model their initial values. Without it they get them, for seed 0, when the model
 * is first called. A value depends on the seed and on the parameter's name only.
 *
 * @returns the model
 */
export function initialize<M extends AnyModule>(model: M, options: InitializeOptions = {}): M {
  checkOptions("initialize", options, ["seed", "missingOnly"]);
  const { seed = DEFAULT_SEED, missingOnly = false } = options;
  checkNumber("initialize", "seed", seed, { integer: true });
  only("initialize", model, Param);
  fill(variablesOf(model), seed, missingOnly);
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
  fill(variablesOf(model), DEFAULT_SEED, true);
  const boxes = Object.values(own);
  const bound = (values: Tensor[], ...args: A): R => withBoxes(boxes, values, () => model(...args));
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

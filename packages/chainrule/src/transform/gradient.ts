/** grad, valueAndGrad, vjp: derivatives by back-propagation. */
import { located, TraceError } from "../graph/errors.ts";
import { requireFunction } from "../graph/input.ts";
import { leavesLike } from "../graph/like.ts";
import type { Node } from "../graph/node.ts";
import { evaluateNodes } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { onesLike, zerosLike } from "../ops/constant.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Structure, type TensorTree, unflatten } from "../tensor/tree.ts";
import { type AnyFunction, requireScalar, settle, type TracedCall, traceByFloats } from "./arguments.ts";
import { pullback } from "./vjp.ts";

export interface GradOptions<I extends number = number> {
  /** Position of the argument to differentiate by; default 0. */
  readonly argument?: I;
}

export interface AuxOptions<I extends number = number> extends GradOptions<I> {
  /** The function gives [value, aux]: besides the value anything that is to come out with it. */
  readonly aux: true;
}

type Values = ReadonlyMap<Node, readonly Tensor[]>;

/** The values of all nodes of a traced call, and the results of the function among them. */
function forward(call: TracedCall): { values: Values; results: Tensor[] } {
  const values = evaluateNodes(call.graph, call.inputs);
  const outputs = call.graph.outputs.map((node) => firstOf(values, node));
  return { values, results: settle(call, outputs) };
}

/** The cotangents of the traced arguments, as a list of trees. */
function backward(call: TracedCall, values: Values, cotangents: readonly Tensor[]): unknown {
  const { leaves, structure } = call.argument;
  const found = pullback(call.graph, values, cotangents, call.graph.inputs.slice(0, leaves.length));
  return unflatten(
    structure,
    found.map((ct, i) => ct ?? zerosLike(leaves[i] as Tensor)),
  );
}

/**
 * The value of a scalar function together with its gradient, computed in one go.
 *
 * @param f returns one float scalar
 * @throws TraceError if it does not, DTypeError if the argument holds tensors that are not floats
 * @example
 * ```ts
 * import { type Tensor, tensor, valueAndGrad } from "chainrule";
 * const { value, gradient } = valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2]));
 * await value.item(); // → 5
 * await gradient.array(); // → [ 2, 4 ]
 * ```
 *
 * With `aux: true` the function gives a pair, [value, aux]. The gradient is that of the value; aux, a tree of tensors such as
 * the predictions or the parts of a loss, comes out beside it, and is not computed twice.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor, valueAndGrad } from "chainrule";
 * const loss = (w: Tensor) => {
 *   const prediction = w.mul(3);
 *   return [prediction.square().sum(), { prediction }] as const;
 * };
 * const { aux, gradient } = valueAndGrad(loss, { aux: true })(tensor([1, 2]));
 * await aux.prediction.array(); // → [ 3, 6 ]
 * await gradient.array(); // → [ 18, 36 ]
 * ```
 */
export function valueAndGrad<A extends unknown[], R, I extends number = 0>(
  f: (...args: A) => readonly [Tensor, R],
  options: AuxOptions<I>,
): (...args: A) => { value: Tensor; gradient: TensorTree<A[I]>; aux: TensorTree<R> };
export function valueAndGrad<A extends unknown[], I extends number = 0>(
  f: (...args: A) => Tensor,
  options?: GradOptions<I>,
): (...args: A) => { value: Tensor; gradient: TensorTree<A[I]> };
export function valueAndGrad<A extends unknown[]>(
  f: (...args: A) => Tensor | readonly [Tensor, unknown],
  options: GradOptions & { readonly aux?: boolean } = {},
): (...args: A) => { value: Tensor; gradient: unknown; aux?: unknown } {
  const name = "valueAndGrad";
  checkOptions(name, options, ["argument", "aux"]);
  const { aux = false, ...rest } = options;
  if (typeof aux !== "boolean") throw new TypeError(`${name}: aux must be true or false; it is ${describeValue(aux)}.`);
  if (!aux) return differentiated(name, f as (...args: A) => Tensor, rest);
  const both = evaluated(name, f, rest, (call) =>
    requireScalar(name, { ...call, structure: requirePair(name, call)[0] }),
  );
  return (...args) => {
    const { call, results, gradient } = both(...args);
    const [value, ...others] = results as [Tensor, ...Tensor[]];
    return { value, gradient, aux: unflatten(requirePair(name, call)[1], others) };
  };
}

/** The structures of [value, aux]. @throws TraceError unless the result is such a pair */
function requirePair(name: string, { structure }: TracedCall): readonly [Structure, Structure] {
  if (structure.kind === "array" && structure.items.length === 2)
    return structure.items as readonly [Structure, Structure];
  const found =
    structure.kind === "leaf"
      ? "one tensor"
      : structure.kind === "static"
        ? describeValue(structure.value)
        : `an ${structure.kind}`;
  throw new TraceError(
    located(`${name}: with aux: true the function must return a pair, [value, aux]; this one returns ${found}.`),
  );
}

/**
 * The gradient of a scalar function, as a function of the same arguments. It can be differentiated again.
 *
 * @param f returns one float scalar; a number to differentiate by arrives in it as a scalar tensor
 * @throws TraceError if it does not, DTypeError if the argument holds tensors that are not floats
 * @example
 * ```ts
 * import { grad, type Tensor, tensor } from "chainrule";
 * const df = grad((x: Tensor) => x.square().sum());
 * await df(tensor([1, 2, 3])).array(); // → [ 2, 4, 6 ]
 * ```
 */
export function grad<A extends unknown[], I extends number = 0>(
  f: (...args: A) => Tensor,
  options: GradOptions<I> = {},
): (...args: A) => TensorTree<A[I]> {
  const both = differentiated("grad", f, options);
  return (...args) => both(...args).gradient;
}

/** What grad, valueAndGrad, hvp and hessian have in common; `name` is theirs, for errors. */
export function differentiated<A extends unknown[], I extends number>(
  name: string,
  f: (...args: A) => Tensor,
  options: GradOptions<I>,
): (...args: A) => { value: Tensor; gradient: TensorTree<A[I]> } {
  const both = evaluated(name, f, options, (call) => requireScalar(name, call));
  return (...args) => {
    const { results, gradient } = both(...args);
    return { value: results[0] as Tensor, gradient: gradient as TensorTree<A[I]> };
  };
}

/** The results of a function, with the gradient of the first of them. */
function evaluated<A extends unknown[]>(
  name: string,
  f: (...args: A) => unknown,
  options: GradOptions,
  check: (call: TracedCall) => void,
): (...args: A) => { call: TracedCall; results: readonly Tensor[]; gradient: unknown } {
  requireFunction(name, f);
  checkOptions(name, options, ["argument"]);
  const position = checkNumber(name, "argument", options.argument ?? 0, { least: 0, integer: true });
  return (...args) => {
    if (position >= args.length) {
      throw new RangeError(
        `${name}: the derivative is asked for by argument ${position}, but there are ${args.length} arguments.`,
      );
    }
    const call = traceByFloats(name, f as AnyFunction, args, [position]);
    check(call);
    const { values, results } = forward(call);
    const [gradient] = backward(call, values, [onesLike(results[0] as Tensor)]) as [unknown];
    return { call, results, gradient };
  };
}

/**
 * Value and pullback: [y, pull] = vjp(f, …args), where pull(ȳ) gives the list of cotangents āᵢ = ȳ·∂y/∂aᵢ, one for each
 * argument. The pullback may be called any number of times.
 *
 * @throws DTypeError if an argument holds tensors that are not floats: let `f` use them from around it
 * @example
 * ```ts
 * import { type Tensor, tensor, vjp } from "chainrule";
 * const [y, pull] = vjp((x: Tensor) => x.square(), tensor([1, 2]));
 * await pull(tensor([1, 10]))[0].array(); // → [ 2, 40 ]
 * ```
 */
export function vjp<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: A
): [TensorTree<R>, (cotangent: TensorTree<R>) => TensorTree<A>] {
  const positions = args.map((_, i) => i);
  const call = traceByFloats("vjp", f as AnyFunction, args, positions);
  const { values, results } = forward(call);
  const result = { leaves: results, paths: call.paths, structure: call.structure };
  const pull = (cotangent: TensorTree<R>): TensorTree<A> =>
    backward(call, values, leavesLike("vjp: the cotangent", result, cotangent)) as TensorTree<A>;
  return [unflatten(call.structure, results) as TensorTree<R>, pull];
}

/** grad, valueAndGrad, vjp: derivatives by back-propagation. */
import { requireFunction } from "../graph/input.ts";
import { leavesLike } from "../graph/like.ts";
import type { Node } from "../graph/node.ts";
import { evaluateNodes } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { onesLike, zerosLike } from "../ops/constant.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type TensorTree, unflatten } from "../tensor/tree.ts";
import { type AnyFunction, requireScalar, settle, type TracedCall, traceByFloats } from "./arguments.ts";
import { pullback } from "./vjp.ts";

export interface GradOptions<I extends number = number> {
  /** Position of the argument to differentiate by; default 0. */
  readonly argument?: I;
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
 */
export function valueAndGrad<A extends unknown[], I extends number = 0>(
  f: (...args: A) => Tensor,
  options: GradOptions<I> = {},
): (...args: A) => { value: Tensor; gradient: TensorTree<A[I]> } {
  return differentiated("valueAndGrad", f, options);
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
    requireScalar(name, call);
    const { values, results } = forward(call);
    const [value] = results as [Tensor];
    const [gradient] = backward(call, values, [onesLike(value)]) as [TensorTree<A[I]>];
    return { value, gradient };
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

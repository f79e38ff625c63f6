/** grad, valueAndGrad, vjp: derivatives by back-propagation. */
import { located, ShapeError } from "../graph/errors.ts";
import type { Node } from "../graph/node.ts";
import { evaluateNodes } from "../graph/trace.ts";
import { onesLike, zerosLike } from "../ops/constant.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { type AnyFunction, requireFloats, requireScalar, settle, type TracedCall, traceCall } from "./arguments.ts";
import { pullback } from "./vjp.ts";

export interface GradOptions {
  /** Position of the argument to differentiate by; default 0. */
  readonly argument?: number;
}

/** One step of back-propagation, prepared: the values of all nodes of a traced call. */
function forward(name: string, f: AnyFunction, args: readonly unknown[], positions: readonly number[]) {
  const call = traceCall(name, f, args, positions);
  requireFloats(name, call.argument);
  const values = evaluateNodes(call.graph, call.inputs);
  const outputs = call.graph.outputs.map((node) => (values.get(node) as readonly Tensor[])[0] as Tensor);
  return { call, values, results: settle(call, outputs) };
}

function backward(call: TracedCall, values: ReadonlyMap<Node, readonly Tensor[]>, cotangents: readonly Tensor[]): unknown {
  const { leaves, structure } = call.argument;
  const found = pullback(call.graph, values, cotangents, call.graph.inputs.slice(0, leaves.length));
  return unflatten(structure, found.map((ct, i) => ct ?? zerosLike(leaves[i] as Tensor)));
}

/**
 * The value of a scalar function together with its gradient, computed in one go.
 *
 * @param f returns one float scalar
 * @throws TraceError if it does not, DTypeError if the argument holds tensors that are not floats
 */
export function valueAndGrad<A extends unknown[], I extends number = 0>(
  f: (...args: A) => Tensor,
  options: { readonly argument?: I } = {},
): (...args: A) => { value: Tensor; gradient: TensorTree<A[I]> } {
  return (...args) => {
    const { call, values, results } = forward("grad", f as AnyFunction, args, [options.argument ?? 0]);
    requireScalar("grad", call);
    const [value] = results as [Tensor];
    const [gradient] = backward(call, values, [onesLike(value)]) as [TensorTree<A[I]>];
    return { value, gradient };
  };
}

/**
 * The gradient of a scalar function, as a function of the same arguments. It can be differentiated again.
 *
 * @example
 * ```ts
 * import { grad, type Tensor, tensor } from "chainrule";
 * const df = grad((x: Tensor) => x.square().sum());
 * await df(tensor([1, 2, 3])).array(); // → [ 2, 4, 6 ]
 * ```
 */
export function grad<A extends unknown[], I extends number = 0>(
  f: (...args: A) => Tensor,
  options: { readonly argument?: I } = {},
): (...args: A) => TensorTree<A[I]> {
  const both = valueAndGrad(f, options);
  return (...args) => both(...args).gradient;
}

/**
 * Value and pullback: [y, pull] = vjp(f, …args), where pull(ȳ) gives the list of cotangents āᵢ = ȳ·∂y/∂aᵢ, one for each
 * argument. The pullback may be called any number of times.
 */
export function vjp<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: A
): [TensorTree<R>, (cotangent: TensorTree<R>) => TensorTree<A>] {
  const { call, values, results } = forward("vjp", f as AnyFunction, args, args.map((_, i) => i));
  const pull = (cotangent: TensorTree<R>): TensorTree<A> => {
    const { leaves } = flatten(cotangent);
    requireLike("vjp: the cotangent", results, leaves);
    return backward(call, values, leaves) as TensorTree<A>;
  };
  return [unflatten(call.structure, results) as TensorTree<R>, pull];
}

/** @throws ShapeError unless the two lists have the same shapes */
export function requireLike(what: string, wanted: readonly Tensor[], found: readonly Tensor[]): void {
  if (wanted.length === found.length && wanted.every((t, i) => sameShape(t.shape, (found[i] as Tensor).shape))) return;
  const shapes = (list: readonly Tensor[]): string => list.map((t) => formatShape(t.shape)).join(", ");
  throw new ShapeError(located(`${what} has shapes (${shapes(found)}), but (${shapes(wanted)}) are needed.`));
}

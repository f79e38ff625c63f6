/** jvp and hvp: directional derivatives. */
import { leavesLike } from "../graph/like.ts";
import { duringTransform, isDifferentiable } from "../graph/trace.ts";
import { zerosLike } from "../ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type TensorTree, unflatten } from "../tensor/tree.ts";
import { type AnyFunction, settle, traceCall } from "./arguments.ts";
import { differentiated } from "./gradient.ts";
import { pushforward } from "./jvp.ts";

/**
 * Value and directional derivative: [y, ẏ] = jvp(f, args, tangents), with ẏ = Σ ∂y/∂aᵢ · ȧᵢ.
 *
 * @param tangents one tree for each argument, of the same structure and shapes; the entries at integers and booleans
 *   have no effect
 * @throws ShapeError, DTypeError if the tangents are not like the arguments
 * @example
 * ```ts
 * import { jvp, type Tensor, tensor } from "chainrule";
 * const [y, dy] = jvp((x: Tensor) => x.square().sum(), [tensor([1, 2])], [tensor([1, 0])]);
 * await Promise.all([y.item(), dy.item()]); // → [ 5, 2 ]
 * ```
 */
export function jvp<A extends unknown[], R>(
  f: (...args: A) => R,
  args: A,
  tangents: TensorTree<A>,
): [TensorTree<R>, TensorTree<R>] {
  return directional("jvp", f, args, tangents);
}

function directional<A extends unknown[], R>(
  name: string,
  f: (...args: A) => R,
  args: A,
  tangents: TensorTree<A>,
): [TensorTree<R>, TensorTree<R>] {
  const positions = args.map((_, i) => i);
  const call = traceCall(name, f as AnyFunction, args, positions);
  const leaves = leavesLike(`${name}: the tangent`, call.argument, tangents);
  const directions = call.argument.leaves.map((x, i) => (isDifferentiable(x) ? (leaves[i] as Tensor) : null));
  const pushed = pushforward(call.graph, call.inputs, directions);
  const results = settle(call, pushed.outputs);
  const derivative = duringTransform(() => results.map((y, i) => pushed.tangents[i] ?? zerosLike(y)));
  return [unflatten(call.structure, results) as TensorTree<R>, unflatten(call.structure, derivative) as TensorTree<R>];
}

/**
 * Hessian-vector product of a scalar function: hvp(f)(x, v) = ∇²f(x)·v, at about the cost of two gradients and without
 * the Hessian. x and v are trees of the same structure.
 *
 * @example
 * ```ts
 * import { hvp, type Tensor, tensor } from "chainrule";
 * const cubes = (x: Tensor) => x.square().mul(x).sum();
 * await hvp(cubes)(tensor([1, 2]), tensor([1, 1])).array(); // → [ 6, 12 ]
 * ```
 */
export function hvp<T>(f: (x: T) => Tensor): (x: T, v: TensorTree<T>) => TensorTree<T> {
  const both = differentiated("hvp", f as (...args: [T]) => Tensor, {});
  const gradient = (x: T): TensorTree<T> => both(x).gradient;
  return (x, v) => directional("hvp", gradient, [x], [v] as TensorTree<[T]>)[1] as unknown as TensorTree<T>;
}

/** jacobian and hessian: all partial derivatives, a batch of directions at a time. */
import { requireFunction } from "../graph/input.ts";
import type { MaybeTensor } from "../graph/primitive.ts";
import { evaluateNodes, isDifferentiable } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { zeros, zerosLike } from "../ops/constant.ts";
import { eye } from "../ops/iota.ts";
import { checkChoice, checkOptions } from "../tensor/options.ts";
import { range } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type TensorTree, unflatten } from "../tensor/tree.ts";
import { type AnyFunction, settle, type TracedCall, traceByFloats } from "./arguments.ts";
import { vmap } from "./batch.ts";
import { differentiated } from "./gradient.ts";
import { pushforward } from "./jvp.ts";
import { pullback } from "./vjp.ts";

/** For each tensor in R, the tree of derivatives by each tensor in T. */
export type JacobianTree<R, T> = R extends Tensor
  ? TensorTree<T>
  : R extends object
    ? { [K in keyof R]: JacobianTree<R[K], T> }
    : R;

export interface JacobianOptions {
  /** forward: one pass for each input; reverse: one for each output; auto (default): whichever is fewer. */
  readonly mode?: "forward" | "reverse" | "auto";
}

/**
 * All partial derivatives of f by its first argument: for a result of shape S and an argument of shape T a tensor of
 * shape [...S, ...T]; for trees, a tree of such trees.
 *
 * @example
 * ```ts
 * import { jacobian, type Tensor, tensor } from "chainrule";
 * await jacobian((x: Tensor) => x.square())(tensor([1, 2])).array(); // → [ [ 2, 0 ], [ 0, 4 ] ]
 * ```
 */
export function jacobian<T, A extends unknown[], R>(
  f: (x: T, ...rest: A) => R,
  options: JacobianOptions = {},
): (x: T, ...rest: A) => JacobianTree<R, T> {
  return everyPartial("jacobian", f, options);
}

function everyPartial<T, A extends unknown[], R>(
  name: string,
  f: (x: T, ...rest: A) => R,
  options: JacobianOptions,
): (x: T, ...rest: A) => JacobianTree<R, T> {
  requireFunction(name, f);
  checkOptions(name, options, ["mode"]);
  const mode = checkChoice(name, "mode", options.mode ?? "auto", ["forward", "reverse", "auto"]);
  return (...args) => {
    const call = traceByFloats(name, f as AnyFunction, args, [0]);
    const values = evaluateNodes(call.graph, call.inputs);
    const results = call.graph.outputs.map((node) => firstOf(values, node));
    const outputs = settle(call, results);
    const count = (list: readonly Tensor[]): number => list.reduce((n, t) => n + t.size, 0);
    const forward = mode === "forward" || (mode === "auto" && count(call.argument.leaves) < count(outputs));
    const rows = forward ? byColumns(call, outputs) : byRows(call, outputs, values);
    const trees = rows.map((row) => (unflatten(call.argument.structure, row) as unknown[])[0]);
    return unflatten(call.structure, trees as Tensor[]) as JacobianTree<R, T>;
  };
}

/** Forward mode: the derivative of every output along each unit direction of each input. */
function byColumns(call: TracedCall, outputs: readonly Tensor[]): Tensor[][] {
  const { leaves } = call.argument;
  const columns = leaves.map((leaf, i) => {
    const along = (direction: Tensor): Tensor[] => {
      const tangents = leaves.map((_, j) => (j === i ? direction : null));
      const pushed = pushforward(call.graph, call.inputs, tangents).tangents;
      return outputs.map((y, o) => pushed[o] ?? zeros(y.shape, isDifferentiable(y) ? y.dtype : leaf.dtype));
    };
    return vmap(along)(unitDirections(leaf)) as Tensor[];
  });
  return outputs.map((y, o) =>
    leaves.map((x, i) => {
      const derivative = (columns[i] as Tensor[])[o] as Tensor; // [x.size, ...y.shape]
      return derivative.transpose([...range(y.rank, 1), 0]).reshape([...y.shape, ...x.shape]);
    }),
  );
}

/** Reverse mode: the gradient of each element of each output. */
function byRows(call: TracedCall, outputs: readonly Tensor[], values: ReturnType<typeof evaluateNodes>): Tensor[][] {
  const { leaves } = call.argument;
  const wanted = call.graph.inputs.slice(0, leaves.length);
  return outputs.map((y, o) => {
    if (!isDifferentiable(y)) return leaves.map((x) => zeros([...y.shape, ...x.shape], x.dtype));
    const pull = (cotangent: Tensor) =>
      pullback(
        call.graph,
        values,
        outputs.map((_, j) => (j === o ? cotangent : null)),
        wanted,
      );
    return fromRows(y, leaves, pull);
  });
}

/** The Jacobians of y by each of `xs`, [...y.shape, ...x.shape], from the rule that pulls a cotangent of y back to them. */
export function fromRows(
  y: Tensor,
  xs: readonly Tensor[],
  pull: (cotangent: Tensor) => readonly MaybeTensor[],
): Tensor[] {
  const from = (cotangent: Tensor): Tensor[] => pull(cotangent).map((ct, i) => ct ?? zerosLike(xs[i] as Tensor));
  const rows = vmap(from)(unitDirections(y)) as Tensor[];
  return xs.map((x, i) => (rows[i] as Tensor).reshape([...y.shape, ...x.shape]));
}

/** [size, ...shape]: each element once 1 and the others 0. */
const unitDirections = (x: Tensor): Tensor => eye(x.size, x.dtype).reshape([x.size, ...x.shape]);

/**
 * Second derivatives of a scalar function: for an argument of shape T a tensor of shape [...T, ...T]; for a tree, a tree
 * of trees. Forward over reverse mode: one Hessian-vector product for each element of the argument, as one batch.
 *
 * @example
 * ```ts
 * import { hessian, type Tensor, tensor } from "chainrule";
 * const cubes = (x: Tensor) => x.square().mul(x).sum();
 * await hessian(cubes)(tensor([1, 2])).array(); // → [ [ 6, 0 ], [ 0, 12 ] ]
 * ```
 */
export function hessian<T, A extends unknown[]>(
  f: (x: T, ...rest: A) => Tensor,
): (x: T, ...rest: A) => JacobianTree<TensorTree<T>, T> {
  const both = differentiated("hessian", f as (...args: [T, ...A]) => Tensor, {});
  const gradient = (...args: [T, ...A]) => both(...args).gradient as TensorTree<T>;
  return everyPartial("hessian", gradient, { mode: "forward" });
}

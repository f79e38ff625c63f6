/** vmap: a function of one example as a function of a batch. */
import { located, ShapeError, TraceError } from "../graph/errors.ts";
import { requireFunction } from "../graph/input.ts";
import { duringTransform, requireSynchronous, traceFunction } from "../graph/trace.ts";
import { checkOptions } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, type Structure, type TensorTree, unflatten } from "../tensor/tree.ts";
import { batchEvaluate } from "./vmap.ts";

export interface VmapOptions {
  /** The axis of each argument to map over; null for an argument that is the same for all. Default 0 for all. */
  readonly axes?: readonly (number | null)[];
}

/**
 * Maps a function over an axis of its arguments without a loop; results have the mapped axis first. What the function
 * uses from around it is the same for all examples, and so is the random state of a layer: dropout in training drops
 * the same elements in each. For numbers that differ, map over keys: `random.split(key, count)`.
 *
 * @throws ShapeError if the mapped axes differ in extent, TraceError if the function stores what differs by example
 * @example
 * ```ts
 * import { type Tensor, tensor, vmap } from "chainrule";
 * const dot = (a: Tensor, b: Tensor) => a.mul(b).sum();
 * await vmap(dot)(tensor([[1, 2], [3, 4]]), tensor([[1, 1], [2, 2]])).array(); // → [ 3, 14 ]
 * ```
 */
export function vmap<A extends unknown[], R>(
  f: (...args: A) => R,
  options: VmapOptions = {},
): (...args: A) => TensorTree<R> {
  requireFunction("vmap", f);
  checkOptions("vmap", options, ["axes"]);
  return (...args) => {
    const { leaves, batched, size, structure } = batchedLeaves(args, options.axes);
    const examples = leaves.map((leaf, i) => ({
      shape: batched[i] === true ? leaf.shape.slice(1) : leaf.shape,
      dtype: leaf.dtype,
    }));
    let result: Structure | undefined;
    const { graph, captured, written } = traceFunction((...tensors) => {
      const value = flatten(requireSynchronous("vmap", f(...(unflatten(structure, tensors) as A))));
      result = value.structure;
      return value.leaves;
    }, examples);
    const inputs = [...leaves, ...captured];
    const { outputs, batched: varies } = batchEvaluate(graph, inputs, [...batched, ...captured.map(() => false)], size);
    const count = outputs.length - written.length;
    written.forEach((box, i) => {
      if (varies[count + i] === true) {
        throw new TraceError(
          located(
            "vmap: the function stores a value that differs from example to example (running statistics, say). Return it instead.",
          ),
        );
      }
      box.value = outputs[count + i] as Tensor;
    });
    const all = duringTransform(() =>
      outputs.slice(0, count).map((y, i) => (varies[i] === true ? y : y.broadcastTo([size, ...y.shape]))),
    );
    return unflatten(result as Structure, all) as TensorTree<R>;
  };
}

/** The leaves of all arguments, mapped axes moved to the front, and the batch size. @throws ShapeError */
function batchedLeaves(args: readonly unknown[], axes: VmapOptions["axes"]) {
  if (axes !== undefined && axes.length !== args.length) {
    throw new ShapeError(
      located(
        `vmap: the option axes has ${axes.length} entries for ${args.length} arguments; give one for each, null for none.`,
      ),
    );
  }
  let size: number | undefined;
  const batched: boolean[] = [];
  const moved = args.map((arg, position) => {
    const { leaves, structure, paths } = flatten(arg);
    const axis = axes === undefined ? 0 : (axes[position] as number | null);
    const placed = leaves.map((leaf, i) => {
      batched.push(axis !== null);
      if (axis === null) return leaf;
      const first = leaf.rank === 0 ? undefined : leaf.moveAxis(axis, 0);
      const extent = first?.shape[0];
      if (first === undefined || (size !== undefined && extent !== size)) {
        throw new ShapeError(
          located(
            `vmap: argument ${position}${paths[i]} of shape ${formatShape(leaf.shape)} has ` +
              `${first === undefined ? "no axis to map over" : `extent ${extent} along axis ${axis}, and others have ${size}`}. ` +
              "Use the option axes to say which axis of each argument is mapped, null for none.",
          ),
        );
      }
      size = extent;
      return first;
    });
    return unflatten(structure, placed);
  });
  if (size === undefined)
    throw new ShapeError(located("vmap: no argument is mapped; at least one must have a batch axis."));
  const { leaves, structure } = flatten(moved);
  return { leaves, structure, batched, size };
}

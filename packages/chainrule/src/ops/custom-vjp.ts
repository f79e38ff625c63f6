/** Functions that bring a backward rule of their own. */
import { located, TraceError } from "../graph/errors.ts";
import { leavesLike } from "../graph/like.ts";
import { createGraph, type Graph } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bindAll, buildGraph, currentTrace, evaluate, isDifferentiable } from "../graph/trace.ts";
import { isConcrete, type Tensor } from "../tensor/tensor.ts";
import { flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { zeros, zerosLike } from "./constant.ts";
import { inputAvals, outputAvals, traceBranch, withCaptures } from "./control.ts";
import { example } from "./define.ts";
import { register } from "./registry.ts";

/**
 * Inputs: arguments, then what the two functions use from around them. `graph` takes these; `backward` takes them
 * followed by the results and the cotangents of the results, and gives the cotangents of the arguments.
 */
interface CustomAttrs {
  readonly graph: Graph;
  readonly backward: Graph;
  readonly [key: string]: Graph;
}

/** The backward rule applied; inputs that are no arguments get no cotangent. */
function pull(
  { backward }: CustomAttrs,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | null)[],
) {
  const given = outputs.map((y, i) => cotangents[i] ?? zerosLike(y));
  const found = evaluate(backward, [...inputs, ...outputs, ...given]);
  return inputs.map((_, i) => found[i] ?? null);
}

const op: Primitive = /* @__PURE__ */ register<CustomAttrs>({
  name: "customVjp",
  doc: "A subgraph with a backward rule of its own.",
  onnx: null,
  infer: (_, { graph }) => outputAvals(graph),
  lowering: { kind: "structural" },
  evaluate: (inputs, { graph }) => evaluate(graph, inputs),
  vjp: (primals, outputs, cotangents, attrs) => pull(attrs, primals, outputs, cotangents),
  // The backward rule c ↦ Jᵀc is linear in c, so its own transpose, J, is the derivative of ⟨t, Jᵀc⟩ by c.
  jvp(primals, tangents, outputs, { backward }, transforms) {
    const wanted = backward.inputs.map((_, i) => i >= primals.length + outputs.length);
    const directions = backward.outputs.flatMap((node, i) => {
      const { shape, dtype } = node.avals[0] as Tensor;
      return isDifferentiable({ shape, dtype }) ? [tangents[i] ?? zeros(shape, dtype)] : [];
    });
    return evaluate(transforms.vjp(backward, wanted), [
      ...primals,
      ...outputs,
      ...outputs.map(zerosLike),
      ...directions,
    ]);
  },
  batch(inputs, batched, size, { graph, backward }, transforms) {
    const [outputs, results] = [outputAvals(graph), outputAvals(backward)];
    const everywhere = outputs.map(() => true);
    const forward = transforms.vmap(graph, batched, size, everywhere).graph;
    const pulled = transforms.vmap(
      backward,
      [...batched, ...everywhere, ...everywhere],
      size,
      results.map(() => true),
    ).graph;
    // An argument shared by all examples collects the cotangents of all.
    const collected = buildGraph(inputAvals(pulled), (...args) =>
      evaluate(pulled, args).map((ct, i) => {
        if (batched[i] === true) return ct;
        return isDifferentiable(ct) ? ct.sum(0) : zerosLike(args[i] as Tensor);
      }),
    );
    return bindAll(op, { graph: forward, backward: collected }, inputs);
  },
  samples: () => {
    const x = example([2, 3], 0.5, 2);
    const graph = traceBranch("sample", (a) => (a as Tensor).mul(a as Tensor).sin(), [x]).graph;
    const rule = (a: Tensor, ct: Tensor): Tensor => ct.mul(a.mul(a).cos()).mul(a.mul(2));
    const backward = traceBranch("sample", (a, _, ct) => rule(a as Tensor, ct as Tensor), [x, x, x]).graph;
    return [{ inputs: [x], attrs: { graph, backward } }];
  },
});

/**
 * A function like `f` whose gradient is given by `backward` instead of being derived: for a better-conditioned formula,
 * or for a gradient that is wanted different (straight-through estimators, clipping, reversal).
 *
 * @param backward from the arguments, the result and the cotangent of the result (∂L/∂result), the list of cotangents
 *   of the arguments; it must be linear in the cotangent. Arguments and result may be trees.
 * @example
 * ```ts
 * import { customVjp, grad, type Tensor, tensor } from "chainrule";
 * const round = customVjp((x: Tensor) => x.add(0.5).floor(), ([_x], _y, cotangent) => [cotangent]);
 * await grad((x: Tensor) => round(x).sum())(tensor([0.2, 1.7])).array(); // → [ 1, 1 ]
 * ```
 */
export function customVjp<A extends unknown[], R>(
  f: (...args: A) => R,
  backward: (args: TensorTree<A>, result: TensorTree<R>, cotangent: TensorTree<R>) => readonly unknown[],
): (...args: A) => TensorTree<R> {
  return (...args) => {
    if (currentTrace() === undefined) {
      const result = flatten(f(...args));
      return unflatten(result.structure, result.leaves) as TensorTree<R>;
    }
    const input = flatten(args);
    const { leaves } = input;
    const forward = traceBranch("customVjp", f as (...a: unknown[]) => unknown, args);
    if (forward.captured.some((t) => isDifferentiable(t) && !isConcrete(t))) {
      throw new TraceError(
        located(
          "customVjp: the function uses a traced value that is not among its arguments. Pass everything that a gradient may " +
            "flow to as an argument.",
        ),
      );
    }
    const stand = unflatten(
      forward.structure,
      outputAvals(forward.graph).map(({ shape, dtype }) => zeros(shape, dtype)),
    );
    const rule = (...given: unknown[]): Tensor[] =>
      leavesLike("customVjp: the cotangent", input, (backward as (...a: unknown[]) => unknown)(...given));
    const back = traceBranch("customVjp", rule, [args, stand, stand]);
    const captured = [...new Set([...forward.captured, ...back.captured])];
    const attrs = {
      graph: withCaptures(forward.graph, leaves.length, forward.captured, captured),
      backward: backwardGraph(back.graph, leaves.length, back.captured, captured),
    };
    const results = bindAll(op, attrs, [...leaves, ...captured]);
    return unflatten(forward.structure, results) as TensorTree<R>;
  };
}

/** The traced rule takes arguments, results, cotangents, its own captures; the node's takes all captures after the arguments. */
function backwardGraph(graph: Graph, count: number, own: readonly Tensor[], captured: readonly Tensor[]): Graph {
  const fixed = graph.inputs.length - own.length;
  const all = withCaptures(graph, fixed, own, captured);
  const [args, rest, late] = [all.inputs.slice(0, count), all.inputs.slice(count, fixed), all.inputs.slice(fixed)];
  return createGraph([...args, ...late, ...rest], all.outputs);
}

/** Functions that bring a backward rule of their own. */
import { located, TraceError } from "../graph/errors.ts";
import type { Graph } from "../graph/node.ts";
import type { GraphTransforms, Primitive } from "../graph/primitive.ts";
import { bindAll, buildGraph, currentTrace, evaluate, isDifferentiable } from "../graph/trace.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { zerosLike } from "./constant.ts";
import { inputAvals, outputAvals, traceBranch } from "./control.ts";
import { example } from "./define.ts";
import { register } from "./registry.ts";

/** Flat form of a backward rule: inputs, outputs and cotangents to the cotangent of each input. */
type Backward = (inputs: readonly Tensor[], outputs: readonly Tensor[], cotangents: readonly Tensor[]) => readonly Tensor[];

interface CustomAttrs {
  readonly graph: Graph;
  readonly backward: Backward;
  readonly [key: string]: Graph | Backward;
}

const op: Primitive = register<CustomAttrs>({
  name: "customVjp",
  doc: "A subgraph with a backward rule of its own.",
  onnx: null,
  infer: (_, { graph }) => outputAvals(graph),
  lowering: { kind: "structural" },
  evaluate: (inputs, { graph }) => evaluate(graph, inputs),
  vjp(primals, outputs, cotangents, { backward }) {
    return [...backward(primals, outputs, outputs.map((y, i) => cotangents[i] ?? zerosLike(y)))];
  },
  // The backward rule c ↦ Jᵀc is linear in c, so its own transpose, J, is the derivative of ⟨t, Jᵀc⟩ by c.
  jvp(primals, tangents, outputs, { backward }, transforms) {
    const active = primals.flatMap((_, i) => (tangents[i] ? [i] : []));
    const graph = backwardGraph(primals, outputs, backward, active);
    const wanted = graph.inputs.map((_, i) => i >= primals.length + outputs.length);
    const pulled = transforms.vjp(graph, wanted);
    const given = active.map((i) => tangents[i] as Tensor);
    return evaluate(pulled, [...primals, ...outputs, ...outputs.map(zerosLike), ...given]);
  },
  batch(inputs, batched, size, attrs, transforms) {
    const all = outputAvals(attrs.graph).map(() => true);
    const graph = transforms.vmap(attrs.graph, batched, size, all).graph;
    return bindAll(op, { graph, backward: batchedBackward(attrs, batched, size, transforms) }, inputs);
  },
  samples: () => {
    const x = example([2, 3], 0.5, 2);
    const graph = traceBranch("sample", (a) => (a as Tensor).mul(a as Tensor).sin(), [x]).graph;
    const backward: Backward = ([a], _, [c]) => {
      const [v, ct] = [a as Tensor, c as Tensor];
      return [ct.mul(v.mul(v).cos()).mul(v.mul(2))];
    };
    return [{ inputs: [x], attrs: { graph, backward } }];
  },
});

/** The backward rule as a graph: inputs, outputs, cotangents → the cotangents of the inputs in `wanted`. */
function backwardGraph(inputs: readonly Tensor[], outputs: readonly Tensor[], backward: Backward, wanted: readonly number[]): Graph {
  const [n, m] = [inputs.length, outputs.length];
  return buildGraph([...inputs, ...outputs, ...outputs], (...args) => {
    const all = backward(args.slice(0, n), args.slice(n, n + m), args.slice(n + m));
    return wanted.map((i) => all[i] as Tensor);
  });
}

function batchedBackward(attrs: CustomAttrs, batched: readonly boolean[], size: number, transforms: GraphTransforms): Backward {
  return (inputs, outputs, cotangents) => {
    const one = inputAvals(attrs.graph);
    const results = outputAvals(attrs.graph);
    const [n, m] = [one.length, results.length];
    const graph = buildGraph([...one, ...results, ...results], (...args) =>
      attrs.backward(args.slice(0, n), args.slice(n, n + m), args.slice(n + m)),
    );
    const varies = [...batched, ...results.map(() => true), ...results.map(() => true)];
    const pulled = evaluate(transforms.vmap(graph, varies, size, one.map(() => true)).graph, [...inputs, ...outputs, ...cotangents]);
    // An input shared by all examples collects the cotangents of all.
    return pulled.map((ct, i) => (batched[i] === true ? ct : ct.sum(0)));
  };
}

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
    if (currentTrace() === undefined) return f(...args) as TensorTree<R>;
    const input = flatten(args);
    const traced = traceBranch("customVjp", f as (...args: unknown[]) => unknown, args);
    if (traced.captured.some((t) => isDifferentiable(t) && !(ArrayBuffer.isView(t.payload)))) {
      throw new TraceError(
        located("customVjp: the function uses a traced value that is not among its arguments. Pass everything that a gradient may flow to as an argument."),
      );
    }
    const flat: Backward = (inputs, outputs, cotangents) => {
      const own = inputs.slice(0, input.leaves.length);
      const result = backward(
        unflatten(input.structure, own) as TensorTree<A>,
        unflatten(traced.structure, outputs) as TensorTree<R>,
        unflatten(traced.structure, cotangents) as TensorTree<R>,
      );
      return [...checkCotangents(flatten(result).leaves, own), ...inputs.slice(own.length).map(zerosLike)];
    };
    const results = bindAll(op, { graph: traced.graph, backward: flat }, [...input.leaves, ...traced.captured]);
    return unflatten(traced.structure, results) as TensorTree<R>;
  };
}

function checkCotangents(found: readonly Tensor[], inputs: readonly Tensor[]): readonly Tensor[] {
  const fits = found.length === inputs.length && found.every((ct, i) => ct instanceof Tensor && sameShape(ct.shape, (inputs[i] as Tensor).shape));
  if (fits) return found;
  const shapes = (list: readonly Tensor[]): string => list.map((t) => formatShape(t.shape)).join(", ");
  throw new TraceError(
    located(
      `customVjp: the backward rule returned cotangents of shapes (${shapes(found)}), but the arguments have shapes (${shapes(inputs)}). ` +
        "Return one cotangent for each argument, in order.",
    ),
  );
}

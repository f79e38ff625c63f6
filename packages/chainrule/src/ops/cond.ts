/** A choice between two functions, of which only one runs. */
import { DTypeError, located } from "../graph/errors.ts";
import { requireTensor } from "../graph/input.ts";
import type { Aval, Graph } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bindAll, currentTrace, evaluate, isDifferentiable } from "../graph/trace.ts";
import { tensor } from "../tensor/create.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { zerosLike } from "./constant.ts";
import { copyAll, outputAvals, requireSame, requireSameStructure, traceBranch, withCaptures } from "./control.ts";
import { batchAll, example, shapeError } from "./define.ts";
import { register } from "./registry.ts";
import { where } from "./select.ts";

interface CondAttrs {
  readonly then: Graph;
  readonly otherwise: Graph;
  readonly [key: string]: Graph;
}

/** @throws DTypeError, ShapeError unless it is a bool of one element */
function checkPredicate({ dtype, shape }: Aval): void {
  if (dtype !== "bool")
    throw new DTypeError(located(`cond: the predicate is ${dtype}, not bool. Compare, as in x.greater(0).`));
  if (sizeOf(shape) !== 1)
    throw shapeError("cond", "the predicate must have one element; use where to choose element by element.");
}

/** Inputs: the predicate, then the operands of both graphs. */
const op: Primitive = /* @__PURE__ */ register<CondAttrs>({
  name: "cond",
  doc: "Runs one of two subgraphs.",
  onnx: "If",
  infer([predicate], { then, otherwise }) {
    checkPredicate(predicate as Aval);
    requireSame("cond: the two functions return different types", outputAvals(then), outputAvals(otherwise));
    return outputAvals(then);
  },
  lowering: {
    kind: "steps",
    steps(build, [predicate, ...operands], outputs, { then, otherwise }) {
      const branch = (graph: Graph) => {
        const body = build.graph(graph, operands);
        return [...body.steps, ...copyAll(build.copy, body.outputs, outputs)];
      };
      return [{ kind: "if", condition: predicate?.id as number, then: branch(then), otherwise: branch(otherwise) }];
    },
  },
  evaluate: ([predicate, ...operands], { then, otherwise }) =>
    evaluate((predicate as Tensor).itemSync() !== 0 ? then : otherwise, operands),
  jvp([predicate, ...operands], [, ...tangents], outputs, { then, otherwise }, transforms) {
    const active = tangents.map((t) => t !== null);
    const attrs = { then: transforms.jvp(then, active), otherwise: transforms.jvp(otherwise, active) };
    const results = bindAll(op, attrs, [predicate as Tensor, ...operands, ...tangents.filter((t) => t !== null)]);
    const found = results.slice(outputs.length);
    return outputs.map((y) => (isDifferentiable(y) ? (found.shift() as Tensor) : null));
  },
  vjp([predicate, ...operands], outputs, cotangents, { then, otherwise }, [, ...needed], transforms) {
    const wanted = operands.map((t, i) => needed[i] === true && isDifferentiable(t));
    const attrs = { then: transforms.vjp(then, wanted), otherwise: transforms.vjp(otherwise, wanted) };
    const given = outputs.flatMap((y, i) => (isDifferentiable(y) ? [cotangents[i] ?? zerosLike(y)] : []));
    const results = bindAll(op, attrs, [predicate as Tensor, ...operands, ...given]);
    return [null, ...wanted.map((w) => (w ? (results.shift() as Tensor) : null))];
  },
  batch([predicate, ...operands], [varies, ...batched], size, { then, otherwise }, transforms) {
    if (varies !== true) {
      const all = outputAvals(then).map(() => true);
      const attrs = {
        then: transforms.vmap(then, batched, size, all).graph,
        otherwise: transforms.vmap(otherwise, batched, size, all).graph,
      };
      return bindAll(op, attrs, [predicate as Tensor, ...operands]);
    }
    // Every example may take another branch: both run, and each example takes its own results.
    const all = operands.map(() => true);
    const everywhere = outputAvals(then).map(() => true);
    const inputs = batchAll(operands, batched, size);
    const yes = evaluate(transforms.vmap(then, all, size, everywhere).graph, inputs);
    const no = evaluate(transforms.vmap(otherwise, all, size, everywhere).graph, inputs);
    return yes.map((y, i) =>
      where((predicate as Tensor).reshape([size, ...new Array<number>(y.rank - 1).fill(1)]), y, no[i] as Tensor),
    );
  },
  samples: () =>
    [true, false].map((predicate) => {
      const x = example([3], 0.5, 2);
      const then = traceBranch("sample", (a) => (a as Tensor).mul(a as Tensor), [x]).graph;
      const otherwise = traceBranch("sample", (a) => (a as Tensor).sin(), [x]).graph;
      return { inputs: [tensor(predicate), x], attrs: { then, otherwise } };
    }),
});

/**
 * then(...operands) if the predicate (a bool of one element) is true, else otherwise(...operands); only one is
 * computed, except under vmap with a predicate that differs from example to example: there both are, for all of them.
 * Both must return the same structure, shapes and dtypes. Either may use tensors from around it.
 *
 * @example
 * ```ts
 * import { cond, tensor } from "chainrule";
 * const x = tensor(-3);
 * await cond(x.less(0), () => x.neg(), () => x).item(); // → 3
 * ```
 */
export function cond<A extends unknown[], R>(
  predicate: Tensor,
  then: (...operands: A) => R,
  otherwise: (...operands: A) => R,
  ...operands: A
): TensorTree<R> {
  requireTensor("cond", "the predicate", predicate);
  if (currentTrace() === undefined) {
    checkPredicate(predicate);
    const { leaves, structure } = flatten((predicate.itemSync() !== 0 ? then : otherwise)(...operands));
    return unflatten(structure, leaves) as TensorTree<R>;
  }
  const { leaves } = flatten(operands);
  const yes = traceBranch("cond", then as (...args: unknown[]) => unknown, operands);
  const no = traceBranch("cond", otherwise as (...args: unknown[]) => unknown, operands, yes.structure);
  requireSameStructure("cond: the two functions return results of different structure", yes.structure, no.structure);
  const captured = [...new Set([...yes.captured, ...no.captured])];
  const attrs = {
    then: withCaptures(yes.graph, leaves.length, yes.captured, captured),
    otherwise: withCaptures(no.graph, leaves.length, no.captured, captured),
  };
  const results = bindAll(op, attrs, [predicate, ...leaves, ...captured]);
  return unflatten(yes.structure, results) as TensorTree<R>;
}

/** What cond, scan and whileLoop share: tracing a branch or a body, and describing it in errors. */
import { located, TraceError } from "../graph/errors.ts";
import { type Aval, avalOf, createGraph, createNode, type Graph } from "../graph/node.ts";
import type { BufferRef } from "../graph/primitive.ts";
import { traceWithBoxes } from "../graph/stateful.ts";
import { INPUT } from "../graph/structural.ts";
import { requireSynchronous, type TracedFunction, traceFunction } from "../graph/trace.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, type Structure, sameStructure, unflatten } from "../tensor/tree.ts";

export interface TracedBranch {
  readonly graph: Graph;
  readonly captured: readonly Tensor[];
  readonly structure: Structure;
}

type TreeFunction = (...args: unknown[]) => unknown;

/** Traces a function of trees by a function that traces those of tensors. */
function traceTree<T extends TracedFunction>(
  trace: (f: (...tensors: Tensor[]) => readonly Tensor[], avals: readonly Aval[]) => T,
  name: string,
  f: TreeFunction,
  args: readonly unknown[],
  like?: Structure,
): T & { readonly structure: Structure } {
  const { leaves, structure: inputs } = flatten(args);
  let structure: Structure | undefined;
  const traced = trace((...tensors) => {
    const result = flatten(requireSynchronous(name, f(...(unflatten(inputs, tensors) as unknown[]))), like);
    structure = result.structure;
    return result.leaves;
  }, leaves);
  return { ...traced, structure: structure as Structure };
}

/**
 * Traces a function of trees.
 *
 * @param like the structure that the result should have; the order of keys is taken from there
 * @throws TraceError when the function writes a box
 */
export function traceBranch(name: string, f: TreeFunction, args: readonly unknown[], like?: Structure): TracedBranch {
  const { graph, captured, structure, written } = traceTree(traceFunction, name, f, args, like);
  if (written.length > 0) {
    throw new TraceError(
      located(
        `${name}: the function changes a stored value (a parameter, running statistics or random state, as dropout does). ` +
          "Pass that value through the operands and results instead.",
      ),
    );
  }
  return { graph, captured, structure };
}

/** Traces the body of a loop that carries along the boxes which the body reads and writes. */
export const traceBody = (name: string, f: TreeFunction, args: readonly unknown[], like?: Structure) =>
  traceTree(traceWithBoxes, name, f, args, like);

/** The graph with its inputs from position `count` on replaced by all of `captured`, of which it uses `own`. */
export function withCaptures(graph: Graph, count: number, own: readonly Tensor[], captured: readonly Tensor[]): Graph {
  const inputs = captured.map((t) => {
    const position = own.indexOf(t);
    return position >= 0
      ? (graph.inputs[count + position] as Graph["inputs"][number])
      : createNode(INPUT, [], {}, [{ shape: t.shape, dtype: t.dtype }]);
  });
  return createGraph([...graph.inputs.slice(0, count), ...inputs], graph.outputs);
}

export const inputAvals = (graph: Graph): Aval[] => graph.inputs.map(avalOf);
export const outputAvals = (graph: Graph): Aval[] => graph.outputs.map(avalOf);

const describe = (avals: readonly Aval[]): string => avals.map((a) => `${a.dtype}${formatShape(a.shape)}`).join(", ");

/** @throws TraceError unless the two lists of results agree in number, shape and dtype */
export function requireSame(message: string, a: readonly Aval[], b: readonly Aval[]): void {
  const same =
    a.length === b.length && a.every((x, i) => x.dtype === b[i]?.dtype && sameShape(x.shape, (b[i] as Aval).shape));
  if (!same) throw new TraceError(located(`${message}: (${describe(a)}) and (${describe(b)}).`));
}

/** @throws TraceError unless the two structures are the same */
export function requireSameStructure(message: string, a: Structure, b: Structure): void {
  if (!sameStructure(a, b)) throw new TraceError(located(`${message}.`));
}

/** The steps that copy each buffer of a list to its counterpart, if it is not the same. */
export const copyAll = <S>(
  copy: (from: BufferRef, to: BufferRef) => S,
  from: readonly BufferRef[],
  to: readonly BufferRef[],
): S[] => from.flatMap((buffer, i) => (buffer.id === to[i]?.id ? [] : [copy(buffer, to[i] as BufferRef)]));

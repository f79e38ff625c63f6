/** From functions of trees, as users write them, to graphs with flat inputs and outputs, and back. */
import type { Box } from "../graph/box.ts";
import { DTypeError, located, TraceError } from "../graph/errors.ts";
import type { Graph } from "../graph/node.ts";
import { isDifferentiable, traceFunction } from "../graph/trace.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, type Structure, unflatten } from "../tensor/tree.ts";

/** Any function that can be traced. */
export type AnyFunction<A extends unknown[] = never[], R = unknown> = (...args: A) => R;

export interface TracedCall {
  readonly graph: Graph;
  /** The tensors of the traced arguments, then those captured: the graph's inputs. */
  readonly inputs: readonly Tensor[];
  readonly argument: FlatTree;
  readonly structure: Structure;
  readonly paths: readonly string[];
  readonly written: readonly Box[];
}

/** Traces f(…args) as a function of the arguments at the given positions. */
export function traceCall(name: string, f: AnyFunction, args: readonly unknown[], positions: readonly number[]): TracedCall {
  const argument = flatten(positions.map((i) => args[i]));
  let structure: Structure | undefined;
  let paths: readonly string[] = [];
  const traced = traceFunction((...leaves) => {
    const replaced = unflatten(argument.structure, leaves) as unknown[];
    const all = args.map((arg, i) => (positions.includes(i) ? replaced[positions.indexOf(i)] : arg));
    const value = (f as (...a: unknown[]) => unknown)(...all);
    if (value instanceof Promise) {
      throw new TraceError(located(`${name}: the function is asynchronous. A traced function computes with tensors and returns at once; await afterwards.`));
    }
    const result = flatten(value);
    structure = result.structure;
    paths = result.paths;
    return result.leaves;
  }, argument.leaves);
  const inputs = [...argument.leaves, ...traced.captured];
  return { graph: traced.graph, inputs, argument, structure: structure as Structure, paths, written: traced.written };
}

/** Splits evaluated outputs into the function's result and the boxes it wrote, which get their new values. */
export function settle(call: TracedCall, outputs: readonly Tensor[]): Tensor[] {
  const count = outputs.length - call.written.length;
  call.written.forEach((box, i) => {
    box.value = outputs[count + i] as Tensor;
  });
  return outputs.slice(0, count);
}

/** @throws DTypeError unless every leaf of the argument has a float dtype */
export function requireFloats(name: string, { leaves, paths }: FlatTree): void {
  leaves.forEach((leaf, i) => {
    if (!isDifferentiable(leaf)) {
      throw new DTypeError(
        located(
          `${name}: the derivative is asked for by an argument that is ${leaf.dtype} (argument${paths[i]}). ` +
            'Only float32 and float64 have derivatives; convert with .cast("float32").',
        ),
      );
    }
  });
}

/** @throws TraceError unless the result is one float scalar */
export function requireScalar(name: string, { graph, structure, written }: TracedCall): void {
  const [output] = graph.outputs;
  const results = graph.outputs.length - written.length;
  const aval = output?.avals[0];
  if (structure.kind === "leaf" && results === 1 && aval !== undefined && aval.shape.length === 0 && isDifferentiable(aval)) return;
  const found =
    structure.kind === "leaf" && aval !== undefined ? `${aval.dtype}${formatShape(aval.shape)}` : `a tree of ${results} tensors`;
  throw new TraceError(
    located(
      `${name}: the function must return one float scalar, and this one returns ${found}. ` +
        "Reduce it, for example with .sum() or .mean(), or use vjp or jacobian.",
    ),
  );
}

/** From functions of trees, as users write them, to graphs with flat inputs and outputs, and back. */
import type { Box } from "../graph/box.ts";
import { DTypeError, located, TraceError } from "../graph/errors.ts";
import { requireFunction } from "../graph/input.ts";
import type { Graph } from "../graph/node.ts";
import { isDifferentiable, requireSynchronous, traceFunction } from "../graph/trace.ts";
import { describeValue } from "../tensor/options.ts";
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
  /** Of the result. */
  readonly structure: Structure;
  readonly paths: readonly string[];
  readonly written: readonly Box[];
}

/** Traces f(…args) as a function of the arguments at the given positions. */
export function traceCall(
  name: string,
  f: AnyFunction,
  args: readonly unknown[],
  positions: readonly number[],
): TracedCall {
  return traceBy(name, f, args, positions, flatten(positions.map((i) => args[i])));
}

/** `traceCall` for derivatives by the arguments. @throws DTypeError unless all their tensors are floats */
export function traceByFloats(
  name: string,
  f: AnyFunction,
  args: readonly unknown[],
  positions: readonly number[],
): TracedCall {
  const argument = flatten(positions.map((i) => args[i]));
  requireFloats(name, argument, positions);
  return traceBy(name, f, args, positions, argument);
}

function traceBy(
  name: string,
  f: AnyFunction,
  args: readonly unknown[],
  positions: readonly number[],
  argument: FlatTree,
): TracedCall {
  requireFunction(name, f);
  let result: FlatTree | undefined;
  const traced = traceFunction((...leaves) => {
    const all = [...args];
    const replaced = unflatten(argument.structure, leaves) as unknown[];
    positions.forEach((position, i) => {
      all[position] = replaced[i];
    });
    result = flatten(requireSynchronous(name, (f as (...a: unknown[]) => unknown)(...all)));
    return result.leaves;
  }, argument.leaves);
  const { structure, paths } = result as FlatTree;
  return {
    graph: traced.graph,
    inputs: [...argument.leaves, ...traced.captured],
    argument,
    structure,
    paths,
    written: traced.written,
  };
}

/** Splits evaluated outputs into the function's result and the boxes it wrote, which get their new values. */
export function settle(call: TracedCall, outputs: readonly Tensor[]): Tensor[] {
  const count = outputs.length - call.written.length;
  call.written.forEach((box, i) => {
    box.value = outputs[count + i] as Tensor;
  });
  return outputs.slice(0, count);
}

function requireFloats(name: string, { leaves, paths, structure }: FlatTree, positions: readonly number[]): void {
  leaves.forEach((leaf, i) => {
    if (isDifferentiable(leaf)) return;
    throw new DTypeError(
      located(
        `${name}: the derivative is asked for by an argument that is ${leaf.dtype} (${argumentPath(paths[i] as string, positions)}). ` +
          'Only float32 and float64 have derivatives; convert with .cast("float32").',
      ),
    );
  });
  if (leaves.length > 0) return;
  const found = firstStatic(structure, "");
  if (found === undefined) return;
  throw new TypeError(
    `${name}: the derivative is asked for by ${argumentPath(found.path, positions)}, which is ` +
      `${describeValue(found.value)} and holds no tensors. It must be a tensor or a plain ` +
      "object or array of tensors; functional(model) gives a model's parameters as one.",
  );
}

/** The first thing in a tree that is no tensor, with its path. */
function firstStatic(structure: Structure, path: string): { path: string; value: unknown } | undefined {
  if (structure.kind === "static") return { path, value: structure.value };
  if (structure.kind === "leaf") return undefined;
  const keys = structure.kind === "object" ? structure.keys : undefined;
  for (const [i, item] of structure.items.entries()) {
    const found = firstStatic(item, keys === undefined ? `${path}[${i}]` : `${path}.${keys[i]}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** "argument 1.w" for the path "[0].w" when position 1 came first. */
const argumentPath = (path: string, positions: readonly number[]): string =>
  path.replace(/^\[(\d+)\]/, (_, i: string) => `argument ${positions[Number(i)]}`);

/** @throws TraceError unless the result is one float scalar */
export function requireScalar(name: string, { graph, structure, written }: TracedCall): void {
  const [output] = graph.outputs;
  const results = graph.outputs.length - written.length;
  const aval = output?.avals[0];
  const found =
    structure.kind === "static"
      ? `${describeValue(structure.value)}${structure.value === undefined ? " (is a `return` missing?)" : ""}`
      : structure.kind === "leaf" && aval !== undefined
        ? `${aval.dtype}${formatShape(aval.shape)}`
        : `a tree of ${results} tensors`;
  if (structure.kind === "leaf" && aval?.shape.length === 0 && isDifferentiable(aval)) return;
  throw new TraceError(
    located(
      `${name}: the function must return one float scalar, and this one returns ${found}. ` +
        "Reduce it, for example with .sum() or .mean(), or use vjp or jacobian.",
    ),
  );
}

/** The gradient checker: every derivative of a scalar function against finite differences in double precision. */

import { compile } from "../compile/index.ts";
import { Box, withBoxes } from "../graph/box.ts";
import { ChainruleError, located, TraceError } from "../graph/errors.ts";
import type { Graph, Node } from "../graph/node.ts";
import {
  evaluate,
  evaluateNodes,
  isDifferentiable,
  requireSynchronous,
  suspended,
  traceFunction,
} from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { onesLike, zerosLike } from "../ops/index.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { fromData, Tensor } from "../tensor/tensor.ts";
import { flatten, unflatten } from "../tensor/tree.ts";
import { promote } from "../transform/promote.ts";
import { pullback } from "../transform/vjp.ts";
import { compare, floorOf } from "./differences.ts";
import { type GradcheckEntry, GradcheckReport } from "./report.ts";

export interface GradcheckOptions {
  /** Elements of each parameter to check, spread evenly over it; default 32. Infinity checks all. */
  readonly samples?: number;
  /** Largest relative error that passes; default 1e-6. */
  readonly tolerance?: number;
}

/**
 * Compares the gradient of a scalar function with central differences, both in float64, element by element.
 *
 * The function is either one of a tree of tensors, `gradcheck(f, x)`, or one without arguments of a model whose
 * parameters are given by name, `gradcheck(() => loss(model(x), y), params(model))`. Values computed in float32 are
 * promoted; random state is frozen, so dropout drops the same units every time. At a kink, such as relu at 0, a
 * gradient between the one-sided derivatives is right.
 *
 * @throws TraceError if the function does not return one float scalar, or there is nothing to differentiate by;
 *   ChainruleError if its value is not finite; TypeError, RangeError for wrong options
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { gradcheck } from "chainrule/check";
 * gradcheck((x: Tensor) => x.mul(x).sum(), tensor([1, 2])).passed; // → true
 * ```
 */
export function gradcheck<T>(f: (x: T) => Tensor, x: T, options?: GradcheckOptions): GradcheckReport;
export function gradcheck(
  f: () => Tensor,
  parameters: Readonly<Record<string, Box>>,
  options?: GradcheckOptions,
): GradcheckReport;
export function gradcheck(f: (x: never) => Tensor, at: unknown, options: GradcheckOptions = {}): GradcheckReport {
  const { samples, tolerance } = checked(options);
  const { names, leaves, call } = isBoxes(at)
    ? ofBoxes(f as () => Tensor, at)
    : ofTree(f as (x: unknown) => Tensor, at);
  if (!leaves.some(isDifferentiable)) {
    throw new TraceError(
      located("gradcheck: there is nothing to differentiate by; give a tree with float tensors, or params(model)."),
    );
  }
  const { graph, captured } = traceFunction(
    (...args) => [requireScalar(requireSynchronous("gradcheck", call(args)))],
    leaves,
  );
  const exact = promote(graph);
  const inputs = [...leaves, ...captured].map((t) => (t.dtype === "float32" ? t.cast("float64") : t));
  const program = compile((...args: Tensor[]) => evaluate(exact, args)[0] as Tensor);
  const value = program(...inputs).itemSync();
  if (!Number.isFinite(value)) {
    throw new ChainruleError(
      `gradcheck: the function is ${value} there; it has derivatives only where its value is finite.`,
    );
  }
  const gradients = gradientsOf(exact, inputs, leaves.length);
  const entries = leaves.flatMap((leaf, i) => {
    if (!isDifferentiable(leaf)) return [];
    const numbers = (inputs[i] as Tensor).dataSync() as Float64Array;
    const analytic = (gradients[i] as Tensor).dataSync() as Float64Array;
    const largest = analytic.reduce((most, g) => (Number.isFinite(g) ? Math.max(most, Math.abs(g)) : most), 0);
    const floor = floorOf(largest, value, tolerance);
    return sampledIndices(numbers.length, samples).map((index): GradcheckEntry => {
      const along = (offset: number): number => {
        const moved = numbers.slice();
        moved[index] = (numbers[index] as number) + offset;
        const args = inputs.map((t, j) => (j === i ? fromData(moved, t.shape, "float64") : t));
        return program(...args).itemSync();
      };
      const found = compare(along, numbers[index] as number, analytic[index] as number, floor, tolerance);
      return { name: names[i] as string, index, position: positionOf(index, leaf.shape), ...found };
    });
  });
  return new GradcheckReport(entries, tolerance);
}

function checked(options: GradcheckOptions): Required<GradcheckOptions> {
  checkOptions("gradcheck", options, ["samples", "tolerance"]);
  const { samples = 32, tolerance = 1e-6 } = options;
  if (samples !== Number.POSITIVE_INFINITY) checkNumber("gradcheck", "samples", samples, { least: 1, integer: true });
  checkNumber("gradcheck", "tolerance", tolerance, { above: 0 });
  return { samples, tolerance };
}

function requireScalar(result: unknown): Tensor {
  if (result instanceof Tensor && result.size === 1 && isDifferentiable(result)) return result;
  throw new TraceError(
    located("gradcheck: the function must return one float scalar, such as a loss. Reduce it with .sum() or .mean()."),
  );
}

function isBoxes(at: unknown): at is Record<string, Box> {
  if (typeof at !== "object" || at === null) return false;
  const values = Object.values(at);
  return values.length > 0 && values.every((value) => value instanceof Box);
}

function ofBoxes(f: () => Tensor, boxes: Record<string, Box>) {
  const list = Object.values(boxes);
  const leaves = suspended(() => list.map((box) => box.value));
  return { names: Object.keys(boxes), leaves, call: (args: readonly Tensor[]) => withBoxes(list, args, f) };
}

function ofTree(f: (x: unknown) => Tensor, x: unknown) {
  const { leaves, structure, paths } = flatten(x);
  const names = paths.map((path) => (path === "" ? "x" : path.replace(/^\./, "")));
  return { names, leaves, call: (args: readonly Tensor[]) => f(unflatten(structure, args)) };
}

function gradientsOf(graph: Graph, inputs: readonly Tensor[], count: number): Tensor[] {
  const values = evaluateNodes(graph, inputs);
  const output = firstOf(values, graph.outputs[0] as Node);
  const cotangents = graph.outputs.map((_, i) => (i === 0 ? onesLike(output) : null));
  const found = pullback(graph, values, cotangents, graph.inputs.slice(0, count));
  return found.map((ct, i) => ct ?? zerosLike(inputs[i] as Tensor));
}

/** Up to `count` positions, spread evenly. */
function sampledIndices(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * length) / count));
}

function positionOf(index: number, shape: readonly number[]): number[] {
  const position = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis] as number;
    position[axis] = rest % extent;
    rest = Math.floor(rest / extent);
  }
  return position;
}

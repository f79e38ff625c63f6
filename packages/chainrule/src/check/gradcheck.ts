/** The gradient checker: every derivative of a scalar function against finite differences in double precision. */
import type { Box } from "../graph/box.ts";
import { requireFunction } from "../graph/input.ts";
import { currentMode, type Mode, withMode } from "../graph/mode.ts";
import { avalOf, type Graph } from "../graph/node.ts";
import { buildGraph, isDifferentiable, requireSynchronous } from "../graph/trace.ts";
import { params } from "../nn/index.ts";
import type { Regularizer } from "../optim/index.ts";
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import type { TensorTree } from "../tensor/tree.ts";
import { Checker, type Found, finiteChecker, gradientsOf, type Plan, scattered } from "./checker.ts";
import { type Exact, exactly } from "./exact.ts";
import { GradcheckReport } from "./report.ts";
import {
  isModel,
  type LossFunction,
  MODES,
  type Model,
  ofFunction,
  ofModel,
  requireLeaves,
  type Subject,
} from "./subject.ts";

export interface GradcheckOptions {
  /** Elements of each parameter to check, spread evenly over it; default 32. Infinity checks all. */
  readonly samples?: number;
  /** Random directions in which each parameter is checked as a whole; default 2. */
  readonly directions?: number;
  /** Largest relative error that passes; default 1e-6. */
  readonly tolerance?: number;
  /** 2 checks second derivatives too: the Hessian times a random vector. Default 1. */
  readonly order?: 1 | 2;
  /** Whether dropout drops and the like. Default: as it is, and "training" for a model with its loss. */
  readonly mode?: Mode;
  /** A penalty on the parameters, such as l2(1e-3), checked apart from the data loss. Only for parameters of a model. */
  readonly regularizer?: Regularizer;
}

export interface GradientOptions<T> extends GradcheckOptions {
  /** A gradient worked out by hand, to be checked in place of the derived one; traced like `f`. */
  readonly gradient?: (x: T) => TensorTree<T>;
}

/** What the options leave open is decided. */
interface Wanted extends Plan {
  readonly order: 1 | 2;
}

/**
 * Compares the gradient of a scalar function with extrapolated central differences, both in float64: sampled elements of
 * each parameter one by one, and each parameter as a whole along random directions, by which a wrong element that was not
 * sampled is found. Forward mode gives a third opinion.
 *
 * The function is one of a tree of tensors, `gradcheck(f, x)`; or one without arguments of a model whose parameters are
 * given by name, `gradcheck(() => loss(model(x), y), params(model))`; or a model with its loss,
 * `gradcheck(model, loss, x, y)`, in training mode. Values computed in float32 are promoted; random state is frozen, so
 * dropout drops the same units every time. At a kink, such as relu at 0, a gradient between the one-sided derivatives is
 * right. How verdicts come about: docs/gradient-checking.md.
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
export function gradcheck(
  model: Model,
  loss: LossFunction,
  x: Tensor,
  y: Tensor,
  options?: GradcheckOptions,
): GradcheckReport;
export function gradcheck<T>(f: (x: T) => Tensor, x: T, options?: GradientOptions<T>): GradcheckReport;
export function gradcheck(
  f: () => Tensor,
  parameters: Readonly<Record<string, Box>>,
  options?: GradcheckOptions & { readonly gradient?: () => Readonly<Record<string, Tensor>> },
): GradcheckReport;
export function gradcheck(f: (x: never) => unknown, at: unknown, ...rest: unknown[]): GradcheckReport {
  const [x, y] = rest;
  const model = isModel("gradcheck", f, at, x, y) ? f : undefined;
  const options = ((model === undefined ? rest[0] : rest[2]) ?? {}) as GradientOptions<unknown>;
  const { mode, ...wanted } = checked(options);
  if (model !== undefined) {
    const subject = ofModel(model, at as LossFunction, x as Tensor, y as Tensor, { mode: mode ?? "training" });
    return report(subject, options, wanted, params(model));
  }
  const subject = ofFunction("gradcheck", f, at);
  const call: Subject["call"] = (values) =>
    withMode(mode ?? currentMode(), () => requireSynchronous("gradcheck", subject.call(values)));
  return report({ ...subject, call }, options, wanted, at as Record<string, Box>);
}

function checked(options: GradcheckOptions): Wanted & { readonly mode?: Mode } {
  const name = "gradcheck";
  const known = ["samples", "directions", "tolerance", "order", "mode", "regularizer", "gradient"];
  checkOptions(name, options, known);
  const { samples = 32, directions = 2, tolerance = 1e-6, order = 1, mode } = options;
  if (samples !== Number.POSITIVE_INFINITY) checkNumber(name, "samples", samples, { least: 1, integer: true });
  checkNumber(name, "directions", directions, { least: 0, integer: true });
  checkNumber(name, "tolerance", tolerance, { above: 0 });
  checkNumber(name, "order", order, { least: 1, most: 2, integer: true });
  const plan = { samples, directions, tolerance, order };
  return mode === undefined ? plan : { ...plan, mode: checkChoice(name, "mode", mode, MODES) };
}

function report(
  subject: Subject,
  { regularizer, gradient }: GradientOptions<unknown>,
  wanted: Wanted,
  parameters: Record<string, Box>,
): GradcheckReport {
  requireLeaves("gradcheck", subject.leaves);
  const parts: [string, Exact][] = [
    [regularizer === undefined ? "" : "data loss", exactly("gradcheck", subject, gradient)],
  ];
  if (regularizer !== undefined) {
    requireFunction("gradcheck: regularizer", regularizer);
    const { withValues } = subject;
    if (withValues === undefined) {
      throw new TypeError(
        "gradcheck: a regularizer needs the parameters of a model; give params(model), or the model.",
      );
    }
    const call: Subject["call"] = (values) => withValues(values, () => regularizer(parameters as never));
    parts.push(["regularizer", exactly("gradcheck", { ...subject, call }, undefined)]);
  }
  const all = parts.flatMap(([part, exact]) => checkPart(part, exact, wanted));
  return new GradcheckReport(
    all.flatMap(({ entries }) => entries),
    wanted.tolerance,
    all.flatMap(({ directions }) => directions),
  );
}

/** Checks one function to the order that is wanted. */
function checkPart(
  part: string,
  exact: Exact,
  { order, ...plan }: Wanted,
): { entries: Found[]; directions: Found[] }[] {
  const checker = finiteChecker("gradcheck", exact, plan);
  const orders: (readonly [1 | 2, Checker])[] = [[1, checker]];
  if (order === 2) orders.push([2, new Checker(slopeOf(exact), plan)]);
  return orders.map(([which, each]) => {
    const { entries, directions } = each.check();
    const mark = (found: Found): Found => ({ ...found, part, order: which });
    return { entries: entries.map(mark), directions: directions.map(mark) };
  });
}

/**
 * φ(θ) = ⟨∇f(θ), v⟩ for a random v, whose gradient is the Hessian times v: what is right to first order of φ is right to second
 * order of f. By B. A. Pearlmutter, "Fast exact multiplication by the Hessian", 1994.
 */
function slopeOf({ graph, inputs, names }: Exact): Exact {
  const count = names.length;
  const directions = inputs.slice(0, count).flatMap((t, leaf) => {
    if (!isDifferentiable(t)) return [];
    const numbers = Float64Array.from({ length: t.size }, (_, i) => 2 * scattered(i, 1000 + leaf) - 1);
    return [fromData(numbers, t.shape, "float64")];
  });
  const avals = [...graph.inputs.map(avalOf), ...directions];
  const slope: Graph = buildGraph(avals, (...args) => {
    const values = args.slice(0, graph.inputs.length);
    const gradients = gradientsOf(graph, values, count).filter(isDifferentiable);
    const terms = gradients.map((g, i) => g.mul(args[graph.inputs.length + i] as Tensor).sum());
    return [terms.reduce((sum, term) => sum.add(term))];
  });
  return { graph: slope, inputs: [...inputs, ...directions], names };
}

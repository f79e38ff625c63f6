/** `detectNaN`: which operation was the first to make NaN or ±∞. */

import { describeOrigin, likelyCause, type Origin, TracedRun, type ValueRange } from "../check/non-finite.ts";
import { formatNumber } from "../check/numbers.ts";
import { requireFunction } from "../graph/input.ts";
import { avalOf } from "../graph/node.ts";
import { requireSynchronous } from "../graph/trace.ts";
import { evaluation, initialize, Module, type Param, params } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { asTensor } from "../tensor/create.ts";
import { isFloat } from "../tensor/dtype.ts";
import { checkOptions } from "../tensor/options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, unflatten } from "../tensor/tree.ts";
import { type Model, outputOf, requireModel } from "../train/model.ts";
import { type LossOrigin, lossOrigin } from "../train/non-finite.ts";
import { makeStep } from "../train/train-step.ts";
import { exampleLosses } from "../train/weighted-loss.ts";
import { checkStep, requireSample, type Sample } from "./sample.ts";
import { untouched } from "./untouched.ts";

export type { ValueRange } from "../check/non-finite.ts";

export interface StepToCheck extends Sample {
  /** With it the update is looked at too: the first one, from the state in which the optimizer begins. */
  readonly optimizer?: Optimizer;
  readonly regularizer?: Regularizer;
}

/** The first operation with a result that is not finite. */
export interface NonFinite {
  /** Where it happened; "input" where a number was given that is not finite. */
  readonly pass: "input" | "forward" | "backward" | "update";
  /** "log", "div" …; backwards, the operation whose derivative it is. "" for an input. */
  readonly operation: string;
  /** The path of the layer, such as "sequential.0 (dense)"; "" outside of any. */
  readonly layer: string;
  /** In a loop or a branch, where: "step 2 of 5 of scan"; "" outside of any. */
  readonly within: string;
  /** "file:line:column" of the call in one's own code; undefined where it is not known, as in bundled programs. */
  readonly line: string | undefined;
  /** The parameter, or "argument 0" of a function, whose gradient or new value shows it; for an input, what it is. */
  readonly parameter: string | undefined;
  /** What the operation was given, all finite; backwards, the gradient that came back stands last. */
  readonly inputs: readonly ValueRange[];
  readonly result: ValueRange;
  /** What it mostly means, and what to do. */
  readonly advice: string;
}

/** What is known of an origin beside it. */
interface Place {
  readonly pass?: "update";
  readonly parameter?: string | undefined;
  /** What is outside of layers: "the loss". */
  readonly part?: string;
}

/** What `detectNaN` found. */
export class NaNReport {
  /** undefined: every result is finite. */
  readonly found: NonFinite | undefined;
  /** Operations whose results are not finite without showing in any result, as behind `where`; names with layers. */
  readonly hidden: readonly string[];
  readonly #origin: Origin | undefined;
  readonly #part: string;

  /** @internal */
  constructor(origin?: Origin, place: Place = {}, hidden: string[] = []) {
    const { parameter, part = "the loss" } = place;
    this.#origin = origin;
    this.#part = part;
    this.hidden = hidden;
    if (origin === undefined) return;
    const { kind, operation, layer, within, line, inputs, result } = origin;
    const pass = place.pass ?? (kind === "sum" ? "backward" : kind);
    this.found = { pass, operation, layer, within, line, parameter, inputs, result, advice: likelyCause(origin) };
  }

  /** Whether every result is finite. */
  get ok(): boolean {
    return this.found === undefined;
  }

  toString(): string {
    if (this.found === undefined) {
      return this.hidden.length === 0
        ? "Every number is finite."
        : `Every result is finite. On the way, and without effect, NaN or ∞ came from: ${this.hidden.join("; ")}.`;
    }
    const { pass, parameter, line, inputs, result, advice } = this.found;
    const shown = { input: "", forward: "", backward: "the gradient of ", update: "the new value of " }[pass];
    const what = describeOrigin(this.#origin as Origin, this.#part);
    const named = parameter === undefined || isArgument(parameter) ? parameter : `"${parameter}"`;
    const given = named === undefined || isArgument(named) ? named : `the parameter ${named}`;
    return [
      pass === "input"
        ? `Not finite from the beginning: ${given ?? what}.`
        : `First not finite (${pass} pass): ${what}.`,
      ...(named === undefined || pass === "input" ? [] : [`  seen in: ${shown}${named}`]),
      ...inputs.map((range, i) => `  input ${i}: ${describeRange(range)}`),
      `  result:  ${describeRange(result)}`,
      ...(line === undefined ? [] : [`  at: ${line}`]),
      `  ${advice}`,
    ].join("\n");
  }
}

const isArgument = (name: string): boolean => name.startsWith("argument ");

/** "float32[2, 3] from 0 to 5, 1 NaN" */
function describeRange({ shape, dtype, least, most, nan, infinite }: ValueRange): string {
  const finite = Number.isNaN(least) ? "" : ` from ${formatNumber(least)} to ${formatNumber(most)}`;
  return `${dtype}${formatShape(shape)}${finite}${nan > 0 ? `, ${nan} NaN` : ""}${infinite > 0 ? `, ${infinite} infinite` : ""}`;
}

/**
 * Runs a function, or a training step of a model, operation by operation, and names the first one that made NaN or ±∞ of
 * finite numbers: on the way forwards, in the gradients, or in the update. A number that is masked afterwards, as by
 * `where`, is no error, but is listed. Nothing is changed. In a loop (`scan`, `whileLoop`) it names the step too.
 *
 * @param f takes and gives trees of tensors, and if it gives one float, such as a loss, its gradients by the arguments are looked at
 *   as well (unless it has a whileLoop, which has none); or a model, with what its step needs
 * @throws TypeError for what is no function or model, or an unknown option
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { detectNaN } from "chainrule/diagnose";
 * const { found } = detectNaN((x: Tensor) => x.sub(1).log().sum(), tensor([1, 2]));
 * found?.operation; // → log
 * found?.inputs[0]?.least; // → 0
 * ```
 */
export function detectNaN(model: Model, step: StepToCheck): NaNReport;
export function detectNaN<A extends unknown[]>(f: (...args: A) => unknown, ...args: A): NaNReport;
export function detectNaN(f: unknown, ...args: unknown[]): NaNReport {
  const [step] = args;
  if (f instanceof Module && isStep(step)) return inStep(f as unknown as Model, step as StepToCheck);
  requireFunction("detectNaN", f);
  return inFunction(f as (...args: unknown[]) => unknown, args);
}

/** What a model is given that is no input of it. */
const isStep = (step: unknown): boolean =>
  typeof step !== "object" || step === null || ["loss", "x", "y", "optimizer"].some((name) => name in step);

function inFunction(f: (...args: unknown[]) => unknown, args: readonly unknown[]): NaNReport {
  const { leaves, structure, paths } = flatten(args);
  const call = (...values: Tensor[]): readonly Tensor[] => {
    const given = unflatten(structure, values) as unknown[];
    return flatten(requireSynchronous("detectNaN", f(...given))).leaves;
  };
  const run = new TracedRun(call, leaves);
  /** "[0].w" as "argument 0.w" */
  const argument = (index: number): string | undefined => paths[index]?.replace(/^\[(\d+)\]/, "argument $1");
  const part = "the function";
  const result = run.graph.outputs.find(run.isBad);
  if (result !== undefined) {
    const origin = run.forwards(result);
    const parameter = origin.kind === "input" ? argument(run.graph.inputs.indexOf(origin.node)) : undefined;
    return new NaNReport(origin, { parameter, part });
  }
  const back = gradientOrigin(run, leaves.length);
  if (back !== undefined) return new NaNReport(back.origin, { parameter: argument(back.index), part });
  return new NaNReport(undefined, {}, hiddenIn(run));
}

/** Where the gradient of a function that gives one float stops being finite. */
function gradientOrigin(run: TracedRun, count: number): ReturnType<TracedRun["backwards"]> {
  const [value] = run.graph.outputs;
  if (value === undefined || run.results !== 1) return undefined;
  const { shape, dtype } = avalOf(value);
  if (!isFloat(dtype) || sizeOf(shape) !== 1 || run.graph.nodes.some(({ op }) => op.name === "whileLoop"))
    return undefined;
  return run.backwards(run.graph.inputs.slice(0, count));
}

const hiddenIn = (run: TracedRun): string[] =>
  run.sources.map(({ op, scope }) => (scope === "" ? op.name : `${op.name} in layer ${scope}`));

function inStep(model: Model, step: StepToCheck): NaNReport {
  const where = "detectNaN";
  requireModel(where, model);
  checkOptions(where, step, ["loss", "x", "y", "optimizer", "regularizer"]);
  requireSample(where, step);
  checkStep(where, step);
  const { loss, optimizer, regularizer } = step;
  const [x, y] = [asTensor(step.x), asTensor(step.y)];
  initialize(model, { missingOnly: true });
  const mean = (): Tensor => exampleLosses(loss, outputOf(model, x), y).mean();
  const found = lossOrigin(model, mean);
  if (found !== undefined) {
    const { origin, parameter, source } = inUsersShapes(found, () =>
      lossOrigin(model, () => loss(outputOf(model, x), y)),
    );
    return new NaNReport(origin, { parameter: parameter ?? source });
  }
  if (optimizer === undefined)
    return new NaNReport(undefined, {}, hiddenIn(new TracedRun(() => [evaluation(mean)], [])));
  return untouched(model, () =>
    inUpdate(params(model), makeStep<Tensor[]>(where, model, optimizer, mean, { regularizer }).step),
  );
}

/**
 * Training takes a loss that gives one number of each example alone, which adds an axis to everything in it. The user's
 * loss of the whole batch has the shapes that were written; it is shown where it tells the same.
 */
function inUsersShapes(found: LossOrigin, whole: () => LossOrigin | undefined): LossOrigin {
  const other = whole();
  const { kind, operation } = found.origin;
  return other?.origin.kind === kind && other.origin.operation === operation ? other : found;
}

/** The whole step, forwards: what is not finite now comes from the penalty or the update. */
function inUpdate(parameters: Readonly<Record<string, Param>>, step: (batch: Tensor[]) => { loss: Tensor }): NaNReport {
  const names = Object.keys(parameters);
  const run = new TracedRun(() => {
    const { loss } = step([]);
    return [loss, ...Object.values(parameters).map((parameter) => parameter.value)];
  }, []);
  const index = run.graph.outputs.slice(0, run.results).findIndex(run.isBad);
  if (index < 0) return new NaNReport(undefined, {}, hiddenIn(run));
  const origin = run.forwards(run.graph.outputs[index] as (typeof run.graph.outputs)[number]);
  // The loss of the step, which has the penalty in it, comes first.
  const part = index === 0 ? "the penalty" : "the update";
  return new NaNReport(origin, { pass: "update", parameter: names[index - 1], part });
}

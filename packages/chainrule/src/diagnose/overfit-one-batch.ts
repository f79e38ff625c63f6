/** `overfitOneBatch`: whether a model can learn a few examples by heart, which is the least it must be able to. */
import { formatNumber } from "../check/numbers.ts";
import { compile } from "../compile/index.ts";
import { numbersOf } from "../data/dataset.ts";
import { evaluation, outputMismatch, training } from "../nn/index.ts";
import { adam, type Optimizer, type Regularizer } from "../optim/index.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Model } from "../train/model.ts";
import { makeStep } from "../train/train-step.ts";
import { sparkline } from "./bars.ts";
import { diagnoseLayers } from "./diagnose-layers.ts";
import { type CheckedSample, checkSample, checkStep, type Sample } from "./sample.ts";
import { untouched } from "./untouched.ts";

export interface OverfitOptions extends Sample {
  /** Default adam(0.01). */
  readonly optimizer?: Optimizer;
  readonly regularizer?: Regularizer;
  /** The most steps; default 500. */
  readonly steps?: number;
  /** The examples are learnt when the loss is this share of what it was; default 0.01. */
  readonly goal?: number;
}

/**
 * diverged: the loss grew or was not finite. contradiction: equal inputs with different targets. range: targets that the last
 * activation cannot give. mismatch: a last activation that does not go with the loss, such as softmax before a loss that takes logits. soft: targets whose cross-entropy has a least value above 0. noise: dropout hides the examples.
 * penalty: the regularizer. capacity: fewer parameters than targets. layers: dead, saturated or vanishing ones. slow: the loss was
 * still falling. unknown: none of these.
 */
export type CauseKind =
  | "diverged"
  | "contradiction"
  | "range"
  | "mismatch"
  | "soft"
  | "noise"
  | "penalty"
  | "capacity"
  | "layers"
  | "slow"
  | "unknown";

export interface Cause {
  readonly kind: CauseKind;
  readonly message: string;
}

/** What `overfitOneBatch` found. */
export class OverfitResult {
  readonly learned: boolean;
  /** The loss in evaluation mode, without penalty, before the first and after the last step. */
  readonly first: number;
  readonly last: number;
  /** The loss of each step, as training sees it. */
  readonly losses: Float64Array;
  /** Why it may not have been learnt, likeliest first; empty where it has. */
  readonly causes: readonly Cause[];

  /** @internal */
  constructor(found: Omit<OverfitResult, "toString">) {
    this.learned = found.learned;
    this.first = found.first;
    this.last = found.last;
    this.losses = found.losses;
    this.causes = found.causes;
  }

  toString(): string {
    const every = Math.ceil(this.losses.length / 60);
    return [
      `${this.learned ? "Learnt" : "Not learnt"}: loss ${formatNumber(this.first)} → ${formatNumber(this.last)} in ${this.losses.length} steps.`,
      sparkline(this.losses.filter((_, i) => i % every === 0)),
      ...this.causes.map(({ kind, message }) => `${kind}: ${message}`),
    ].join("\n");
  }
}

/**
 * Trains on one batch alone. A model that is put together rightly and large enough learns a few examples by heart; one that does
 * not has a fault, and the likely ones are listed. The model is as before in the end.
 *
 * @throws TypeError, RangeError, DataError for options and data that cannot be right
 * @example
 * ```ts
 * import { overfitOneBatch } from "chainrule/diagnose";
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense, relu, sequential } from "chainrule/nn";
 * // relu at the end gives nothing below 0.
 * const model = sequential(dense(1, 8), relu, dense(8, 1), relu);
 * const { learned, causes } = overfitOneBatch(model, { loss: meanSquaredError, x: [[0], [1]], y: [[-1], [1]] });
 * learned; // → false
 * causes[0]?.kind; // → range
 * ```
 */
export function overfitOneBatch(model: Model, options: OverfitOptions): OverfitResult {
  const where = "overfitOneBatch";
  checkOptions(where, options, ["loss", "x", "y", "optimizer", "regularizer", "steps", "goal"]);
  const sample = checkSample(where, model, options);
  checkStep(where, options);
  const { optimizer = adam(0.01), regularizer } = options;
  const steps = checkNumber(where, "steps", options.steps ?? 500, { least: 1, integer: true });
  const goal = checkNumber(where, "goal", options.goal ?? 0.01, { above: 0, below: 1 });
  const { meanLoss } = sample;
  const measure = compile(() => evaluation(meanLoss));
  return untouched(model, () => {
    const first = measure().itemSync();
    const enough = goal * first;
    const step = compile(makeStep<Tensor[]>(where, model, optimizer, meanLoss, { regularizer }).step);
    const losses: number[] = [];
    while (losses.length < steps && (losses.at(-1) ?? Number.POSITIVE_INFINITY) > enough) {
      const { loss } = step([]) as { loss: Tensor };
      losses.push(loss.itemSync());
      if (!Number.isFinite(losses.at(-1))) break;
    }
    const last = measure().itemSync();
    const learned = last <= enough;
    const causes = learned ? [] : causesOf(sample, regularizer !== undefined, { first, last, losses });
    return new OverfitResult({ learned, first, last, losses: Float64Array.from(losses), causes });
  });
}

interface Course {
  readonly first: number;
  readonly last: number;
  readonly losses: readonly number[];
}

function causesOf(sample: CheckedSample, penalized: boolean, course: Course): Cause[] {
  const causes: Cause[] = [];
  const say = (kind: CauseKind, message: string): void => void causes.push({ kind, message });
  const { first, last, losses } = course;
  if (!Number.isFinite(last) || last > first) {
    say("diverged", "The loss grew: lower the learning rate.");
    // What else is to be seen is its consequence.
    if (!Number.isFinite(last)) return causes;
  }
  const twins = contradiction(sample);
  if (twins !== undefined) {
    say(
      "contradiction",
      `Rows ${twins[0]} and ${twins[1]} have the same input and different targets; no function gives both.`,
    );
  }
  const report = diagnoseLayers(sample.model, { loss: sample.loss, x: sample.x, y: sample.y });
  const activation = report.layers.at(-1)?.activation ?? "";
  const stray = outside(activation, sample);
  if (stray !== undefined) {
    say(
      "range",
      `The model ends in ${activation}, which never gives the target ${formatNumber(stray)}: leave it out, or scale the targets.`,
    );
  }
  const mismatch = stray === undefined ? outputMismatch(sample.model, sample.loss) : undefined;
  if (mismatch !== undefined) say("mismatch", mismatch);
  if (isSoft(sample)) {
    say(
      "soft",
      "Targets between 0 and 1 leave a cross-entropy above 0 even where they are met; compare it with their entropy.",
    );
  }
  const draw = compile(() => training(sample.meanLoss));
  const [once, again] = [draw(), draw()].map((loss) => loss.itemSync());
  if (once !== again) {
    say("noise", "The model is random in training mode: dropout hides what is to be learnt; try without it.");
  }
  if (penalized) say("penalty", "A regularizer pulls the weights away from what fits: try without it.");
  const parameters = Object.values(sample.parameters).reduce((n, { value }) => n + value.size, 0);
  if (parameters < sample.y.size) {
    say(
      "capacity",
      `The model has ${parameters} parameters for ${sample.y.size} targets: make it larger, or the batch smaller.`,
    );
  }
  for (const { kind, path, message } of report.verdicts)
    say("layers", `Layer ${path === "" ? "of the model" : path}, ${kind}: ${message}`);
  for (const remark of report.remarks) say("layers", remark);
  const tenth = Math.ceil(losses.length / 10);
  const mean = (some: readonly number[]): number => some.reduce((sum, x) => sum + x, 0) / some.length;
  const end = mean(losses.slice(-tenth));
  if (end < FALLING * mean(losses.slice(-2 * tenth, -tenth))) {
    say("slow", `The loss was still falling after ${losses.length} steps: do more, or raise the learning rate.`);
  }
  if (causes.length === 0) {
    say(
      "unknown",
      "Try another learning rate (findLearningRate) or a larger model; gradcheck tells whether the gradients are right.",
    );
  }
  return causes;
}

/** A loss falls if it does so by 5 % from one tenth of the steps to the next. */
const FALLING = 0.95;

/** Two rows with the same input and different targets. */
function contradiction({ x, y }: CheckedSample): readonly [number, number] | undefined {
  const [inputs, targets] = [x, y].map((t) => {
    const [numbers, width] = [numbersOf(t), sizeOf(t.shape.slice(1))];
    return (row: number): string => numbers.subarray(row * width, (row + 1) * width).join();
  }) as [(row: number) => string, (row: number) => string];
  const seen = new Map<string, number>();
  for (let row = 0; row < (x.shape[0] as number); row++) {
    const before = seen.get(inputs(row));
    if (before === undefined) seen.set(inputs(row), row);
    else if (targets(before) !== targets(row)) return [before, row];
  }
  return undefined;
}

/** What the values of activations lie between. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  relu: [0, Number.POSITIVE_INFINITY],
  softplus: [0, Number.POSITIVE_INFINITY],
  sigmoid: [0, 1],
  softmax: [0, 1],
  tanh: [-1, 1],
};

/** A target that the activation cannot give. Targets of cross-entropies are compared with probabilities or are class numbers. */
function outside(activation: string, { y, loss }: CheckedSample): number | undefined {
  const range = RANGES[activation];
  if (range === undefined || /CrossEntropy$/.test(loss.name)) return undefined;
  for (const target of numbersOf(y)) if (target < range[0] || target > range[1]) return target;
  return undefined;
}

const isSoft = ({ y, loss }: CheckedSample): boolean =>
  /CrossEntropy$/.test(loss.name) && numbersOf(y).some((target: number) => target > 0 && target < 1);

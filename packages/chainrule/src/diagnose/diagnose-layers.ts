/** `diagnoseLayers` and `layerMonitor`: the state of every layer, at one moment and while training. */
import { compile } from "../compile/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Callback } from "../train/callbacks.ts";
import type { Model } from "../train/model.ts";
import { makeStep } from "../train/train-step.ts";
import { difference } from "./directions.ts";
import { layerTable, monitorTable, nameOf } from "./layer-table.ts";
import { type LayerNumbers, type LayerValues, measureLayer, passLayers, type Values } from "./layers.ts";
import { type CheckedSample, checkSample, checkStep, requireSample, type Sample } from "./sample.ts";
import { untouched } from "./untouched.ts";
import { checkThresholds, judge, remarks, type Thresholds, type Verdict } from "./verdicts.ts";

/** The layers of a model and what is wrong with them. */
export class LayerReport {
  /** The mean loss. */
  readonly loss: number;
  /** In the order in which they are called. */
  readonly layers: readonly LayerNumbers[];
  /** Empty if all is well. */
  readonly verdicts: readonly Verdict[];
  /** What holds of all layers together and is no fault of any: nothing moves, at a minimum or on a plateau. Mostly empty. */
  readonly remarks: readonly string[];

  /** @internal */
  constructor(found: Omit<LayerReport, "toString" | "histograms">) {
    this.loss = found.loss;
    this.layers = found.layers;
    this.verdicts = found.verdicts;
    this.remarks = found.remarks;
  }

  /** A table of the layers, and a line for each verdict. */
  toString(): string {
    return [
      layerTable(this.layers),
      ...this.remarks,
      ...(this.verdicts.length + this.remarks.length === 0 ? ["All layers look well."] : []),
      ...this.verdicts.map(({ kind, path, message, advice }) => `${kind}: ${nameOf(path)}: ${message} ${advice}`),
    ].join("\n");
  }

  /** The histograms of one layer, as bars. @throws RangeError for a path that no layer has */
  histograms(path: string): string {
    const layer = this.layers.find((one) => one.path === path);
    if (layer === undefined) {
      const paths = this.layers.map((one) => `"${one.path}"`).join(", ");
      throw new RangeError(`histograms: there is no layer ${describeValue(path)}; there are ${paths}.`);
    }
    return `Activations of ${path} (${layer.type})\n${layer.activations}\nGradients of its parameters\n${layer.gradients}`;
  }
}

interface Judging {
  readonly thresholds?: Thresholds;
  /** Bins of the histograms; default 10. */
  readonly bins?: number;
}

interface ReportOptions extends Sample, Judging {}

export interface DiagnoseOptions extends ReportOptions {
  /** With it a step is tried, and its size reported. The model is not changed. */
  readonly optimizer?: Optimizer;
  readonly regularizer?: Regularizer;
}

/**
 * Looks at every layer of a model on some examples: norms of weights, gradients and of what a step would change, dead and
 * saturated units, histograms; and says in plain words what is wrong: vanishing or exploding gradients, dead ReLU units,
 * saturated sigmoids. Gradients are those of the mean loss in evaluation mode, so that dropout does not disturb.
 *
 * @throws TypeError, RangeError, DataError for options and data that cannot be right
 * @example
 * ```ts
 * import { diagnoseLayers } from "chainrule/diagnose";
 * import { meanSquaredError } from "chainrule/loss";
 * import { constant, dense, relu, sequential } from "chainrule/nn";
 * const model = sequential(dense(1, 4, { biasInit: constant(-9) }), relu, dense(4, 1));
 * const { verdicts } = diagnoseLayers(model, { loss: meanSquaredError, x: [[0], [1]], y: [[0], [1]] });
 * verdicts.map(({ kind, path }) => `${kind} ${path}`); // → [ 'vanishing 0', 'dead 0' ]
 * ```
 */
export function diagnoseLayers(model: Model, options: DiagnoseOptions): LayerReport {
  const where = "diagnoseLayers";
  checkOptions(where, options, ["loss", "x", "y", "optimizer", "regularizer", "thresholds", "bins"]);
  const sample = checkSample(where, model, options);
  const { optimizer, regularizer } = options;
  checkStep(where, options);
  const updates =
    optimizer &&
    untouched(model, () => {
      const { step } = makeStep<Tensor[]>(where, model, optimizer, sample.meanLoss, { regularizer });
      const before = valuesOf(sample);
      compile(step)([]);
      return difference(before, valuesOf(sample));
    });
  return report(where, sample, options, updates);
}

const valuesOf = ({ parameters }: CheckedSample): Values =>
  Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]));

function report(
  where: string,
  sample: CheckedSample,
  options: ReportOptions,
  updates: Values | undefined,
): LayerReport {
  // Options are looked at before anything is computed.
  const judging = checkJudging(where, options);
  const { loss, layers } = passLayers(sample, updates);
  return judged(loss, layers, judging);
}

function checkJudging(where: string, { thresholds, bins }: Judging) {
  const limits = checkThresholds(where, thresholds);
  return { limits, bins: checkNumber(where, "bins", bins ?? 10, { least: 1, integer: true }) };
}

function judged(
  loss: number,
  values: readonly LayerValues[],
  { limits, bins }: ReturnType<typeof checkJudging>,
): LayerReport {
  const layers = values.map((layer) => measureLayer(layer, { bins, slope: limits.slope }));
  return new LayerReport({ loss, layers, verdicts: judge(layers, limits), remarks: remarks(loss, layers, limits) });
}

export interface JudgeOptions extends Judging {
  /** The loss that the derivatives are of. */
  readonly loss: number;
}

/**
 * What `diagnoseLayers` says, of numbers that are there already: where a program of your own computes activations and gradients, as
 * while it trains, they need not be computed a second time.
 *
 * @param layers in the order in which they are called
 * @throws TypeError, RangeError for options that cannot be right
 * @example
 * ```ts
 * import { judgeLayers } from "chainrule/diagnose";
 * const common = { type: "dense", weights: [1, 1], gradient: [1, 1] };
 * const { verdicts } = judgeLayers(
 *   [
 *     { ...common, path: "0", activation: "relu", units: 2, activations: [0, 1, 0, 2], deltas: [0, 1, 0, 1] },
 *     { ...common, path: "2", activation: undefined, units: 1, activations: [1, 2], deltas: [1, 1] },
 *   ],
 *   { loss: 1 },
 * );
 * verdicts[0]?.message; // → 1 of 2 ReLU units are 0 for every example.
 * ```
 */
export function judgeLayers(layers: readonly LayerValues[], options: JudgeOptions): LayerReport {
  const where = "judgeLayers";
  checkOptions(where, options, ["loss", "thresholds", "bins"]);
  const { loss } = options;
  // NaN and ∞ are numbers here: a training that diverged is looked at, too.
  if (typeof loss !== "number") throw new TypeError(`${where}: loss must be a number; it is ${describeValue(loss)}.`);
  for (const { path, units, activations } of layers) {
    if (activations.length === 0 || activations.length % units !== 0) {
      throw new RangeError(
        `${where}: ${nameOf(path)} has ${units} units and ${activations.length} activations; they must be those of all examples.`,
      );
    }
  }
  return judged(loss, layers, checkJudging(where, options));
}

export interface MonitorOptions extends ReportOptions {
  /** Steps between reports; default 100. The first is after the first step. */
  readonly every?: number;
  /** Called with each report. */
  readonly onReport?: (entry: MonitorEntry) => void;
}

export interface MonitorEntry {
  readonly epoch: number;
  /** Steps done since training began. */
  readonly step: number;
  readonly report: LayerReport;
}

export interface LayerMonitor extends Callback {
  /** One for each report so far. */
  readonly entries: readonly MonitorEntry[];
  /** A table: for each layer, gradient, update and activity as training went on, and what was found wrong at which steps. */
  toString(): string;
}

/**
 * A callback for `fit` that looks at the layers as `diagnoseLayers` does, after the first step and then after every so many,
 * on examples of its own; updates are what the step before the report has really changed. With it, as with every callback that
 * watches steps, `fit` does one step at a time.
 *
 * @throws TypeError, RangeError for options that cannot be right; when training begins, what diagnoseLayers throws
 * @example
 * ```ts
 * import { layerMonitor } from "chainrule/diagnose";
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { sgd } from "chainrule/optim";
 * import { fit } from "chainrule/train";
 * const train = { x: [[0], [1]], y: [[0], [2]] };
 * const monitor = layerMonitor({ ...train, loss: meanSquaredError, every: 2 });
 * await fit(dense(1, 1), { train, loss: meanSquaredError, optimizer: sgd(0.01), epochs: 4, callbacks: [monitor], progress: false });
 * monitor.entries.map(({ step }) => step); // → [ 1, 3 ]
 * ```
 */
export function layerMonitor(options: MonitorOptions): LayerMonitor {
  const where = "layerMonitor";
  checkOptions(where, options, ["loss", "x", "y", "thresholds", "bins", "every", "onReport"]);
  requireSample(where, options);
  const every = checkNumber(where, "every", options.every ?? 100, { least: 1, integer: true });
  checkThresholds(where, options.thresholds);
  const { onReport } = options;
  if (onReport !== undefined && typeof onReport !== "function") {
    throw new TypeError(`${where}: onReport must be a function; it is ${describeValue(onReport)}.`);
  }
  const entries: MonitorEntry[] = [];
  let sample: CheckedSample | undefined;
  let before: Values | undefined;
  const due = (step: number): boolean => step % every === (every === 1 ? 0 : 1);
  return {
    entries,
    toString: () => monitorTable(entries),
    onTrainBegin({ model }) {
      entries.length = 0;
      sample = checkSample(where, model as Model, options);
      before = valuesOf(sample);
    },
    onBatchEnd({ epoch, step }) {
      const own = sample as CheckedSample;
      if (due(step)) {
        const updates = before && difference(before, valuesOf(own));
        const entry = { epoch, step, report: report(where, own, options, updates) };
        entries.push(entry);
        onReport?.(entry);
      }
      before = due(step + 1) ? valuesOf(own) : undefined;
    },
  };
}

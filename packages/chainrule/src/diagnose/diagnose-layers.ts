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
import { type LayerNumbers, measureLayers, type Values } from "./layers.ts";
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

interface ReportOptions extends Sample {
  readonly thresholds?: Thresholds;
  /** Bins of the histograms; default 10. */
  readonly bins?: number;
}

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
  const limits = checkThresholds(where, options.thresholds);
  const bins = checkNumber(where, "bins", options.bins ?? 10, { least: 1, integer: true });
  const { loss, layers } = measureLayers(sample, { bins, slope: limits.slope, updates });
  return new LayerReport({ loss, layers, verdicts: judge(layers, limits), remarks: remarks(loss, layers, limits) });
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

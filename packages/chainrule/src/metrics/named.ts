/** The metrics that `fit` and `evaluate` know by name, applied to a model's outputs. */
import { describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { accuracy, f1, precision, recall } from "./classification.ts";
import { brierScore, logLoss, probabilities } from "./probability.ts";
import { rocAuc } from "./ranking.ts";
import { mae, r2, rmse } from "./regression.ts";

/** A metric of one's own: from all predictions and targets to a number. */
export type MetricFunction = (prediction: Tensor, target: Tensor) => number;

/** Of models that give logits, or real values. */
const NAMED = {
  accuracy,
  precision: (z, y) => precision(z, y),
  recall: (z, y) => recall(z, y),
  f1: (z, y) => f1(z, y),
  auc: (z, y) => rocAuc(probabilities(z), y),
  logLoss: (z, y) => logLoss(probabilities(z), y),
  brier: (z, y) => brierScore(probabilities(z), y),
  mae,
  rmse,
  r2,
} satisfies Record<string, MetricFunction>;

export type MetricName = keyof typeof NAMED;

/** Of all others less is better. */
const SCORES: readonly string[] = ["accuracy", "precision", "recall", "f1", "auc", "r2"] satisfies MetricName[];

/** Whether more of a built-in metric is better. */
export const isScore = (name: string): boolean => SCORES.includes(name);

/** A built-in metric by name, or a function with a name. */
export type Metric = MetricName | MetricFunction;

export interface NamedMetric {
  readonly name: string;
  readonly value: MetricFunction;
}

/** Names that results have already. */
const TAKEN = ["epoch", "loss", "count"];

/** The metrics with their names. @throws TypeError, RangeError for a metric that is not known, or without a name of its own */
export function checkMetrics(where: string, metrics: readonly Metric[] = []): NamedMetric[] {
  if (!Array.isArray(metrics)) {
    throw new TypeError(`${where}: metrics must be an array such as ["accuracy"]; it is ${describeValue(metrics)}.`);
  }
  const all = (metrics as readonly Metric[]).map((metric) => metricOf(where, metric));
  all.forEach(({ name }, i) => {
    if (TAKEN.includes(name))
      throw new RangeError(`${where}: a metric cannot have the name "${name}", which is taken.`);
    if (all.findIndex((other) => other.name === name) === i) return;
    throw new RangeError(`${where}: two metrics have the name "${name}". Give one of the functions another.`);
  });
  return all;
}

function metricOf(where: string, metric: Metric): NamedMetric {
  if (typeof metric === "string" && Object.hasOwn(NAMED, metric)) return { name: metric, value: NAMED[metric] };
  if (typeof metric !== "function") {
    const names = Object.keys(NAMED).map((name) => `"${name}"`);
    throw new RangeError(
      `${where}: there is no metric ${describeValue(metric)}; there are ${names.join(", ")}, or give a function of (prediction, target).`,
    );
  }
  const name = metric.name === "" ? "metric" : metric.name;
  const value = (prediction: Tensor, target: Tensor): number => {
    const found: unknown = metric(prediction, target);
    if (typeof found === "number") return found;
    throw new TypeError(`${where}: the metric "${name}" must give a number; it gave ${describeValue(found)}.`);
  };
  return { name, value };
}

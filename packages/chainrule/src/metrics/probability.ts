/** Metrics of probabilities: whether a model knows how sure it may be. */
import type { Values } from "../data/dataset.ts";
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import { textTable } from "../tensor/table.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { sigmoid, softmax } from "./logits.ts";
import { largest, type Outputs, outputsOf, targetClasses } from "./outputs.ts";

/**
 * Probabilities of logits, float64: the sigmoid of a single output, the softmax of several.
 *
 * @param logits [rows] or [rows, classes]
 * @example
 * ```ts
 * import { probabilities } from "chainrule/metrics";
 * probabilities([[0, 0], [1000, 0]]).arraySync(); // → [ [ 0.5, 0.5 ], [ 1, 0 ] ]
 * ```
 */
export function probabilities(logits: Values): Tensor {
  const { tensor, rows, width, numbers } = outputsOf("probabilities", logits, "logits");
  if (width === 1) {
    return fromData(Float64Array.from(numbers, sigmoid), tensor.shape, "float64");
  }
  const result = new Float64Array(numbers.length);
  for (let row = 0; row < rows; row++) {
    result.set(softmax(numbers.subarray(row * width, (row + 1) * width)), row * width);
  }
  return fromData(result, tensor.shape, "float64");
}

/** @throws RangeError for what is no probability */
function probabilitiesOf(where: string, values: Values): Outputs {
  const outputs = outputsOf(where, values, "probabilities");
  const at = outputs.numbers.findIndex((p) => !(p >= 0 && p <= 1));
  if (at < 0) return outputs;
  throw new RangeError(
    `${where}: takes probabilities between 0 and 1, and row ${Math.floor(at / outputs.width)} has ${outputs.numbers[at]}. ` +
      "Make them of logits by probabilities(logits).",
  );
}

/** The probability given to a class. */
const probabilityOf = ({ width, numbers }: Outputs, row: number, label: number): number => {
  if (width > 1) return numbers[row * width + label] as number;
  const p = numbers[row] as number;
  return label === 1 ? p : 1 - p;
};

/** The spacing of numbers at 1: a probability of 0 counts as this, so that one certain mistake does not hide all else. */
const smallest = ({ tensor }: Outputs): number => (tensor.dtype === "float32" ? 2 ** -23 : Number.EPSILON);

/**
 * The mean of −log p over the examples, p being the probability of their class: the cross-entropy, in nats.
 * Probabilities are kept away from 0 and 1 by the spacing of their dtype at 1, as scikit-learn does it.
 *
 * @throws RangeError for what is no probability
 * @example
 * ```ts
 * import { logLoss } from "chainrule/metrics";
 * logLoss([0.5, 0.5], [0, 1]) === Math.LN2; // → true
 * ```
 */
export function logLoss(probability: Values, target: Values): number {
  const outputs = probabilitiesOf("logLoss", probability);
  const least = smallest(outputs);
  let sum = 0;
  targetClasses("logLoss", target, outputs).forEach((label, row) => {
    sum -= Math.log(Math.min(1 - least, Math.max(least, probabilityOf(outputs, row, label))));
  });
  return sum / outputs.rows;
}

/**
 * The Brier score: the mean squared distance of the probabilities from what came. For a single output (p − y)², between
 * 0 and 1; for several the sum over the classes, between 0 and 2, as in G. W. Brier, 1950.
 *
 * @throws RangeError for what is no probability
 * @example
 * ```ts
 * import { brierScore } from "chainrule/metrics";
 * brierScore([0.5, 1], [1, 1]); // → 0.125
 * ```
 */
export function brierScore(probability: Values, target: Values): number {
  const outputs = probabilitiesOf("brierScore", probability);
  const { rows, width, numbers } = outputs;
  let sum = 0;
  targetClasses("brierScore", target, outputs).forEach((label, row) => {
    for (let c = 0; c < width; c++) {
      const came = width === 1 ? label : Number(label === c);
      sum += ((numbers[row * width + c] as number) - came) ** 2;
    }
  });
  return sum / rows;
}

export interface CalibrationOptions {
  /** Default 10. */
  readonly bins?: number;
  /** uniform: bins of equal width; quantile: of equally many examples. Default "uniform". */
  readonly strategy?: "uniform" | "quantile";
}

/** Examples whose probability lies in [from, to), the last bin with its end. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean probability. */
  readonly predicted: number;
  /** The share of examples for which it came true. */
  readonly observed: number;
}

export interface Calibration {
  /** The bins that have examples. */
  readonly bins: readonly CalibrationBin[];
  /** Σ count/n · |observed − predicted| (M. Pakdaman Naeini et al., 2015). */
  readonly expectedError: number;
  /** The largest |observed − predicted| of a bin. */
  readonly maximumError: number;
  /** A table of the bins. */
  toString(): string;
}

/**
 * Whether of the examples said to be of a class with probability p a share of p is of it. With a single output that is
 * class 1; with several, the class with the largest probability (C. Guo et al., "On calibration of modern neural
 * networks", 2017).
 *
 * @throws RangeError for what is no probability
 * @example
 * ```ts
 * import { calibration } from "chainrule/metrics";
 * calibration([0.2, 0.2, 0.2, 0.2, 0.2], [0, 0, 0, 0, 1]).expectedError.toFixed(6); // → 0.000000
 * ```
 */
export function calibration(probability: Values, target: Values, options: CalibrationOptions = {}): Calibration {
  checkOptions("calibration", options, ["bins", "strategy"]);
  const count = checkNumber("calibration", "bins", options.bins ?? 10, { least: 1, integer: true });
  const strategy = checkChoice("calibration", "strategy", options.strategy ?? "uniform", ["uniform", "quantile"]);
  const outputs = probabilitiesOf("calibration", probability);
  const labels = targetClasses("calibration", target, outputs);
  const chosen = outputs.width === 1 ? labels.map(() => 1) : largest(outputs);
  const said = Float64Array.from(chosen, (label, row) => probabilityOf(outputs, row, label));
  const edges = strategy === "uniform" ? uniformEdges(count) : quantiles(said, count);
  const members = edges.slice(1).map((): number[] => []);
  said.forEach((p, row) => {
    const bin = edges.findIndex((_, i) => i > 0 && p < (edges[i] as number));
    members[bin < 0 ? members.length - 1 : bin - 1]?.push(row);
  });
  const bins = members.flatMap((rows, i): CalibrationBin[] => {
    if (rows.length === 0) return [];
    const mean = (of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return [
      {
        from: edges[i] as number,
        to: edges[i + 1] as number,
        count: rows.length,
        predicted: mean((row) => said[row] as number),
        observed: mean((row) => Number(labels[row] === chosen[row])),
      },
    ];
  });
  const errors = bins.map(({ observed, predicted }) => Math.abs(observed - predicted));
  const expectedError = bins.reduce((sum, bin, i) => sum + (bin.count * (errors[i] as number)) / outputs.rows, 0);
  const maximumError = Math.max(...errors);
  return {
    bins,
    expectedError,
    maximumError,
    toString: () => {
      const rows = bins.map((bin) => [
        ...[bin.from, bin.to].map((edge) => edge.toFixed(3)),
        `${bin.count}`,
        ...[bin.predicted, bin.observed].map((share) => share.toFixed(4)),
      ]);
      const table = textTable(["from", "to", "count", "predicted", "observed"], rows, []);
      return `${table}\nExpected error ${expectedError.toFixed(4)}, maximum ${maximumError.toFixed(4)}.`;
    },
  };
}

const uniformEdges = (count: number): number[] => Array.from({ length: count + 1 }, (_, i) => i / count);

/** Quantiles with linear interpolation, equal ones once. */
function quantiles(values: Float64Array, count: number): number[] {
  const sorted = values.toSorted();
  const edges = uniformEdges(count).map((share) => {
    const position = share * (sorted.length - 1);
    const [low, part] = [Math.floor(position), position % 1];
    const [a, b] = [sorted[low] as number, sorted[Math.min(low + 1, sorted.length - 1)] as number];
    return a + part * (b - a);
  });
  const distinct = edges.filter((edge, i) => i === 0 || edge > (edges[i - 1] as number));
  return distinct.length > 1 ? distinct : [distinct[0] as number, distinct[0] as number];
}

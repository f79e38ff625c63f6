/** How good predicted values are, in the unit of the target. */
import { histogram } from "chainrule/diagnose";
import { mae, r2, rmse } from "chainrule/metrics";
import { Worst } from "./worst.ts";

export interface RegressionInput {
  readonly predictions: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  /** What someone would say who knows nothing: the mean of the training rows' targets; default the mean of these. */
  readonly baseline?: number;
  /** How many of the largest residuals to tell; default 10. */
  readonly mistakes?: number;
  /** Bars of the histogram; default 20. */
  readonly bins?: number;
}

export interface Residual {
  /** Position among the rows, from 0. */
  readonly row: number;
  readonly actual: number;
  readonly predicted: number;
  /** actual − predicted */
  readonly residual: number;
}

/** How good predictions of one sort are. */
export interface Errors {
  /** The mean absolute error. */
  readonly mae: number;
  /** The root of the mean squared error. */
  readonly rmse: number;
}

export interface RegressionAssessment extends Errors {
  readonly task: "regression";
  readonly rows: number;
  /** The share of the variance that is explained. */
  readonly r2: number;
  /** Half of the rows are closer than this. */
  readonly medianError: number;
  /** The mean of actual − predicted: above 0 where the model says too little. */
  readonly bias: number;
  /** Between these are the middle 90 % of actual − predicted. */
  readonly residualRange: readonly [number, number];
  readonly baseline: Errors & { readonly value: number };
  /** Counts of actual − predicted between edges, of which there is one more. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  /** The largest |actual − predicted|, first. */
  readonly mistakes: readonly Residual[];
}

/** Everything that predicted and true values tell. @throws RangeError unless there is a target for each, and a finite number */
export function assessRegression(input: RegressionInput): RegressionAssessment {
  const [predicted, actual] = [
    requireFinite("predictions", input.predictions),
    requireFinite("targets", input.targets),
  ];
  const residuals = actual.map((y, row) => y - (predicted[row] as number));
  const [sorted, sizes] = [residuals.toSorted(), residuals.map(Math.abs).sort()];
  const value = input.baseline ?? mean(actual);
  const constant = new Float64Array(actual.length).fill(value);
  const { edges, counts } = histogram(residuals, { bins: input.bins ?? 20 });
  return {
    task: "regression",
    rows: actual.length,
    r2: r2(predicted, actual),
    ...errorsOf(predicted, actual),
    medianError: quantile(sizes, 0.5),
    bias: mean(residuals),
    residualRange: [quantile(sorted, 0.05), quantile(sorted, 0.95)],
    baseline: { value, ...errorsOf(constant, actual) },
    histogram: { edges, counts },
    mistakes: largestOf(residuals, predicted, actual, input.mistakes ?? 10),
  };
}

const errorsOf = (predicted: Float64Array, actual: Float64Array): Errors => ({
  mae: mae(predicted, actual),
  rmse: rmse(predicted, actual),
});

function largestOf(residuals: Float64Array, predicted: Float64Array, actual: Float64Array, most: number): Residual[] {
  const worst = new Worst<Residual>(most);
  residuals.forEach((residual, row) => {
    const [y, said] = [actual[row] as number, predicted[row] as number];
    worst.offer(Math.abs(residual), () => ({ row, actual: y, predicted: said, residual }));
  });
  return worst.values;
}

function requireFinite(what: string, values: ArrayLike<number>): Float64Array {
  const numbers = Float64Array.from(values);
  const row = numbers.findIndex((x) => !Number.isFinite(x));
  if (row < 0) return numbers;
  throw new RangeError(`assessRegression: the ${what} must be finite, and row ${row} has ${numbers[row]}.`);
}

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
};

/** With linear interpolation, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const [a, b] = [sorted[low], sorted[Math.min(low + 1, sorted.length - 1)]] as [number, number];
  return a + (position - low) * (b - a);
}

/** A point of a picture. */
export interface Point {
  readonly actual: number;
  readonly predicted: number;
}

/** At most `most` rows for a picture, spread evenly over all of them. */
export function scatterPoints(predictions: ArrayLike<number>, targets: ArrayLike<number>, most = 600): Point[] {
  const count = Math.min(most, targets.length);
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor((i * targets.length) / count);
    return { actual: targets[row] as number, predicted: predictions[row] as number };
  });
}

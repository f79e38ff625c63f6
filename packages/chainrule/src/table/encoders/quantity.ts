/** Numbers as features: gaps filled by a rule, standardized, and an indicator of the gaps. Serves numbers and dates. */
import { standardize } from "../../data/standardize.ts";
import type { JsonObject } from "../../tensor/options.ts";
import { fromData } from "../../tensor/tensor.ts";
import { isMissing, requireFiniteCell } from "../cells.ts";
import type { Fields } from "../json.ts";
import type { QuantitySpec } from "../standalone/writers.ts";
import type { Cell } from "../table.ts";
import { type Imputation, type Rule, refuseRule, ruleOf } from "./column.ts";

const QUANTITY_RULES = ["median", "mean", "most-frequent", "constant"] as const;

/** The number in a cell that is not missing; undefined where there is none. */
export type Reader = (cell: Cell) => number | undefined;

export interface Quantity extends QuantitySpec {
  /** Where `fill` is from. */
  readonly rule: Rule;
}

/** The numbers of a column; NaN for what is missing or unreadable. @throws CellError for an infinite one */
export function readQuantity(name: string, cells: readonly Cell[], read: Reader): Float64Array {
  const values = new Float64Array(cells.length).fill(Number.NaN);
  cells.forEach((cell, row) => {
    const value = isMissing(cell) ? undefined : read(cell);
    if (value === undefined) return;
    requireFiniteCell("TableEncoder", name, row, value);
    values[row] = value;
  });
  return values;
}

/**
 * Mean and deviation are those of the training rows, with the gaps filled: the deviation with the divisor n, and 1 for a column
 * that is constant. There is an indicator where the training rows had gaps.
 *
 * @param values at least one of which is a number
 */
export function fitQuantity(name: string, kind: string, values: Float64Array, imputation: Imputation): Quantity {
  const there = values.filter((value) => !Number.isNaN(value));
  const fill = fillOf(name, kind, there, imputation) + 0;
  const { mean, deviation } = momentsOf(values.map((value) => (Number.isNaN(value) ? fill : value)));
  return { rule: ruleOf(imputation), fill, indicator: there.length < values.length, mean, deviation };
}

function fillOf(name: string, kind: string, there: Float64Array, imputation: Imputation): number {
  if (imputation === "median") return median(there);
  if (imputation === "mean") return momentsOf(there).mean;
  if (imputation === "most-frequent") return mostFrequent(there);
  if (typeof imputation === "object" && Number.isFinite(imputation.constant)) return imputation.constant as number;
  return refuseRule(name, kind, imputation, '"median", "mean", "most-frequent" and { constant: a number }');
}

/** The middle of the sorted values; of an even number, half way between the two in the middle. */
function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return low === high ? low : low / 2 + high / 2;
}

/** Of those that come equally often, the smallest. */
function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values.slice().sort()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Mean and deviation, also of numbers whose squares would be infinite: of powers of two the scale costs no digit. */
export function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const extreme = largest > 1e100 || (largest > 0 && largest < 1e-100);
  const scale = extreme ? 2 ** Math.max(-1022, Math.min(1022, Math.floor(Math.log2(largest)))) : 1;
  const { mean, deviation } = standardize(
    fromData(
      values.map((value) => value / scale),
      [values.length, 1],
      "float64",
    ),
  );
  const [m, d] = [mean[0], deviation[0]] as [number, number];
  // A constant column has the deviation 1, whatever its scale; and one whose deviation is too small for a number.
  const constant = d * scale === 0 || values.every((value) => value === values[0]);
  // Rounding must not make the mean of the largest numbers infinite; and JSON has no −0.
  const within = (value: number): number => Math.max(-largest, Math.min(largest, value)) + 0;
  return { mean: within(m * scale), deviation: constant ? 1 : within(d * scale) };
}

export const quantityToJSON = ({ rule, fill, indicator, mean, deviation }: Quantity): JsonObject => ({
  impute: { rule, value: fill },
  indicator,
  mean,
  deviation,
});

export function quantityFromJSON(fields: Fields): Quantity {
  const impute = fields.object("impute");
  return {
    rule: impute.choice("rule", QUANTITY_RULES),
    fill: impute.number("value"),
    indicator: fields.flag("indicator"),
    mean: fields.number("mean"),
    deviation: fields.positive("deviation"),
  };
}

/** Columns of categories. */
import type { JsonObject } from "../../tensor/options.ts";
import { type Tally, tally, type Value } from "../cells.ts";
import type { Fields } from "../json.ts";
import { MOST_CATEGORIES } from "../kinds.ts";
import { categoryWriter } from "../standalone/writers.ts";
import type { Cell } from "../table.ts";
import {
  type ColumnEncoder,
  type Imputation,
  missingName,
  type Rule,
  refuseRule,
  ruleOf,
  type Sink,
  writeCells,
} from "./column.ts";

/**
 * One feature for each category, 1 where it is that one; one for the rarer ones together where there are more than
 * MOST_CATEGORIES; and one that says where the value is missing if the training rows had gaps. A category that training
 * did not have counts as a rare one, and where there is no feature for these all features are 0: none is assumed.
 */
export class CategoryEncoder implements ColumnEncoder {
  readonly kind = "category";
  readonly name: string;
  readonly features: readonly string[];
  /** In the order of texts, that is of their UTF-16 codes. */
  readonly categories: readonly string[];
  readonly other: boolean;
  readonly indicator: boolean;
  readonly rule: Rule;
  /** The category that stands for a missing value; undefined if none does. */
  readonly fill: string | undefined;

  constructor(
    name: string,
    categories: readonly string[],
    other: boolean,
    indicator: boolean,
    rule: Rule,
    fill?: string,
  ) {
    this.name = name;
    this.categories = categories;
    this.other = other;
    this.indicator = indicator;
    this.rule = rule;
    this.fill = fill;
    this.features = [
      ...categories.map((category) => `${name}=${category}`),
      ...(other ? [`${name} (other)`] : []),
      ...(indicator ? [missingName(name)] : []),
    ];
  }

  /** undefined if all cells are empty. */
  static fit(name: string, cells: readonly Cell[], imputation: Imputation = "category"): CategoryEncoder | undefined {
    const counted = tally(cells);
    if (counted.present === 0) return undefined;
    const frequent = mostFrequent(counted, MOST_CATEGORIES);
    const categories = frequent.toSorted();
    const fill = fillOf(name, imputation, categories, frequent[0] as string);
    const indicator = counted.missing > 0;
    return new CategoryEncoder(
      name,
      categories,
      counted.values.length > MOST_CATEGORIES,
      indicator,
      ruleOf(imputation),
      fill,
    );
  }

  static fromJSON(name: string, fields: Fields): CategoryEncoder {
    const impute = fields.object("impute");
    const rule = impute.choice("rule", ["category", "most-frequent", "constant"]);
    const categories = fields.texts("categories");
    const fill = rule === "category" ? undefined : impute.choice("value", categories);
    return new CategoryEncoder(name, categories, fields.flag("other"), fields.flag("indicator"), rule, fill);
  }

  write(cells: readonly Cell[], sink: Sink): void {
    writeCells(this.name, cells, categoryWriter(this), sink);
  }

  toJSON(): JsonObject {
    const { name, kind, categories, other, indicator, rule, fill } = this;
    return { name, kind, categories, other, indicator, impute: fill === undefined ? { rule } : { rule, value: fill } };
  }
}

/** The most frequent values, at most so many; those that come equally often in the order of texts, not of the rows. */
function mostFrequent({ values }: Tally, most: number): string[] {
  const first = (a: Value, b: Value): boolean => a.count > b.count || (a.count === b.count && a.text < b.text);
  const best: Value[] = [];
  // To sort a million of them for the sake of fifty would take seconds.
  for (const value of values) {
    const last = best.at(-1);
    if (best.length === most && last !== undefined && !first(value, last)) continue;
    if (best.length === most) best.pop();
    const at = best.findIndex((other) => first(value, other));
    best.splice(at < 0 ? best.length : at, 0, value);
  }
  return best.map(({ text }) => text);
}

function fillOf(
  name: string,
  imputation: Imputation,
  categories: readonly string[],
  first: string,
): string | undefined {
  if (imputation === "category") return undefined;
  if (imputation === "most-frequent") return first;
  if (typeof imputation === "object" && categories.includes(String(imputation.constant)))
    return String(imputation.constant);
  return refuseRule(
    name,
    "category",
    imputation,
    '"category", "most-frequent" and { constant: one of its categories }',
  );
}

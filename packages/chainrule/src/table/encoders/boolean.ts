/** Columns of yes and no. */
import type { JsonObject } from "../../tensor/options.ts";
import { booleanOf, isMissing } from "../cells.ts";
import type { Fields } from "../json.ts";
import { booleanWriter } from "../standalone/writers.ts";
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

const read = (cell: Cell): 0 | 1 | undefined => (isMissing(cell) ? undefined : booleanOf(cell));

/** One feature, 0 or 1, and one that says where the value is missing if the training rows had gaps. */
export class BooleanEncoder implements ColumnEncoder {
  readonly kind = "boolean";
  readonly name: string;
  readonly features: readonly string[];
  readonly rule: Rule;
  readonly fill: boolean;
  readonly indicator: boolean;

  constructor(name: string, rule: Rule, fill: boolean, indicator: boolean) {
    this.name = name;
    this.rule = rule;
    this.fill = fill;
    this.indicator = indicator;
    this.features = [name, ...(indicator ? [missingName(name)] : [])];
  }

  /** undefined if no cell holds yes or no. */
  static fit(
    name: string,
    cells: readonly Cell[],
    imputation: Imputation = "most-frequent",
  ): BooleanEncoder | undefined {
    const values = cells.map(read);
    const [yes, no] = [values.filter((v) => v === 1).length, values.filter((v) => v === 0).length];
    if (yes + no === 0) return undefined;
    const fill = fillOf(name, imputation, yes > no);
    return new BooleanEncoder(name, ruleOf(imputation), fill, yes + no < cells.length);
  }

  static fromJSON(name: string, fields: Fields): BooleanEncoder {
    const impute = fields.object("impute");
    const rule = impute.choice("rule", ["most-frequent", "constant"]);
    return new BooleanEncoder(name, rule, impute.flag("value"), fields.flag("indicator"));
  }

  write(cells: readonly Cell[], sink: Sink): void {
    writeCells(this.name, cells, booleanWriter(this), sink);
  }

  toJSON(): JsonObject {
    const { name, kind, rule, fill, indicator } = this;
    return { name, kind, impute: { rule, value: fill }, indicator };
  }
}

function fillOf(name: string, imputation: Imputation, mostFrequent: boolean): boolean {
  if (imputation === "most-frequent") return mostFrequent;
  if (typeof imputation === "object" && typeof imputation.constant === "boolean") return imputation.constant;
  return refuseRule(name, "boolean", imputation, '"most-frequent" and { constant: true or false }');
}

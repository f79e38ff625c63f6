/** Columns of numbers. */
import type { JsonObject } from "../../tensor/options.ts";
import { numberOf } from "../cells.ts";
import type { Fields } from "../json.ts";
import { numberWriter } from "../standalone/writers.ts";
import type { Cell } from "../table.ts";
import { type ColumnEncoder, type Imputation, missingName, type Sink, writeCells } from "./column.ts";
import { fitQuantity, type Quantity, quantityFromJSON, quantityToJSON, readQuantity } from "./quantity.ts";

/** One standardized feature, and one that says where the value is missing if the training rows had gaps. */
export class NumberEncoder implements ColumnEncoder {
  readonly kind = "number";
  readonly name: string;
  readonly features: readonly string[];
  readonly quantity: Quantity;

  constructor(name: string, quantity: Quantity) {
    this.name = name;
    this.quantity = quantity;
    this.features = [name, ...(quantity.indicator ? [missingName(name)] : [])];
  }

  /** undefined if no cell holds a number. */
  static fit(name: string, cells: readonly Cell[], imputation: Imputation = "median"): NumberEncoder | undefined {
    const values = readQuantity(name, cells, numberOf);
    return values.every(Number.isNaN)
      ? undefined
      : new NumberEncoder(name, fitQuantity(name, "number", values, imputation));
  }

  static fromJSON(name: string, fields: Fields): NumberEncoder {
    return new NumberEncoder(name, quantityFromJSON(fields));
  }

  write(cells: readonly Cell[], sink: Sink): void {
    writeCells(this.name, cells, numberWriter(this.quantity), sink);
  }

  toJSON(): JsonObject {
    return { name: this.name, kind: this.kind, ...quantityToJSON(this.quantity) };
  }
}

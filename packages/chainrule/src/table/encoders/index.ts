/**
 * From the cells of one column to its features: one class for each kind (`number.ts`, `date.ts`, `boolean.ts`,
 * `category.ts`), what they share (`column.ts`, `quantity.ts`), and here the choice among them.
 */
import { DataError } from "../../data/errors.ts";
import type { ColumnInfo } from "../columns.ts";
import type { Fields } from "../json.ts";
import type { Cell } from "../table.ts";
import { BooleanEncoder } from "./boolean.ts";
import { CategoryEncoder } from "./category.ts";
import { type ColumnEncoder, type Imputation, RULES } from "./column.ts";
import { DateEncoder } from "./date.ts";
import { NumberEncoder } from "./number.ts";

export type { CellNote, ColumnEncoder, Imputation } from "./column.ts";

/** @returns undefined if no cell can be used. @throws DataError for a column of which no features can be made */
export function fitColumn(
  info: ColumnInfo,
  cells: readonly Cell[],
  imputation?: Imputation,
): ColumnEncoder | undefined {
  const { name, kind } = info;
  if (imputation !== undefined && typeof imputation !== "object" && !RULES.includes(imputation)) {
    throw new DataError(
      `TableEncoder: there is no rule ${JSON.stringify(imputation)} for the missing values of column ${JSON.stringify(name)}; ` +
        `there are ${RULES.map((rule) => `"${rule}"`).join(", ")} and { constant: … }.`,
    );
  }
  if (kind === "number") return NumberEncoder.fit(name, cells, imputation);
  if (kind === "date") return DateEncoder.fit(name, cells, info.format ?? "iso", imputation);
  if (kind === "boolean") return BooleanEncoder.fit(name, cells, imputation);
  if (kind === "category") return CategoryEncoder.fit(name, cells, imputation);
  throw new DataError(
    `TableEncoder: no features can be made of column ${JSON.stringify(name)}, of the kind "${kind}".`,
  );
}

/** What `toJSON` of an encoder gave. @throws DataError that says what is wrong with it */
export function columnFromJSON(fields: Fields): ColumnEncoder {
  const name = fields.text("name");
  const kinds = { number: NumberEncoder, date: DateEncoder, boolean: BooleanEncoder, category: CategoryEncoder };
  const kind = fields.choice("kind", Object.keys(kinds) as (keyof typeof kinds)[]);
  return kinds[kind].fromJSON(name, fields);
}

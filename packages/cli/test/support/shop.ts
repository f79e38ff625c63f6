/** Model files for the tests of commands that apply a model: with initial weights, which predict well enough to be compared. */
import { saveModel } from "chainrule/io";
import { dense, initialize, relu, sequential } from "chainrule/nn";
import {
  type ColumnKind,
  inferColumns,
  type Row,
  Table,
  TableEncoder,
  TableModel,
  TargetEncoder,
} from "chainrule/table";

export interface ModelOptions {
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
  readonly record?: NonNullable<Parameters<typeof saveModel>[2]>["record"];
}

/** Learns the encoders from rows, and writes a model file. */
export async function writeModel(
  path: string,
  rows: Table | readonly Row[],
  target: string,
  { kinds = {}, record }: ModelOptions = {},
): Promise<TableModel> {
  const table = rows instanceof Table ? rows : Table.fromRows(rows);
  const input = TableEncoder.fit(table, inferColumns(table, { target, kinds }));
  const targets = TargetEncoder.fit(target, table.column(target));
  const network = sequential(dense(input.features.length, 9), relu, dense(9, targets.outputs));
  const model = initialize(new TableModel({ network, input, target: targets }), { seed: 7 });
  await saveModel(model, path, record === undefined ? {} : { record });
  return model;
}

/** Rows of a shop: a number with a gap, a category, a date; and what may be predicted: two classes with odd names, or a price. */
export const shop = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    size: i % 17 === 3 ? null : `${((i * 37) % 100) / 4}`,
    color: ["red", "green", "blue"][i % 3] as string,
    day: new Date(1.7e12 + i * 1e8).toISOString().slice(0, 10),
    'sold, "really"': (i * 7) % 10 < 4 ? 'no, "thanks"' : "yes\nplease",
    "price (CHF)": ((i * 53) % 97) + 0.25,
  }));

export const SOLD = 'sold, "really"';
export const PRICE = "price (CHF)";

/** The rows of the shop that have one of the targets only. */
export const shopFor = (target: typeof SOLD | typeof PRICE, count: number): Row[] =>
  shop(count).map(({ size, color, day, ...rest }) => ({ size, color, day, [target]: rest[target] }));

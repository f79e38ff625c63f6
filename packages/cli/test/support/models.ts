/** Models of rows that are made, not trained: what they give is as good for comparing as any. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Tensor, tensor } from "chainrule";
import { parseCSV } from "chainrule/data";
import { batchNorm, dense, dropout, initialize, params, relu, sequential, states, tanh } from "chainrule/nn";
import {
  type Cell,
  type InferOptions,
  inferColumns,
  type Row,
  Table,
  TableEncoder,
  TableModel,
  TargetEncoder,
} from "chainrule/table";

export const example = (name: string): string =>
  fileURLToPath(new URL(`../../../../examples/data/${name}`, import.meta.url));

export function exampleTable(name: string): Table {
  const [names = [], ...rows] = parseCSV(readFileSync(example(name), "utf8"));
  return new Table(
    names,
    names.map((_, j) => rows.map((row) => row[j] as Cell)),
  );
}

/** A model with weights that are random, but the same always. */
export function modelOf(table: Table, target: string, options: Omit<InferOptions, "target"> = {}): TableModel {
  const input = TableEncoder.fit(table, inferColumns(table, { ...options, target }));
  const encoder = TargetEncoder.fit(target, table.column(target));
  const network = sequential(
    dense(input.features.length, 12),
    batchNorm(12),
    relu,
    dropout(0.3),
    sequential(dense(12, 5), tanh),
    dense(5, encoder.outputs),
  );
  const model = initialize(new TableModel({ network, input, target: encoder }), { seed: 4 });
  // Also what begins as 0 or 1 everywhere.
  for (const variable of Object.values({ ...params(model), ...states(model) })) {
    if (variable.dtype === "float32") variable.value = variable.value.add(wave(variable.shape));
  }
  return model;
}

const wave = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tensor(Array.from({ length: size }, (_, i) => 0.4 * Math.sin(i * 78.233))).reshape(shape);
};

/** Names that would end a string, a comment or a template, or mean something to JavaScript. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is what is meant
export const ODD = {
  length: 'length "cm" */ \\ `${x}`',
  paid: "__proto__",
  day: "Tag\nder Lieferung",
  zip: "zip",
  colour: "constructor",
  price: "price (CHF)",
} as const;

const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

/** A table of all kinds of columns, with gaps; the target is one of three names, of two, or a number. */
export function hostileTable(target: "kind" | "grade" | "price"): Table {
  const rows = Array.from({ length: 240 }, (_, i): Row => {
    const wave = Math.sin(i * 12.9898);
    const targets = {
      kind: at(["a*/b", "`${c}`", "__proto__", "a*/b"], i),
      grade: i % 3 === 0 ? "true" : "false",
      price: 100 + 20 * wave,
    };
    return Object.fromEntries<Cell>([
      [ODD.length, i % 11 === 0 ? "NA" : `${(5 + 3 * wave).toFixed(2)} `],
      [ODD.paid, i % 13 === 0 ? null : i % 2 === 0 ? "Yes" : "no"],
      [ODD.day, i % 17 === 0 ? "?" : new Date(1.6e12 + i * 2.9e8).toISOString().slice(0, i % 2 === 0 ? 10 : 19)],
      [ODD.zip, at(["03012", "00501", "8001"], i * 7)],
      [ODD.colour, i % 19 === 0 ? "" : at(["rot", "blau ", "grün", "\u{1f9e0}", 'sch"warz'], i * 3)],
      [target === "price" ? ODD.price : target, targets[target]],
    ]);
  });
  return Table.fromRows(rows);
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: this is what is meant

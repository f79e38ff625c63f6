/** What a model does with the cells of a row before the network sees them, and with its outputs afterwards, in words. */
import type { ColumnEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { count } from "../../render/format.ts";
import { figure } from "../../render/numbers.ts";
import { renderTable, wrap } from "../../render/table.ts";
import { label } from "../../render/text.ts";

/** One line for each column. @param most lines */
export function describeColumns({ input }: TableModel, most: number, columns: number): string {
  const rows = input.columns.map((column) => [
    label(column.name, 24),
    column.kind,
    count(column.features.length),
    label(formulaOf(column), 2000),
  ]);
  const head = ["column", "kind", "numbers", "how"];
  const table = renderTable([head, ...rows.slice(0, most)], { left: [0, 1, 3], columns });
  return rows.length <= most ? table : `${table}\n… and ${count(rows.length - most, "column")} more; --all shows them`;
}

/** What `toJSON` of the encoders gives, as far as it is told here. */
interface Encoding {
  readonly impute: { readonly rule: string; readonly value?: unknown };
  readonly indicator: boolean;
  readonly mean?: number;
  readonly deviation?: number;
  readonly format?: string;
  readonly cycles?: readonly string[];
  readonly categories?: readonly string[];
  readonly other?: boolean;
}

function formulaOf(column: ColumnEncoder): string {
  const json = column.toJSON() as unknown as Encoding;
  const parts = {
    number: () => [standardized("x", json)],
    date: () => [
      standardized("days since 1970", json),
      ...(json.cycles ?? []).map((cycle) => `sine and cosine of the ${cycle}`),
    ],
    boolean: () => ["1 for yes, 0 for no"],
    category: () => [categories(json)],
  }[column.kind]();
  return [...parts, ...missing(column, json)].join("; ");
}

const standardized = (what: string, { mean = 0, deviation = 1 }: Encoding): string =>
  `(${what} ${mean < 0 ? "+" : "−"} ${figure(Math.abs(mean), 5)}) / ${figure(deviation, 5)}, within ±10`;

/** Names of categories that are listed. */
const LISTED = 8;

function categories({ categories: names = [], other }: Encoding): string {
  const listed = names.slice(0, LISTED).map((name) => label(name, 20));
  const more = names.length > LISTED ? ` and ${count(names.length - LISTED)} more` : "";
  return `1 for the category, 0 for the others: ${listed.join(", ")}${more}${other === true ? ", others together" : ""}`;
}

/** What a column's missing cells become, where the rows trained on had some: "missing: taken for 3, the median, …". */
export function gapsOf(column: ColumnEncoder): string | undefined {
  const json = column.toJSON() as unknown as Encoding;
  return json.indicator ? missing(column, json)[0] : undefined;
}

function missing({ kind }: ColumnEncoder, { impute: { rule, value }, indicator }: Encoding): string[] {
  const own = "1 in a number of its own";
  if (rule === "category") return indicator ? [`missing: ${own}`] : [];
  const why = rule === "constant" ? "as told" : `the ${rule === "most-frequent" ? "most frequent" : rule}`;
  return [`missing: taken for ${fillOf(kind, value)}, ${why}${indicator ? `, and ${own}` : ""}`];
}

function fillOf(kind: ColumnEncoder["kind"], value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  return kind === "date" ? dayOf(value) : figure(value, 5);
}

/** A day, counted from 1970. */
function dayOf(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? `day ${figure(days)}` : date.toISOString().slice(0, 10);
}

/** What the outputs mean. */
export function describeTarget({ name, task, classes, mean, deviation, unit }: TargetEncoder, columns: number): string {
  const lines = {
    regression: `${name} = output · ${figure(deviation, 5)} ${mean < 0 ? "−" : "+"} ${figure(Math.abs(mean), 5)}${unit === undefined ? "" : ` ${unit}`} (deviation and mean of the rows it was trained on)`,
    binary: `probability of ${JSON.stringify(classes?.[1])} = sigmoid(output), of ${JSON.stringify(classes?.[0])} = 1 − that; predicted is the likelier one`,
    classification: `probabilities = softmax(outputs), in the order ${classListOf(classes ?? [])}; predicted is the likeliest`,
  };
  return wrap(label(lines[task], 4000), columns).join("\n");
}

const classListOf = (classes: readonly string[]): string =>
  `${classes.slice(0, 20).join(", ")}${classes.length > 20 ? ` and ${count(classes.length - 20)} more` : ""}`;

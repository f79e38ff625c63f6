/** The columns of a model of rows: what is made of their cells, and what a row has there usually. */
import type { ColumnEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { figure } from "../../state/index.ts";
import { count, label } from "./text.ts";
import type { ColumnFacts, PictureFacts } from "./types.ts";

/** What `toJSON` of the encoders gives, as far as it is told here. */
interface Encoding {
  readonly impute: { readonly rule: string; readonly value?: unknown };
  readonly indicator: boolean;
  readonly mean?: number;
  readonly deviation?: number;
  readonly cycles?: readonly string[];
  readonly categories?: readonly string[];
  readonly other?: boolean;
}

/** Categories that a page can offer. */
const MOST_CHOICES = 200;
const LONGEST_CHOICE = 200;

export function columnFacts(column: ColumnEncoder): ColumnFacts {
  const encoding = column.toJSON() as unknown as Encoding;
  return {
    name: column.name,
    label: label(column.name),
    kind: column.kind,
    features: column.features.length,
    how: howOf(column, encoding),
    usual: usualOf(column, encoding),
    choices:
      column.kind === "boolean"
        ? ["yes", "no"]
        : (encoding.categories ?? []).filter((name) => name.length <= LONGEST_CHOICE).slice(0, MOST_CHOICES),
  };
}

/** Of several categories that come equally often the file does not tell which comes most often: then the first. */
function usualOf({ kind }: ColumnEncoder, { impute: { value }, categories }: Encoding): string {
  if (kind === "category") return typeof value === "string" ? value : (categories?.[0] ?? "");
  if (kind === "boolean") return value === true ? "yes" : "no";
  if (typeof value !== "number") return "";
  return kind === "date" ? dayOf(value) : String(Number(value.toPrecision(7)));
}

/** A day, counted from 1970. */
function dayOf(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

function howOf(column: ColumnEncoder, encoding: Encoding): string {
  const parts = {
    number: () => [standardized("x", encoding)],
    date: () => [
      standardized("days since 1970", encoding),
      ...(encoding.cycles ?? []).map((cycle) => `sine and cosine of the ${cycle}`),
    ],
    boolean: () => ["1 for yes, 0 for no"],
    category: () => [categories(encoding)],
  }[column.kind]();
  return [...parts, ...missing(column, encoding)].join("; ");
}

const standardized = (what: string, { mean = 0, deviation = 1 }: Encoding): string =>
  `(${what} ${mean < 0 ? "+" : "−"} ${figure(Math.abs(mean), 5)}) / ${figure(deviation, 5)}`;

const LISTED = 8;

function categories({ categories: names = [], other }: Encoding): string {
  const listed = names.slice(0, LISTED).map((name) => label(name, 20));
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `1 for its category, 0 for the others: ${listed.join(", ")}${more}${other === true ? ", others together" : ""}`;
}

function missing(column: ColumnEncoder, encoding: Encoding): string[] {
  const { rule } = encoding.impute;
  const own = "1 in a number of its own";
  if (rule === "category") return encoding.indicator ? [`missing: ${own}`] : [];
  const why = rule === "constant" ? "as told" : `the ${rule === "most-frequent" ? "most frequent" : rule}`;
  return [
    `missing: taken for ${label(usualOf(column, encoding), 20)}, ${why}${encoding.indicator ? `, and ${own}` : ""}`,
  ];
}

/** What the outputs mean. */
export function meaningOf({ name, task, classes, mean, deviation, unit }: TargetEncoder): string {
  const what = label(name);
  if (task === "regression") {
    const sign = mean < 0 ? "−" : "+";
    return `${what} = output · ${figure(deviation, 5)} ${sign} ${figure(Math.abs(mean), 5)}${unit === undefined ? "" : ` ${label(unit, 16)}`}`;
  }
  if (task === "binary")
    return `probability of ${label(classes?.[1] ?? "")} = σ(output), of ${label(classes?.[0] ?? "")} = 1 − that`;
  return `probabilities of ${count(classes?.length ?? 0, "class").replace(/classs$/, "classes")} = softmax(outputs)`;
}

/**
 * The picture that the columns of a table are the pixels of: they are numbers, and their names end in row and column, as pixel_0_7
 * does, or in one position, as pixel7. Columns may be missing, such as those that had no ink in any training row.
 */
export function pictureOfColumns({ input }: TableModel): PictureFacts | undefined {
  if (!input.columns.every(({ kind, features }) => kind === "number" && features.length === 1)) return undefined;
  const names = input.columns.map(({ name }) => name);
  const pairs = names.map((name) => /(\d{1,4})[^\d]+(\d{1,4})$/.exec(name)?.slice(1).map(Number));
  const single = names.map((name) => /(\d{1,6})$/.exec(name)?.slice(1).map(Number));
  const places = pairs.every((pair) => pair !== undefined) ? pairs : single;
  if (places.length < FEWEST_PIXELS / 2 || !places.every((place) => place !== undefined)) return undefined;
  // Counted from 1 where no name has a 0.
  const first = places.some((place) => place.includes(0)) ? 0 : 1;
  const most = Math.max(...places.flat()) - first;
  const side = places[0]?.length === 2 ? most + 1 : Math.ceil(Math.sqrt(most + 1));
  const pixels = Int32Array.from(places, (place) => place.reduce((at, part) => at * side + part - first, 0));
  const fits = new Set(pixels).size === pixels.length && pixels.every((pixel) => pixel >= 0 && pixel < side * side);
  if (!fits || side * side < FEWEST_PIXELS || side > 256 || pixels.length < 0.6 * side * side) return undefined;
  return { side, pixels, ink: side <= 8 ? 16 : 255 };
}

/** The picture that the inputs of a plain network may be: a square of at least 8 × 8. */
export function pictureOfInputs(inputs: number): PictureFacts | undefined {
  const side = Math.round(Math.sqrt(inputs));
  return side * side === inputs && inputs >= FEWEST_PIXELS && side <= 256
    ? { side, pixels: undefined, ink: 1 }
    : undefined;
}

const FEWEST_PIXELS = 64;

/**
 * Models as modules of TypeScript that import nothing. What comes before and after the network is the library's own text, with what
 * was learned from the training rows as its arguments.
 */
import { basename } from "node:path";
import type { ModelFile } from "chainrule/io";
import type { ColumnEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { label } from "../../render/text.ts";
import { commandVersion } from "../../version.ts";
import { carried } from "./carried.ts";
import { inComment, keyOf, literal, WIDTH } from "./literal.ts";

/** What `toJSON` of a column gives; which fields there are depends on its kind. */
interface ColumnFields {
  readonly impute: { readonly rule: string; readonly value?: string | number | boolean };
  readonly indicator: boolean;
  readonly mean?: number;
  readonly deviation?: number;
  readonly format?: string;
  readonly cycles?: readonly string[];
  readonly categories?: readonly string[];
  readonly other?: boolean;
}

/** @param network what `exportTypeScript` gave */
export function tableModule(path: string, { input, target }: TableModel, network: string): string {
  const { columns } = input;
  const writers = [...new Set(columns.map(({ kind }) => `${kind}Writer`))];
  const ofClasses = target.classes === undefined ? [] : ["classProbabilities"];
  const chosen = target.task === "classification" ? ["likeliest"] : [];
  return [
    header(`Predicts ${quoted(target.name)} from a row of a table`, path, [
      "",
      "`predict` is all that one needs. Below it are how cells are read, what was learned from the training rows, and the network.",
    ]),
    `/** A row by the names of its columns; null, NaN and texts such as "", "NA" and "?" are missing values. */
export interface Row {
${columns.map(rowField).join("\n")}
}`,
    predictionOf(target),
    featuresOf(input.features.length),
    section("How cells are read, and features made of them"),
    carried([...writers, "Writer", ...ofClasses, ...chosen], ["Cell"]),
    section("What was learned from the training rows"),
    `/** The columns in the order of their features. */
const COLUMNS: readonly { readonly name: keyof Row; readonly width: number; readonly write: Writer }[] = [
${columns.map(columnEntry).join("\n")}
];`,
    ...(target.classes === undefined ? [] : [`const CLASSES = ${literal(target.classes)} as const;`]),
    section("The network"),
    network,
  ].join("\n\n");
}

/** @param shape that of the input, with a batch of 1 */
export function networkModule(path: string, { record }: ModelFile, shape: readonly number[], network: string): string {
  const { input } = record;
  const meaning = typeof input === "string" ? `: ${inComment(label(input, 80))}` : "";
  const title = `A network: forward(input) takes ${shape.slice(1).join(" × ")} numbers${meaning}`;
  return `${header(title, path)}\n\n${network}`;
}

const header = (title: string, path: string, more: readonly string[] = []): string =>
  [
    "/**",
    ` * ${title}.`,
    ` * Made of ${inComment(label(basename(path), 60))} by chainrule export ${commandVersion()}. It imports nothing.`,
    ...more.map((line) => ` * ${line}`.trimEnd()),
    " */",
  ].join("\n");

const section = (title: string): string => `// ${title} ${"-".repeat(Math.max(0, 115 - title.length))}`;

const quoted = (name: string): string => inComment(JSON.stringify(label(name, 60)));

const fieldsOf = (column: ColumnEncoder): ColumnFields => column.toJSON() as unknown as ColumnFields;

const rowField = (column: ColumnEncoder): string =>
  `  /** ${inComment(describe(column))} */\n  readonly ${keyOf(column.name)}: Cell | undefined;`;

const DATES: Readonly<Record<string, string>> = {
  iso: "2024-02-29",
  "y/m/d": "2024/02/29 or 2024-02-29",
  "d.m.y": "29.02.2024 or 2024-02-29",
  "m/d/y": "02/29/2024 or 2024-02-29",
  "d/m/y": "29/02/2024 or 2024-02-29",
};

function describe(column: ColumnEncoder): string {
  const { categories = [], format } = fieldsOf(column);
  switch (column.kind) {
    case "number":
      return "A number.";
    case "boolean":
      return "Yes or no: true, false, or such a word.";
    case "date":
      return `A date, with or without a time: ${DATES[format as string]}.`;
    case "category": {
      const shown = categories.slice(0, 5).map((category) => JSON.stringify(label(category)));
      return `One of ${shown.join(", ")}${categories.length > shown.length ? ` and ${categories.length - shown.length} more` : ""}.`;
    }
  }
}

/** How a cell of the column is written as features. */
function columnEntry(column: ColumnEncoder): string {
  const { impute, indicator, mean, deviation, format, cycles, categories, other } = fieldsOf(column);
  const spec = literal({ format, cycles, categories, other, fill: impute.value, indicator, mean, deviation }, "    ");
  const [name, width] = [`name: ${literal(column.name)}`, `width: ${column.features.length}`];
  const write = `write: ${column.kind}Writer(${spec})`;
  const line = `  { ${name}, ${width}, ${write} },`;
  return line.length <= WIDTH ? line : `  {\n    ${name},\n    ${width},\n    ${write},\n  },`;
}

function predictionOf({ name, task, unit, mean, deviation }: TargetEncoder): string {
  const refusals = " * @throws TypeError for a column that is not there; RangeError for an infinite number\n */";
  if (task === "regression") {
    const what = `${quoted(name)}${unit === undefined ? "" : `, in ${inComment(label(unit))}`}`;
    return `export interface Prediction {
  /** ${what}. */
  readonly value: number;
}

/**
 * What the model predicts for a row.
 *
${refusals}
export function predict(row: Row): Prediction {
  const z = forward(features(row))[0] as number;
  return { value: z * ${literal(deviation)} + ${literal(mean)} };
}`;
  }
  const [options, chosen] =
    task === "binary" ? [", threshold = 0.5", "Number((p[1] as number) > threshold)"] : ["", "likeliest(p)"];
  const threshold =
    task === "binary" ? " * @param threshold the second class is predicted where its probability is above it\n" : "";
  return `export type Class = (typeof CLASSES)[number];

export interface Prediction {
  /** The predicted ${quoted(name)}. */
  readonly class: Class;
  /** Of each class; they sum to 1. */
  readonly probabilities: Readonly<Record<Class, number>>;
}

/**
 * What the model predicts for a row.
 *
${threshold}${refusals}
export function predict(row: Row${options}): Prediction {
  const p = classProbabilities(forward(features(row)));
  const named = Object.fromEntries(CLASSES.map((name, i) => [name, p[i]]));
  return { class: CLASSES[${chosen}] as Class, probabilities: named as Record<Class, number> };
}`;
}

const featuresOf = (width: number): string => `/** The features of a row, as the network takes them. */
export function features(row: Row): Float32Array {
  const numbers = new Float32Array(${width});
  let at = 0;
  for (const { name, width, write } of COLUMNS) {
    const what = write(cellOf(row, name), numbers, at);
    if (what === "infinite") throw new RangeError(\`predict: \${JSON.stringify(name)} is infinite.\`);
    at += width;
  }
  return numbers;
}

/** A name that is spelled wrongly must not pass for a missing value. */
function cellOf(row: Row, name: keyof Row): Cell {
  if (!Object.hasOwn(row, name)) throw new TypeError(\`predict: the row has no \${JSON.stringify(name)}.\`);
  const cell = row[name] ?? null;
  if (cell === null || ["string", "number", "boolean"].includes(typeof cell)) return cell;
  throw new TypeError(\`predict: \${JSON.stringify(name)} must be a text, a number, true, false or null.\`);
}`;

/** The options that say what the columns of a file are, what is to be predicted, and which rows are for the test. */

import type { ColumnKind, Imputation, TargetTask } from "chainrule/table";
import { InvalidArgumentError, Option } from "commander";
import { share } from "../arguments.ts";
import { type ReadFlags, readOptions, readOptionsOf } from "../files/options.ts";
import { rare } from "../help.ts";
import { SPLIT_STRATEGIES, type SplitStrategy } from "../recipe/rows.ts";
import type { LoadOptions } from "./load.ts";

/** In the names that commander gives to the options of `dataOptions`. */
export interface DataFlags extends ReadFlags {
  readonly kind?: Readonly<Record<string, ColumnKind>>;
  readonly drop?: readonly string[];
  readonly impute?: Readonly<Record<string, Imputation>>;
  readonly task?: TargetTask;
  readonly unit?: string;
}

export interface SplitFlags {
  readonly test: number;
  readonly split?: SplitStrategy;
  readonly by?: string;
}

const KINDS = ["number", "category", "boolean", "date", "text"] as const satisfies readonly ColumnKind[];

/** For commands that learn from a file. */
export const dataOptions = (): Option[] => [
  rare(
    new Option("--task <task>", "what is predicted, if the values of the target do not tell").choices([
      "classification",
      "regression",
    ]),
  ),
  rare(
    new Option("--kind <column=kind>", `what a column holds: ${KINDS.join(", ")}; repeatable`).argParser(
      pairs("kind", KINDS),
    ),
  ),
  new Option("--drop <column>", "leave a column out; repeatable").argParser(list),
  rare(
    new Option(
      "--impute <column=rule>",
      "what stands for missing values: median, mean, most-frequent, or a value; repeatable",
    ).argParser(imputations),
  ),
  rare(new Option("--unit <text>", "in what the target is measured, such as CHF")),
  ...readOptions().map(rare),
];

/** For commands that hold rows back for a test. */
export const splitOptions = (): Option[] => [
  new Option("--test <share>", "share of the rows held back for the test").argParser(share).default(0.2),
  rare(new Option("--split <how>", "which rows are held back").choices(SPLIT_STRATEGIES)),
  rare(new Option("--by <column>", "the column of the groups, or of the times, of --split group or time")),
];

export function loadOptionsOf(flags: DataFlags): LoadOptions {
  const { kind, drop, impute, task, unit } = flags;
  return {
    read: readOptionsOf(flags),
    kinds: kind ?? {},
    drop: drop ?? [],
    impute: impute ?? {},
    ...(task === undefined ? {} : { task }),
    ...(unit === undefined ? {} : { unit }),
  };
}

const list = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** "zip=category", one after another; the name may hold = itself. */
function pairs<T extends string>(what: string, values: readonly T[]) {
  return (text: string, before: Readonly<Record<string, T>> = {}): Record<string, T> => {
    const [name, value] = cut(text);
    const found = values.find((v) => v === value);
    if (found === undefined)
      throw new InvalidArgumentError(`It must be <column>=<${what}>, a ${what} being one of ${values.join(", ")}.`);
    return { ...before, [name]: found };
  };
}

function imputations(text: string, before: Readonly<Record<string, Imputation>> = {}): Record<string, Imputation> {
  const [name, value] = cut(text);
  const rule = RULES.find((r) => r === value);
  return { ...before, [name]: rule ?? { constant: constant(value) } };
}

const RULES = ["median", "mean", "most-frequent", "category"] as const;

function constant(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : text;
}

function cut(text: string): [string, string] {
  const at = text.lastIndexOf("=");
  if (at <= 0) throw new InvalidArgumentError("It must be the name of a column, =, and a value.");
  return [text.slice(0, at), text.slice(at + 1)];
}

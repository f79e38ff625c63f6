/** All that was decided, by the user or by rule, with reasons. */
import type { ColumnEncoder } from "chainrule/table";
import type { Choice } from "../../recipe/index.ts";
import { count } from "../../render/format.ts";
import { label } from "../../render/text.ts";
import { gapsOf } from "../explain/columns.ts";
import { searchedChoices } from "../search/choices.ts";
import type { TrainingRun } from "./training.ts";

export function choicesOf(run: TrainingRun): Choice[] {
  const { encoded, trained, loaded, flags, search } = run;
  const { problem, target, input } = encoded;
  const loss = {
    binary: "binary cross-entropy",
    classification: "softmax cross-entropy",
    regression: "mean squared error",
  }[problem.task];
  const columns = input.columns.length;
  return [
    {
      name: "task",
      value:
        problem.task === "regression" ? "regression" : `classification, ${count(target.classes?.length ?? 0)} classes`,
      reason: flags.task === undefined ? loaded.task.reason : "told by --task",
      option: "--task",
    },
    { name: "loss", value: loss, reason: "belongs to the task", option: "--task" },
    testChoice(run),
    {
      name: "inputs",
      value: `${count(columns, "column")} as ${count(input.features.length, "feature")}`,
      reason: `${howMade(input.columns)}, learned from the training rows alone`,
      option: "--drop, --kind, --impute",
    },
    ...missingChoice(input.columns),
    ...(search === undefined ? trained.choices : searchedChoices(trained.choices, search, flags)),
    { name: "seed", value: String(flags.seed), reason: "decides everything random", option: "--seed" },
  ];
}

/** What is done to columns of these kinds. */
function howMade(columns: readonly ColumnEncoder[]): string {
  const kinds = new Set(columns.map(({ kind }) => kind));
  return [
    ...(kinds.has("number") || kinds.has("date") ? ["standardized"] : []),
    ...(kinds.has("category") ? ["one-hot"] : []),
    ...(kinds.has("boolean") ? ["1 for yes"] : []),
  ].join(", ");
}

/** Columns whose rule is told; all are in `explain`. */
const MOST_RULES = 5;

function missingChoice(columns: readonly ColumnEncoder[]): Choice[] {
  const rules = columns.flatMap((column) => {
    const gaps = gapsOf(column);
    return gaps === undefined ? [] : [`${label(column.name, 24)} ${gaps}`];
  });
  if (rules.length === 0) return [];
  const more = rules.length > MOST_RULES ? [`and ${count(rules.length - MOST_RULES, "column")} more`] : [];
  return [
    {
      name: "missing values",
      value: `filled in ${count(rules.length, "column")}`,
      reason: [...rules.slice(0, MOST_RULES), ...more].join("; "),
      option: "--impute",
    },
  ];
}

function testChoice({ rows, flags, loaded, folds }: TrainingRun): Choice {
  const { length } = loaded.table;
  const strategy = flags.split ?? (loaded.task.task === "regression" ? "random" : "stratified");
  if (folds !== undefined)
    return {
      name: "test",
      value: `${folds.folds.length} folds, ${strategy}`,
      reason: "told by --folds; the model is trained on all rows",
      option: "--folds",
    };
  if (rows.test.length === 0) return { name: "test", value: "none", reason: "told by --test 0", option: "--test" };
  return {
    name: "test",
    value: `${count(rows.test.length)} of ${count(length)} rows, ${strategy}`,
    reason: "held back before anything is chosen",
    option: "--test",
  };
}

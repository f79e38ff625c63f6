/** What is to be predicted: classes or numbers, by the values of the column. */
import { DataError } from "../data/errors.ts";
import { fewForClasses } from "../data/table.ts";
import { CellError, numberOf, requireFiniteCell, type Tally, tally, type Value } from "./cells.ts";
import { oddOf } from "./kinds.ts";
import type { Cell } from "./table.ts";

export const TARGET_TASKS = ["binary", "classification", "regression"] as const;

/** Two classes by one logit, classes by a logit each, or numbers. */
export type TargetTask = (typeof TARGET_TASKS)[number];

export interface TaskChoice {
  readonly task: TargetTask;
  /** One sentence for the user. */
  readonly reason: string;
  /** Rows without a target, which cannot be learned from. */
  readonly missing: number;
}

/** More classes than this are most likely something else. */
const MOST_TARGET_CLASSES = 1000;

/** A column of numbers with at most this share of words is one with mistakes in it; with more, one of classes. */
const MOST_WORDS = 0.1;

/**
 * The task that the values of the target column ask for: classes if they are words, or whole numbers of which there are few
 * (at most 50, and half as many as rows), "binary" if there are two of them; else "regression".
 *
 * @param asked the task, where the caller knows better; then it is checked
 * @throws DataError where there is nothing to learn: no value, one class, a constant, a class for each row; CellError for a
 *   word among numbers, or an infinite number
 * @example
 * ```ts
 * import { inferTask } from "chainrule/table";
 * inferTask("quality", [5, 6, 5, 7, 6, 7]).task; // → classification
 * ```
 */
export function inferTask(name: string, cells: readonly Cell[], asked?: TargetTask): TaskChoice {
  const target = targetValues(cells);
  const { present, missing, values } = target;
  const column = JSON.stringify(name);
  if (present === 0)
    throw new DataError(
      `The target ${column} has no value in any of the ${cells.length} rows. Give rows that have one, or another target.`,
    );
  if (values.length === 1) {
    const rows = present === 1 ? "the only row that has" : `all ${present} rows that have`;
    throw new DataError(
      `The target ${column} is ${JSON.stringify(values[0]?.text)} in ${rows} a value: there is nothing to tell apart. ` +
        "Give rows with other values, or another target.",
    );
  }
  const choice = asked === undefined ? taskOf(name, target) : { task: asked, reason: "as you asked" };
  if (choice.task === "regression") requireNumbers(name, target);
  else requireClasses(name, target, choice.task);
  return { ...choice, missing };
}

function taskOf(name: string, target: Tally): Omit<TaskChoice, "missing"> {
  const { values, present } = target;
  const words = oddOf(values.filter(({ cell }) => numberOf(cell) === undefined));
  const two = values.length === 2;
  if (words !== undefined) {
    if (words.count <= MOST_WORDS * present && values.length > 3) requireNumbers(name, target);
    return two
      ? { task: "binary", reason: "the target has two values" }
      : { task: "classification", reason: `the target has ${values.length} values, which are words` };
  }
  for (const { cell, row } of values) requireFiniteCell("The target", name, row, numberOf(cell) as number);
  const whole = values.every(({ cell }) => Number.isInteger(numberOf(cell)));
  if (!whole) return { task: "regression", reason: "the target holds numbers that are not whole" };
  if (!fewForClasses(values.length, present)) {
    return { task: "regression", reason: `the target has ${values.length} different numbers in ${present} rows` };
  }
  if (two) return { task: "binary", reason: "the target has two values" };
  return {
    task: "classification",
    reason: `the target has ${values.length} different whole numbers in ${present} rows, so they are classes`,
  };
}

/** @throws CellError for the first word, or infinite number */
function requireNumbers(name: string, { values, present }: Tally): void {
  const odd = oddOf(values.filter(({ cell }) => numberOf(cell) === undefined));
  if (odd !== undefined) {
    throw new CellError(
      `The target ${JSON.stringify(name)} has words among its numbers, ${odd.count} of ${present}: ${JSON.stringify(odd.example)} in row ${odd.row}. ` +
        "Correct them or drop these rows; if they are names of classes, ask for classification.",
      name,
      odd.row,
    );
  }
  for (const { cell, row } of values) requireFiniteCell("The target", name, row, numberOf(cell) as number);
}

function requireClasses(name: string, { values, present }: Tally, task: TargetTask): void {
  const column = JSON.stringify(name);
  if (task === "binary" && values.length !== 2) {
    throw new DataError(
      `The target ${column} has ${values.length} values, and a binary task has two. Ask for classification.`,
    );
  }
  if (values.length > 10 && values.length === present) {
    throw new DataError(
      `Each of the ${present} rows has a target ${column} of its own, such as ${JSON.stringify(values[0]?.text)}: classes must come again. ` +
        "Is it an identifier, a date or a text? Choose another target.",
    );
  }
  if (values.length > MOST_TARGET_CLASSES) {
    throw new DataError(
      `The target ${column} has ${values.length} classes, and ${MOST_TARGET_CLASSES} is the most there can be. ` +
        "Group them, or ask for regression if they are quantities.",
    );
  }
}

/** The different values; of numbers 1 and 1.0 are the same. */
function targetValues(cells: readonly Cell[]): Tally {
  const target = tally(cells);
  const merged = new Map<number, Value>();
  for (const value of target.values) {
    const number = numberOf(value.cell);
    if (number === undefined) return target;
    const before = merged.get(number);
    merged.set(number, before === undefined ? value : { ...before, count: before.count + value.count });
  }
  return { ...target, values: [...merged.values()] };
}

/** The classes of a column: numbers by value, else by code units, as texts are sorted. */
export function classNames(cells: readonly Cell[]): string[] {
  const { values } = targetValues(cells);
  const numbers = new Map(values.map(({ text, cell }) => [text, numberOf(cell) ?? Number.NaN]));
  const texts = values.map(({ text }) => text).sort();
  const areNumbers = [...numbers.values()].every(Number.isFinite);
  return areNumbers ? texts.sort((a, b) => (numbers.get(a) as number) - (numbers.get(b) as number)) : texts;
}

/** Whether a data file has the columns that a model needs. */
import { Failure } from "../failure.ts";
import type { TableFile } from "../files/index.ts";
import { closest } from "../render/closest.ts";
import type { ModelFile } from "./model-file.ts";

/** So many names are listed. */
const MOST_NAMES = 20;

/** @throws Failure that lists the columns of the model that are missing, and those that are there */
export function requireColumns(file: ModelFile, data: TableFile): void {
  const names = file.model.input.columns.map(({ name }) => name);
  const missing = names.filter((name) => !data.columns.includes(name));
  if (missing.length === 0) return;
  const { trainedOn } = file;
  const origin = trainedOn.file === undefined ? "" : `, which was trained on ${trainedOn.file}`;
  const some = missing.length === names.length ? `all ${names.length}` : `${missing.length} of the ${names.length}`;
  throw new Failure(
    `${data.name} lacks ${some} columns that ${file.name} needs${origin}: ` +
      `${list(missing)}. It has ${list(data.columns)}. ${adviceOf(missing, names, data)}`,
  );
}

/** @throws Failure where the file does not say what was true */
export function requireTarget({ name, model }: ModelFile, data: TableFile): void {
  const target = model.target.name;
  if (data.columns.includes(target)) return;
  throw new Failure(
    `${data.name} lacks the column ${JSON.stringify(target)} that ${name} predicts, so there is nothing to compare with. ` +
      `It has ${list(data.columns)}. To predict it, use chainrule predict.`,
  );
}

function adviceOf(missing: readonly string[], names: readonly string[], { columns }: TableFile): string {
  if (columns.every((name, j) => name === `column_${j + 1}`))
    return `If its first row holds no names, give them by --columns; the model's are ${list(names)}.`;
  const meant = missing.flatMap((name) => {
    const near = closest(
      name,
      columns.filter((other) => !names.includes(other)),
    );
    return near === undefined ? [] : [`${JSON.stringify(near)} to ${JSON.stringify(name)}`];
  });
  if (meant.length > 0) return `If only their names differ, rename ${meant.slice(0, MOST_NAMES).join(", ")}.`;
  return "Give a file that has the columns of the training data, or train a model on what this one has.";
}

const list = (names: readonly string[]): string =>
  names
    .slice(0, MOST_NAMES)
    .map((name) => JSON.stringify(name))
    .join(", ") + (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "");

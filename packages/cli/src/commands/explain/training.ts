/** How a model was trained, on what, and how good it was, as its file tells. */
import type { OpenedModel, TrainingRecord } from "../../model-file/index.ts";
import { count, percent } from "../../render/format.ts";
import { figure } from "../../render/numbers.ts";
import { renderTable } from "../../render/table.ts";
import { label } from "../../render/text.ts";

/** @param most lines of what was chosen */
export function describeTraining({ record, table }: OpenedModel, most: number, columns: number): string {
  if (record.madeBy === undefined) {
    const keys = Object.keys(record.all);
    return keys.length === 0
      ? "The file tells nothing about it."
      : `The file has a record that no command of chainrule has written: ${label(JSON.stringify(record.all), 400)}`;
  }
  const rows = [
    ["by", `${record.madeBy}${versionOf(record)}`],
    ...dataLines(record),
    ...epochLines(record),
    ...scoreLines(record, table?.target.unit),
    ...record.choices.slice(0, most).map(({ name, value, reason }) => [name, `${value} (${reason})`]),
  ];
  return renderTable(
    rows.map(([name = "", value = ""]) => [label(name), label(value, 1000)]),
    { left: [0, 1], columns },
  );
}

const versionOf = ({ versions }: TrainingRecord): string => {
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return all.length === 0 ? "" : `, ${all.join(", ")}`;
};

function dataLines({ data, rows }: TrainingRecord): string[][] {
  const split =
    rows === undefined ? [] : [["rows", `${count(rows.train)} to learn from, ${count(rows.test)} for the test`]];
  if (data === undefined) return split;
  const size = data.rows === undefined ? "" : `, ${count(data.rows, "row")}`;
  return [["data", `${data.file}${size}${data.sha256 === undefined ? "" : `, SHA-256 ${data.sha256}`}`], ...split];
}

function epochLines({ epochs, stopped, refitted }: TrainingRecord): string[][] {
  if (epochs === undefined) return [];
  const why = stopped === undefined ? "" : ` (${refitted ? "before that, with rows held back: " : ""}${stopped})`;
  return [["trained", `${count(epochs, "epoch")}${refitted ? " anew on all rows" : ""}${why}`]];
}

function scoreLines({ validation, test }: TrainingRecord, unit: string | undefined): string[][] {
  const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
  const lines: string[][] = [];
  if (validation.loss !== undefined)
    lines.push([
      "validated",
      `loss ${figure(validation.loss)}${validation.score === undefined ? "" : `, score ${figure(validation.score)}`}`,
    ]);
  if (isNumber(test?.accuracy) && isNumber(test.right) && isNumber(test.rows))
    lines.push(["result", `right: ${percent(test.accuracy)} (${count(test.right)} of ${count(test.rows, "row")})`]);
  if (isNumber(test?.mae) && isNumber(test.rows))
    lines.push([
      "result",
      `off by ${figure(test.mae)}${unit === undefined ? "" : ` ${unit}`} on average on ${count(test.rows, "row")}`,
    ]);
  return lines;
}

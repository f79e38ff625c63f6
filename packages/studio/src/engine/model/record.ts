/** What a model file tells of its training: lines to be read. What `chainrule train` writes is put into words. */
import type { ModelFile } from "chainrule/io";
import { figure, percent } from "../../state/index.ts";
import { count, label } from "./text.ts";
import type { Fact } from "./types.ts";

type Fields = Readonly<Record<string, unknown>>;

const MOST = 40;
const COMMAND = "chainrule train";

export function trainingFacts(record: ModelFile["record"]): readonly Fact[] {
  const fields = record as Fields;
  return fields.made_by === COMMAND ? ofCommand(fields) : plain(fields);
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";

function ofCommand(record: Fields): Fact[] {
  const [data, rows, test] = [record.data, record.rows, record.test].map(fieldsOf) as [Fields, Fields, Fields];
  const version = fieldsOf(record.versions).chainrule;
  const facts: Fact[] = [["made by", `${COMMAND}${isText(version) ? `, version ${label(version, 16)}` : ""}`]];
  if (isText(data.file))
    facts.push(["data", `${label(data.file)}${isNumber(data.rows) ? `, ${count(data.rows, "row")}` : ""}`]);
  if (isNumber(rows.train) && isNumber(rows.test))
    facts.push([
      "rows",
      `${count(rows.train, "row")} to learn from, ${rows.test.toLocaleString("en-US")} for the test`,
    ]);
  if (isNumber(record.epochs)) facts.push(["trained", count(record.epochs, "epoch")]);
  if (isText(record.stopped)) facts.push(["ended", label(record.stopped, 120)]);
  if (isNumber(test.accuracy))
    facts.push([
      "in the test",
      `${percent(test.accuracy)} right${isNumber(test.rows) ? ` of ${count(test.rows, "row")}` : ""}`,
    ]);
  if (isNumber(test.mae)) facts.push(["in the test", `off by ${figure(test.mae, 4)} on average`]);
  return facts;
}

/** What the command chose by itself, and why. */
export function choiceFacts(record: ModelFile["record"]): readonly Fact[] {
  const { made_by, choices } = record as Fields;
  if (made_by !== COMMAND || !Array.isArray(choices)) return [];
  return choices
    .slice(0, MOST)
    .map(fieldsOf)
    .flatMap(({ name, value, reason }): Fact[] =>
      isText(name) && isText(value) && isText(reason) ? [[label(name), label(`${value} (${reason})`, 160)]] : [],
    );
}

/** Whatever else somebody has written: its own words. */
function plain(record: Fields): Fact[] {
  return Object.entries(record)
    .slice(0, MOST)
    .map(([name, value]) => [label(name.replaceAll("_", " ")), label(written(name, value), 160)]);
}

function written(name: string, value: unknown): string {
  if (isText(value)) return value;
  if (!isNumber(value)) return JSON.stringify(value) ?? "";
  return /accuracy/i.test(name) && value >= 0 && value <= 1 ? percent(value) : figure(value, 5);
}

/** What is said of strange cells: of each kind of column, and by each rule for missing values. */
import { inferColumns, Table, TableEncoder } from "chainrule/table";
import { expect, test } from "vitest";
import { describeNotes } from "../../src/apply/index.ts";

const COLUMNS = {
  length: [1, 2, 6, 2],
  width: [1, 2, 6, 2],
  picked: ["2024-01-01", "2024-01-03", "2024-01-05", "2024-01-03"],
  ripe: ["yes", "yes", "no", "yes"],
  kind: ["a", "b", "a", "a"],
  color: ["red", "blue", "red", "red"],
};

const table = new Table(Object.keys(COLUMNS), Object.values(COLUMNS));
const kinds = { length: "number", width: "number", picked: "date", ripe: "boolean", kind: "category" } as const;
const encoder = TableEncoder.fit(table, inferColumns(table, { kinds: { ...kinds, color: "category" } }), {
  impute: { width: { constant: 4.5 }, length: "mean", color: "most-frequent" },
});

const told = (column: string, what: "missing" | "unreadable" | "unseen", count: number, example = ""): string =>
  describeNotes([{ column, what, count, place: "line 7", example }], encoder)[0] as string;

test("missing values: what they count as, and by which rule", () => {
  expect(told("length", "missing", 1)).toBe(
    '"length": 1 value missing, in line 7; it counts as 2.75, the mean of the training rows.',
  );
  expect(told("width", "missing", 1200)).toBe(
    '"width": 1,200 values missing, the first in line 7; they count as 4.5, as told in training.',
  );
  expect(told("picked", "missing", 1)).toContain("it counts as 2024-01-03, the median of the training rows.");
  expect(told("ripe", "missing", 2)).toContain("they count as yes, the most frequent of the training rows.");
  expect(told("kind", "missing", 2)).toContain("they count as no category.");
  expect(told("color", "missing", 1)).toContain('it counts as "red", the most frequent of the training rows.');
});

test("values that are none of the column's kind count as missing", () => {
  expect(told("length", "unreadable", 2, "long")).toBe(
    '"length": 2 values that are no number, the first "long" in line 7; they count as 2.75, the mean of the training rows.',
  );
  expect(told("picked", "unreadable", 1, "soon")).toContain(
    '1 value that is no date as in training, "soon" in line 7;',
  );
  expect(told("ripe", "unreadable", 1, "maybe")).toContain('1 value that is neither yes nor no, "maybe" in line 7;');
});

test("categories that training did not have; nothing in them steers the terminal", () => {
  expect(told("kind", "unseen", 1, "\u001b[31mc\u202e")).toBe(
    '"kind": 1 value that the training rows did not have, "␛[31mc" in line 7; it counts as none of the known ones.',
  );
});

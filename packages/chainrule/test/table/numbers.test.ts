import { type ColumnInfo, columnNumbers, inferColumns, Table } from "chainrule/table";
import { expect, test } from "vitest";

const table = new Table(
  ["size", "day", "name"],
  [
    ["1.5", "?", -2],
    ["02.01.1970", "01.03.1970", null],
    ["a", "b", "a"],
  ],
);
const [size, day, name] = inferColumns(table) as [ColumnInfo, ColumnInfo, ColumnInfo];

test("numbers, and days since 1970", () => {
  expect(columnNumbers(size, table.column("size"))).toEqual(Float64Array.of(1.5, Number.NaN, -2));
  // 1970-03-01 is 31 + 28 days after the first of January.
  expect(columnNumbers(day, table.column("day"))).toEqual(Float64Array.of(1, 59, Number.NaN));
});

test("of words there are none", () => {
  expect(() => columnNumbers(name, table.column("name"))).toThrow(
    'columnNumbers: column "name" holds no numbers and no dates, it is of the kind "category".',
  );
});

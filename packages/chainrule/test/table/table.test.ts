import { Table } from "chainrule/table";
import { describe, expect, test } from "vitest";

const table = new Table(
  ["city", "size"],
  [
    ["Bern", "Basel", "Thun"],
    [51, null, 46],
  ],
);

describe("Table", () => {
  test("has rows and columns by name", () => {
    expect(table.length).toBe(3);
    expect(table.column("city")).toEqual(["Bern", "Basel", "Thun"]);
    expect(table.row(1)).toEqual({ city: "Basel", size: null });
  });

  test("takes rows and selects columns", () => {
    const part = table.take([2, 0]).select(["size"]);
    expect([part.names, part.columns]).toEqual([["size"], [[46, 51]]]);
  });

  test("of rows has the columns of all of them", () => {
    const made = Table.fromRows([{ a: 1 }, { b: "x", a: undefined }]);
    expect([made.names, made.columns]).toEqual([
      ["a", "b"],
      [
        [1, null],
        [null, "x"],
      ],
    ]);
    expect(Table.fromRows([{ a: 1, b: 2 }], ["b", "c"]).row(0)).toEqual({ b: 2, c: null });
  });

  test("takes no inherited property for a cell", () => {
    expect(Table.fromRows([{}], ["constructor"]).row(0)).toEqual({ constructor: null });
  });

  test.each([
    [() => new Table(["a"], []), "Table: there are 1 names for 0 columns."],
    [() => new Table(["a", "a"], [[], []]), 'Table: two columns are named "a".'],
    [() => new Table(["a", "b"], [[1], []]), 'Table: column "b" has 0 cells and "a" has 1.'],
    [() => table.column("town"), 'Table: there is no column "town"; the columns are "city", "size".'],
    [() => Table.fromRows([[1] as never]), "Table: row 0 must be an object such as { length: 5.1 }; it is"],
    [
      () => Table.fromRows([{ a: new Date(0) as never }]),
      'Table: row 0, column "a" must be a text, a number, true, false or null; it is',
    ],
  ])("refuses %s", (make, message) => {
    expect(make).toThrow(message);
  });
});

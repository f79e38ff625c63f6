import { type Cell, type ColumnKind, type InferOptions, inferColumns, Table } from "chainrule/table";
import { describe, expect, test } from "vitest";

const infer = (name: string, cells: readonly Cell[], options?: InferOptions) => {
  const [column] = inferColumns(new Table([name], [cells]), options);
  if (column === undefined) throw new Error("no column");
  return column;
};

const count = (n: number, cell: (i: number) => Cell): Cell[] => Array.from({ length: n }, (_, i) => cell(i));

describe("inferColumns", () => {
  test.each<[string, Cell[], ColumnKind, string]>([
    ["length", ["5.1", " 4.9 ", "1e3"], "number", "all values are numbers"],
    ["size", [5.1, null, 4], "number", "all values are numbers"],
    // Few whole numbers, zero and one among them, are quantities as far as one can know.
    ["children", ["0", "1", "0", "1"], "number", "all values are numbers"],
    [
      "area",
      ["03012", "1204", "8001"],
      "category",
      'whole numbers with leading zeros, such as "03012": codes, not quantities',
    ],
    ["zip", ["3012", "8001"], "category", "whole numbers under the name of a code, not quantities"],
    ["home_zipcode", [3012, 8001], "category", "whole numbers under the name of a code, not quantities"],
    ["postalCode", [3012, 8001], "category", "whole numbers under the name of a code, not quantities"],
    ["PLZ", [3012, 8001], "category", "whole numbers under the name of a code, not quantities"],
    ["phone prefix", ["031", "044"], "category", "whole numbers under the name of a code, not quantities"],
    ["zipper", [1.5, 2], "number", "all values are numbers"],
    ["customerId", [7, 7, 9], "category", "whole numbers under the name of an identifier, not quantities"],
    [
      "card",
      ["4929123412341234", "4929123412341234", "5500123412341234"],
      "category",
      'whole numbers of more than 15 digits, such as "4929123412341234": codes, not quantities',
    ],
    ["smokes", ["Yes", "no", "NO"], "boolean", 'yes or no, written as "Yes" and "no" and "NO"'],
    ["smokes", ["t", "f"], "boolean", 'yes or no, written as "t" and "f"'],
    ["smokes", [true, false, null], "boolean", 'yes or no, written as "true" and "false"'],
    ["smokes", ["yes", ""], "boolean", 'yes or no, written as "yes"'],
    ["answer", ["yes", "false"], "category", "words, 2 different ones"],
    ["colour", ["red", "blue", "red"], "category", "words, 2 different ones"],
    ...["1,200.50", "$ 5", "-12 %", "5 kg", "3,5"].map((text): [string, Cell[], ColumnKind, string] => [
      "amount",
      [text, "1'000"],
      "category",
      `numbers with separators or units, such as ${JSON.stringify(text)}, which count as words: write them as 1234.5 to have quantities`,
    ]),
    ["house", ["12a", "3b"], "category", "words, 2 different ones"],
    ["version", ["1.2.3", "1.3.0"], "category", "words, 2 different ones"],
    ["note", ["x", null], "category", "one word or no value"],
    ["site", ["A", "A"], "constant", 'all rows have "A": nothing can be learned from it'],
    ["empty", ["", "NA", "n/a", "NaN", "null", "None", "?", "-", null, Number.NaN], "empty", "no row has a value"],
  ])("%s %j is of the kind %s", (name, cells, kind, reason) => {
    const column = infer(name, cells);
    expect([column.kind, column.reason]).toEqual([kind, reason]);
  });

  test("knows dates by the format of the whole column", () => {
    const kindOf = (cells: Cell[]) => {
      const { kind, format, reason } = infer("day", cells);
      return [kind, format, reason];
    };
    expect(kindOf(["2024-02-29", "2024-03-01T12:30:00Z", "2023-01-01 08:00"])).toEqual([
      "date",
      "iso",
      "dates written as year-month-day",
    ]);
    expect(kindOf(["2024/02/29", "2024/3/1"])).toEqual(["date", "y/m/d", "dates written as year/month/day"]);
    expect(kindOf(["29.02.2024", "1.3.2024"])).toEqual(["date", "d.m.y", "dates written as day.month.year"]);
    expect(kindOf(["02/03/2024", "02/29/2024"])).toEqual(["date", "m/d/y", "dates written as month/day/year"]);
    expect(kindOf(["02/03/2024", "29/02/2024"])).toEqual(["date", "d/m/y", "dates written as day/month/year"]);
    expect(kindOf(["02/03/2024", "05/06/2024"])).toEqual([
      "date",
      "m/d/y",
      "dates that can be read both as month/day/year and as day/month/year; the former is taken",
    ]);
    // There was no 29 February in 2023.
    expect(kindOf(["2023-02-29", "2023-02-30"])[0]).toBe("category");
  });

  test("takes few odd words for missing values and tells them", () => {
    const column = infer(
      "weight",
      count(20, (i) => (i === 4 ? "heavy" : i === 7 ? "" : i + 0.5)),
    );
    expect([column.kind, column.odd, column.missing]).toEqual(["number", { count: 1, row: 4, example: "heavy" }, 1]);
    expect(column.reason).toBe('numbers, but for one value that counts as missing, "heavy"');
    const two = infer(
      "weight",
      count(20, (i) => (i > 17 ? "heavy" : i + 0.5)),
    );
    expect(two.reason).toBe('numbers, but for 2 values that count as missing, such as "heavy"');
    const day = infer(
      "day",
      count(10, (i) => (i === 3 ? "soon" : `2024-01-0${1 + (i % 9)}`)),
    );
    expect([day.kind, day.odd?.row]).toEqual(["date", 3]);
  });

  test("takes more of them for words, each a category", () => {
    const column = infer(
      "weight",
      count(20, (i) => (i < 3 ? "heavy" : i % 5)),
    );
    expect([column.kind, column.odd]).toEqual(["category", undefined]);
    expect(column.reason).toBe(
      '3 of 20 values are no numbers, such as "heavy": more than 10 %, so each value counts as a word',
    );
  });

  test("keeps codes of which a few have letters", () => {
    const cells = count(40, (i) => (i === 9 ? "0012A" : `00${i % 20}`));
    const { kind, odd, reason } = infer("article", cells);
    expect([kind, odd]).toEqual(["category", undefined]);
    expect(reason).toBe('whole numbers with leading zeros, such as "000": codes, not quantities');
  });

  test("says why amounts that all differ are not used", () => {
    const { kind, reason } = infer(
      "amount",
      count(12, (i) => `${i + 1},200.50`),
    );
    expect(kind).toBe("identifier");
    expect(reason).toContain('numbers with separators or units, such as "1,200.50", which count as words');
  });

  test("uses neither identifiers nor text", () => {
    const table = new Table(
      ["row", "code", "name", "note", "id", "x"],
      [
        count(12, (i) => i + 1),
        count(12, (i) => `A-${i}`),
        count(12, (i) => `00${i + 10}`),
        count(12, (i) => `came back after ${i} days`),
        count(12, (i) => (i * 7) % 12),
        count(12, (i) => i * 1.5),
      ],
    );
    expect(inferColumns(table).map(({ kind, use, reason }) => [kind, use, reason])).toEqual([
      ["identifier", "none", "whole numbers that count the rows"],
      ["identifier", "none", "every row has another value: it names the rows and says nothing about others"],
      ["identifier", "none", "every row has another value: it names the rows and says nothing about others"],
      ["text", "none", "text of 5.0 words on average, of which no features are made"],
      ["identifier", "none", "every row has another value: it names the rows and says nothing about others"],
      ["number", "feature", "all values are numbers"],
    ]);
  });

  test("learns from the number of the row if there is nothing else", () => {
    const table = new Table(["t", "y"], [count(12, (i) => i + 1), count(12, (i) => i * i)]);
    const [t, y] = inferColumns(table, { target: "y" });
    expect([t?.kind, t?.use, y?.use]).toEqual(["number", "feature", "target"]);
    expect(t?.reason).toBe("whole numbers that count the rows; there is no other column to learn from");
    expect(inferColumns(table, { target: "y", kinds: { t: "identifier" } })[0]?.use).toBe("none");
  });

  test("counts, shows examples and summarizes numbers", () => {
    const column = infer("x", ["4", "-1", "", "4", "3"]);
    expect([column.missing, column.distinct, column.examples]).toEqual([1, 3, ["4", "-1", "3"]]);
    expect(column.numbers).toEqual({ min: -1, max: 4, mean: 2.5 });
    expect(infer("c", ["a", "b".repeat(50)]).examples).toEqual(["a", `${"b".repeat(39)}…`]);
    expect(infer("c", [1e308, 1.5e308]).numbers?.mean).toBeCloseTo(1.25e308, -300);
  });

  test("tells the most frequent of very many categories apart", () => {
    // Two of each, so that they are no identifiers.
    const column = infer(
      "c",
      count(20_000, (i) => `c${i >> 1}`),
    );
    expect([column.kind, column.distinct]).toEqual(["category", 10_000]);
    expect(column.reason).toBe(
      'words, 10000 different ones; the 50 most frequent of 10000 are told apart, the others are "other"',
    );
  });

  test("takes the caller's word for a kind", () => {
    const cells = ["1", "2", "2", "x"];
    const asked = (kind: ColumnKind) => infer("c", cells, { kinds: { c: kind } });
    expect([asked("number").kind, asked("number").reason, asked("number").odd?.count]).toEqual([
      "number",
      'as you asked, but for one value that counts as missing, "x"',
      1,
    ]);
    expect([asked("category").use, asked("text").use]).toEqual(["feature", "none"]);
    expect(infer("c", ["1", "0"], { kinds: { c: "boolean" } }).kind).toBe("boolean");
    expect(infer("c", ["01/02/2024"], { kinds: { c: "date" } }).format).toBe("m/d/y");
    expect(infer("c", ["01/02/2024", "03/04/2024"], { dates: { c: "d/m/y" } }).format).toBe("d/m/y");
  });

  test.each<[InferOptions, string]>([
    [{ kinds: { b: "number" } }, 'Table: there is no column "b"; the columns are "a".'],
    [{ target: "y" }, 'Table: there is no column "y"; the columns are "a".'],
    [
      { kinds: { a: "number" } },
      'inferColumns: column "a" cannot be of the kind "number": none of its 2 values fits, such as "x" in row 0.',
    ],
    [
      { dates: { a: "d.m.y" } },
      'inferColumns: column "a" cannot be of the kind "date" (d.m.y): none of its 2 values fits, such as "x" in row 0.',
    ],
    [{ kinds: { a: "integer" as never } }, 'inferColumns: kinds.a must be one of "number", "category"'],
    [
      { dates: { a: "Y" as never } },
      'inferColumns: dates.a must be one of "iso", "y/m/d", "d.m.y", "m/d/y", "d/m/y"; it is "Y".',
    ],
    [
      { dates: { a: "iso" }, kinds: { a: "number" } },
      'inferColumns: column "a" cannot both be of the kind "number" and hold dates.',
    ],
    [{ kind: {} } as never, 'inferColumns: unknown option "kind"'],
  ])("refuses %j", (options, message) => {
    expect(() => infer("a", ["x", "y"], options)).toThrow(message);
  });
});

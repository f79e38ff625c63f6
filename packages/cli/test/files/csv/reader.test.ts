import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inFolder, temporaryFolder } from "../../support/tables.ts";

const { read } = inFolder(temporaryFolder());

describe("rows", () => {
  test("cells are texts without spaces around them, and an empty one is null", async () => {
    const { columns, rows, places, notes } = await read("length, species ,n\n5.1, setosa,\n 4.9 ,NA,007\n");
    expect(columns).toEqual(["length", "species", "n"]);
    expect(rows).toEqual([
      ["5.1", "setosa", null],
      ["4.9", "NA", "007"],
    ]);
    expect(places).toEqual(["line 2", "line 3"]);
    expect(notes).toEqual([]);
  });

  test("values in quotation marks hold delimiters, marks and line breaks (RFC 4180, 2.5 to 2.7)", async () => {
    const { rows, places } = await read(
      'a,b\r\n"x, y","say ""yes"""\r\n"two\r\nlines", "and\nthree\nmore"\r\nlast,""\r\n',
    );
    expect(rows).toEqual([
      ["x, y", 'say "yes"'],
      ["two\r\nlines", "and\nthree\nmore"],
      ["last", null],
    ]);
    expect(places).toEqual(["line 2", "line 3", "line 7"]);
  });

  test("blank lines, mixed ends of lines, and none at the end", async () => {
    const { rows, places } = await read("\n\na,b\n\n1,2\r\n\r\n3,4\r5,6");
    expect(rows).toEqual([
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ]);
    expect(places).toEqual(["line 5", "line 7", "line 8"]);
  });

  test("a number sign begins no comment", async () => {
    expect((await read("a,b\n#1,2\n")).rows).toEqual([["#1", "2"]]);
  });

  test("one column, and a row across the chunks in which a file is read", async () => {
    const long = "x".repeat(200_000);
    expect((await read(`a\n${long}\nb\n`)).rows).toEqual([[long], ["b"]]);
  });

  test("any cells that are written by the rules come back", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "1", ",", ";", '"', "\n", "\r", " ", "ü", "🌱"),
      maxLength: 6,
    });
    const tables = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 });
    const written = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        const text = ["a,b,c", ...table.map((row) => row.map(written).join(","))].join("\n");
        const { rows } = await read(text, { delimiter: "," });
        expect(rows).toEqual(table.map((row) => row.map((value) => value.trim() || null)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("delimiters", () => {
  test.each([
    [";", "a;b\n1;2\n"],
    ["\t", "a\tb\n1\t2\n"],
    ["|", "a|b\nx, y|2\n"],
    [";", 'a;b\n"1;2;3";2\n'],
    [";", "1,5;2,5\n3,5;4,5\n"],
  ])("%j is found out, and told", async (delimiter, text) => {
    const { columns, notes } = await read(text);
    expect(columns).toHaveLength(2);
    expect(notes[0]).toBe(`delimiter ${JSON.stringify(delimiter)}`);
  });

  test("texts with semicolons in a file with commas", async () => {
    const { rows } = await read("a,b,c\nx;y,1,2\np;q,3,4\n");
    expect(rows[0]).toEqual(["x;y", "1", "2"]);
  });

  test("an option overrides it, also with more than one character; .tsv has tabs", async () => {
    expect((await read("a::b\n1::2\n", { delimiter: "::" })).rows).toEqual([["1", "2"]]);
    const { rows, notes } = await read("a\tb\n1,5;3\t\n", {}, "data.tsv");
    expect(rows).toEqual([["1,5;3", null]]);
    expect(notes).toEqual([]);
  });

  test("quotation marks can be ordinary, or others", async () => {
    expect((await read('a,b\n5" disk,x\n', { quote: null })).rows).toEqual([['5" disk', "x"]]);
    expect((await read("a,b\n'x, y',z\n", { quote: "'" })).rows).toEqual([["x, y", "z"]]);
  });
});

describe("names of columns", () => {
  test("a first row of numbers is data", async () => {
    const { columns, rows, notes } = await read("5.1,-3e2\n4.9,\n");
    expect(columns).toEqual(["column_1", "column_2"]);
    expect(rows).toHaveLength(2);
    expect(notes).toEqual(["no header: the first row has numbers only (if it holds names, use --header)"]);
  });

  test("options say what the first row is", async () => {
    expect((await read("2019,2020\n1,2\n", { header: true })).columns).toEqual(["2019", "2020"]);
    const { columns, rows, notes } = await read("x,y\n1,2\n", { header: false });
    expect(columns).toEqual(["column_1", "column_2"]);
    expect(rows[0]).toEqual(["x", "y"]);
    expect(notes).toEqual([]);
  });

  test("names by option are for a file without, or replace those of the header", async () => {
    const names = { columns: ["length", "species"] };
    expect(await read("5.1,setosa\n", names)).toMatchObject({ columns: names.columns, rows: [["5.1", "setosa"]] });
    expect((await read("a,b\n5.1,setosa\n", { ...names, header: true })).rows).toEqual([["5.1", "setosa"]]);
  });

  test("a column without a name gets one", async () => {
    const { columns, notes } = await read(",a,\n1,2,3\n");
    expect(columns).toEqual(["column_1", "a", "column_3"]);
    expect(notes).toEqual(['columns without a name are called "column_1", "column_3"']);
  });

  test("odd names stay as they are", async () => {
    expect((await read('__proto__,"a ""b"", c",größe (m²)\n1,2,3\n')).columns).toEqual([
      "__proto__",
      'a "b", c',
      "größe (m²)",
    ]);
  });
});

describe("decimal commas", () => {
  test("become points in cells that are wholly such a number", async () => {
    const cells = [
      "1.234,5",
      "-0,25",
      "+1'234'567,0",
      "1 234,5",
      "5",
      "1.234",
      "1,5e3",
      ",5",
      "1.5",
      "01.02.2024",
      "1,2,3",
      "a,5",
      ",",
    ];
    const { rows } = await read(cells.map((cell) => `x;${cell}\n`).join(""), {
      delimiter: ";",
      header: false,
      decimalComma: true,
    });
    expect(rows.map((row) => row[1])).toEqual([
      "1234.5",
      "-0.25",
      "+1234567.0",
      "1234.5",
      "5",
      "1234",
      "1.5e3",
      ".5",
      "1.5",
      "01.02.2024",
      "1,2,3",
      "a,5",
      ",",
    ]);
  });

  test("are told where they stay texts", async () => {
    const { rows, notes } = await read("a;b\n5,1;x\n");
    expect(rows).toEqual([["5,1", "x"]]);
    expect(notes).toEqual([
      'delimiter ";"',
      'values such as "5,1" stay texts: to read them as numbers, use --decimal-comma',
    ]);
  });
});

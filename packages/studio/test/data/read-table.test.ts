import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTable } from "../../src/data/read-table.ts";
import { classNames, leftOut, type OwnTable, Refusal, usedRows } from "../../src/state/index.ts";
import { IRIS } from "../support/iris.ts";

/** Why a text is refused. */
function refusal(content: string | ArrayBuffer): string {
  try {
    readTable("my.csv", content);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Refusal).message;
  }
  return "it was accepted";
}

const roles = ({ columns, x, y, target, task }: OwnTable) => [x, y, target].map((at) => columns[at]?.name).concat(task);
const numbers = (table: OwnTable, at: number) => [...(table.columns[at]?.values ?? [])];
const bytes = (...all: number[]): ArrayBuffer => Uint8Array.from(all).buffer;
const encoded = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;

describe("a table", () => {
  it("is read with the likeliest roles", () => {
    const iris = readTable("iris.csv", encoded(IRIS));
    expect(roles(iris)).toEqual(["sepal_length", "sepal_width", "species", "classes"]);
    expect(classNames(iris)).toEqual(["setosa", "versicolor", "virginica"]);
    expect(numbers(iris, 3).slice(0, 3)).toEqual([0.2, 0.2, 0.2]);
    expect(numbers(iris, 4).filter((label) => label === 2)).toHaveLength(20);
    expect(iris.source?.notes).toEqual(["60 rows, 5 columns."]);
    expect(roles(readTable("t", "class,a,b\n0,1,2\n1,2,5\n0,3,3\n1,4,1\n"))).toEqual(["a", "b", "class", "classes"]);
    expect(roles(readTable("t", "a,b,price\n1,2,10\n2,5,12.5\n3,3,11\n"))).toEqual(["a", "b", "price", "value"]);
  });

  it("may have other delimiters, decimal commas, encodings, and no names", () => {
    const german = readTable(
      "t",
      bytes(...[..."L\xe4nge;b;Art\r\n1,5;2;x\r\n2,5;1;y\r\n"].map((c) => c.charCodeAt(0))),
    );
    expect(german.columns.map(({ name }) => name)).toEqual(["Länge", "b", "Art"]);
    expect(numbers(german, 0)).toEqual([1.5, 2.5]);
    expect(german.source?.notes).toEqual([
      "2 rows, 3 columns, parted by “;”.",
      "Its letters are not UTF-8; they are read as Windows-1252.",
      "Commas in “Länge” stand before decimals.",
    ]);
    const wide = readTable(
      "t",
      Uint16Array.from([..."\uFEFFa\tb\tc\n1\t2\t3\n4\t5\t9\n7\t6\t3\n"].map((c) => c.charCodeAt(0))).buffer,
    );
    expect(numbers(wide, 2)).toEqual([3, 9, 3]);
    const nameless = readTable("t", "5.1,3.5,setosa\n7,3.2,versicolor\n");
    expect(nameless.columns.map(({ name }) => name)).toEqual(["column 1", "column 2", "column 3"]);
    expect(numbers(nameless, 0)).toEqual([5.1, 7]);
    expect(nameless.source?.notes.at(-1)).toContain("Its first line holds numbers, so it counts as a row");
    const excel = readTable("t", "sep=|\r\na|b|c\r\n1|2|x\r\n2|1|y\r\n");
    expect([excel.columns.map(({ name }) => name), excel.source?.lines]).toEqual([
      ["a", "b", "c"],
      Int32Array.of(3, 4),
    ]);
    const same = readTable("t", "a,a,,__proto__\n1,2,3,4\n2,3,5,9\n");
    expect(same.columns.map(({ name }) => name)).toEqual(["a", "a (2)", "column 3", "__proto__"]);
  });

  it("tells of cells and columns that cannot be used, and where they are", () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `${i % 7},${i % 5},word${i},5,${i % 2 ? "yes" : "no"},2024-01-${i + 10}`,
    );
    const table = readTable(
      "t",
      ["a,b,key,same,kind,day", ...rows, "old,2,word20,5,yes,2024-02-01", ",4,word21,5,no,2024-02-02"].join("\n"),
    );
    expect(roles(table)).toEqual(["a", "b", "kind", "classes"]);
    expect(table.source?.notes.at(-1)).toBe("“old” in line 22, column “a”, is no number and counts as missing.");
    expect(leftOut(table)).toEqual({ count: 2, line: 22, column: "a" });
    expect(usedRows(table).points).toHaveLength(20);
    expect(table.source?.unused.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      "key: every row has another value: it names the rows and says nothing about others",
      'same: all rows have "5": nothing can be learned from it',
      "day: dates written as year-month-day. The network takes numbers: give the day of the year, or the hour",
    ]);
    const many = readTable(
      "t",
      `a,b,c,word\n${Array.from({ length: 30 }, (_, i) => `${i % 7},${i % 4},${i % 9},w${i % 6}`).join("\n")}`,
    );
    expect(many.source?.unused[0]?.reason).toBe("words, 6 different ones. At most 5 words can be told apart");
    expect(refusal("a,b,c\nx,1,1\n2,3,4\n5,6,7\n")).toBe(
      "“my.csv” cannot be read: three columns are needed, two of numbers for the picture and one to predict, and there are 2 that can " +
        "be used. “a”: line 2 has “x”, which is no number, as 1 of the 3 cells are. Correct them, or leave them empty.",
    );
  });

  it("is sampled at even distances if it is long", () => {
    const text = `a,b,c\n${Array.from({ length: 12_000 }, (_, i) => `${i},${i % 7},${i % 3}.5`).join("\n")}`;
    const table = readTable("t", text);
    expect(numbers(table, 0)).toHaveLength(5000);
    expect(numbers(table, 0).slice(0, 3)).toEqual([0, 2, 4]);
    expect(table.source?.lines.slice(0, 3)).toEqual(Int32Array.of(2, 4, 6));
    expect(table.source?.notes).toEqual(["12,000 rows, 3 columns.", "5,000 of the rows are used, at even distances."]);
  });

  it("has numbers to a millionth of their range, and none that are infinite", () => {
    const table = readTable("t", "a,b,c\n0.12345678901,1e308,1\n1,2,-0\n0.5,5,3\n");
    expect(numbers(table, 0)).toEqual([0.1234568, 1, 0.5]);
    expect(numbers(table, 1)).toEqual([Number.NaN, 2, 5]);
    expect(numbers(table, 2)).toEqual([1, 0, 3]);
    expect(numbers(readTable("t", "a,b,c\n1e-9,1,1\n3e-9,2,0\n2e-9,5,3\n"), 0)).toEqual([1e-9, 3e-9, 2e-9]);
  });
});

describe("what is no table", () => {
  it.each([
    ['a,b,c\n1,2,"3\n', "the quote that opens on line 2 is never closed."],
    ['a,b,c\n"1"x,2,3\n', "line 2 has text after a closing quote. A quote inside of a quoted cell is written"],
    ["a,b,c\n1,2,3\n\n4,5\n", "line 4 has 2 cells, and line 1 has 3. A cell that is empty still needs its comma"],
    ["a,b,c\n", "it has names of columns, and no rows beneath them."],
    ["  \n ", "it is empty."],
    ["sep=;\n", "it is empty."],
    ["a,b\n1,2\n", "line 1 has two cells, and three columns are needed"],
    ["<html><body>", "line 1 has one cell"],
    [
      "a,b,c\n1,2,3\n1,2,3\n",
      'there are none that can be used. “a”: all rows have "1": nothing can be learned from it.',
    ],
    ["a,b,c\n1,2,\0\n", "it is no text: line 2 has the control character 0. Save the table as CSV first."],
    [`${",".repeat(1_000_000)}\n`, "it has 1,000,001 columns, and at most 100 are read."],
    ["9".repeat(50_000_000), "it has 50.0 MB, and at most 2 MB are read. Leave out rows or columns."],
    ["\n".repeat(1_900_000), "it is empty."],
    ['"'.repeat(1_900_001), "the quote that opens on line 1 is never closed."],
  ])("is refused, case %#", (text, reason) => {
    expect(refusal(text)).toMatch(/^“my.csv” cannot be read: /);
    expect(refusal(text)).toContain(reason);
  });

  it("is refused if it is a spreadsheet, or other bytes", () => {
    expect(refusal(bytes(0x50, 0x4b, 3, 4, 0, 0))).toContain("it is a packed file, such as a spreadsheet (.xlsx)");
    expect(refusal(bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10, 0, 0))).toContain("it is no text");
  });

  it("is text where it is told of", () => {
    const table = readTable("<img src=x>\u202e.csv", "<script>alert(1)</script>,=1+1,c\n1,2,3\n4,5,6\n7,9,8\n");
    expect(table.columns.map(({ name }) => name)).toEqual(["<script>alert(1)</script>", "=1+1", "c"]);
    expect(table.source?.name).toBe("<img src=x>�.csv");
  });

  it("never makes anything but a table or a refusal", () => {
    const cell = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.constantFrom("", "NA", '"', '"a"', "1,5", "yes", "-0", "1e999"),
    );
    const row = fc.array(cell, { minLength: 1, maxLength: 5 });
    const text = fc
      .tuple(fc.array(row, { maxLength: 8 }), fc.constantFrom(",", ";", "\t"))
      .map(([rows, delimiter]) => rows.map((cells) => cells.join(delimiter)).join("\n"));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (content) => {
        try {
          const { points } = usedRows(readTable("t", content));
          for (const point of points) expect(point.every((value) => Math.abs(value) <= 5)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          expect((error as Refusal).message).not.toMatch(/[\n\r\0]/);
        }
      }),
    );
  });
});

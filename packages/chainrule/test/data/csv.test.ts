import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromCSV, parseCSV, parseCSVRows } from "../../src/data/index.ts";

describe("parseCSV", () => {
  // The rules and examples are those of RFC 4180, section 2.
  it("follows RFC 4180", () => {
    expect(parseCSV("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n")).toEqual([
      ["aaa", "bbb", "ccc"],
      ["zzz", "yyy", "xxx"],
    ]);
    expect(parseCSV("aaa,bbb,ccc\r\nzzz,yyy,xxx")).toEqual([
      ["aaa", "bbb", "ccc"],
      ["zzz", "yyy", "xxx"],
    ]);
    expect(parseCSV('"aaa","b\r\nbb","ccc"\r\nzzz,yyy,xxx')).toEqual([
      ["aaa", "b\r\nbb", "ccc"],
      ["zzz", "yyy", "xxx"],
    ]);
    expect(parseCSV('"aaa","b""bb","ccc"')).toEqual([["aaa", 'b"bb', "ccc"]]);
  });

  it("takes other line ends, delimiters, a byte order mark, empty cells and blank lines", () => {
    expect(parseCSV("\uFEFFa;b\rc;d\n\n;\n", ";")).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["", ""],
    ]);
    expect(parseCSV("a\n\nb\n")).toEqual([["a"], [""], ["b"]]);
    expect(parseCSV("")).toEqual([]);
    expect(parseCSV("a,")).toEqual([["a", ""]]);
  });

  it("tells the lines on which rows begin, past quoted ends of lines and blank lines", () => {
    expect(parseCSVRows('a;b\r\n\r\n"1\n\r\n1";2\n3;4', ";")).toEqual([
      { cells: ["a", "b"], line: 1 },
      { cells: ["1\n\r\n1", "2"], line: 3 },
      { cells: ["3", "4"], line: 6 },
    ]);
  });

  it("reads back any cells that were quoted by the rules", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\r", "\n", " ", "é") });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(",")).join("\r\n");
        expect(parseCSV(text)).toEqual(rows);
      }),
    );
  });

  it("says where quotes are broken", () => {
    expect(() => parseCSV('a,b\n1,"2')).toThrow(
      "fromCSV: the quote that opens on line 2 is never closed. Close it, or remove it.",
    );
    expect(() => parseCSV('a,b\n"x\ny"z,2')).toThrow(
      'fromCSV: line 3 has text after a closing quote. A quote inside of a quoted cell is written "".',
    );
    expect(() => parseCSV("a", ";;")).toThrow(
      'fromCSV: the delimiter must be one character, and no quote or line end; it is ";;".',
    );
    expect(() => parseCSV(3 as never)).toThrow("fromCSV: takes the text of a file, not 3.");
  });
});

describe("fromCSV", () => {
  it("makes a classification data set of a column of texts", () => {
    const data = fromCSV('width,"petal, length",species\n1.5,2,setosa\n-.5,3e1,virginica\n+0,4.,setosa\n', {
      target: "species",
    });
    expect(data.columns).toEqual(["width", "petal, length"]);
    expect(data.target).toBe("species");
    expect(data.classes).toEqual(["setosa", "virginica"]);
    expect(data.x.arraySync()).toEqual([
      [1.5, 2],
      [-0.5, 30],
      [0, 4],
    ]);
    expect([data.y.dtype, data.y.arraySync()]).toEqual(["int32", [0, 1, 0]]);
  });

  it("makes a regression data set of a column of numbers, unless asked otherwise", () => {
    const text = "10,1\n9,2\n10,3\n";
    const regression = fromCSV(text, { target: 0, header: false });
    expect(regression.classes).toBeUndefined();
    expect([regression.y.dtype, regression.y.arraySync()]).toEqual(["float32", [[10], [9], [10]]]);
    expect(regression.columns).toEqual(["column 1"]);
    const classes = fromCSV(text, { target: 0, header: false, task: "classification" });
    expect(classes.classes).toEqual(["9", "10"]);
    expect(classes.y.arraySync()).toEqual([1, 0, 1]);
  });

  it("names row, line and column of what is no number", () => {
    const attempt = (text: string, options: object) => () => fromCSV(text, { target: "y", ...options } as never);
    expect(attempt("a,y\n1,2\nred,3\n", {})).toThrow(
      'fromCSV: row 1 (line 3), column "a" holds "red", which is no number. Encode texts as numbers, or drop the column.',
    );
    expect(attempt('a,y\n1,2\n"\n\n",3\n', {})).toThrow(
      'fromCSV: row 1 (line 3), column "a" is empty. Drop the row or fill it in.',
    );
    for (const cell of ["0x10", "Infinity", "NaN", "1,000".replace(",", "_"), "1e"]) {
      expect(attempt(`a,y\n${cell},2\n`, {})).toThrow(`holds "${cell}", which is no number`);
    }
    expect(attempt("a,y\n1,x\n2,3\n", { task: "regression" })).toThrow('row 0 (line 2), column "y" holds "x"');
    expect(attempt("a,y\n1,2\n1\n", {})).toThrow(
      "fromCSV: line 3 has 1 cells, but there are 2 columns. Is the delimiter right?",
    );
    expect(attempt("a,b\n1,2\n", {})).toThrow('fromCSV: there is no target column "y"; the columns are "a", "b".');
    expect(attempt("a,y\n1,2\n", { target: 2 })).toThrow("there is no target column 2");
    expect(attempt("1,2\n3,4\n", {})).toThrow(
      "the first row holds numbers only, not names of columns. If it is data, pass { header: false }.",
    );
    expect(attempt("y,y\n1,2\n", {})).toThrow('fromCSV: two columns are named "y".');
    expect(attempt("", {})).toThrow("fromCSV: the text is empty.");
    expect(attempt("a,y\n", {})).toThrow("fromCSV: there are names of columns but no rows.");
    expect(attempt("y\n1\n", {})).toThrow('fromCSV: there is no column beside the target "y".');
    expect(attempt("a,y\n1,2\n", { separator: ";" })).toThrow('fromCSV: unknown option "separator"');
    expect(attempt("a,y\n1,2\n", { task: "guess" })).toThrow(
      'fromCSV: task must be one of "regression", "classification"; it is "guess".',
    );
  });
});

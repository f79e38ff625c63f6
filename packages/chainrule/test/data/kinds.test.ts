/** What `checkData` says of columns that are no measurements, and of tables with nothing in them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkData, type DatasetLike } from "../../src/data/index.ts";
import { random } from "../../src/index.ts";

const N = 60;
const noise = (seed: number): number[] => Array.from(random.normal(random.key(seed), [N]).dataSync());
/** A column beside one of noise, with a target of noise. */
const lines = (column: (row: number) => string | number, name = "c"): string[] =>
  checkData({
    cells: [["a", name, "y"], ...Array.from({ length: N }, (_, i) => [noise(1), noise(2)].map((v) => `${v[i]}`))].map(
      (row, i) => (i === 0 ? row : [row[0] as string, `${column(i - 1)}`, row[1] as string]),
    ),
    target: "y",
  })
    .findings.filter(({ kind }) => kind !== "scale")
    .map(({ severity, kind, message }) => `${severity} ${kind}: ${message}`);
/** Each of 0 … 59 once, in no order: 7 has no divisor in common with 60. */
const permuted = (i: number): number => (7 * i) % N;

describe("nothing to learn from", () => {
  it("no rows", () => {
    const report = checkData({ cells: [["a", "b", "y"]], target: "y" });
    expect([String(report), report.ok]).toEqual([
      "error: There are no rows. There is nothing to learn from; look where they were lost.",
      false,
    ]);
    const none: DatasetLike = { x: [], y: [] };
    expect(checkData(none).findings.map(({ kind }) => kind)).toEqual(["empty"]);
    expect(checkData(none, { columns: ["a"] }).findings).toHaveLength(1);
  });

  it("no columns", () => {
    expect(String(checkData({ cells: [["y"], ["1"], ["2"]], target: "y" }))).toBe(
      'error: There is no column beside the target "y". A model learns nothing from it.',
    );
  });

  it("whatever is in the cells, there is a report", () => {
    const cell = fc.constantFrom(
      "",
      "None",
      "inf",
      "-Infinity",
      "1",
      "2",
      "-3.5",
      "1e9",
      "a",
      "b",
      "2024-01-01",
      "1,5",
      "é 7",
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 30 }),
        fc.infiniteStream(cell),
        (width, n, cells) => {
          const line = (): string[] => Array.from({ length: width }, () => cells.next().value as string);
          const names = Array.from({ length: width }, (_, j) => `c${j}`);
          const report = checkData({ cells: [names, ...Array.from({ length: n }, line)], target: "c0" });
          // Cells may be quoted as they are; what is said of them has no raw numbers of JavaScript.
          expect(String(report).replaceAll(/"[^"]*"/g, "")).not.toMatch(/NaN|undefined|Infinity/);
          expect(report.ok).toBe(!String(report).includes("error: "));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(["", "NA", "n/a", "NaN", "null", "None", "?", "-", ".", "#N/A"])("%j is no value", (text) => {
    expect(lines((i) => (i === 4 ? text : (noise(3)[i] as number)))).toEqual([
      'error missing: "c" has no value in 1 row (1.7 %; first: row 4).',
    ]);
  });

  it("none is a word", () => {
    expect(lines((i) => ["none", "mild"][i % 2] as string)).toEqual([
      'warning category: "c" is a category with 2 values: "mild", "none".',
    ]);
  });

  it("few rows: what is not said", () => {
    expect(String(checkData({ x: [[1], [2], [3.5]], y: [1, 5, 3.5] }))).toBe(
      "Nothing stands out; fewer than 10 rows say nothing of order, identifiers and leaks.",
    );
  });

  it("a column without values, and one with few", () => {
    expect(lines(() => "")).toEqual(['error missing: "c" has no value in any row.']);
    const { findings } = checkData({
      x: noise(1).map((v, i) => [v, i % 3 ? Number.NaN : v * v, Number.NaN]),
      y: noise(2),
    });
    expect(findings.map(({ message, advice }) => `${message} ${advice}`)).toEqual([
      '"column 1" has no value in 40 rows (66.7 %; first: row 1). Drop it, or fill it in and add a column that says where it was missing.',
      '"column 2" has no value in any row. There is nothing to fill in from; drop it.',
    ]);
  });

  it("a target without classes, one that is missing, in words or infinite", () => {
    const cells = (y: (i: number) => string) => [["a", "y"], ...noise(1).map((v, i) => [`${v}`, y(i)])];
    const found = (y: (i: number) => string) =>
      checkData({ cells: cells(y), target: "y" }).findings.map(({ kind, message }) => `${kind}: ${message}`);
    expect(found((i) => `text ${i}`)).toEqual([
      'imbalance: The target "y" has another class in each row, such as "text 0".',
    ]);
    expect(found((i) => (i === 3 ? "" : i === 9 ? "abc" : i === 12 ? "-inf" : `${noise(2)[i]}`))).toEqual([
      'missing: The target "y" has no value in 1 row (1.7 %; first: row 3).',
      'text: The target "y" holds "abc" in row 9, and words in 1 row, among numbers.',
      'infinite: The target "y" is infinite in 1 row (first: row 12).',
    ]);
    // What is missing is no class of its own.
    expect(found((i) => (i === 3 ? "?" : (noise(2)[i] as number) > 0 ? "yes" : "no"))).toEqual([
      'missing: The target "y" has no value in 1 row (1.7 %; first: row 3).',
    ]);
  });
});

describe("infinity in the cells of a table", () => {
  it.each(["inf", "-inf", "Infinity", "+Infinity", "-INF"])("%s", (text) => {
    expect(lines((i) => (i === 4 || i === 9 ? text : (noise(3)[i] as number)))).toEqual([
      'error infinite: "c" is infinite in 2 rows (first: row 4).',
    ]);
  });
});

describe("identifiers", () => {
  it("numbers that rise with each row, numbers that are there once, names", () => {
    expect(lines((i) => 100 + 3 * i)).toEqual([
      'warning identifier: "c" counts the rows: it looks like an identifier.',
    ]);
    expect(lines((i) => 1000 + permuted(i))).toEqual([
      'warning identifier: "c" has another whole number in each row: it looks like an identifier.',
    ]);
    expect(lines((i) => `person ${permuted(i)}`)).toEqual([
      'warning identifier: "c" has another text in each row ("person 0", "person 1", "person 10" …): it looks like an identifier or a name.',
    ]);
  });

  it("measurements are none, though each is there once", () => {
    // Whole numbers up to ten million: pairs of equal ones are not to be expected.
    expect(lines((i) => Math.round(1e7 * Math.abs(noise(3)[i] as number)))).toEqual([]);
    expect(lines((i) => 1 + (permuted(i) % 30))).toEqual([]);
    expect(checkData({ x: noise(1).map((_, i) => [permuted(i) / N]), y: noise(2) }).findings).toEqual([]);
  });

  it.each(["customer_id", "PassengerId", "userID", "id", "order uuid"])("the name %s", (name) => {
    const number = (i: number): number => Math.round(1e7 * Math.abs(noise(3)[i] as number));
    expect(lines(number, name)).toEqual([
      `warning identifier: "${name}" has another whole number in each row: it looks like an identifier.`,
    ]);
    expect(lines((i) => permuted(i) % 12, name)).toEqual([
      `warning identifier: "${name}" looks by its name like an identifier, of 12 things that the 60 rows belong to.`,
    ]);
  });

  it.each(["humid", "grid", "paid", "valid"])("the name %s is none", (name) => {
    expect(lines((i) => permuted(i) % 12, name)).toEqual([]);
  });
});

describe("texts", () => {
  it("few different ones are a category, too many are not", () => {
    expect(lines((i) => ["red", "green", "blue", "grey"][i % 4] as string)).toEqual([
      'warning category: "c" is a category with 4 values: "blue", "green", "grey" ….',
    ]);
    expect(lines((i) => `word ${i % 40}`)).toEqual([
      'warning text: "c" holds 40 different texts in 60 rows ("word 0", "word 1", "word 10" …).',
    ]);
    expect(lines(() => "here")).toEqual(['warning constant: "c" has one value only, "here".']);
  });

  it.each([
    ["2024-03-31", (i: number) => `2024-0${1 + (i % 9)}-${10 + (i % 18)}`],
    ["2024-03-31T12:30:00Z", (i: number) => `2024-03-31T12:${10 + (i % 50)}:00Z`],
    ["31.3.2024", (i: number) => `${1 + (i % 28)}.3.2024`],
    ["3/31/24 9:30 PM", (i: number) => `3/${1 + (i % 28)}/24 9:30 PM`],
    ["31 March 2024", (i: number) => `${1 + (i % 28)} March 2024`],
    ["Mar 31, 2024", (i: number) => `Mar ${1 + (i % 28)}, 2024`],
    ["2024-03", (i: number) => `2024-${10 + (i % 3)}`],
    ["12:30", (i: number) => `12:${10 + (i % 50)}`],
  ])("dates and times as %s", (_, text) => {
    expect(lines(text)).toEqual([expect.stringMatching(/^warning date: "c" holds dates or times, such as "[^"]+"\.$/)]);
  });

  it.each([
    ["1,234", (i: number) => `1,${100 + permuted(i)}`],
    ["12 kg", (i: number) => `${permuted(i)} kg`],
    ["€ 5.50", (i: number) => `€ ${permuted(i)}.50`],
    ["3 %", (i: number) => `${permuted(i)} %`],
  ])("numbers that are written as %s", (_, text) => {
    expect(lines(text)).toEqual([expect.stringMatching(/^error text: "c" holds numbers that are written as text: "/)]);
  });

  it("codes of letters and digits are categories", () => {
    expect(lines((i) => `A${i % 7}`)).toEqual([
      'warning category: "c" is a category with 7 values: "A0", "A1", "A2" ….',
    ]);
  });

  it("columns that share too few rows are no copies of each other", () => {
    const x = noise(1).map((v, i) => [i < 2 ? v : Number.NaN, noise(2)[i] as number]);
    expect(checkData({ x, y: noise(3) }).findings.map(({ kind }) => kind)).toEqual(["missing"]);
  });
});

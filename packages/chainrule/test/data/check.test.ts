/** `checkData`: what it finds in planted faults, and that it is silent about sound data. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cells, checkData, type DatasetLike, fromCSV, parseCSV } from "../../src/data/index.ts";
import { random, tensor } from "../../src/index.ts";

const N = 60;
const noise = (seed: number, n = N): number[] => Array.from(random.normal(random.key(seed), [n]).dataSync());

/** Three columns of noise, and a target that depends on two of them and on chance. */
function sound(seed = 0) {
  const columns = [noise(seed), noise(seed + 100), noise(seed + 200)];
  const y = noise(seed + 300).map((e, i) => Number((columns[0]?.[i] as number) + (columns[1]?.[i] as number) + e > 0));
  return { columns, y };
}
const rows = (columns: readonly number[][]): number[][] =>
  Array.from({ length: N }, (_, i) => columns.map((c) => c[i] as number));
const found = (data: DatasetLike | Cells): string[] =>
  checkData(data).findings.map(({ kind, columns }) => `${kind}: ${columns.join(", ")}`);
/** The data with one column changed or added. */
const planted = (column: number[], y = sound().y): DatasetLike => ({
  x: rows([...sound().columns, column]),
  y: Int32Array.from(y),
});

describe("sound data", () => {
  it("gives no findings, whatever the noise", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
        const { columns, y } = sound(seed);
        expect(found({ x: rows(columns), y: Int32Array.from(y) })).toEqual([]);
        expect(found({ x: rows(columns), y: rows([noise(seed + 400)]) })).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("is said to have nothing that stands out", () => {
    const { columns, y } = sound();
    const report = checkData({ x: rows(columns), y: Int32Array.from(y) });
    expect([String(report), report.ok]).toEqual(["Nothing stands out.", true]);
  });
});

describe("planted faults", () => {
  it("missing and infinite numbers are errors, with the first row", () => {
    const column = noise(9);
    column[7] = Number.NaN;
    column[9] = Number.NaN;
    column[12] = Number.NEGATIVE_INFINITY;
    const report = checkData(planted(column), { columns: ["a", "b", "c", "d"] });
    expect(report.ok).toBe(false);
    expect(String(report).split("\n")).toEqual([
      'error: "d" has no value in 2 rows (3.3 %; first: row 7). Fill in the mean or the median of the training part, or drop these rows.',
      'error: "d" is infinite in 1 row (first: row 12). Look where it comes from, a division by zero or a logarithm of zero; ' +
        "correct or drop it.",
    ]);
  });

  it("a constant column", () => {
    expect(found(planted(noise(9).map(() => 7)))).toEqual(["constant: column 3"]);
  });

  it("a copy of a column, and a multiple of one", () => {
    const [first = []] = sound().columns;
    const copy = checkData(planted(first)).findings[0];
    expect(copy?.message).toBe('"column 3" is the same as "column 0".');
    const scaled = checkData(planted(first.map((v) => 3 - 2 * v))).findings[0];
    expect(scaled?.message).toBe('"column 3" is a linear function of "column 0".');
  });

  it("a column that is nearly another is no copy", () => {
    const [first = []] = sound().columns;
    expect(found(planted(first.map((v, i) => v + 0.05 * (noise(5)[i] as number))))).toEqual([]);
  });

  it("one quantity in two units, rounded", () => {
    const kilograms = noise(7).map((v) => Math.round(10 * (70 + 12 * v)) / 10);
    const pounds = kilograms.map((v) => Math.round(v * 2.20462));
    const x = rows([noise(8), kilograms, pounds]);
    expect(checkData({ x, y: rows([noise(9)]) }).findings.map(({ message }) => message)).toContain(
      '"column 2" is, but for rounding, a linear function of "column 1".',
    );
  });

  it("a number far from the others that comes often, but no outlier", () => {
    const coded = (code: number, every: number) =>
      noise(7).map((v, i) => (i % every === 3 ? code : Math.round(500 + 100 * v) / 10));
    const report = checkData(planted(coded(-999, 6)));
    const code = report.findings.find(({ kind }) => kind === "code");
    expect(code?.message).toMatch(
      /^"column 3" is -999 in 10 rows \(16\.7 %; first: row 3\), and [\d.]+ to [\d.]+ in the others\.$/,
    );
    // Beyond the spread of the others only by its sign.
    const wages = noise(7).map((v, i) => (i % 6 === 3 ? -99 : Math.round(2000 + 400 * v)));
    expect(found(planted(wages))).toContain("code: column 3");
    expect(found(planted(coded(-999, 40)))).not.toContain("code: column 3");
    expect(found(planted(coded(40, 6)))).not.toContain("code: column 3");
  });

  it("rows that come twice, but not those of a few coarse columns", () => {
    const { columns, y } = sound();
    const twice = [...rows(columns), ...rows(columns)];
    const report = checkData({ x: twice, y: Int32Array.from([...y, ...y]) });
    expect(report.findings.map(({ message }) => message)).toEqual([
      "60 rows (50.0 %) are the same as one before, the first being row 60, a copy of row 0.",
    ]);
    const coarse = columns.map((column) => column.map((v) => Number(v > 0)));
    expect(found({ x: rows(coarse), y: Int32Array.from(y) })).not.toContain("repeated: ");
  });

  it("more columns than rows", () => {
    const many = Array.from({ length: N + 1 }, (_, j) => noise(1000 + j));
    const report = checkData({ x: rows(many), y: rows([noise(5)]) });
    expect(report.findings.map(({ message }) => message)).toEqual([`There are ${N + 1} columns for ${N} rows.`]);
    expect(found({ x: rows(many.slice(1)), y: rows([noise(5)]) })).toEqual([]);
  });

  it("a number for each row", () => {
    expect(found(planted(noise(9).map((_, i) => 3 * i)))).toContain("identifier: column 3");
  });

  it("columns of very different size, or far from zero", () => {
    expect(found(planted(noise(9).map((v) => 5000 * v)))).toEqual(["scale: column 0, column 1, column 2, column 3"]);
    const year = checkData(planted(noise(9).map((v) => 1990 + 5 * v))).findings[0];
    expect(year?.kind).toBe("scale");
    expect(year?.message).toContain('and "column 3" lies far from 0 for what it varies.');
    expect(found(planted(noise(9).map((v) => 20 * v)))).toEqual([]);
  });

  it("rows in the order of their classes, or of their values", () => {
    const { columns } = sound();
    expect(
      found({ x: rows(columns), y: Int32Array.from({ length: N }, (_, i) => Number(i >= 20) + Number(i >= 40)) }),
    ).toEqual(["sorted: y"]);
    expect(
      found({
        x: rows(columns),
        y: noise(5)
          .toSorted((a, b) => b - a)
          .map((v) => [v]),
      }),
    ).toEqual(["sorted: y"]);
  });

  it("a target with one value is an error, large class numbers and many rows are none", () => {
    const { columns } = sound();
    const report = checkData({ x: rows(columns), y: new Int32Array(N).fill(1) });
    expect([report.ok, report.findings[0]?.message]).toEqual([false, 'The target "y" has one value only, 1.']);
    expect(found({ x: rows(columns), y: Int32Array.from(sound().y, (label) => 2e9 * label) })).toEqual([]);
    const many = 200_000;
    const x = random.normal(random.key(3), [many, 1]);
    expect(found({ x, y: random.uniform(random.key(4), [many]).less(0.5).cast("int32") })).toEqual([]);
  });

  it("a copy of a column of words", () => {
    const cells = parseCSV(
      `a,b,y\n${Array.from({ length: 20 }, (_, i) => `w${(i * 7) % 3},w${(i * 7) % 3},${(i * i) % 3}`).join("\n")}`,
    );
    expect(found({ cells, target: "y" })).toContain("duplicate: a, b");
  });

  it("a rare class", () => {
    const { columns } = sound();
    const y = Int32Array.from({ length: N }, (_, i) => Number(i % 29 === 3));
    const [finding] = checkData({ x: rows(columns), y }).findings;
    // Rows 3 and 32.
    expect(finding?.message).toBe(
      'Class "1" of "y" has 2 examples, the largest has 58: always saying that one is right on 96.7 %.',
    );
  });

  it("a column made from the target: a code, a threshold, a rescaled value, a monotone function", () => {
    const { y } = sound();
    expect(found(planted(y.map((label) => (label === 1 ? 4 : 2))))).toEqual(["leak: column 3"]);
    expect(
      found(planted(y.map((label, i) => label + 0.3 * Math.abs(noise(5)[i] as number) - 2 * (1 - label)))),
    ).toEqual(["leak: column 3"]);
    const value = noise(5);
    const { columns } = sound();
    const withValue = (column: number[]) => ({ x: rows([...columns, column]), y: rows([value]) });
    expect(found(withValue(value.map((v) => 2 * v + 1)))).toEqual(["leak: column 3"]);
    expect(found(withValue(value.map((v) => Math.exp(v))))).toEqual(["leak: column 3"]);
    // Correlated at about 0.7, as a good feature may be.
    expect(found(withValue(value.map((v, i) => v + (noise(6)[i] as number))))).toEqual([]);
  });
});

describe("cells of a table", () => {
  it("words among numbers, empty cells, a leak in words; words are categories", () => {
    const { columns, y } = sound();
    const lines = Array.from({ length: N }, (_, i) => {
      const size = i === 4 ? "large" : i === 6 ? "NA" : i === 8 ? "" : columns[0]?.[i];
      return `${size},${["red", "green", "blue"][i % 3]},${y[i] === 1 ? "paid" : "open"},${y[i] === 1 ? "yes" : "no"}`;
    });
    const cells = parseCSV(["size,colour,status,bought", ...lines].join("\n"));
    const report = checkData({ cells, target: "bought" });
    expect(report.findings.map(({ kind, columns: [name] }) => `${kind}: ${name}`)).toEqual([
      "missing: size",
      "text: size",
      "category: colour",
      "category: status",
      "leak: status",
    ]);
    expect(report.findings[1]?.message).toBe('"size" holds "large" in row 4, and words in 1 row, among numbers.');
    expect(report.findings[2]?.message).toBe('"colour" is a category with 3 values: "blue", "green", "red".');
    expect(report.findings[4]?.message).toBe(
      '"status" looks like a leak of the target "bought": from it alone the class is told in 100.0 % of the rows (the mean over classes).',
    );
  });

  it("looks at the columns alone where no target is known", () => {
    const cells = [["a", "b", "y"], ...Array.from({ length: 40 }, (_, i) => [`${i % 7}`, `${2 * (i % 7)}`, "same"])];
    expect(checkData({ cells }).findings.map(({ kind, columns }) => `${kind}: ${columns}`)).toEqual([
      "constant: y",
      "duplicate: a,b",
    ]);
    expect(checkData({ cells: [["a"]] }).toString()).toBe(
      "error: There are no rows. There is nothing to learn from; look where they were lost.",
    );
  });

  it("says what it was given", () => {
    const cells = [
      ["a", "b"],
      ["1", "2"],
    ];
    expect(() => checkData({ cells, target: "c" })).toThrow(
      'checkData: there is no target column "c"; the columns are "a", "b".',
    );
    expect(() => checkData({ cells: [...cells, ["3"]], target: "a" })).toThrow(
      "checkData: row 1 has 1 cells, but there are 2 columns.",
    );
    expect(() => checkData({ x: [[1]], y: [1] }, { columns: ["a", "b"] })).toThrow(
      "checkData: there are 2 names for 1 columns of x, [1, 1].",
    );
    expect(() => checkData({ cells: [["a;b"], ["1;2"]], target: "b" })).toThrow(
      'checkData: there is no target column "b"; the columns are "a;b". Is the delimiter right?',
    );
    expect(() => checkData({ cells: [["a", "a", "b"]], target: "b" })).toThrow('checkData: two columns are named "a".');
    expect(() => checkData({ cells, target: "a" }, { columns: ["a"] })).toThrow(
      "checkData: columns are for a data set; cells have the names of their columns first.",
    );
    const wanted = "checkData: cells must be rows of texts, the names of the columns first, as parseCSV gives them";
    expect(() => checkData({ cells: "a,b" as never, target: "b" })).toThrow(wanted);
    expect(() =>
      checkData({
        cells: [
          ["a", "b"],
          [1, 2],
        ] as never,
        target: "b",
      }),
    ).toThrow(wanted);
    expect(() => checkData(3 as never)).toThrow("checkData: the data must be a data set or { x, y }; it is 3.");
    expect(() => checkData({ x: [[1]], y: [1] }, { names: [] } as never)).toThrow(
      'checkData: unknown option "names"; there are columns.',
    );
  });

  it("a data set from a file keeps the names of its columns and classes", () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${(i * i) % 7},4,${i % 15 === 7 ? "rare" : "usual"}`);
    const { findings } = checkData(fromCSV(["size,site,kind", ...lines].join("\n"), { target: "kind" }));
    expect(findings.map(({ message }) => message)).toEqual([
      '"site" has one value only, 4.',
      'Class "rare" of "kind" has 2 examples, the largest has 28: always saying that one is right on 93.3 %.',
    ]);
  });

  it("targets that are several yes or no a row are no one-hot rows", () => {
    const { columns } = sound();
    const several = Array.from({ length: N }, (_, i) => [1, i % 2]);
    // The first of them counts.
    expect(checkData({ x: rows(columns), y: several }).findings[0]?.message).toBe(
      'The target "y" has one value only, 1.',
    );
  });

  it("a target that is missing", () => {
    expect(found({ x: tensor([[1], [2]]), y: tensor([1, Number.NaN]) })).toEqual(["missing: y"]);
  });
});

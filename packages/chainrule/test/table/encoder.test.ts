import {
  type Cell,
  CellError,
  type ColumnInfo,
  type Imputation,
  type InferOptions,
  inferColumns,
  Table,
  TableEncoder,
} from "chainrule/table";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const tableOf = (columns: Readonly<Record<string, readonly Cell[]>>): Table =>
  new Table(Object.keys(columns), Object.values(columns));

const fit = (
  columns: Readonly<Record<string, readonly Cell[]>>,
  impute: Readonly<Record<string, Imputation>> = {},
  options: InferOptions = {},
): TableEncoder => TableEncoder.fit(tableOf(columns), inferColumns(tableOf(columns), options), { impute });

const names = (encoder: TableEncoder): string[] => encoder.features.map(({ name }) => name);

/** A field of the first column as JSON. */
const saved = (encoder: TableEncoder): Record<string, unknown> =>
  (encoder.toJSON().columns as unknown as Record<string, unknown>[])[0] as Record<string, unknown>;

describe("numbers", () => {
  const x = ["5.1", "4.9", "", "6.3", "5.8", "6.3", "NA", "2"];

  // SimpleImputer(strategy, add_indicator=True), then StandardScaler, of scikit-learn 1.9.1, as float32.
  test.each<[Imputation, number, number, number, number, number, number]>([
    ["median", 5.45, 5.1625, 1.2861643557492952, -0.04859410226345062, 0.22353285551071167, -2.4588615894317627],
    ["mean", 5.066666666666666, 5.066666666666666, 1.2754084313139327, 0.026135418564081192, 0, -2.404458522796631],
    ["most-frequent", 6.3, 5.375, 1.3827056809024831, -0.19888542592525482, 0.668978214263916, -2.440866470336914],
    [{ constant: -1 }, -1, 3.55, 2.920188350089768, 0.53078793, -1.55811866, -0.53078793],
  ])("are imputed by the rule %j, then standardized", (rule, fill, mean, deviation, first, missing, last) => {
    const encoder = fit({ x }, { x: rule });
    const { impute, ...json } = saved(encoder) as {
      impute: { rule: string; value: number };
      mean: number;
      deviation: number;
    };
    expect(impute.rule).toBe(typeof rule === "object" ? "constant" : rule);
    for (const [found, wanted] of [
      [impute.value, fill],
      [json.mean, mean],
      [json.deviation, deviation],
    ] as const) {
      expect(found).toBeCloseTo(wanted, 13);
    }
    expect(names(encoder)).toEqual(["x", "x (missing)"]);
    const rows = encoder.apply(tableOf({ x })).arraySync() as number[][];
    expect(rows[0]?.[0]).toBeCloseTo(first, 6);
    expect(rows[2]?.[0]).toBeCloseTo(missing, 6);
    expect(rows[7]?.[0]).toBeCloseTo(last, 6);
    expect(rows.map((row) => row[1])).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
  });

  test("have no indicator where training had no gap, and are imputed all the same", () => {
    const encoder = fit({ x: [1, 2, 6] });
    expect(names(encoder)).toEqual(["x"]);
    const { x: z, notes } = encoder.encode(tableOf({ x: [null, 2] }));
    expect(z.dataSync()[0]).toBe(z.dataSync()[1]);
    expect(notes).toEqual([{ column: "x", what: "missing", count: 1, row: 0, example: "" }]);
  });

  test("stay within ten deviations, and finite whatever their size", () => {
    const encoder = fit({ x: [0, 2] });
    expect(encoder.apply(tableOf({ x: [10.5, 12, -1e300, 1e308] })).arraySync()).toEqual([[9.5], [10], [-10], [10]]);
    for (const x of [
      [Number.MAX_VALUE, 0, Number.MAX_VALUE],
      [Number.MAX_VALUE, -Number.MAX_VALUE, 1],
      [1e308, -1e308, 1.7e308],
      [1e-308, 2e-308, 0],
      [1e200, 3e200, 1e200],
    ]) {
      const z = fit({ x }).apply(tableOf({ x })).dataSync();
      expect([...z].every((v) => Number.isFinite(v) && Math.abs(v) < 2)).toBe(true);
      expect([...z].reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(3, 5);
    }
  });

  test("so small that they have no deviation become 0", () => {
    expect(
      fit({ x: [0, 5e-324] })
        .apply(tableOf({ x: [0, 5e-324] }))
        .arraySync(),
    ).toEqual([[0], [0]]);
  });

  test("of one value in the training rows become 0", () => {
    const columns = inferColumns(tableOf({ x: [3, 3, 4] }));
    const encoder = TableEncoder.fit(tableOf({ x: [3, 3] }), columns);
    expect(encoder.apply(tableOf({ x: [3] })).arraySync()).toEqual([[0]]);
  });

  test("are refused if they are infinite, with their place", () => {
    const error = (make: () => unknown): CellError => {
      try {
        make();
      } catch (thrown) {
        return thrown as CellError;
      }
      throw new Error("nothing was thrown");
    };
    const found = error(() => fit({ x: [1, 2, "-inf"] }));
    expect(found).toBeInstanceOf(CellError);
    expect([found.column, found.row]).toEqual(["x", 2]);
    expect(found.message).toBe(
      'TableEncoder: column "x" has -Infinity in row 2. Correct it, drop the row, or leave the cell empty.',
    );
    const encoder = fit({ x: [1, 2] });
    expect(error(() => encoder.apply(tableOf({ x: [1, "1e999"] }))).message).toContain(
      'column "x" has Infinity in row 1',
    );
  });
});

describe("categories", () => {
  const colour = ["red", "blue", "red", "green", "blue", "red"];

  test("are one-hot; one that training did not have is none of them", () => {
    // OneHotEncoder(handle_unknown="ignore") of scikit-learn 1.9.1.
    const encoder = fit({ colour });
    expect(encoder.features).toEqual(["blue", "green", "red"].map((c) => ({ name: `colour=${c}`, column: "colour" })));
    const { x, notes } = encoder.encode(tableOf({ colour: ["green", "mauve", "red", "pink"] }));
    expect(x.arraySync()).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect(notes).toEqual([{ column: "colour", what: "unseen", count: 2, row: 1, example: "mauve" }]);
  });

  test("have one more for no value, if training had that", () => {
    const encoder = fit({ colour: ["red", "", "blue"] });
    expect(names(encoder)).toEqual(["colour=blue", "colour=red", "colour (missing)"]);
    expect(encoder.apply(tableOf({ colour: ["red", null] })).arraySync()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(
      fit({ colour })
        .apply(tableOf({ colour: [null] }))
        .arraySync(),
    ).toEqual([[0, 0, 0]]);
  });

  test("may be imputed by the most frequent, or by a given one", () => {
    const gap = tableOf({ colour: [null] });
    expect(fit({ colour }, { colour: "most-frequent" }).apply(gap).arraySync()).toEqual([[0, 0, 1]]);
    expect(
      fit({ colour }, { colour: { constant: "green" } })
        .apply(gap)
        .arraySync(),
    ).toEqual([[0, 1, 0]]);
  });

  test("beyond the 50 most frequent share one feature", () => {
    // c0 comes 61 times, c1 60 times, …, c59 twice.
    const cells = Array.from({ length: 60 }, (_, k) => Array.from({ length: 61 - k }, () => `c${k}`)).flat();
    const encoder = fit({ c: cells });
    expect(encoder.features).toHaveLength(51);
    expect(names(encoder).at(-1)).toBe("c (other)");
    expect(names(encoder)).toContain("c=c49");
    expect(names(encoder)).not.toContain("c=c50");
    const { x, notes } = encoder.encode(tableOf({ c: ["c50", "new"] }));
    const rows = x.arraySync() as number[][];
    expect(rows.map((row) => [row.indexOf(1), row.reduce((a, b) => a + b)])).toEqual([
      [50, 1],
      [50, 1],
    ]);
    expect(notes).toEqual([]);
  });

  test("are texts: numbers and texts of one spelling are one", () => {
    const encoder = fit({ zip: [3012, "8001", 3012] });
    expect(encoder.apply(tableOf({ zip: ["3012", 8001] })).arraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe("booleans", () => {
  test("are 0 and 1, imputed by the most frequent", () => {
    const encoder = fit({ b: ["yes", "no", "no", ""] });
    expect(names(encoder)).toEqual(["b", "b (missing)"]);
    const { x, notes } = encoder.encode(tableOf({ b: ["Yes", false, 1, "maybe", null] }));
    expect(x.arraySync()).toEqual([
      [1, 0],
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
    expect(notes).toEqual([
      { column: "b", what: "unreadable", count: 1, row: 3, example: "maybe" },
      { column: "b", what: "missing", count: 1, row: 4, example: "" },
    ]);
    expect(
      fit({ b: ["yes", "no", ""] }, { b: { constant: true } })
        .apply(tableOf({ b: [null] }))
        .arraySync(),
    ).toEqual([[1, 1]]);
  });
});

describe("dates", () => {
  test("are standardized days, with the cycles that training shows", () => {
    const short = fit({ d: ["2024-01-01", "2024-01-03"] });
    expect(names(short)).toEqual(["d"]);
    expect(short.apply(tableOf({ d: ["2024-01-02", "2024-01-04"] })).arraySync()).toEqual([[0], [2]]);
    const month = Array.from({ length: 30 }, (_, i) => `${i + 1}.01.2024`.padStart(10, "0"));
    expect(names(fit({ d: month }))).toEqual(["d", "d (sine of the week)", "d (cosine of the week)"]);
    // Always the first of January: neither season nor, so far apart, anything but the weekday.
    expect(names(fit({ d: ["2021-01-01", "2022-01-01", "2023-01-01"] }))).toEqual([
      "d",
      "d (sine of the week)",
      "d (cosine of the week)",
    ]);
    const hours = fit({ d: ["2024-01-01T00:00", "2024-01-02T06:00"] });
    expect(names(hours)).toEqual(["d", "d (sine of the day)", "d (cosine of the day)"]);
    const [row] = hours.apply(tableOf({ d: ["2024-01-05T06:00"] })).arraySync() as number[][];
    expect(row?.[1]).toBeCloseTo(1, 6);
    expect(row?.[2]).toBeCloseTo(0, 6);
  });

  test("repeat by the year", () => {
    const d = Array.from(
      { length: 36 },
      (_, i) => `${2021 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}-15`,
    );
    const encoder = fit({ d });
    const sine = names(encoder).indexOf("d (sine of the year)");
    const [a, b, c] = encoder
      .apply(tableOf({ d: ["2021-04-02", "2031-04-02", "2021-10-02"] }))
      .arraySync() as number[][];
    expect(Math.abs((a?.[sine] as number) - (b?.[sine] as number))).toBeLessThan(0.02);
    expect(a?.[sine]).toBeCloseTo(1, 2);
    expect(c?.[sine]).toBeCloseTo(-1, 2);
  });

  test("may lack: the days are the median's, the cycles say nothing", () => {
    const encoder = fit({ d: ["2024-01-01", "2024-01-10", "2024-01-31", ""] });
    expect(names(encoder)).toEqual(["d", "d (missing)", "d (sine of the week)", "d (cosine of the week)"]);
    const { x, notes } = encoder.encode(tableOf({ d: [null, "2024-01-10", "10.1.24"] }));
    const rows = x.arraySync() as number[][];
    expect(rows[0]?.[0]).toBe(rows[1]?.[0]);
    expect(rows[0]?.slice(1)).toEqual([1, 0, 0]);
    expect(notes.map(({ what, row }) => [what, row])).toEqual([
      ["missing", 0],
      ["unreadable", 2],
    ]);
  });

  test("may be imputed by a given one", () => {
    const encoder = fit({ d: ["2024-01-01", "2024-01-03", ""] }, { d: { constant: "2024-01-02" } });
    expect(saved(encoder).impute).toEqual({ rule: "constant", value: 19724 });
  });
});

describe("TableEncoder", () => {
  const train = {
    y: [1, 2, 3, 4],
    size: [1.5, null, 3, 5],
    zip: ["03012", "08001", "03012", ""],
    paid: ["yes", "no", "yes", "yes"],
    day: ["2024-01-01", "2024-02-01", "2024-03-01", "2025-02-01"],
  };

  test("leaves the target out, and columns without a value in the training rows", () => {
    const columns: readonly ColumnInfo[] = inferColumns(
      tableOf({ a: [1, 2, null, null], b: [1, 2, 3, 4], y: [0, 1, 0, 1] }),
      {
        target: "y",
      },
    );
    const encoder = TableEncoder.fit(tableOf({ a: [null, null], b: [3, 4] }), columns);
    expect(names(encoder)).toEqual(["b"]);
  });

  test("finds columns by name and ignores others", () => {
    const encoder = fit(train, {}, { target: "y" });
    const table = tableOf(train);
    const { x, ignored } = encoder.encode(table.select(["day", "zip", "y", "paid", "size"]));
    expect(x.dataSync()).toEqual(encoder.apply(table).dataSync());
    expect(ignored).toEqual(["y"]);
  });

  test("says which columns are missing, and which are there", () => {
    const encoder = fit({ a: [1, 2], b: [3, 4], c: [4, 6] });
    expect(() => encoder.apply(tableOf({ b: [1], d: [2] }))).toThrow(
      'TableEncoder: the table lacks the columns "a", "c"; it has "b", "d".',
    );
    expect(() => encoder.apply(tableOf({ a: [1], b: [2] }))).toThrow(
      'the table lacks the column "c"; it has "a", "b".',
    );
    expect(() => encoder.apply(new Table([], []))).toThrow("it has none.");
    expect(() => encoder.apply([{ a: 1 }] as never)).toThrow(
      "TableEncoder: takes a Table, such as Table.fromRows(rows), not an array.",
    );
  });

  test.each<[() => unknown, string]>([
    [
      () => fit({ site: ["A", "A"], none: ["", ""] }),
      'TableEncoder.fit: no features can be made of "site" (constant), "none" (empty).',
    ],
    [
      () => fit({ y: [1, 2] }, {}, { target: "y" }),
      "TableEncoder.fit: no features can be made of a table without other columns.",
    ],
    [() => TableEncoder.fit(tableOf({ a: [] }), []), "TableEncoder.fit: the table has no rows."],
    [
      () => fit({ a: [1, 2] }, { b: "mean" }),
      'TableEncoder.fit: impute names the column "b", of which no features are made.',
    ],
    [
      () => fit({ a: [1, 2] }, { a: "category" }),
      'TableEncoder: missing values of column "a", a number, cannot be replaced by "category"; there are "median", "mean"',
    ],
    [
      () => fit({ a: [1, 2] }, { a: { constant: "x" } }),
      'TableEncoder: missing values of column "a", a number, cannot be replaced by { constant: "x" }; there are',
    ],
    [
      () => fit({ a: ["x", "y"] }, { a: { constant: "z" } }),
      'a category, cannot be replaced by { constant: "z" }; there are "category", "most-frequent" and { constant: one of its categories }.',
    ],
    [
      () => fit({ a: ["yes", "no"] }, { a: "median" }),
      'a boolean, cannot be replaced by "median"; there are "most-frequent" and { constant: true or false }.',
    ],
    [
      () => fit({ a: ["2024-01-01", "2024-01-02"] }, { a: { constant: "x" } }),
      'a date, cannot be replaced by { constant: "x" }',
    ],
    [
      () => fit({ a: [1, 2] }, { a: "mode" as never }),
      'TableEncoder: there is no rule "mode" for the missing values of column "a"; there are "median"',
    ],
    [() => TableEncoder.fit(tableOf({ a: [1] }), [], { imput: {} } as never), 'unknown option "imput"'],
  ])("refuses %s", (make, message) => {
    expect(make).toThrow(message);
  });

  test("is the same, to the bit, after a JSON round trip", () => {
    const cell = fc.oneof(
      fc.double(),
      fc.constantFrom(
        "",
        "NA",
        "red",
        "blue",
        "yes",
        "no",
        "2024-02-29",
        "2023-01-01T10:00",
        "03012",
        true,
        null,
        0,
        7,
      ),
      fc.string({ maxLength: 4 }),
    );
    const plausible = cell.filter((c) => typeof c !== "number" || Number.isFinite(c) || Number.isNaN(c));
    const rows = fc.array(fc.tuple(plausible, plausible, plausible), { minLength: 1, maxLength: 12 });
    const safe = (text: Cell): Cell =>
      typeof text === "string" && /^[+-]?inf|∞|e\d{3}/i.test(text.trim()) ? "x" : text;
    const asTable = (cells: readonly (readonly Cell[])[]) =>
      new Table(
        ["a", "b", "c"],
        [0, 1, 2].map((j) => cells.map((row) => safe(row[j] as Cell))),
      );
    let encoded = 0;
    fc.assert(
      fc.property(rows, rows, (training, others) => {
        const columns = inferColumns(asTable(training));
        if (!columns.some(({ use }) => use === "feature")) return;
        const encoder = TableEncoder.fit(asTable(training), columns);
        const again = TableEncoder.fromJSON(JSON.parse(JSON.stringify(encoder)));
        for (const table of [asTable(training), asTable(others)]) {
          const [one, two] = [encoder.encode(table), again.encode(table)];
          expect(two.x.dataSync()).toEqual(one.x.dataSync());
          expect([...one.x.dataSync()].every(Number.isFinite)).toBe(true);
          expect([two.notes, again.features]).toEqual([one.notes, encoder.features]);
        }
        encoded++;
      }),
    );
    expect(encoded).toBeGreaterThan(10);
  });

  test("refuses JSON that is damaged, and says where", () => {
    const json = JSON.stringify(fit({ size: train.size, paid: train.paid, zip: train.zip, day: train.day }));
    const changed = (from: string | RegExp, to: string) => {
      const text = json.replace(from, to);
      expect(text).not.toBe(json);
      return () => TableEncoder.fromJSON(JSON.parse(text));
    };
    const where = "TableEncoder.fromJSON: the encoder";
    expect(() => TableEncoder.fromJSON(null)).toThrow(`${where} must be an object; it is null.`);
    expect(() => TableEncoder.fromJSON({})).toThrow(`${where}.columns must be a list; it is undefined.`);
    expect(() => TableEncoder.fromJSON({ columns: [] })).toThrow("there is no column to make features of.");
    expect(changed('"deviation":', '"deviation":-')).toThrow(
      `${where}.columns.0.deviation must be a number above 0; it is -`,
    );
    expect(changed(/"mean":[\d.]+/, '"mean":"3"')).toThrow(
      `${where}.columns.0.mean must be a finite number; it is "3".`,
    );
    expect(changed('"kind":"number"', '"kind":"text"')).toThrow(
      `${where}.columns.0.kind must be one of "number", "date", "boolean", "category"; it is "text".`,
    );
    expect(changed('"rule":"median"', '"rule":"category"')).toThrow(
      `${where}.columns.0.impute.rule must be one of "median"`,
    );
    expect(changed('"indicator":true', '"indicator":1')).toThrow(
      `${where}.columns.0.indicator must be true or false; it is 1.`,
    );
    expect(changed('"categories":["03012"', '"categories":["08001"')).toThrow(
      `${where}.columns.2.categories has "08001" twice.`,
    );
    expect(changed('"categories":[', '"categories":[3,')).toThrow(
      `${where}.columns.2.categories must be a list of texts`,
    );
    expect(changed('"cycles":[', '"cycles":["century",')).toThrow(
      `${where}.columns.3.cycles must be a list of "year", "week", "day"`,
    );
    expect(changed('"name":"paid"', '"name":"size"')).toThrow('TableEncoder: there are two columns "size".');
  });
});

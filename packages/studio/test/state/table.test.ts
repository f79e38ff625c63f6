import { describe, expect, it } from "vitest";
import { examplesOf, featureTensor, gridPoints } from "../../src/data/index.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import {
  change,
  classesOf,
  classNamed,
  featuresOf,
  fitsLink,
  fromLink,
  INITIAL,
  isRegression,
  leftOut,
  linkHoldsAll,
  type OwnTable,
  tasksOf,
  toLink,
  toPlace,
  toReal,
  trainsAlike,
  usedPart,
  usedRows,
  widthsOf,
  withMore,
  withRole,
} from "../../src/state/index.ts";

const column = (name: string, values: number[], words?: string[]) => ({
  name,
  values: Float64Array.from(values),
  ...(words === undefined ? {} : { words }),
});

/** Means 3, 2 and 20. */
const TABLE: OwnTable = {
  columns: [
    column("size", [1, 2, 3, 6, Number.NaN]),
    column("age", [2, 4, 0, 2, 2]),
    column("price", [10, 20, 30, 20, 20]),
    column("kind", [0, 1, 1, 0, 0], ["old", "new"]),
  ],
  x: 0,
  y: 1,
  target: 3,
  task: "classes",
  more: [],
};
const learn = (table: OwnTable) => change(INITIAL, { data: "table", table, testShare: 0 });

describe("the rows of a table", () => {
  it("are standardized to where the farthest is 2.7 away", () => {
    const { points, x, target, rows } = usedRows(TABLE);
    // (1, 2, 3, 6) − 3 = (−2, −1, 0, 3), and 3 is at 2.7; (2, 4, 0, 2) − 2 = (0, 2, −2, 0), and 2 is at 2.7.
    const expected = [
      [-1.8, 0, 0],
      [-0.9, 2.7, 1],
      [0, -2.7, 1],
      [2.7, 0, 0],
    ];
    for (const [i, point] of points.entries())
      for (const [k, value] of point.entries()) expect(value).toBeCloseTo(expected[i]?.[k] as number, 12);
    expect([...rows]).toEqual([0, 1, 2, 3]);
    // The squares 4, 1, 0 and 9 have the mean 3.5.
    expect(x.deviation).toBeCloseTo(Math.sqrt(3.5), 12);
    expect([toReal(x, 0), toReal(x, 2.7)].map((value) => Number(value.toFixed(9)))).toEqual([3, 6]);
    expect(toPlace(x, 4)).toBeCloseTo(0.9, 12);
    expect(target).toBeUndefined();
    expect(leftOut(TABLE)).toEqual({ count: 1, line: undefined, column: "size" });
  });

  it("have values from −1 to 1 in a regression", () => {
    const table = withRole(TABLE, "target", 2) as OwnTable;
    const { points, target } = usedRows(table);
    expect(points.map(([, , value]) => value)).toEqual([-1, 0, 1, 0]);
    expect([toReal(target!, -1), toReal(target!, 1)]).toEqual([10, 30]);
    expect(isRegression(learn(table))).toBe(true);
  });

  it("are examples, with further columns as inputs, which the picture holds at their means", () => {
    const table = withMore(TABLE, 2, true);
    const state = { ...learn(table), features: ["x", "c1"] as const };
    expect(featuresOf(state)).toEqual(["x", "y", "xx", "yy", "xy", "sinx", "siny", "c1"]);
    const { training, test } = examplesOf({ ...state, own: [[1, 1, 0]] });
    expect(test).toBeUndefined();
    // The prices 10, 20, 30 and 20, and the mean for the point that was added.
    const inputs = (training!.x.arraySync() as number[][]).flat().map((value) => Number(value.toFixed(6)));
    expect(inputs).toEqual([-1.8, -2.7, -0.9, 0, 0, 2.7, 2.7, 0, 1, 0]);
    expect(training?.y.arraySync()).toEqual([[0], [1], [1], [0], [0]]);
    expect(featureTensor(gridPoints(1), state.features).arraySync()).toEqual([[0, 0]]);
    expect(widthsOf(state)).toEqual([2, 4, 4, 1]);
    expect([classesOf(state), classNamed(state, 1), classNamed(INITIAL, 1)]).toEqual([2, "new", "class 1"]);
  });

  it("are learned, alike from the table and from its link", async () => {
    const state = learn(withMore(TABLE, 2, true));
    const restored = fromLink(toLink(state));
    const [one, other] = [new Trainer(state), new Trainer(restored)];
    for (const trainer of [one, other]) await trainer.advance({ epochs: 200 });
    expect(one.snapshot().training.accuracy).toBe(1);
    expect(one.snapshot()).toEqual(other.snapshot());
  });
});

describe("roles", () => {
  it("change places where a column already has one", () => {
    const swapped = withRole(TABLE, "x", 1) as OwnTable;
    expect([swapped.x, swapped.y]).toEqual([1, 0]);
    const other = withRole(TABLE, "target", 0) as OwnTable;
    // Words cannot be an input, so the next column of numbers comes in.
    expect([other.x, other.y, other.target, other.task]).toEqual([2, 1, 0, "value"]);
    expect(withRole(TABLE, "x", 3)).toBeUndefined();
    expect(withRole(usedPart(TABLE), "target", 0)).toBeUndefined();
    expect(withRole(withMore(TABLE, 2, true), "x", 2)?.more).toEqual([]);
    expect(withMore(withMore(TABLE, 2, true), 2, false).more).toEqual([]);
    expect(withMore(TABLE, 3, true).more).toEqual([]);
  });

  it("say how a column can be learned", () => {
    expect(tasksOf(TABLE.columns[3]!)).toEqual(["classes"]);
    expect(tasksOf(column("", [0, 1, 0, 1]))).toEqual(["classes", "value"]);
    expect(tasksOf(column("", [0.5, 1, 0.5, 1]))).toEqual(["value", "classes"]);
    expect(tasksOf(column("", [1, 2, 3, 4, 5, 6]))).toEqual(["value"]);
  });

  it("take features away that are no longer there", () => {
    const state = { ...learn(withMore(TABLE, 2, true)), features: ["c1"] as const };
    expect(change(state, { data: "xor" }).features).toEqual(["x", "y"]);
    expect(change(state, { rate: 1 }).features).toBe(state.features);
    expect(trainsAlike(state, { ...state, table: { ...TABLE } })).toBe(false);
    expect(trainsAlike(state, { ...state, part: "playground" })).toBe(true);
  });
});

describe("the link of a table", () => {
  it("has what is used, and no more", () => {
    expect(toLink(learn(TABLE))).toBe("v=1&data=table&table=size,1,2,3,6;age,2,4,0,2;kind,old,new;0110&testShare=0");
    expect(toLink(learn(withMore(withRole(TABLE, "target", 2) as OwnTable, 3, true)))).toContain(
      "table=size,1,2,3,6;age,2,4,0,2;price,10,20,30,20&",
    );
    const rated = withRole({ ...TABLE, columns: TABLE.columns.with(2, column("stars", [5, 3, 3, 5, 4])) }, "target", 2);
    const link = toLink(learn({ ...(rated as OwnTable), task: "classes" }));
    expect(link).toContain(";stars,3,4,5;2002&");
    expect(usedRows(fromLink(link).table as OwnTable).points.map(([, , label]) => label)).toEqual([2, 0, 0, 2]);
    const named = { ...TABLE, columns: TABLE.columns.with(0, { ...TABLE.columns[0]!, name: "width (cm) é" }) };
    expect(toLink(learn(named))).toContain("table=width+.28.cm.29.+.e9.,1,2,3,6;");
    expect(fromLink(toLink(learn(named))).table?.columns[0]?.name).toBe("width (cm) é");
  });

  it("leaves a table out that is too large, or not learned from", () => {
    const values = Float64Array.from({ length: 3000 }, (_, i) => i * 1.001);
    const large = {
      ...TABLE,
      columns: TABLE.columns.map((each) => ({ ...each, values: each.words ? values.map((_, i) => i % 2) : values })),
    };
    const state = { ...learn(withMore(large, 2, true)), features: ["x", "c1"] as const };
    expect([fitsLink(large), linkHoldsAll(state)]).toEqual([false, false]);
    expect(toLink(state)).toBe("v=1&data=table&testShare=0&features=x");
    expect(fromLink(toLink(state)).table).toBeNull();
    expect(() => new Trainer(fromLink(toLink(state)))).toThrow(
      "There is no table yet. Paste one, drop a file or open one",
    );
    expect(toLink(change(learn(TABLE), { data: "xor" }))).toBe("v=1&data=xor&testShare=0");
    expect(linkHoldsAll(learn(TABLE))).toBe(true);
  });

  it("says that no row can be used", () => {
    const empty = { ...TABLE, columns: TABLE.columns.with(0, column("size", Array(5).fill(Number.NaN))) };
    expect(toLink(learn(empty))).toBe("v=1&data=table&testShare=0");
    expect(() => new Trainer(learn(empty))).toThrow("No row of the table has a value in all of the chosen columns.");
  });
});

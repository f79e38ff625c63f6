import { tensor } from "chainrule";
import { type Cell, CellError, inferTask, TargetEncoder, type TargetTask } from "chainrule/table";
import { describe, expect, test } from "vitest";

const many = (n: number, cell: (i: number) => Cell): Cell[] => Array.from({ length: n }, (_, i) => cell(i));

describe("inferTask", () => {
  test.each<[string, Cell[], TargetTask, string]>([
    ["two words", ["no", "yes", "no"], "binary", "the target has two values"],
    ["two numbers", ["0", "1", "0", "1"], "binary", "the target has two values"],
    ["booleans", [true, false, true], "binary", "the target has two values"],
    ["three words", ["a", "b", "c"], "classification", "the target has 3 values, which are words"],
    [
      "few whole numbers",
      many(12, (i) => i % 3),
      "classification",
      "the target has 3 different whole numbers in 12 rows, so they are classes",
    ],
    ["many whole numbers", many(12, (i) => i), "regression", "the target has 12 different numbers in 12 rows"],
    ["fractions", many(12, (i) => (i % 2) / 2), "regression", "the target holds numbers that are not whole"],
    ["1 and 1.0 for one", ["1", "1.0", "2", "2.0"], "binary", "the target has two values"],
  ])("of %s", (_, cells, task, reason) => {
    expect(inferTask("y", cells)).toEqual({ task, reason, missing: 0 });
  });

  test("counts the rows without a target, and takes the caller's word", () => {
    expect(inferTask("y", ["a", "", "b", null]).missing).toBe(2);
    expect(
      inferTask(
        "y",
        many(12, (i) => i % 3),
        "regression",
      ),
    ).toEqual({
      task: "regression",
      reason: "as you asked",
      missing: 0,
    });
  });

  test.each<[string, Cell[], TargetTask | undefined, string]>([
    [
      "nothing",
      ["", null],
      undefined,
      'The target "y" has no value in any of the 2 rows. Give rows that have one, or another target.',
    ],
    [
      "one class",
      ["a", "a", null],
      undefined,
      'The target "y" is "a" in all 2 rows that have a value: there is nothing to tell apart. Give rows with other values, or another target.',
    ],
    ["a constant", [2, 2], undefined, 'The target "y" is "2" in all 2 rows that have a value'],
    ["a constant", ["2", "2.0"], "regression", 'The target "y" is "2" in all 2 rows that have a value'],
    [
      "words among numbers",
      many(20, (i) => (i === 5 ? "n.d." : i / 3)),
      undefined,
      'The target "y" has words among its numbers, 1 of 20: "n.d." in row 5. Correct them or drop these rows; if they are names of classes, ask for classification.',
    ],
    ["words", ["a", "b"], "regression", 'The target "y" has words among its numbers, 2 of 2: "a" in row 0.'],
    ["infinity", [0.5, "inf", 1], undefined, 'The target: column "y" has Infinity in row 1.'],
    [
      "three classes",
      ["a", "b", "c"],
      "binary",
      'The target "y" has 3 values, and a binary task has two. Ask for classification.',
    ],
    [
      "names of the rows",
      many(12, (i) => `r${i}`),
      undefined,
      'Each of the 12 rows has a target "y" of its own, such as "r0": classes must come again.',
    ],
    [
      "too many classes",
      many(2002, (i) => `c${i >> 1}`),
      undefined,
      'The target "y" has 1001 classes, and 1000 is the most there can be. Group them, or ask for regression if they are quantities.',
    ],
  ])("refuses %s", (_, cells, task, message) => {
    expect(() => inferTask("y", cells, task)).toThrow(message);
  });

  test("says where a cell is wrong", () => {
    const found = [
      () =>
        inferTask(
          "y",
          many(20, (i) => (i === 5 ? "n.d." : i / 3)),
        ),
      () => TargetEncoder.fit("y", [1.5, 2, null]),
      () => TargetEncoder.fit("y", ["a", "b"]).encode(["a", "c"]),
    ].map((make) => {
      try {
        return make();
      } catch (error) {
        return error instanceof CellError ? [error.column, error.row] : error;
      }
    });
    expect(found).toEqual([
      ["y", 5],
      ["y", 2],
      ["y", 1],
    ]);
  });
});

describe("TargetEncoder", () => {
  test("numbers classes by their names, or by value if they are numbers", () => {
    const words = TargetEncoder.fit("species", ["b", "a", "c", "B", "a"]);
    expect([words.task, words.classes, words.outputs]).toEqual(["classification", ["B", "a", "b", "c"], 4]);
    const y = words.encode(["a", " c ", "B"]);
    expect([y.dtype, y.shape, y.arraySync()]).toEqual(["int32", [3], [1, 3, 0]]);
    const numbers = TargetEncoder.fit("n", ["10", "9", "-1", "10", "9", "-1"]);
    expect(numbers.classes).toEqual(["-1", "9", "10"]);
    // However they are written.
    expect(numbers.encode([10, "9.0", "-1"]).arraySync()).toEqual([2, 1, 0]);
  });

  test("makes 0 and 1 of two classes, one of each a row", () => {
    const target = TargetEncoder.fit("paid", ["yes", "no", "yes", "no"]);
    expect([target.task, target.classes, target.outputs]).toEqual(["binary", ["no", "yes"], 1]);
    const y = target.encode(["yes", "NO", "no"]);
    expect([y.dtype, y.shape, y.arraySync()]).toEqual(["float32", [3, 1], [[1], [0], [0]]]);
    expect(TargetEncoder.fit("b", ["True", "False"]).encode([true, false]).arraySync()).toEqual([[1], [0]]);
  });

  test("standardizes numbers", () => {
    // Mean 4, variance ((−2)² + 0² + 2²)/3 = 8/3.
    const target = TargetEncoder.fit("price (CHF)", [2, "4", 6], { task: "regression" });
    expect([target.mean, target.unit, target.outputs]).toEqual([4, "CHF", 1]);
    expect(target.deviation).toBeCloseTo(Math.sqrt(8 / 3), 15);
    const y = target.encode([6, 4]);
    expect([y.dtype, y.shape]).toEqual(["float32", [2, 1]]);
    expect(y.dataSync()[0]).toBeCloseTo(2 / Math.sqrt(8 / 3), 6);
    expect(target.decode(tensor([[0], [1]])).values).toEqual(Float64Array.of(4, 4 + target.deviation));
    expect(TargetEncoder.fit("price", [0.5, 1], { unit: "EUR" }).unit).toBe("EUR");
    expect(TargetEncoder.fit("t [°C]", [0.5, 1]).unit).toBe("°C");
    expect(TargetEncoder.fit("f(x) y", [0.5, 1]).unit).toBeUndefined();
  });

  test("gives names and probabilities back", () => {
    const binary = TargetEncoder.fit("paid", ["yes", "no"]);
    // σ(ln 3) = 3/4, σ(0) = 1/2.
    const logits = tensor([[Math.log(3)], [0]], { dtype: "float64" });
    const found = binary.decode(logits);
    expect(found.classes).toEqual(["yes", "no"]);
    expect(found.probabilities?.[0]?.[1]).toBeCloseTo(0.75, 15);
    expect(found.probabilities?.[1]).toEqual(Float64Array.of(0.5, 0.5));
    expect(binary.decode(logits, 0.8).classes).toEqual(["no", "no"]);
    expect(binary.decode(logits, 0.4).classes).toEqual(["yes", "yes"]);
    const three = TargetEncoder.fit("kind", ["a", "b", "c"]);
    const { classes, probabilities } = three.decode(tensor([[0, Math.log(2), 0]], { dtype: "float64" }));
    expect(classes).toEqual(["b"]);
    expect(Array.from(probabilities?.[0] ?? [], (p) => p.toFixed(12))).toEqual(
      [0.25, 0.5, 0.25].map((p) => p.toFixed(12)),
    );
  });

  test("is the same after a JSON round trip", () => {
    for (const target of [
      TargetEncoder.fit("paid", ["yes", "no"]),
      TargetEncoder.fit(
        "n",
        many(9, (i) => i % 3),
      ),
      TargetEncoder.fit("price (CHF)", [1 / 3, 1e300, -7]),
      TargetEncoder.fit("x", [0.1, 0.7]),
    ]) {
      const again = TargetEncoder.fromJSON(JSON.parse(JSON.stringify(target)));
      expect(again.toJSON()).toEqual(target.toJSON());
      expect([again.mean, again.deviation, again.unit]).toEqual([target.mean, target.deviation, target.unit]);
      expect(Number.isFinite(target.deviation)).toBe(true);
    }
  });

  test.each<[() => unknown, string]>([
    [
      () => TargetEncoder.fit("y", ["a", "b", ""]),
      'TargetEncoder: "y" has no value in row 2. Drop the rows without a target before.',
    ],
    [
      () => TargetEncoder.fit("y", ["a", "b"]).encode(["a", "c"]),
      'TargetEncoder: "y" has the class "c" in row 1, and the model knows "a", "b".',
    ],
    [
      () => TargetEncoder.fit("y", [0.5, 1]).encode([1, "x"]),
      'TargetEncoder: "y" is to be a number, and row 1 holds "x". Correct it, or drop the row.',
    ],
    [() => TargetEncoder.fit("y", [0.5, 1]).encode([Number.POSITIVE_INFINITY]), 'column "y" has Infinity in row 0.'],
    [
      () => TargetEncoder.fit("y", ["a", "b"]).decode(tensor([[1, 2]])),
      'TargetEncoder: a binary model of "y" must give [rows, 1]; it gave [1, 2].',
    ],
    [
      () => TargetEncoder.fit("y", ["a", "b"], { task: "binry" as never }),
      'TargetEncoder.fit: task must be one of "binary", "classification", "regression"; it is "binry".',
    ],
    [() => TargetEncoder.fit("y", ["a", "b"], { units: "x" } as never), 'unknown option "units"'],
    [
      () => TargetEncoder.fromJSON({ name: "y", task: "binary", classes: ["a"] }),
      "TargetEncoder.fromJSON: a binary task cannot have 1 classes.",
    ],
    [
      () => TargetEncoder.fromJSON({ name: "y", task: "regression", mean: 0, deviation: 0 }),
      "TargetEncoder.fromJSON: the encoder.deviation must be a number above 0; it is 0.",
    ],
    [() => TargetEncoder.fromJSON([]), "TargetEncoder.fromJSON: the encoder must be an object; it is an array."],
  ])("refuses %s", (make, message) => {
    expect(make).toThrow(message);
  });
});

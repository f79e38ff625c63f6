import { tensor } from "chainrule";
import { dense } from "chainrule/nn";
import { inferColumns, permutationImportance, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { describe, expect, test } from "vitest";
import { identity, shuffle } from "../../src/data/shuffle.ts";
import { foldIn, key } from "../../src/ops/composed/random.ts";

const n = 40;
const a = Array.from({ length: n }, (_, i) => (i * 17) % n);
const b = Array.from({ length: n }, (_, i) => (i * 7) % n);

/** A model of y whose network is the given weights on the standardized columns a and b. */
function modelOf(table: Table, weights: readonly [number, number], bias = 0): TableModel {
  const input = TableEncoder.fit(table, inferColumns(table, { target: "y" }));
  const target = TargetEncoder.fit("y", table.column("y"));
  const network = dense(2, 1);
  network.weight.value = tensor(weights.map((w) => [w]));
  if (network.bias) network.bias.value = tensor([bias]);
  return new TableModel({ network, input, target });
}

describe("permutationImportance", () => {
  // y = a exactly: z = 1 · a + 0 · b, since y and a are standardized alike.
  const line = new Table(["a", "b", "y"], [a, b, a.map((v) => 3 * v + 0.5)]);

  test("is the fall of the score when a column is shuffled, by the definition", () => {
    const found = permutationImportance(modelOf(line, [1, 0]), line, { metric: "rmse", repeats: 3, seed: 4 });
    expect([found.metric, found.columns.map(({ column }) => column)]).toEqual(["rmse", ["a", "b"]]);
    expect(found.score).toBeLessThan(1e-5);
    // With the orders that the seed gives, rmse = √(mean of (y(shuffled a) − y)²), computed here from the raw cells.
    const falls = [0, 1, 2].map((r) => {
      const order = shuffle(identity(n), foldIn(foldIn(key(4), 0), r));
      const squares = a.map((v, i) => (3 * ((a[order[i] as number] as number) - v)) ** 2);
      return Math.sqrt(squares.reduce((s, v) => s + v, 0) / n);
    });
    const [first, second] = found.columns;
    falls.forEach((fall, r) => {
      expect(first?.falls[r]).toBeCloseTo(fall, 4);
    });
    const mean = falls.reduce((s, v) => s + v, 0) / 3;
    expect(first?.mean).toBeCloseTo(mean, 4);
    // numpy.std, as in scikit-learn: n in the denominator.
    expect(first?.deviation).toBeCloseTo(Math.sqrt(falls.reduce((s, v) => s + (v - mean) ** 2, 0) / 3), 4);
    expect([second?.mean, second?.deviation]).toEqual([0, 0]);
  });

  test("agrees with scikit-learn on a model that is nearly right", () => {
    const y = a.map((v, i) => 2 * v - (b[i] as number) + 0.3 * ((i * 11) % 7));
    const table = new Table(["a", "b", "y"], [a, b, y]);
    // 2a − b: both columns are 0 … 39 in some order, so they have one mean, 19.5, and one deviation.
    const [deviation, target] = [Math.sqrt((n ** 2 - 1) / 12), TargetEncoder.fit("y", y)];
    const scale = deviation / target.deviation;
    const model = modelOf(table, [2 * scale, -scale], (19.5 - target.mean) / target.deviation);
    const { score, columns } = permutationImportance(model, table, { repeats: 500 });
    // permutation_importance of scikit-learn 1.9.1, n_repeats=2000, of a regressor that predicts 2a − b: means 1.60625 and
    // 0.40632, deviations 0.2560 and 0.0672. The bounds are four standard errors of 500 repeats.
    expect(score).toBeCloseTo(0.9982601609, 6);
    expect(columns.map(({ column }) => column)).toEqual(["a", "b"]);
    const [first, second] = columns;
    expect(Math.abs((first?.mean as number) - 1.60625)).toBeLessThan(0.046);
    expect(Math.abs((second?.mean as number) - 0.40632)).toBeLessThan(0.012);
    expect(Math.abs((first?.deviation as number) - 0.256)).toBeLessThan(0.033);
    expect(Math.abs((second?.deviation as number) - 0.0672)).toBeLessThan(0.009);
  });

  test("takes r² for numbers and accuracy for classes", () => {
    // Two draws from the same numbers differ by 2·variance in the mean of squares, so r² is about 1 − 2 after shuffling.
    const ofNumbers = permutationImportance(modelOf(line, [1, 0]), line, { repeats: 20 });
    expect([ofNumbers.metric, ofNumbers.score.toFixed(6)]).toEqual(["r2", "1.000000"]);
    expect(Math.abs((ofNumbers.columns[0]?.mean as number) - 2)).toBeLessThan(0.3);
    const classes = new Table(["a", "b", "y"], [a, b, b.map((v) => (v > 19.5 ? "high" : "low"))]);
    // "low" is class 1, so its logit falls with b.
    const ofClasses = permutationImportance(modelOf(classes, [0, -100]), classes, { repeats: 20 });
    expect([ofClasses.metric, ofClasses.score]).toEqual(["accuracy", 1]);
    expect(ofClasses.columns.map(({ column }) => column)).toEqual(["b", "a"]);
    // Half of the rows are of either class, so half of the shuffled ones are right.
    expect(Math.abs((ofClasses.columns[0]?.mean as number) - 0.5)).toBeLessThan(0.1);
  });

  test("shuffles all features of a column together, the same way for the same seed", () => {
    const words = Array.from({ length: n }, (_, i) => ["red", "green", "blue"][i % 3] as string);
    const table = new Table(["c", "y"], [words, words.map((w) => (w === "red" ? 1.5 : 0.5))]);
    const input = TableEncoder.fit(table, inferColumns(table, { target: "y" }));
    const network = dense(3, 1);
    network.weight.value = tensor([[0], [0], [1]]);
    const model = new TableModel({ network, input, target: TargetEncoder.fit("y", table.column("y")) });
    const found = permutationImportance(model, table, { seed: 1 });
    expect(found.columns.map(({ column, falls }) => [column, falls.length])).toEqual([["c", 5]]);
    expect(permutationImportance(model, table, { seed: 1 })).toEqual(found);
    expect(permutationImportance(model, table, { seed: 2 })).not.toEqual(found);
  });

  test("takes a score of one's own, of which more is better", () => {
    const less = (p: { sub(q: unknown): { abs(): { mean(): { itemSync(): number } } } }, y: unknown) =>
      -p.sub(y).abs().mean().itemSync();
    const { columns, metric } = permutationImportance(modelOf(line, [1, 0]), line, { metric: less as never });
    expect([metric, columns[0]?.column]).toEqual(["less", "a"]);
    expect(columns[0]?.mean).toBeGreaterThan(0);
  });

  test("refuses what is no model, no table, no option", () => {
    const model = modelOf(line, [1, 0]);
    expect(() => permutationImportance(dense(1, 1) as never, line)).toThrow(
      "permutationImportance: the first argument must be a TableModel; it is",
    );
    expect(() => permutationImportance(model, line, { repeats: 0 })).toThrow(
      "repeats must be an integer ≥ 1; it is 0.",
    );
    expect(() => permutationImportance(model, line.select(["a", "b"]))).toThrow('there is no column "y"');
    expect(() => permutationImportance(model, line, { metric: "acc" as never })).toThrow('there is no metric "acc"');
    expect(() => permutationImportance(model, line, { repeat: 3 } as never)).toThrow('unknown option "repeat"');
  });
});

import { describe, expect, it } from "vitest";
import { Standardizer, standardize } from "../../src/data/index.ts";
import { tensor } from "../../src/tensor/index.ts";

describe("standardize", () => {
  it("finds mean and deviation of each column, and applies them to other data", () => {
    // By hand: columns 1, 3 → mean 2, deviation √(((−1)² + 1²)/2) = 1; 10, 30 → mean 20, deviation 10.
    const scaler = standardize([
      [1, 10],
      [3, 30],
    ]);
    expect(scaler.mean).toEqual([2, 20]);
    expect(scaler.deviation).toEqual([1, 10]);
    expect(
      scaler
        .apply(
          tensor([
            [1, 10],
            [4, 25],
          ]),
        )
        .arraySync(),
    ).toEqual([
      [-1, -1],
      [2, 0.5],
    ]);
    expect(
      scaler
        .invert(
          tensor([
            [-1, -1],
            [2, 0.5],
          ]),
        )
        .arraySync(),
    ).toEqual([
      [1, 10],
      [4, 25],
    ]);
  });

  it("keeps its accuracy beside a large mean", () => {
    // 10⁸ ± 1 in float64: E[x²] − E[x]² would be off.
    const scaler = standardize(tensor([[1e8 - 1], [1e8 + 1]], { dtype: "float64" }));
    expect(scaler.mean).toEqual([1e8]);
    expect(scaler.deviation).toEqual([1]);
  });

  it("leaves a constant column at 0", () => {
    const scaler = standardize([
      [0.1, 1],
      [0.1, 2],
      [0.1, 3],
    ]);
    expect(scaler.deviation[0]).toBe(1);
    expect((scaler.apply(tensor([[0.1, 2]])).arraySync() as number[][])[0]?.[0]).toBeCloseTo(0, 7);
  });

  it("takes rows of more dimensions, column by column", () => {
    const scaler = standardize([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [3, 2],
        [3, 8],
      ],
    ]);
    expect(scaler.shape).toEqual([2, 2]);
    expect(scaler.mean).toEqual([2, 2, 3, 6]);
    expect(scaler.deviation).toEqual([1, 1, 1, 2]);
  });

  it("survives JSON exactly", () => {
    const scaler = standardize([
      [0.1, 7],
      [0.7, 1e-3],
      [1 / 3, 12345.678],
    ]);
    const copy = Standardizer.fromJSON(JSON.parse(JSON.stringify(scaler)));
    expect(copy.toJSON()).toEqual(scaler.toJSON());
    const x = tensor([[0.2, 5]]);
    expect(copy.apply(x).dataSync()).toEqual(scaler.apply(x).dataSync());
  });

  it("says what is wrong", () => {
    expect(() => standardize(tensor([], { shape: [0, 3] }))).toThrow(
      "standardize: there are no rows in x, whose shape is [0, 3].",
    );
    expect(() => standardize([[1], [Number.NaN]])).toThrow("standardize: x has NaN at row 1, column 0.");
    const scaler = standardize([
      [1, 2],
      [3, 4],
    ]);
    expect(() => scaler.apply(tensor([[1, 2, 3]]))).toThrow(
      "Standardizer: made for rows of shape [2], it cannot take [1, 3].",
    );
    expect(() => scaler.apply(tensor([[1, 2]], { dtype: "int32" }))).toThrow(
      "Standardizer: takes float32 or float64, not int32",
    );
    expect(() => new Standardizer({ shape: [1], mean: [0], deviation: [0] })).toThrow(
      "Standardizer: needs a mean and a deviation above 0 for each of the 1 columns.",
    );
    expect(() => Standardizer.fromJSON({ type: "minmax" } as never)).toThrow("Standardizer.fromJSON: needs { type:");
  });
});

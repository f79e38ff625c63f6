import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { requireFinite } from "../../src/data/dataset.ts";
import { Dataset, dataset } from "../../src/data/index.ts";
import { tensor } from "../../src/tensor/index.ts";

describe("dataset", () => {
  it("is made of nested arrays, typed arrays and tensors, one example in each row", () => {
    const data = dataset(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      Int32Array.of(7, 8, 9),
    );
    expect(data).toBeInstanceOf(Dataset);
    expect(data.length).toBe(3);
    expect(data.x.shape).toEqual([3, 2]);
    expect([data.y.dtype, data.y.shape]).toEqual(["int32", [3]]);
  });

  it("takes rows in any order, with any number of dimensions", () => {
    const wide = Array.from({ length: 3 }, (_, i) => Array.from({ length: 100 }, (_, j) => [i, j]));
    const data = dataset(tensor(wide), tensor([10, 11, 12], { dtype: "int32" }));
    const some = data.take([2, 0, 2]);
    expect(some.y.arraySync()).toEqual([12, 10, 12]);
    expect(some.y.dtype).toBe("int32");
    expect(some.x.arraySync()).toEqual([wide[2], wide[0], wide[2]]);
    expect(data.take([]).x.shape).toEqual([0, 100, 2]);
  });

  it("refuses what does not belong together", () => {
    expect(() => dataset([[1], [2]], [[1], [2], [3]])).toThrow(
      "dataset: x has 2 rows (shape [2, 1]) and y has 3 (shape [3, 1]). Both need one row for each example.",
    );
    expect(() => dataset(tensor(3), [1])).toThrow(
      "dataset: x is a single number; its first axis must be the examples.",
    );
    expect(() => dataset(undefined as never, [1])).toThrow("dataset: x is undefined.");
    const traced = compile((x: ReturnType<typeof tensor>) => dataset(x, [1]).x);
    expect(() => traced(tensor([1]))).toThrow("dataset: x is traced; a data set holds known numbers.");
  });

  it("names the place of the first NaN or infinity", () => {
    const rows = Array.from({ length: 20 }, () => [0, 0, 0, 0]);
    (rows[17] as number[])[3] = Number.NaN;
    expect(() => requireFinite("fit", "x", tensor(rows))).toThrow(
      "fit: x has NaN at row 17, column 3. Remove such rows, or fill in a number, before training.",
    );
    expect(() => requireFinite("fit", "y", tensor([0, 1, Number.NEGATIVE_INFINITY]))).toThrow(
      "y has -Infinity at row 2.",
    );
    expect(() =>
      requireFinite(
        "fit",
        "x",
        tensor([
          [
            [0, 1],
            [2, Number.POSITIVE_INFINITY],
          ],
        ]),
      ),
    ).toThrow("x has Infinity at row 0, position [1, 1].");
    expect(() => requireFinite("fit", "x", tensor([1, 2], { dtype: "int32" }))).not.toThrow();
  });
});

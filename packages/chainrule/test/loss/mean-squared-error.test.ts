import { describe, expect, it } from "vitest";
import { meanSquaredError } from "../../src/loss/index.ts";
import { dense } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const p = tensor([
  [1, 2],
  [3, 5],
]);
const t = tensor([
  [0, 2],
  [3, 1],
]);

describe("meanSquaredError", () => {
  it("is the mean over examples of the mean over outputs: (½ + 8) / 2 = 4.25", () => {
    expect(meanSquaredError(p, t).itemSync()).toBe(4.25);
    expect(meanSquaredError(p, t, { reduction: "none" }).arraySync()).toEqual([0.5, 8]);
    expect(meanSquaredError(p, t, { reduction: "sum" }).itemSync()).toBe(8.5);
    expect(meanSquaredError(tensor([1, 2]), tensor([3, 5])).itemSync()).toBe(6.5);
    expect(meanSquaredError(tensor(3), tensor(1)).itemSync()).toBe(4);
  });

  it("has the derivative 2(p − t)/(batch·outputs)", () => {
    expect(grad((x: Tensor) => meanSquaredError(x, t))(p).arraySync()).toEqual([
      [0.5, 0],
      [0, 2],
    ]);
  });

  it("takes integer and boolean targets", () => {
    expect(meanSquaredError(tensor([1, 0.5]), tensor([1, 0], { dtype: "int32" })).itemSync()).toBe(0.125);
    expect(meanSquaredError(tensor([1, 0.5]), tensor([true, false])).itemSync()).toBe(0.125);
  });

  it("goes by the name that the checks of targets know", () => {
    expect(meanSquaredError.name).toBe("meanSquaredError");
  });

  it("refuses to broadcast a column against a row", () => {
    expect(() => meanSquaredError(tensor([[1], [2], [3]]), tensor([1, 2, 3]))).toThrow(
      "meanSquaredError: the prediction has shape [3, 1] and the target [3]; they must be the same, for broadcasting would " +
        "compare every prediction with every target. Make them alike, for example with target.reshape([3, 1]).",
    );
    expect(() => meanSquaredError(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(
      /shape \[2\] and the target \[3\]; .*every target\.\n/,
    );
  });

  it("refuses predictions that are not floats and options that there are not", () => {
    expect(() => meanSquaredError(tensor([1], { dtype: "int32" }), tensor([1]))).toThrow(
      "meanSquaredError: predictions must be float32 or float64, and these are int32.",
    );
    expect(() => meanSquaredError(p, t, { from: "logits" } as never)).toThrow(
      'meanSquaredError: unknown option "from"; there are weights, reduction, mask.',
    );
    expect(() => meanSquaredError(p, t, { reduction: "average" as never })).toThrow(
      'meanSquaredError: reduction must be one of "mean", "sum", "none"; it is "average".',
    );
    expect(() => meanSquaredError(dense(2, 2)(p), t, t as never)).toThrow(
      "meanSquaredError: the options must be an object, not a Tensor",
    );
  });
});

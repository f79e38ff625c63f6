import { describe, expect, it } from "vitest";
import { dense, params } from "../../src/nn/index.ts";
import { l1, l2, type Regularized } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const weight = tensor([
  [3, -4],
  [0, 1],
]);
const bias = tensor([100]);
const tree = (w: Tensor): Record<string, Regularized> => ({
  weight: { value: w, regularize: true },
  bias: { value: bias, regularize: false },
});

describe("regularizers", () => {
  it("l2 is λ/2·Σw², with the gradient λ·w, and leaves biases alone", () => {
    expect(l2(0.5)(tree(weight)).itemSync()).toBe(6.5);
    expect(grad((w: Tensor) => l2(0.5)(tree(w)))(weight).arraySync()).toEqual([
      [1.5, -2],
      [0, 0.5],
    ]);
  });

  it("l1 is λ·Σ|w|, with the gradient λ·sign w, 0 at 0", () => {
    expect(l1(0.5)(tree(weight)).itemSync()).toBe(4);
    expect(grad((w: Tensor) => l1(0.5)(tree(w)))(weight).arraySync()).toEqual([
      [0.5, -0.5],
      [0, 0.5],
    ]);
  });

  it("take the parameters of a model, of several dtypes, and none", () => {
    const layer = dense(2, 2);
    layer.weight.value = weight;
    expect(l2(1)(params(layer)).itemSync()).toBe(13);
    const mixed = {
      a: { value: tensor([1], { dtype: "float64" }), regularize: true },
      b: { value: tensor([1]), regularize: true },
    };
    expect(l1(1)(mixed).itemSync()).toBe(2);
    expect(l2(1)({}).itemSync()).toBe(0);
  });

  it("record their settings and refuse a factor below 0", () => {
    expect([l1(0.1).config, l2(0.2).config]).toEqual([
      { name: "l1", lambda: 0.1 },
      { name: "l2", lambda: 0.2 },
    ]);
    expect(() => l2(-1)).toThrow("l2: the factor must be a finite number ≥ 0; it is -1.");
    expect(() => l1(Number.NaN)).toThrow("l1: the factor must be a finite number ≥ 0; it is NaN.");
  });
});

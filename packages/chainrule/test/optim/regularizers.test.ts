import { describe, expect, it } from "vitest";
import { dense, params } from "../../src/nn/index.ts";
import { elasticNet, l1, l2, type Regularized, type Regularizer } from "../../src/optim/index.ts";
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

  it("elasticNet is λ₁·Σ|w| + λ₂/2·Σw²: by hand, 0.5·8 + 0.1·26 and 0.5·sign w + 0.2·w", () => {
    const regularizer = elasticNet({ l1: 0.5, l2: 0.2 });
    expect(regularizer(tree(weight)).itemSync()).toBeCloseTo(6.6, 5);
    const gradient = grad((w: Tensor) => regularizer(tree(w)))(weight).dataSync();
    [1.1, -1.3, 0, 0.7].forEach((g, i) => {
      expect(gradient[i]).toBeCloseTo(g, 6);
    });
  });

  it("take biases too if they are told, or what a pattern names", () => {
    expect(l2(0.5, { parameters: "all" })(tree(weight)).itemSync()).toBe(6.5 + 2500);
    expect(l1(0.5, { parameters: "all" })(tree(weight)).itemSync()).toBe(54);
    expect(l1(0.5, { parameters: /^b/ })(tree(weight)).itemSync()).toBe(50);
    expect(elasticNet({ l1: 1, l2: 0, parameters: /^b/ })(tree(weight)).itemSync()).toBe(100);
    expect(l2(1, { parameters: /^b/ }).config).toEqual({ name: "l2", lambda: 1, parameters: "/^b/" });
  });

  it("with a proximal step count in the loss and not in its gradient, and shrink: sign(w)·max(|w| − α·λ, 0)", () => {
    const regularizer = elasticNet({ l1: 4, l2: 0.5, proximal: true });
    expect(regularizer(tree(weight)).itemSync()).toBe(32 + 6.5);
    expect(grad((w: Tensor) => regularizer(tree(w)))(weight).arraySync()).toEqual([
      [1.5, -2],
      [0, 0.5],
    ]);
    const shrink = regularizer.proximal as NonNullable<typeof regularizer.proximal>;
    expect(shrink(weight, tensor(0.5), { regularize: true }).arraySync()).toEqual([
      [1, -2],
      [0, 0],
    ]);
    expect(shrink(bias, tensor(0.5), { regularize: false }).arraySync()).toEqual([100]);
    expect(l1(1, { proximal: true }).config).toEqual({ name: "l1", lambda: 1, proximal: true });
  });

  it("l2 gives the residuals of which it is half the sum of squares", () => {
    const [residuals, ...none] = (l2(0.5).residuals as NonNullable<Regularizer["residuals"]>)(tree(weight)) as [Tensor];
    expect(none).toEqual([]);
    expect(residuals.square().sum().itemSync() / 2).toBeCloseTo(6.5, 5);
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
    expect(() => l1(1, { proximal: 1 as never })).toThrow("l1: proximal must be true or false; it is 1.");
    expect(() => l2(1, { parameters: "biases" as never })).toThrow(
      'l2: parameters must be "weights", "all" or a pattern of names such as /^0\\./; it is "biases".',
    );
    expect(() => l2(1, { proximal: true } as never)).toThrow('l2: unknown option "proximal"; there are parameters.');
    expect(() => elasticNet({ l1: 1 } as never)).toThrow(
      "elasticNet: l2 must be a finite number ≥ 0; it is undefined.",
    );
    expect(() => l1(Number.NaN)).toThrow("l1: the factor must be a finite number ≥ 0; it is NaN.");
  });
});

import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, type Loss, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const int = (values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** For each loss: two examples, of which the second is bad beyond use. */
const cases: [string, Loss, Tensor, Tensor][] = [
  ["meanSquaredError", meanSquaredError, tensor([[3], [Number.NaN]]), tensor([[1], [Number.POSITIVE_INFINITY]])],
  ["binaryCrossEntropy", binaryCrossEntropy, tensor([[0], [Number.NaN]]), tensor([[1], [Number.NaN]])],
  ["binaryCrossEntropy, of a NaN target", binaryCrossEntropy, tensor([[0], [0]]), tensor([[1], [Number.NaN]])],
  [
    "softmaxCrossEntropy, one-hot",
    softmaxCrossEntropy,
    tensor([
      [0, 0],
      [0, 0],
    ]),
    tensor([
      [0, 1],
      [Number.NaN, 0],
    ]),
  ],
  [
    "softmaxCrossEntropy",
    softmaxCrossEntropy,
    tensor([
      [0, 0],
      [Number.NaN, Number.POSITIVE_INFINITY],
    ]),
    int([1, 0]),
  ],
];

describe.each(cases)("weights of %s", (_, loss, prediction, target) => {
  const first = loss(prediction.slice(0, 0, 1), target.slice(0, 0, 1)).itemSync();
  const mask = tensor([1, 0]);

  it("of 0 mask an example, NaN and all, in the loss and in its gradient", () => {
    expect(loss(prediction, target, { weights: mask }).itemSync()).toBe(first);
    expect(loss(prediction, target, { weights: mask, reduction: "sum" }).itemSync()).toBe(first);
    expect(loss(prediction, target, { weights: mask, reduction: "none" }).arraySync()).toEqual([first, 0]);
    const gradient = [...grad((p: Tensor) => loss(p, target, { weights: mask }))(prediction).dataSync()];
    const half = gradient.length / 2;
    expect(gradient.slice(half)).toEqual(Array.from({ length: half }, () => 0));
    expect(gradient.slice(0, half).every((g) => Number.isFinite(g) && g !== 0)).toBe(true);
  });

  it("that are all 0 give the loss 0 and the gradient 0", () => {
    const weights = tensor([0, 0]);
    expect(loss(prediction, target, { weights }).itemSync()).toBe(0);
    const gradient = grad((p: Tensor) => loss(p, target, { weights }))(prediction).dataSync();
    expect(gradient.every((g) => g === 0)).toBe(true);
  });

  it("must be one for each example", () => {
    expect(() => loss(prediction, target, { weights: tensor([1, 2, 3]) })).toThrow(
      `${loss.name}: the weights have shape [3], but there is one loss for each example, [batch=2]. Give one weight for each example.`,
    );
    expect(() => loss(prediction, target, { weights: tensor([[1], [1]]) })).toThrow("the weights have shape [2, 1]");
  });
});

describe("weights", () => {
  it("make a weighted mean: (1·4 + 3·16) / 4 = 13", () => {
    const [p, t] = [tensor([2, 4]), tensor([0, 0])];
    expect(meanSquaredError(p, t, { weights: tensor([1, 3]) }).itemSync()).toBe(13);
    expect(meanSquaredError(p, t, { weights: int([1, 3]), reduction: "sum" }).itemSync()).toBe(52);
  });

  it("of example i have the derivative (lᵢ − L) / Σw: l = 4, 16, L = 13", () => {
    const f = (weights: Tensor): Tensor => meanSquaredError(tensor([2, 4]), tensor([0, 0]), { weights });
    expect(grad(f)(tensor([1, 3])).arraySync()).toEqual([-2.25, 0.75]);
  });
});

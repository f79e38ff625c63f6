/** Masks, bases, smoothing, weights of classes, and options set beforehand. */
import { describe, expect, it } from "vitest";
import {
  binaryCrossEntropy,
  checkTargets,
  hinge,
  huber,
  klDivergence,
  meanSquaredError,
  negativeLogLikelihood,
  softmaxCrossEntropy,
  squaredError,
  withOptions,
} from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const int = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });

describe("mask", () => {
  const p = tensor([
    [1, 2],
    [3, Number.NaN],
  ]);
  const t = tensor([
    [0, 0],
    [0, 0],
  ]);
  const mask = tensor([
    [true, true],
    [true, false],
  ]);

  // By hand: squares 1, 4, 9; the mean over what counts is 14/3, the examples' means are 5/2 and 9.
  it("leaves elements out, NaN and all, in value and gradient", () => {
    expect(meanSquaredError(p, t, { mask }).itemSync()).toBeCloseTo(14 / 3, 6);
    expect(meanSquaredError(p, t, { mask, reduction: "none" }).arraySync()).toEqual([2.5, 9]);
    expect(meanSquaredError(p, t, { mask, reduction: "sum" }).itemSync()).toBe(11.5);
    expect(squaredError(p, t, { mask }).itemSync()).toBe(7);
    const g = grad((x: Tensor) => meanSquaredError(x, t, { mask }))(p).dataSync();
    expect([...g]).toEqual([expect.closeTo(2 / 3, 6), expect.closeTo(4 / 3, 6), 2, 0]);
  });

  it("of examples is a mask of all their elements, and goes together with weights", () => {
    const second = tensor([true, false]);
    expect(meanSquaredError(p, t, { mask: second }).itemSync()).toBe(2.5);
    expect(squaredError(p, t, { mask: second }).itemSync()).toBe(5);
    // Weights 1 and 2: (1 + 4 + 2·9) / (1 + 1 + 2).
    expect(meanSquaredError(p, t, { mask, weights: tensor([1, 2]) }).itemSync()).toBe(5.75);
  });

  it("gives 0 where nothing counts", () => {
    const none = tensor([false, false]);
    expect(meanSquaredError(p, t, { mask: none }).itemSync()).toBe(0);
    expect(squaredError(p, t, { mask: none, reduction: "none" }).arraySync()).toEqual([0, 0]);
    expect([...grad((x: Tensor) => squaredError(x, t, { mask: none }))(p).dataSync()]).toEqual([0, 0, 0, 0]);
  });

  it("masks the padding of sequences as PyTorch's ignore_index does", () => {
    // torch.nn.functional.cross_entropy(zeros(3, 2), [0, 1, -100]) is log 2: the mean over the two that count.
    const z = tensor(new Float32Array(8), { shape: [2, 2, 2] });
    const y = int([
      [0, 1],
      [0, 0],
    ]);
    const padding = tensor([
      [true, false],
      [true, true],
    ]);
    expect(softmaxCrossEntropy(z, y, { mask: padding }).itemSync()).toBeCloseTo(Math.LN2, 6);
    expect(klDivergence(z, z.add(0.5), { mask: padding }).itemSync()).toBeCloseTo(0, 6);
  });

  it("must be bool, one for each example or element", () => {
    expect(() => meanSquaredError(p, t, { mask: tensor([1, 0]) })).toThrow(
      'meanSquaredError: the mask must be bool, true for what counts; it is float32. Make it so with .notEqual(0), or give fractions as "weights".',
    );
    expect(() => meanSquaredError(p, t, { mask: tensor([true]) })).toThrow(
      "meanSquaredError: the mask has shape [1]; it must be [2, 2], as the losses are or [batch=2].",
    );
  });
});

describe("base", () => {
  it("2 gives bits: a fair coin is one", () => {
    expect(binaryCrossEntropy(tensor([0]), tensor([1]), { base: 2 }).itemSync()).toBeCloseTo(1, 6);
    expect(softmaxCrossEntropy(tensor([[0, 0, 0, 0]]), int([1]), { base: 2 }).itemSync()).toBeCloseTo(2, 6);
    expect(() => softmaxCrossEntropy(tensor([[0, 0]]), int([1]), { base: 0 })).toThrow(
      "softmaxCrossEntropy: base must be a finite number > 1; it is 0.",
    );
  });
});

describe("labelSmoothing", () => {
  // −0.95·log 0.75 − 0.05·log 0.25, by hand
  it("moves binary targets towards ½: with 0.1, 1 becomes 0.95", () => {
    const z = tensor([Math.log(3)], { dtype: "float64" });
    const expected = -0.95 * Math.log(0.75) - 0.05 * Math.log(0.25);
    expect(binaryCrossEntropy(z, tensor([1]), { labelSmoothing: 0.1 }).itemSync()).toBeCloseTo(expected, 12);
    expect(binaryCrossEntropy(z.neg(), tensor([0]), { labelSmoothing: 0.1 }).itemSync()).toBeCloseTo(expected, 12);
  });

  it("keeps the loss finite, with its gradient, at ±1000, and must be below 1", () => {
    const f = (z: Tensor): Tensor => softmaxCrossEntropy(z, int([0]), { labelSmoothing: 0.1 });
    expect(f(tensor([[1000, -1000]])).itemSync()).toBeCloseTo(100, 4);
    expect(grad(f)(tensor([[1000, -1000]])).dataSync()[1]).toBeCloseTo(-0.05, 6);
    expect(() => softmaxCrossEntropy(tensor([[0, 0]]), int([0]), { labelSmoothing: 1 })).toThrow(
      "softmaxCrossEntropy: labelSmoothing must be a finite number ≥ 0 and < 1; it is 1.",
    );
  });
});

describe("classWeights", () => {
  it("of binary targets are those of no and yes; mean divides by their sum", () => {
    // log 2 for both; weights 1 and 3.
    const each = { classWeights: [1, 3], reduction: "none" } as const;
    const [z, y] = [tensor([0, 0]), tensor([0, 1])];
    expect(binaryCrossEntropy(z, y, each).dataSync()[1]).toBeCloseTo(3 * Math.LN2, 5);
    expect(binaryCrossEntropy(z, y, { classWeights: [1, 3] }).itemSync()).toBeCloseTo(Math.LN2, 6);
  });

  it("of 0 leave a class out, and a class that does not exist stays NaN", () => {
    const f = (y: Tensor): Tensor =>
      softmaxCrossEntropy(
        tensor([
          [0, 0],
          [-Infinity, 0],
        ]),
        y,
        { classWeights: [0, 1] },
      );
    expect(f(int([1, 0])).itemSync()).toBeCloseTo(Math.LN2, 6);
    expect(() => f(int([1, 2]))).toThrow("row 1 has class 2, but the logits have 2 classes");
  });

  it("must be one for each class", () => {
    const f = (classWeights: never) => () => softmaxCrossEntropy(tensor([[0, 0]]), int([0]), { classWeights });
    expect(f([1, 2, 3] as never)).toThrow("softmaxCrossEntropy: classWeights has 3 weights, but there are 2 classes.");
    expect(f([1, -1] as never)).toThrow("softmaxCrossEntropy: classWeights[1] must be a finite number ≥ 0; it is -1.");
    expect(f(2 as never)).toThrow("softmaxCrossEntropy: classWeights must be an array of numbers; it is 2.");
  });
});

describe("withOptions", () => {
  it("sets defaults that a call may change, keeps the name, and adds to those before", () => {
    const loss = withOptions(withOptions(huber, { delta: 2 }), { reduction: "sum" });
    expect(loss.name).toBe("huber");
    expect(loss(tensor([4, 4]), tensor([0, 0])).itemSync()).toBe(12);
    expect(loss(tensor([4, 4]), tensor([0, 0]), { reduction: "mean" }).itemSync()).toBe(6);
  });

  it("refuses what is no loss and no options; the loss itself refuses options that it has not", () => {
    expect(() => withOptions(3 as never, {})).toThrow(
      "withOptions: the loss must be a function such as huber; it is 3.",
    );
    expect(() => withOptions(huber, 2 as never)).toThrow("withOptions: the options must be an object, not 2");
    expect(() => withOptions(huber, { gamma: 1 } as never)(tensor([1]), tensor([1]))).toThrow(
      'huber: unknown option "gamma"; there are weights, reduction, mask, delta.',
    );
  });
});

describe("negativeLogLikelihood and checkTargets", () => {
  it("says predictions, not logits, where a class does not exist", () => {
    expect(() => negativeLogLikelihood(tensor([[0, -1]]), int([2]))).toThrow(
      "labels out of range: row 0 has class 2, but the predictions have 2 classes (0…1).",
    );
    expect(() => checkTargets("negativeLogLikelihood", int([2]), 2)).toThrow("row 0 has class 2");
    expect(() => checkTargets("klDivergence", tensor([[0.5, 0.6]]), 2)).toThrow(
      "klDivergence: each row of the targets must sum to 1; row 0 sums to 1.1.",
    );
  });

  it("takes probabilities", () => {
    const p = tensor([[0.25, 0.75]]);
    expect(negativeLogLikelihood(p, int([0]), { from: "probabilities" }).itemSync()).toBeCloseTo(Math.log(4), 6);
  });
});

describe("targets that a mask leaves out", () => {
  it("may be anything: −100 and NaN stand for padding", () => {
    const z = tensor([
      [2, 1],
      [0, 3],
      [1, 1],
    ]);
    const masked = softmaxCrossEntropy(z, int([0, 1, -100]), { mask: tensor([true, true, false]) });
    expect(masked.itemSync()).toBeCloseTo(softmaxCrossEntropy(z.slice(0, 0, 2), int([0, 1])).itemSync(), 6);
    expect(hinge(tensor([5, 0.5]), tensor([Number.NaN, 1]), { mask: tensor([false, true]) }).itemSync()).toBeCloseTo(
      0.5,
      6,
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { softmaxCrossEntropy } from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

const int = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });

const softmax = (z: number[]): number[] => {
  const most = Math.max(...z);
  const e = z.map((value) => Math.exp(value - most));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / total);
};

const sum = (target: Tensor) => (z: Tensor) => softmaxCrossEntropy(z, target, { reduction: "sum" });

describe("softmaxCrossEntropy", () => {
  // softmax([0, log 2, log 5]) = [1/8, 2/8, 5/8]
  const z = tensor(
    [
      [0, Math.log(2), Math.log(5)],
      [0, Math.log(2), Math.log(5)],
    ],
    { dtype: "float64" },
  );

  it("is −log of the probability of the class", () => {
    const each = softmaxCrossEntropy(z, int([1, 2]), { reduction: "none" }).dataSync();
    expect(each[0]).toBeCloseTo(Math.log(4), 12);
    expect(each[1]).toBeCloseTo(Math.log(8 / 5), 12);
    expect(softmaxCrossEntropy(z, int([1, 2])).itemSync()).toBeCloseTo(Math.log(6.4) / 2, 12);
  });

  it("takes one-hot targets of any dtype, probabilities, and predicted probabilities", () => {
    const expected = Math.log(6.4) / 2;
    expect(
      softmaxCrossEntropy(
        z,
        tensor([
          [0, 1, 0],
          [0, 0, 1],
        ]),
      ).itemSync(),
    ).toBeCloseTo(expected, 12);
    expect(
      softmaxCrossEntropy(
        z,
        int([
          [0, 1, 0],
          [0, 0, 1],
        ]),
      ).itemSync(),
    ).toBeCloseTo(expected, 12);
    expect(
      softmaxCrossEntropy(
        z,
        tensor([
          [false, true, false],
          [false, false, true],
        ]),
      ).itemSync(),
    ).toBeCloseTo(expected, 12);
    const both = tensor([
      [0, 0.5, 0.5],
      [0, 0.5, 0.5],
    ]);
    expect(softmaxCrossEntropy(z, both).itemSync()).toBeCloseTo(expected, 12);
    const p = tensor(
      [
        [1 / 8, 2 / 8, 5 / 8],
        [1 / 8, 2 / 8, 5 / 8],
      ],
      { dtype: "float64" },
    );
    expect(softmaxCrossEntropy(p, int([1, 2]), { from: "probabilities" }).itemSync()).toBeCloseTo(expected, 12);
  });

  it("takes one example, and dimensions between batch and classes, over which it averages", () => {
    expect(softmaxCrossEntropy(tensor([0, 0]), int([1]).reshape([])).itemSync()).toBeCloseTo(Math.LN2, 6);
    const sequence = z.reshape([1, 2, 3]);
    expect(softmaxCrossEntropy(sequence, int([[1, 2]]), { reduction: "none" }).shape).toEqual([1]);
    expect(softmaxCrossEntropy(sequence, int([[1, 2]])).itemSync()).toBeCloseTo(Math.log(6.4) / 2, 12);
  });

  it.each(["float32", "float64"] as const)("is right at logits of ±1000, to second order, in %s", (dtype) => {
    const logits = tensor(
      [
        [1000, -1000, 0],
        [-1000, 1000, 1000],
      ],
      { dtype },
    );
    const each = softmaxCrossEntropy(logits, int([1, 0]), { reduction: "none" }).dataSync();
    expect(each[0]).toBe(2000);
    expect(each[1]).toBeCloseTo(2000 + Math.LN2, 3);
    expect(softmaxCrossEntropy(logits, int([0, 1]), { reduction: "none" }).dataSync()[0]).toBeCloseTo(0, 12);
    expect(grad(sum(int([1, 0])))(logits).arraySync()).toEqual([
      [1, -1, 0],
      [-1, 0.5, 0.5],
    ]);
    const second = [...(hessian(sum(int([1, 0])))(logits) as Tensor).dataSync()];
    // diag(s) − s·sᵀ: zero for the first row, ±¼ between the two classes that tie in the second.
    const expected = Array.from({ length: 36 }, () => 0);
    for (const [i, j, h] of [
      [4, 4, 0.25],
      [4, 5, -0.25],
      [5, 4, -0.25],
      [5, 5, 0.25],
    ] as const)
      expected[i * 6 + j] = h;
    expect(second.map((h) => h + 0)).toEqual(expected);
  });

  it("has the derivatives softmax(z) − e(y) and diag(s) − s·sᵀ for any logits (property)", () => {
    const scale = fc.constantFrom(1, 30, 1000);
    const logits = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(logits, scale, fc.nat(), (unit, size, pick) => {
        const values = unit.map((v) => v * size);
        const label = pick % values.length;
        const at = tensor([values], { dtype: "float64" });
        const s = softmax(values);
        const f = sum(int([label]));
        const first = grad(f)(at).dataSync();
        const second = (hessian(f)(at) as Tensor).dataSync();
        s.forEach((p, i) => {
          expect(first[i]).toBeCloseTo(p - Number(i === label), 12);
          s.forEach((q, j) => {
            expect(second[i * s.length + j]).toBeCloseTo((i === j ? p : 0) - p * q, 12);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it("takes classes that are impossible, with logits of −∞, where nothing of them is asked", () => {
    const logits = tensor([[0, Number.NEGATIVE_INFINITY, 0]]);
    expect(softmaxCrossEntropy(logits, tensor([[1, 0, 0]])).itemSync()).toBeCloseTo(Math.LN2, 6);
    expect(softmaxCrossEntropy(logits, int([0])).itemSync()).toBeCloseTo(Math.LN2, 6);
    for (const target of [int([0]), tensor([[1, 0, 0]])]) {
      expect(grad(sum(target))(logits).arraySync()).toEqual([[-0.5, 0, 0.5]]);
    }
  });

  it("makes class numbers out of range an error when they are known and NaN when they are traced", () => {
    const logits = tensor([
      [0, 0],
      [0, 0],
    ]);
    expect(() => softmaxCrossEntropy(logits, int([0, 2]))).toThrow(
      "softmaxCrossEntropy: labels out of range: row 1 has class 2, but the logits have 2 classes (0…1).",
    );
    const compiled = compile((labels: Tensor) => softmaxCrossEntropy(logits, labels));
    expect(compiled(int([0, 1])).itemSync()).toBeCloseTo(Math.LN2, 6);
    expect(compiled(int([0, 2])).itemSync()).toBeNaN();
    expect(compiled(int([-1, 1])).itemSync()).toBeNaN();
  });

  it("refuses float class numbers, with advice", () => {
    expect(() => softmaxCrossEntropy(z, tensor([1, 2]))).toThrow(
      "softmaxCrossEntropy: class numbers must be int32, and these are float32[2]. Make the targets with " +
        'tensor(labels, { dtype: "int32" }), convert a tensor with .cast("int32"), or give one-hot targets.',
    );
    expect(() => softmaxCrossEntropy(z, tensor([true, false]))).toThrow("and these are bool[2].");
  });

  it("refuses other shapes, dtypes and options", () => {
    expect(() => softmaxCrossEntropy(z, int([1, 2, 0]))).toThrow(
      "softmaxCrossEntropy: for predictions [batch=2, classes=3] the targets must be class numbers, int32[batch=2], or " +
        "one-hot, [batch=2, classes=3]; they are int32[3].",
    );
    expect(() => softmaxCrossEntropy(z, int([[1], [2]]))).toThrow(
      "they are int32[2, 1]. Drop the last dimension with .reshape([2]).",
    );
    expect(() => softmaxCrossEntropy(tensor(1), int([1]))).toThrow(
      "softmaxCrossEntropy: the prediction is a scalar; [batch, classes] is needed.",
    );
    expect(() => softmaxCrossEntropy(int([[1, 2]]), int([0]))).toThrow(
      "softmaxCrossEntropy: predictions must be float32 or float64, and these are int32.",
    );
    expect(() => softmaxCrossEntropy(z, int([1, 2]), { smoothing: 0.1 } as never)).toThrow(
      'softmaxCrossEntropy: unknown option "smoothing"; there are weights, reduction, mask, base, labelSmoothing, classWeights, from.',
    );
  });
});

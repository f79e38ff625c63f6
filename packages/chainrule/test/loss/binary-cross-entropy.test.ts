import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

/** The logistic function, without overflow. */
const sigma = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

const sum = (target: Tensor) => (z: Tensor) => binaryCrossEntropy(z, target, { reduction: "sum" });

describe("binaryCrossEntropy", () => {
  it("is −log of the probability of what happened", () => {
    const z = tensor([Math.log(3), Math.log(3)], { dtype: "float64" });
    const y = tensor([1, 0], { dtype: "float64" });
    const each = binaryCrossEntropy(z, y, { reduction: "none" }).dataSync();
    expect(each[0]).toBeCloseTo(-Math.log(0.75), 12);
    expect(each[1]).toBeCloseTo(-Math.log(0.25), 12);
    const p = tensor([0.75, 0.75], { dtype: "float64" });
    expect(binaryCrossEntropy(p, y, { from: "probabilities" }).itemSync()).toBeCloseTo(-Math.log(0.75 * 0.25) / 2, 12);
  });

  it("averages over outputs, then over examples", () => {
    const z = tensor([
      [0, 0],
      [0, 0],
    ]);
    expect(
      binaryCrossEntropy(
        z,
        tensor([
          [0, 1],
          [1, 0.5],
        ]),
      ).itemSync(),
    ).toBeCloseTo(Math.LN2, 6);
  });

  it.each(["float32", "float64"] as const)("is right at logits of ±1000, to second order, in %s", (dtype) => {
    const z = tensor([1000, 1000, -1000, -1000], { dtype });
    const y = tensor([1, 0, 1, 0], { dtype });
    expect(binaryCrossEntropy(z, y, { reduction: "none" }).arraySync()).toEqual([0, 1000, 1000, 0]);
    expect([...grad(sum(y))(z).dataSync()].map((g) => g + 0)).toEqual([0, 1, -1, 0]);
    const second = hessian(sum(y))(z) as Tensor;
    expect([...second.dataSync()].every((h) => h === 0)).toBe(true);
  });

  it("keeps the digits of a small loss in float32: −log σ(20) = 2.0611536e−9", () => {
    expect(binaryCrossEntropy(tensor([20]), tensor([1])).itemSync()).toBeCloseTo(2.0611536e-9, 14);
    expect(binaryCrossEntropy(tensor([-20]), tensor([0])).itemSync()).toBeCloseTo(2.0611536e-9, 14);
  });

  it("has the derivatives σ(z) − y and σ(z)(1 − σ(z)) for any logit (property)", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1000, max: 1000, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (z, y) => {
          const f = sum(tensor([y], { dtype: "float64" }));
          const at = tensor([z], { dtype: "float64" });
          expect(grad(f)(at).itemSync()).toBeCloseTo(sigma(z) - y, 12);
          expect((hessian(f)(at) as Tensor).itemSync()).toBeCloseTo(sigma(z) * sigma(-z), 12);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("takes infinite logits and certain probabilities that are right", () => {
    const infinity = Number.POSITIVE_INFINITY;
    const y = tensor([1, 0]);
    const z = tensor([infinity, -infinity]);
    expect(binaryCrossEntropy(z, y, { reduction: "none" }).arraySync()).toEqual([0, 0]);
    expect([...grad(sum(y))(z).dataSync()].map((g) => g + 0)).toEqual([0, 0]);
    const sure = (p: Tensor): Tensor => binaryCrossEntropy(p, y, { from: "probabilities", reduction: "sum" });
    expect(sure(y).itemSync()).toBe(0);
    expect(grad(sure)(y).arraySync()).toEqual([-1, 1]);
    expect(binaryCrossEntropy(tensor([0]), tensor([1]), { from: "probabilities" }).itemSync()).toBe(infinity);
  });

  it("refuses other shapes and options", () => {
    expect(() => binaryCrossEntropy(tensor([[1], [2]]), tensor([1, 0]))).toThrow(
      "binaryCrossEntropy: the prediction has shape [2, 1] and the target [2]; they must be the same",
    );
    expect(() => binaryCrossEntropy(tensor([1]), tensor([1]), { from: "logit" as never })).toThrow(
      'binaryCrossEntropy: from must be one of "logits", "probabilities"; it is "logit".',
    );
    expect(() => binaryCrossEntropy(tensor([1]), tensor([1]), { fromLogits: true } as never)).toThrow(
      'binaryCrossEntropy: unknown option "fromLogits"; there are weights, reduction, mask, base, labelSmoothing, classWeights, from.',
    );
    expect(() => binaryCrossEntropy(tensor([true]), tensor([1]))).toThrow(
      "predictions must be float32 or float64, and these are bool",
    );
  });
});

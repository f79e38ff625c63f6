import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entropy, informationContent, klDivergence, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

const finite = (t: Tensor): boolean => [...t.dataSync()].every(Number.isFinite);

describe("informationContent", () => {
  it("is the number of fair coins of the same surprise, in bits", () => {
    expect(informationContent(tensor([1, 0.5, 0.125, 0]), { base: 2 }).arraySync()).toEqual([0, 1, 3, Infinity]);
    expect(informationContent(tensor([0.5])).itemSync()).toBeCloseTo(Math.LN2, 6);
  });

  it("refuses what has no logarithm of that base", () => {
    expect(() => informationContent(tensor([0.5]), { base: 1 })).toThrow(
      "informationContent: base must be a finite number > 1; it is 1.",
    );
    expect(() => informationContent(tensor([1], { dtype: "int32" }))).toThrow(
      "informationContent: predictions must be float32",
    );
  });
});

describe("entropy", () => {
  it("is 0 for certainty and log n for n equal chances", () => {
    expect(
      entropy(
        tensor([
          [1, 0, 0, 0],
          [0.25, 0.25, 0.25, 0.25],
        ]),
        { base: 2 },
      ).arraySync(),
    ).toEqual([0, 2]);
  });

  it("is finite with its derivatives for logits of ±1000", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const z = tensor([1000, -1000, 0, 1000], { dtype });
      const f = (x: Tensor): Tensor => entropy(x, { from: "logits" });
      expect(f(z).itemSync()).toBeCloseTo(Math.LN2, 6);
      expect(finite(grad(f)(z))).toBe(true);
      expect(finite(hessian(f)(z) as Tensor)).toBe(true);
    }
  });

  it("has the derivative −(log p + 1), and 0 at p = 0", () => {
    const g = grad((p: Tensor) => entropy(p))(tensor([0.25, 0.75, 0], { dtype: "float64" })).dataSync();
    expect([...g]).toEqual([expect.closeTo(Math.log(4) - 1, 12), expect.closeTo(-Math.log(0.75) - 1, 12), 0]);
  });

  it("refuses what is no distribution", () => {
    expect(() =>
      entropy(
        tensor([
          [0.5, 0.5],
          [1, 1],
        ]),
      ),
    ).toThrow("entropy: each row of p must sum to 1; row 1 sums to 2.");
    expect(() => entropy(tensor([2, -1]))).toThrow("entropy: p must be between 0 and 1; row 0 has 2.");
    expect(() => entropy(tensor(1))).toThrow("entropy: takes a distribution, [.., classes], and this is a scalar.");
  });
});

describe("klDivergence", () => {
  const chances = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  const normalized = (a: number[]): Tensor => {
    const sum = a.reduce((x, y) => x + y, 0);
    return tensor([a.map((x) => x / sum)], { dtype: "float64" });
  };

  it("is never negative, 0 for equal distributions, and the cross-entropy less the entropy (property)", () => {
    fc.assert(
      fc.property(chances, chances, (a, b) => {
        const [q, t] = [normalized(a), normalized(b)];
        const d = klDivergence(q, t, { from: "probabilities" }).itemSync();
        expect(d).toBeGreaterThan(-1e-12);
        expect(klDivergence(q, q, { from: "probabilities" }).itemSync()).toBeCloseTo(0, 12);
        const cross = softmaxCrossEntropy(q, t, { from: "probabilities" }).itemSync();
        expect(d).toBeCloseTo(cross - entropy(t).itemSync(), 11);
      }),
      { numRuns: 30 },
    );
  });

  it("is right at logits of ±1000, to second order", () => {
    const t = tensor([
      [1, 0],
      [0.5, 0.5],
    ]);
    const z = tensor([
      [-1000, 1000],
      [1000, 1000],
    ]);
    expect(klDivergence(z, t, { reduction: "none" }).arraySync()).toEqual([2000, 0]);
    const f = (x: Tensor): Tensor => klDivergence(x, t, { reduction: "sum" });
    expect(grad(f)(z).arraySync()).toEqual([
      [-1, 1],
      [0, 0],
    ]);
    expect(finite(hessian(f)(z) as Tensor)).toBe(true);
  });
});

/** Logistic regression is a network without a hidden layer: it has the coefficients of a direct solution. */
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, type Loss, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, functional } from "../../src/nn/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { trainStep } from "../../src/train/index.ts";
import { grad } from "../../src/transform/index.ts";

const x = tensor(
  [
    [0.5, 1.2],
    [1.5, -0.3],
    [2.1, 0.8],
    [-0.7, 0.4],
    [-1.3, -1.1],
    [0.2, -0.9],
    [1, 1],
    [-0.4, 1.6],
    [0.9, -1.5],
    [-1.8, 0.3],
  ],
  { dtype: "float64" },
);

function trained(outputs: number, loss: Loss, y: Tensor) {
  const model = dense(2, outputs, { dtype: "float64" });
  const step = trainStep(model, sgd({ learningRate: 1, momentum: 0.9 }), (batch) => loss(model(batch.x), batch.y));
  for (let i = 0; i < 1500; i++) step({ x, y });
  return model;
}

describe("logistic regression", () => {
  const y = tensor([[1], [0], [1], [0], [0], [1], [1], [0], [1], [0]]);

  // sklearn.linear_model.LogisticRegression(C=inf, solver="newton-cholesky", tol=1e-12), scikit-learn 1.9.1; iteratively
  // reweighted least squares in NumPy gives the same 12 digits.
  it("of two classes has the coefficients of scikit-learn", () => {
    const model = trained(1, binaryCrossEntropy, y);
    const [w1, w2] = model.weight.value.dataSync();
    expect(w1).toBeCloseTo(1.5372880480163917, 9);
    expect(w2).toBeCloseTo(-0.15370690042295335, 9);
    expect(model.bias?.value.itemSync()).toBeCloseTo(-0.33432205278287597, 9);
    expect(binaryCrossEntropy(model(x), y).itemSync()).toBeCloseTo(0.4585672313869674, 12);
    const { parameters, apply } = functional(model);
    const slopes = grad((theta: typeof parameters) => binaryCrossEntropy(apply(theta, x), y))(parameters);
    expect([...(slopes.weight as Tensor).dataSync()].every((g) => Math.abs(g) < 1e-10)).toBe(true);
  });

  // Only differences between classes matter: those to the first class.
  it("of three classes too, but for a constant", () => {
    const classes = tensor([0, 1, 1, 2, 2, 0, 1, 0, 2, 1], { dtype: "int32" });
    const model = trained(3, softmaxCrossEntropy, classes);
    const w = model.weight.value.dataSync() as Float64Array;
    const differences = [1, 2, 4, 5].map((i) => (w[i] as number) - (w[i < 3 ? 0 : 3] as number));
    [0.4780826215116992, -0.5611451215583309, -0.2404543353984483, -1.8991844414459322].forEach((value, i) => {
      expect(differences[i]).toBeCloseTo(value, 7);
    });
    const [b0, b1, b2] = [...(model.bias?.value.dataSync() ?? [])];
    expect((b1 as number) - (b0 as number)).toBeCloseTo(0.22553711526516407, 7);
    expect((b2 as number) - (b0 as number)).toBeCloseTo(-0.2909023612435365, 7);
  });
});

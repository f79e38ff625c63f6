import { describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../src/io/index.ts";
import { dense, fourier, interactions, polynomial, register, sequential } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const x = tensor([[2, 3, 5]]);

describe("feature maps", () => {
  // sklearn.preprocessing.PolynomialFeatures(3, include_bias=False), scikit-learn 1.9.1
  it("polynomial and interactions have the features of scikit-learn in its order", () => {
    const all = [2, 3, 5, 4, 6, 10, 9, 15, 25, 8, 12, 20, 18, 30, 50, 27, 45, 75, 125];
    expect(polynomial(3)(x).arraySync()).toEqual([all]);
    expect(interactions(3)(x).arraySync()).toEqual([[2, 3, 5, 6, 10, 15, 30]]);
    expect(polynomial(1)(x).arraySync()).toEqual([[2, 3, 5]]);
    expect(interactions(9)(x).shape).toEqual([1, 7]);
  });

  it("fourier has cosines, then sines", () => {
    const found = fourier(2, { period: 4 })(tensor([[1, 0]], { dtype: "float64" })).dataSync();
    [0, 1, -1, 1, 1, 0, 0, 0].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 14);
    });
    expect(fourier(1)(tensor([[Math.PI]])).dataSync()[0]).toBeCloseTo(-1, 6);
  });

  it("say how many features they give, which they do", () => {
    for (const phi of [polynomial(4), interactions(2), fourier(3)]) {
      expect(phi(tensor([[1, 2, 3, 4, 5]])).shape).toEqual([1, phi.outputs(5)]);
      expect(phi(tensor([[[1], [2]]])).shape).toEqual([1, 2, phi.outputs(1)]);
    }
  });

  it("let gradients through: d/dx of x₁ + x₂ + x₁² + x₁x₂ + x₂² at (2, 3)", () => {
    expect(grad((v: Tensor) => polynomial(2)(v).sum())(tensor([2, 3])).arraySync()).toEqual([8, 9]);
  });

  it("are saved and loaded with the model, those of the user by a registered name", async () => {
    const logs = (v: Tensor): Tensor => v.log();
    register("test-logs", () => logs);
    Object.defineProperty(logs, "name", { value: "test-logs" });
    const phi = [logs, polynomial(2), interactions(2), fourier(1, { period: 3 })] as const;
    const model = sequential(...phi, dense(2 * interactions(2).outputs(9), 1));
    const again = await loadModel(await saveModel(model));
    expect(again(x).arraySync()).toEqual(model(x).arraySync());
  });

  it("refuse what cannot be", () => {
    expect(() => sequential(polynomial as never)(x)).toThrow(
      "polynomial: takes a number, its degree, and gives a feature map; it got a Tensor. Write polynomial(2).",
    );
    expect(() => interactions(0)).toThrow("interactions: degree must be an integer ≥ 1; it is 0.");
    expect(() => fourier(1.5)).toThrow("fourier: order must be an integer ≥ 1; it is 1.5.");
    expect(() => fourier(1, { period: 0 })).toThrow("fourier: period must be a finite number > 0; it is 0.");
    expect(() => polynomial(2)(tensor(1))).toThrow("polynomial: takes [.., inputs], and this is a scalar.");
    expect(() => polynomial(2).outputs(0)).toThrow("polynomial: the number of inputs must be an integer ≥ 1; it is 0.");
  });
});

import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "../../src/loss/index.ts";
import { constant, dense, functional, params, sequential, sigmoid } from "../../src/nn/index.ts";
import { tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

/** The inverse of the logistic function: log(p / (1 − p)). */
const logit = (p: number): number => Math.log(p / (1 - p));

/**
 * One input x₁ = 60, one sigmoid hidden unit with a₁ = 0.37, output weight w² = 12, sigmoid output ŷ = 0.25, target 1.
 * The biases are chosen so that the activations are these. By hand, with δ = ∂L/∂z:
 *   δ² = ŷ − y = −0.75
 *   ∂L/∂w² = δ²·a₁ = −0.75·0.37 = −0.2775
 *   ∂L/∂a₁ = δ²·w² = −9
 *   δ¹ = ∂L/∂a₁·a₁·(1 − a₁) = −9·0.37·0.63 = −2.0979
 *   ∂L/∂w¹ = δ¹·x₁ = −2.0979·60 = −125.874
 */
const w1 = 0.01;
const w2 = 12;
const hidden = (): ReturnType<typeof dense> =>
  dense(1, 1, { dtype: "float64", weightInit: constant(w1), biasInit: constant(logit(0.37) - w1 * 60) });
const output = (): ReturnType<typeof dense> =>
  dense(1, 1, { dtype: "float64", weightInit: constant(w2), biasInit: constant(logit(0.25) - w2 * 0.37) });

const x = tensor([[60]], { dtype: "float64" });
const y = tensor([[1]], { dtype: "float64" });

const expected: Record<string, number> = {
  "0.weight": -125.874,
  "0.bias": -2.0979,
  "2.weight": -0.2775,
  "2.bias": -0.75,
};

describe("the worked example of back-propagation", () => {
  it("has the activations it is stated with", () => {
    const first = sequential(hidden(), sigmoid);
    expect(first(x).itemSync()).toBeCloseTo(0.37, 12);
    const model = sequential(hidden(), sigmoid, output(), sigmoid);
    expect(model(x).itemSync()).toBeCloseTo(0.25, 12);
  });

  it("has the loss −log 0.25 = 1.3862943611198906 from logits and from probabilities", () => {
    const logits = sequential(hidden(), sigmoid, output());
    expect(binaryCrossEntropy(logits(x), y).itemSync()).toBeCloseTo(1.3862943611198906, 12);
    const model = sequential(hidden(), sigmoid, output(), sigmoid);
    expect(binaryCrossEntropy(model(x), y, { from: "probabilities" }).itemSync()).toBeCloseTo(1.3862943611198906, 12);
  });

  it.each([
    ["logits", sequential(hidden(), sigmoid, output())],
    ["probabilities", sequential(hidden(), sigmoid, output(), sigmoid)],
  ] as const)("has the gradients calculated by hand, from %s", (from, model) => {
    const { parameters, apply } = functional(model);
    const gradient = grad((theta: typeof parameters) => binaryCrossEntropy(apply(theta, x), y, { from }))(parameters);
    expect(Object.keys(gradient)).toEqual(Object.keys(params(model)));
    for (const [name, value] of Object.entries(expected)) expect(gradient[name]?.itemSync()).toBeCloseTo(value, 10);
  });
});

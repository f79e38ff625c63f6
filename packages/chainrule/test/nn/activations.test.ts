import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dense,
  dropout,
  elu,
  flatten,
  gaussianNoise,
  gelu,
  leakyRelu,
  linear,
  polynomial,
  prelu,
  relu,
  sequential,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

const f64 = (values: number[]): Tensor => tensor(values, { dtype: "float64" });
const close = (found: Tensor, expected: number[], digits = 12): void => {
  expected.forEach((value, i) => {
    expect(found.dataSync()[i]).toBeCloseTo(value, digits);
  });
};
const derivative = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => grad((t: Tensor) => f(t).sum())(x);

describe("activations", () => {
  // By hand, and for erf from NIST's Handbook of Mathematical Functions, table 7.1: erf(0.5) = 0.5204998778.
  it("have the values of their definitions", () => {
    close(relu(f64([-2, 0, 3])), [0, 0, 3]);
    close(sigmoid(f64([0, Math.log(3)])), [0.5, 0.75]);
    close(tanh(f64([0, Math.log(2)])), [0, 0.6]);
    close(softplus(f64([0, Math.log(Math.E - 1)])), [Math.LN2, 1]);
    close(softmax(f64([0, Math.log(3)])), [0.25, 0.75]);
    close(leakyRelu()(f64([-2, 0, 3])), [-0.02, 0, 3]);
    close(leakyRelu(0.2)(f64([-2, 0, 3])), [-0.4, 0, 3]);
    close(elu()(f64([Math.log(0.25), 0, 3])), [-0.75, 0, 3]);
    close(elu(2)(f64([Math.log(0.25), 0, 3])), [-1.5, 0, 3]);
    close(
      gelu(f64([Math.SQRT1_2, -Math.SQRT1_2])),
      [0.5 * Math.SQRT1_2 * 1.5204998778, -0.5 * Math.SQRT1_2 * (1 - 0.5204998778)],
      9,
    );
  });

  it("have the derivatives of their definitions", () => {
    close(derivative(relu, f64([-2, 0, 3])), [0, 0, 1]);
    close(derivative(leakyRelu(0.2), f64([-2, 3])), [0.2, 1]);
    close(derivative(elu(2), f64([Math.log(0.25), 3])), [0.5, 1]);
    close(derivative(elu(), f64([0])), [1]);
    // d/dx x·Φ(x) = Φ(x) + x·φ(x); at 0 it is ½.
    close(derivative(gelu, f64([0, 1])), [0.5, 0.8413447460685429 + Math.exp(-0.5) / Math.sqrt(2 * Math.PI)]);
  });

  it("are finite, with first and second derivatives, for ±1000", () => {
    for (const f of [relu, sigmoid, tanh, softplus, softmax, gelu, leakyRelu(), elu()]) {
      for (const dtype of ["float32", "float64"] as const) {
        const x = tensor([-1000, -100, 100, 1000], { dtype });
        const first = (t: Tensor): Tensor => derivative(f, t);
        const second = hessian((t: Tensor) => f(t).sum())(x) as Tensor;
        for (const values of [f(x), first(x), derivative(first, x), second]) {
          expect([f.name, dtype, [...values.dataSync()].every(Number.isFinite)]).toEqual([f.name, dtype, true]);
        }
      }
    }
    close(derivative(elu(), f64([100, 1000, -1000])), [1, 1, 0]);
  });

  it("agree with central differences in float64 (property)", () => {
    const h = 1e-6;
    fc.assert(
      fc.property(
        fc.constantFrom(sigmoid, tanh, softplus, gelu, leakyRelu(0.3), elu(0.7)),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.boolean(),
        (f, size, negative) => {
          const at = negative ? -size : size;
          const slope = (f(f64([at + h])).itemSync() - f(f64([at - h])).itemSync()) / (2 * h);
          expect(derivative(f, f64([at])).itemSync()).toBeCloseTo(slope, 7);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuse what is no tensor, as do the layers without weights", () => {
    const layers = {
      relu,
      linear,
      flatten: flatten(),
      polynomial: polynomial(2),
      leakyRelu: leakyRelu(),
      prelu: prelu(),
    };
    for (const [name, layer] of Object.entries({ ...layers, dropout: dropout(0.5), gaussianNoise: gaussianNoise(1) })) {
      const call = (x: unknown) => () => (layer as (x: unknown) => unknown)(x);
      expect(call([1, 2])).toThrow(`${name}: the input is an array, not a tensor; make one with tensor(…).`);
      expect(call(3)).toThrow(`${name}: the input is 3, not a tensor; make one with tensor(…).`);
      expect(call(undefined)).toThrow(`${name}: called without a tensor.`);
    }
  });

  it("say so when one with a setting is passed uncalled, or its setting is wrong", () => {
    expect(() => sequential(leakyRelu as never)(tensor([1]))).toThrow(
      "leakyRelu: takes a number, its slope, and gives an activation. Write leakyRelu() or leakyRelu(0.2), not leakyRelu.",
    );
    expect(() => sequential(elu as never)(tensor([1]))).toThrow(
      "elu: takes a number, its alpha, and gives an activation. Write elu()",
    );
    expect(() => sequential(dense(1, 1), (relu as () => never)())).toThrow(
      "relu: called without a tensor. A layer stands in a model as it is, sequential(dense(2, 3), relu), and is called with a tensor, relu(x).",
    );
    expect(() => leakyRelu(-1)).toThrow("leakyRelu: slope must be a finite number ≥ 0; it is -1.");
    expect(() => elu(Number.NaN)).toThrow("elu: alpha must be a finite number ≥ 0; it is NaN.");
  });
});

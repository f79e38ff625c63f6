import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { constant, dense, params, sequential } from "../../src/nn/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const layer = dense(2, 3);
layer.weight.value = tensor([
  [1, 2, 3],
  [10, 20, 30],
]);
(layer.bias as NonNullable<typeof layer.bias>).value = tensor([0.5, 0, -0.5]);

describe("dense", () => {
  it("computes x·W + b for one example, a batch, and more leading dimensions", () => {
    expect(layer(tensor([1, 1])).arraySync()).toEqual([11.5, 22, 32.5]);
    expect(
      layer(
        tensor([
          [1, 1],
          [2, 0],
        ]),
      ).arraySync(),
    ).toEqual([
      [11.5, 22, 32.5],
      [2.5, 4, 5.5],
    ]);
    expect(layer(tensor([[[1, 1]], [[2, 0]]])).arraySync()).toEqual([[[11.5, 22, 32.5]], [[2.5, 4, 5.5]]]);
    expect(layer(tensor([], { shape: [0, 2] })).shape).toEqual([0, 3]);
  });

  it("agrees with a loop for any shape (property)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (n, k, m) => {
          const model = dense(k, m, { dtype: "float64", biasInit: constant(0.25) });
          const x = tensor(
            Float64Array.from({ length: n * k }, (_, i) => Math.sin(i + 1)),
            { shape: [n, k] },
          );
          const y = model(x).dataSync();
          const [a, w] = [x.dataSync(), model.weight.value.dataSync()];
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < m; j++) {
              let sum = 0.25;
              for (let l = 0; l < k; l++) sum += (a[i * k + l] as number) * (w[l * m + j] as number);
              expect(y[i * m + j]).toBeCloseTo(sum, 12);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("has weights that regularizers see and biases that they do not", () => {
    expect(layer.weight.regularize).toBe(true);
    expect(layer.bias?.regularize).toBe(false);
    expect(Object.keys(params(dense(2, 3, { bias: false })))).toEqual(["weight"]);
  });

  it("names features, weight, layer and line when the input does not fit", () => {
    const model = sequential(dense(784, 128));
    const x = tensor(new Float32Array(6400), { shape: [64, 100] });
    const message =
      /^dense: the input has 100 features \(shape \[batch=64, features=100\]\), but the weight is \[in=784, out=128\]\.\n {2}in layer: sequential\.0 \(dense\)\n {2}at: .*dense\.test\.ts:\d+:\d+$/;
    expect(() => model(x)).toThrow(message);
    expect(() => compile((t: typeof x) => model(t))(x)).toThrow(message);
    expect(() => model(tensor([1, 2, 3]))).toThrow("the input has 3 features (shape [features=3])");
    expect(() => model(tensor([[[1]]]))).toThrow("the input has 1 features (shape [batch=1, dim1=1, features=1])");
  });

  it("refuses a scalar, another dtype, and what is no tensor", () => {
    expect(() => layer(tensor(1))).toThrow(
      "dense: the input is a scalar, but the weight is [in=2, out=3]; give it a shape [batch, 2] or [2].",
    );
    expect(() => layer(tensor([1, 2], { dtype: "int32" }))).toThrow(
      'dense: the input is int32, but the weight is float32. Convert the input with .cast("float32").',
    );
    expect(() => layer(tensor([1, 2], { dtype: "float64" }))).toThrow(
      'dense: the input is float64, but the weight is float32. Convert the input with .cast("float32") or make the layer ' +
        'with dense(…, { dtype: "float64" }).',
    );
    expect(() => layer([1, 2] as never)).toThrow("dense: the input is not a tensor. Make one with tensor(…).");
  });

  it("refuses sizes that are none and options that there are not", () => {
    expect(() => dense(0, 3)).toThrow("dense: the number of inputs must be an integer ≥ 1; it is 0.");
    expect(() => dense(2, 2.5)).toThrow("dense: the number of outputs must be an integer ≥ 1; it is 2.5.");
    expect(() => dense(2, { units: 3 } as never)).toThrow(
      "the number of outputs must be an integer ≥ 1; it is an object.",
    );
    expect(() => dense(2, 3, { activation: "relu" } as never)).toThrow(
      'dense: unknown option "activation"; there are bias, weightInit, biasInit, dtype.',
    );
    expect(() => sequential(dense as never)(tensor([1]))).toThrow(
      "dense: the number of inputs must be an integer ≥ 1; it is a Tensor.",
    );
  });
});

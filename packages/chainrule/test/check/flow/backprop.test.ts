/** Back-propagation with everything shown. */
import { describe, expect, it } from "vitest";
import { backprop } from "../../../src/check/index.ts";
import { compile, scan, type Tensor, tensor } from "../../../src/index.ts";
import { binaryCrossEntropy, meanSquaredError } from "../../../src/loss/index.ts";
import {
  constant,
  dense,
  dropout,
  functional,
  gelu,
  Module,
  params,
  relu,
  sequential,
  sigmoid,
  softmax,
  step,
  tanh,
  training,
} from "../../../src/nn/index.ts";
import { random } from "../../../src/ops/index.ts";
import { jacobian, valueAndGrad } from "../../../src/transform/index.ts";
import { distance, loss, network, pytorch, x, y } from "./example.ts";

const draw = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, { dtype: "float64" });

describe("backprop", () => {
  it("gives what PyTorch retains of every layer", () => {
    const result = backprop(network(), loss, x, y);
    const [hidden, output] = result.layers;
    expect(result.layers.map(({ path, type, activations }) => [path, type, activations.map((f) => f.type)])).toEqual([
      ["0", "dense", ["tanh"]],
      ["2", "dense", []],
    ]);
    expect(result.loss.itemSync()).toBeCloseTo(pytorch.loss, 14);
    for (const [found, expected] of [
      [hidden?.input, [0.5, -1, 2, 0.25]],
      [hidden?.z, pytorch.z1],
      [hidden?.a, pytorch.a1],
      [hidden?.gradA, pytorch.gradA1],
      [hidden?.delta, pytorch.gradZ1],
      [hidden?.gradients.weight, pytorch.gradients["0.weight"]],
      [hidden?.gradients.bias, pytorch.gradients["0.bias"]],
      [output?.input, pytorch.a1],
      [output?.z, pytorch.z2],
      [output?.a, pytorch.z2],
      [output?.gradA, pytorch.gradZ2],
      [output?.delta, pytorch.gradZ2],
      [output?.gradients.weight, pytorch.gradients["2.weight"]],
      [output?.gradients.bias, pytorch.gradients["2.bias"]],
      [result.prediction, pytorch.z2],
      [result.gradPrediction, pytorch.gradZ2],
      [result.gradInput, pytorch.gradX],
    ] as const) {
      expect(distance(found, expected)).toBeLessThan(1e-14);
    }
    expect(Object.keys(result.gradients)).toEqual(Object.keys(pytorch.gradients));
  });

  it("gives the worked example: δ² = −0.75, ∂L/∂w² = −0.2775, δ¹ = −2.0979, ∂L/∂w¹ = −125.874", () => {
    // As in test/nn/worked-example.test.ts, where the calculation by hand stands.
    const logit = (p: number): number => Math.log(p / (1 - p));
    const unit = (w: number, b: number) =>
      dense(1, 1, { dtype: "float64", weightInit: constant(w), biasInit: constant(b) });
    const model = sequential(unit(0.01, logit(0.37) - 0.6), sigmoid, unit(12, logit(0.25) - 4.44));
    const one = (value: number): Tensor => tensor([[value]], { dtype: "float64" });
    const { layers } = backprop(model, binaryCrossEntropy, one(60), one(1));
    expect(layers[1]?.delta.itemSync()).toBeCloseTo(-0.75, 12);
    expect(layers[1]?.gradients.weight?.itemSync()).toBeCloseTo(-0.2775, 12);
    expect(layers[0]?.gradA.itemSync()).toBeCloseTo(-9, 12);
    expect(layers[0]?.delta.itemSync()).toBeCloseTo(-2.0979, 12);
    expect(layers[0]?.gradients.weight?.itemSync()).toBeCloseTo(-125.874, 10);
  });

  it("agrees with the vector–Jacobian recursion v ← v·J to round-off", () => {
    const f64 = { dtype: "float64" } as const;
    const model = sequential(dense(4, 5, f64), gelu, dense(5, 6, f64), relu, dense(6, 3, f64), softmax);
    const { layers, gradPrediction, gradInput } = backprop(model, meanSquaredError, draw(1, 3, 4), draw(2, 3, 3), {
      jacobians: true,
    });
    // v·J with both as matrices: a row for the output's elements, columns for the variable's.
    const times = (v: Tensor, J: Tensor, like: Tensor): Tensor =>
      v
        .reshape([1, v.size])
        .matmul(J.reshape([v.size, like.size]))
        .reshape([...like.shape]);
    let v = gradPrediction;
    for (const layer of layers.toReversed()) {
      const J = layer.jacobians as NonNullable<typeof layer.jacobians>;
      expect(distance(layer.gradA, v.arraySync())).toBeLessThan(1e-15);
      expect(distance(layer.delta, times(v, J.z, layer.z).arraySync())).toBeLessThan(1e-15);
      for (const [name, gradient] of Object.entries(layer.gradients)) {
        expect(distance(gradient, times(v, J.parameters[name] as Tensor, gradient).arraySync())).toBeLessThan(1e-15);
      }
      v = times(v, J.input, layer.input);
    }
    expect(distance(gradInput, v.arraySync())).toBeLessThan(1e-15);
  });

  it("gives the Jacobians of the outputs by the input and by the parameters", () => {
    const model = network();
    const { jacobians, prediction } = backprop(model, loss, x, y, { jacobians: true });
    const { parameters, apply } = functional(model);
    const byTheta = jacobian((theta: typeof parameters) => apply(theta, x))(parameters);
    expect(Object.keys(jacobians?.parameters ?? {})).toEqual(Object.keys(parameters));
    for (const [name, J] of Object.entries(jacobians?.parameters ?? {})) {
      expect(J.shape).toEqual([...prediction.shape, ...(parameters[name] as Tensor).shape]);
      expect(distance(J, (byTheta[name] as Tensor).arraySync())).toBeLessThan(1e-15);
    }
    // By hand: ∂ŷ₀₀/∂x₀ⱼ = Σᵤ W²ᵤ₀·(1 − a₀ᵤ²)·W¹ⱼᵤ, and no example depends on another's input.
    const slopes = (pytorch.a1[0] as readonly number[]).map((a) => 1 - a * a) as [number, number, number];
    const expected = 1 * slopes[0] * 0.1 + 0.5 * slopes[1] * -0.2 + -0.75 * slopes[2] * 0.3;
    const J = jacobians?.input?.arraySync() as number[][][][];
    expect(J[0]?.[0]?.[0]?.[0]).toBeCloseTo(expected, 14);
    expect(J[0]?.[0]?.[1]).toEqual([0, 0]);
  });

  it.each(["js", "wasm"] as const)("gives the numbers of the compiled training step on %s", (target) => {
    const model = sequential(dense(4, 16), tanh, dropout(0.5), dense(16, 3));
    const [inputs, classes] = [draw(3, 8, 4).cast("float32"), tensor([0, 1, 2, 0, 1, 2, 0, 1], { dtype: "int32" })];
    model(inputs);
    const shown = backprop(model, loss, inputs, classes);
    expect(shown.layers[0]?.activations.map(({ type }) => type)).toEqual(["tanh", "dropout"]);
    const boxes = Object.entries(params(model));
    const { parameters, apply } = functional(model);
    const train = compile(
      (theta: typeof parameters) => valueAndGrad((t: typeof parameters) => loss(apply(t, inputs), classes))(theta),
      { target },
    );
    const { value, gradient } = training(() => train(parameters));
    expect(distance(shown.loss, value.itemSync())).toBeLessThan(1e-6);
    for (const [name] of boxes) {
      expect(distance(shown.gradients[name], (gradient[name] as Tensor).arraySync())).toBeLessThan(1e-6);
    }
  });

  it("gives what comes back to a layer whose step stops it: ∂L/∂a = δ·Wᵀ there, and 0 before it", () => {
    const one = { weightInit: constant(2), bias: false };
    const { layers } = backprop(
      sequential(dense(1, 1, one), step, dense(1, 1, one)),
      meanSquaredError,
      tensor([[1]]),
      tensor([[0]]),
    );
    // ŷ = 2·step(2) = 2, δ² = 2·2 = 4 and ∂L/∂a¹ = 4·2; the derivative of the step is 0.
    expect(layers.map(({ gradA, delta }) => [gradA.itemSync(), delta.itemSync()])).toEqual([
      [8, 0],
      [4, 4],
    ]);
  });

  it("leaves parameters and random state alone, and drops nothing in evaluation mode", () => {
    const model = sequential(dense(2, 8), dropout(0.5), dense(8, 1));
    const [inputs, targets] = [tensor([[1, 2]]), tensor([[0]])];
    const before = backprop(model, meanSquaredError, inputs, targets);
    const after = backprop(model, meanSquaredError, inputs, targets);
    expect(after.layers[0]?.a.arraySync()).toEqual(before.layers[0]?.a.arraySync());
    const [layer] = backprop(model, meanSquaredError, inputs, targets, { mode: "evaluation" }).layers;
    expect(layer?.activations).toEqual([]);
    expect(layer?.a.arraySync()).toEqual(layer?.z.arraySync());
  });

  it("shows every call of a shared layer, and the gradient of both uses together", () => {
    const shared = dense(1, 1, { bias: false, weightInit: constant(3), dtype: "float64" });
    const model = sequential(shared, shared);
    const one = (value: number): Tensor => tensor([[value]], { dtype: "float64" });
    // L = (w²·x)² with w = 3, x = 2: ∂L/∂w = 2·18·2·w·x = 432; δ² = 2·18, δ¹ = 36·3.
    const { layers, gradients } = backprop(model, meanSquaredError, one(2), one(0));
    expect(layers.map(({ path, delta }) => [path, delta.itemSync()])).toEqual([
      ["0", 108],
      ["0", 36],
    ]);
    expect(layers.map((layer) => layer.gradients.weight?.itemSync())).toEqual([432, 432]);
    expect(Object.keys(gradients)).toEqual(["0.weight"]);
  });

  it("finds the layers of a module of one's own, and leaves a residual connection out of a", () => {
    class Residual extends Module {
      inner = dense(2, 2, { dtype: "float64" });
      forward(t: Tensor): Tensor {
        return t.add(tanh(this.inner(t)));
      }
    }
    const model = sequential(dense(2, 2, { dtype: "float64" }), new Residual(), dense(2, 2, { dtype: "float64" }));
    const { layers } = backprop(model, loss, x, y);
    expect(layers.map(({ path, activations }) => [path, activations.map(({ type }) => type)])).toEqual([
      ["0", []],
      ["1.inner", ["tanh"]],
      ["2", []],
    ]);
    // What reaches a⁰ comes through both branches: ∂L/∂a⁰ = ∂L/∂u² + δ¹·W¹ᵀ.
    const [first, second, third] = layers as [(typeof layers)[0], (typeof layers)[0], (typeof layers)[0]];
    const [w1, w2] = [params(model)["1.inner.weight"], params(model)["2.weight"]].map((p) => p?.value as Tensor);
    const branches = third.delta
      .matmul((w2 as Tensor).transpose())
      .add(second.delta.matmul((w1 as Tensor).transpose()));
    expect(distance(first.gradA, branches.arraySync())).toBeLessThan(1e-15);
  });

  it("leaves out layers that a loop calls, for they have no single value", () => {
    class Recurrent extends Module {
      cell = dense(2, 2);
      forward(t: Tensor): Tensor {
        return scan((c: Tensor) => [this.cell(c).tanh(), null], t, null, { length: 3 })[0];
      }
    }
    const { layers, gradients } = backprop(new Recurrent(), meanSquaredError, tensor([[1, 2]]), tensor([[0, 0]]));
    expect(layers).toEqual([]);
    expect(Object.keys(gradients)).toEqual(["cell.weight", "cell.bias"]);
  });

  it("prints itself", () => {
    const model = sequential(dense(1, 1, { weightInit: constant(2) }), tanh);
    expect(`${backprop(model, meanSquaredError, tensor([[0]]), tensor([[1]]))}`).toBe(
      [
        "Forward",
        "0 (dense) → tanh",
        "  z       [[0]]",
        "  a       [[0]]",
        "L = 1",
        "",
        "Backward",
        "0 (dense) → tanh",
        "  ∂L/∂a   [[−2]]",
        "  δ       [[−2]]",
        "  ∂L/∂weight [[0]]",
        "  ∂L/∂bias [−2]",
      ].join("\n"),
    );
  });
});

describe("backprop refuses", () => {
  const model = dense(1, 1);
  const one = tensor([[1]]);
  it.each([
    [
      () => backprop(((t: Tensor) => t) as never, meanSquaredError, one, one),
      "backprop: the first argument must be a model",
    ],
    [
      () => backprop(model, "mse" as never, one, one),
      'backprop: the loss must be a function such as meanSquaredError; it is "mse".',
    ],
    [
      () => backprop(model, meanSquaredError, [[1]] as never, one),
      "backprop: x is an array, not a tensor; make one with tensor(…).",
    ],
    [
      () => backprop(model, meanSquaredError, one, 1 as never),
      "backprop: y is 1, not a tensor; make one with tensor(…).",
    ],
    [
      () => backprop(model, (p) => p.add(tensor([1, 2])), one, one),
      "backprop: the function must return one float scalar",
    ],
    [
      () => backprop(model, meanSquaredError, one, one, { jacobian: true } as never),
      'backprop: unknown option "jacobian"; there are jacobians, mode.',
    ],
    [
      () => backprop(model, meanSquaredError, one, one, { jacobians: 1 as never }),
      "backprop: jacobians must be true or false; it is 1.",
    ],
    [
      () => backprop(model, meanSquaredError, one, one, { mode: "train" as never }),
      'backprop: mode must be one of "training", "evaluation"; it is "train".',
    ],
  ])("%s", (call, message) => {
    expect(call).toThrow(message);
  });
});

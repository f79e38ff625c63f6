import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { withBoxes } from "../../src/graph/index.ts";
import { binaryCrossEntropy } from "../../src/loss/index.ts";
import { dense, functional, initialize, params, sequential, tanh } from "../../src/nn/index.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, valueAndGrad } from "../../src/transform/index.ts";

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

const signs = (logits: Tensor): number[] => [...logits.dataSync()].map((z) => Number(z > 0));

describe("XOR", () => {
  it("is learned by plain gradient descent on a tree of parameters, written by hand", () => {
    const model = initialize(sequential(dense(2, 8), tanh, dense(8, 1)), { seed: 1 });
    const { parameters: initial, apply } = functional(model);
    const loss = (theta: Record<string, Tensor>): Tensor => binaryCrossEntropy(apply(theta, x), y);
    const step = compile((theta: Record<string, Tensor>) => {
      const gradient = grad(loss)(theta);
      return Object.fromEntries(
        Object.entries(theta).map(([name, w]) => [name, w.sub((gradient[name] as Tensor).mul(0.5))]),
      );
    });
    let parameters = initial;
    for (let i = 0; i < 1000; i++) parameters = step(parameters);
    expect(loss(parameters).itemSync()).toBeLessThan(0.01);
    expect(signs(apply(parameters, x))).toEqual([0, 1, 1, 0]);
    // The model itself is as it was.
    expect(params(model)["0.weight"]?.value.arraySync()).toEqual(initial["0.weight"]?.arraySync());
  });

  it.each([
    ["sgd", sgd({ learningRate: 0.5, momentum: 0.5 })],
    ["adam", adam(0.05)],
  ])("is learned by %s on the boxes of the model", (_, optimizer) => {
    const model = initialize(sequential(dense(2, 8), tanh, dense(8, 1)), { seed: 2 });
    const boxes = Object.values(params(model));
    const lossOf = (values: Tensor[]): Tensor => withBoxes(boxes, values, () => binaryCrossEntropy(model(x), y));
    const step = compile((states: Record<string, Tensor>[], count: Tensor) => {
      const { value, gradient } = valueAndGrad(lossOf)(boxes.map((box) => box.value));
      const updated = boxes.map((box, i) =>
        optimizer.update({
          gradient: gradient[i] as Tensor,
          state: states[i] as Record<string, Tensor>,
          parameter: box.value,
          step: count,
        }),
      );
      boxes.forEach((box, i) => {
        box.value = (updated[i] as (typeof updated)[number]).parameter;
      });
      return { loss: value, states: updated.map(({ state }) => state) };
    });
    let states = boxes.map((box) => optimizer.init(box.value));
    for (let i = 0; i < 800; i++) states = step(states, tensor(i, { dtype: "int32" })).states;
    expect(binaryCrossEntropy(model(x), y).itemSync()).toBeLessThan(0.01);
    expect(signs(model(x))).toEqual([0, 1, 1, 0]);
  });
});

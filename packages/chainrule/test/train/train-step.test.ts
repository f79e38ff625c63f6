import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import { constant, Dense, dense, dropout, type Initializer, params, sequential } from "../../src/nn/index.ts";
import { adam, l1, l2, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { trainStep } from "../../src/train/index.ts";
import { weightsOf } from "./toy.ts";

const given =
  (...numbers: number[]): Initializer =>
  (_key, shape) =>
    tensor(Float32Array.from(numbers), { shape });

/**
 * p = x·w + b with w = (1, 2), b = ½. By hand: p = (5.5, 11.5), so the residuals against (1, 2) are (4.5, 9.5);
 * loss = (4.5² + 9.5²) / 2 = 55.25; ∂/∂w = 4.5·(1, 2) + 9.5·(3, 4) = (33, 47); ∂/∂b = 14.
 */
const linear = (): Dense => dense(2, 1, { weightInit: given(1, 2), biasInit: constant(0.5) });
const batch = {
  x: tensor([
    [1, 2],
    [3, 4],
  ]),
  y: tensor([[1], [2]]),
};
const close = (found: Record<string, number[]>, wanted: Record<string, number[]>): void => {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, numbers] of Object.entries(wanted)) {
    numbers.forEach((w, i) => {
      expect(found[name]?.[i]).toBeCloseTo(w, 5);
    });
  }
};

describe("trainStep", () => {
  it("gives the loss before the update, and updates as by hand", () => {
    const model = linear();
    const step = trainStep(model, sgd(0.01), ({ x, y }) => meanSquaredError(model(x), y));
    expect(step(batch).loss.itemSync()).toBe(55.25);
    close(weightsOf(model), { weight: [1 - 0.33, 2 - 0.47], bias: [0.5 - 0.14] });
  });

  it("keeps the optimizer's state from step to step", () => {
    const model = linear();
    const step = trainStep(model, sgd({ learningRate: 0.01, momentum: 0.5 }), ({ x, y }) =>
      meanSquaredError(model(x), y),
    );
    step(batch);
    step(batch);
    // After the first step p = (4.09, 8.49), residuals (3.09, 6.49): gradients (22.56, 32.14) and 9.58,
    // to which half of the first ones, (33, 47) and 14, is added.
    close(weightsOf(model), {
      weight: [0.67 - 0.01 * (22.56 + 16.5), 1.53 - 0.01 * (32.14 + 23.5)],
      bias: [0.36 - 0.01 * (9.58 + 7)],
    });
  });

  it("adds the regularizer to the loss and to the gradient of weights, not of biases", () => {
    const model = linear();
    const step = trainStep(model, sgd(0.01), ({ x, y }) => meanSquaredError(model(x), y), { regularizer: l2(0.2) });
    // 0.2/2·(1² + 2²) = 0.5, whose gradient is 0.2·(1, 2).
    expect(step(batch).loss.itemSync()).toBeCloseTo(55.75, 5);
    close(weightsOf(model), { weight: [1 - 0.332, 2 - 0.474], bias: [0.36] });
    const other = linear();
    const withL1 = trainStep(other, sgd(0.01), ({ x, y }) => meanSquaredError(other(x), y), { regularizer: l1(2) });
    // 2·(|1| + |2|) = 6, whose gradient is 2·(1, 1).
    expect(withL1(batch).loss.itemSync()).toBeCloseTo(61.25, 5);
    close(weightsOf(other), { weight: [1 - 0.35, 2 - 0.49], bias: [0.36] });
  });

  it("names the state it keeps after the parameters, and counts the steps", () => {
    const model = sequential(dense(2, 3), dense(3, 1, { bias: false }));
    const step = trainStep(model, adam(), ({ x, y }) => meanSquaredError(model(x), y));
    expect(Object.keys(step.state)).toEqual([
      "step",
      "0.weight.mean",
      "0.weight.square",
      "0.bias.mean",
      "0.bias.square",
      "1.weight.mean",
      "1.weight.square",
    ]);
    expect(step.state.step?.value.itemSync()).toBe(0);
    for (let i = 0; i < 3; i++) step(batch);
    expect(step.state.step?.value.itemSync()).toBe(3);
    expect(step.state["0.weight.mean"]?.value.shape).toEqual([2, 3]);
    const plain = trainStep(model, sgd(0.1), ({ x, y }) => meanSquaredError(model(x), y));
    expect(Object.keys(plain.state)).toEqual(["step"]);
  });

  it("is one program, from the batch and all boxes to the loss and all boxes", () => {
    const model = sequential(dense(2, 3), dropout(0.5), dense(3, 1));
    const step = trainStep(model, adam(), ({ x, y }) => meanSquaredError(model(x), y), { regularizer: l2(0.1) });
    // Inside another trace a compiled function is called only, so this is the graph of the step itself.
    const { traced } = compile((b: typeof batch) => step(b)).program(batch);
    const [parameters, kept] = [4, 2 * 4 + 1];
    const dropoutKey = 1;
    expect(traced.outputs.length).toBe(1 + parameters + kept + dropoutKey);
  });

  it("traces the model once for all batches of one shape, in training mode", () => {
    let traces = 0;
    class Counted extends Dense {
      override forward(x: Tensor): Tensor {
        traces++;
        return super.forward(x);
      }
    }
    const model = new Counted(2, 1);
    const step = trainStep(model, sgd(0.01), ({ x, y }) => meanSquaredError(model(x), y));
    for (let i = 0; i < 10; i++) step(batch);
    expect(traces).toBe(1);
    const dropped = dropout(0.5);
    const weighted = sequential(dense(1, 64, { weightInit: constant(1) }), dropped);
    const stepped = trainStep(weighted, sgd(1), ({ x }) => weighted(x).mean());
    stepped({ x: tensor([[1]]), y: tensor([[0]]) });
    // The gradient of a weight is 0 where its unit was dropped, 2/64 elsewhere.
    const after = new Set(weightsOf(weighted)["0.weight"]);
    expect([...after].sort()).toEqual([1 - 2 / 64, 1]);
  });

  it("takes batches of any structure", () => {
    const model = dense(1, 1, { weightInit: constant(1) });
    const step = trainStep(model, sgd(0.5), ([a, { b }]: [Tensor, { b: Tensor }]) => model(a).sub(b).square().sum());
    expect(step([tensor([[3]]), { b: tensor([[1]]) }]).loss.itemSync()).toBe(4);
  });

  it("refuses what it cannot use", () => {
    const model = linear();
    const loss = ({ x, y }: { x: Tensor; y: Tensor }) => meanSquaredError(model(x), y);
    expect(() => trainStep(model, sgd(0.1), loss, { regulariser: l2(1) } as never)).toThrow(
      'trainStep: unknown option "regulariser"; there are regularizer.',
    );
    expect(() => trainStep(((x: Tensor) => x) as never, sgd(0.1), loss)).toThrow(
      "trainStep: the first argument must be a model",
    );
    expect(() => trainStep(sequential(dropout(0.5)), sgd(0.1), loss)).toThrow(
      "trainStep: the model has no parameters, so there is nothing to train.",
    );
    const vector = trainStep(model, sgd(0.1), ({ x }) => model(x));
    expect(() => vector(batch)).toThrow("trainStep: the loss of a batch must be one float");
    expect(params(model).weight?.value.arraySync()).toEqual([[1], [2]]);
  });
});

import { describe, expect, it } from "vitest";
import { compile, setTarget } from "../../src/compile/index.ts";
import { dataset } from "../../src/data/index.ts";
import { Box } from "../../src/graph/index.ts";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { type AnyModule, constant, Dense, dense, dropout, relu, sequential, tanh } from "../../src/nn/index.ts";
import { scan } from "../../src/ops/index.ts";
import { adam, cosine, inverseTime, l2, type Optimizer, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { trainStep, trainSteps } from "../../src/train/index.ts";
import { boxesOf, valuesOf } from "../../src/train/snapshot.ts";
import { labelled, network, regression, weightsOf } from "./toy.ts";

const int = (rows: number[][]): Tensor => tensor(rows, { dtype: "int32" });

/** Rows that look random, [steps, batch]. */
const rowsOf = (steps: number, size: number, count: number): number[][] =>
  Array.from({ length: steps }, (_, i) =>
    Array.from({ length: size }, (_u, j) =>
      Math.floor(Math.abs(Math.sin(12.9898 * (i * size + j + 1)) * 43758.5453) % count),
    ),
  );

const numbersIn = (boxes: Readonly<Record<string, Box>>): Record<string, number[]> =>
  Object.fromEntries(Object.entries(valuesOf(boxes)).map(([name, t]) => [name, [...t.dataSync()]]));

/** Everything there is after the steps of an order, done in calls of several steps, or one by one. */
function compared(
  make: () => AnyModule & ((x: Tensor) => Tensor),
  optimizer: Optimizer,
  { data = regression(23), order = rowsOf(9, 4, 23), loss = meanSquaredError, parts = [1, 5, 3] },
) {
  const [together, apart] = [make(), make()];
  const options = { regularizer: l2(1e-3) };
  const steps = trainSteps(together, optimizer, ({ x, y }) => loss(together(x), y), data, options);
  const step = trainStep(apart, optimizer, ({ x, y }) => loss(apart(x), y), options);
  const losses: number[] = [];
  let from = 0;
  for (const count of parts) {
    losses.push(...steps(int(order.slice(from, from + count))).losses.dataSync());
    from += count;
  }
  expect(from).toBe(order.length);
  const set = dataset(data.x, data.y);
  const one = order.map((rows) => {
    const { x, y } = set.take(rows);
    return step({ x, y }).loss.itemSync();
  });
  return [
    { losses, model: numbersIn(boxesOf(together)), state: numbersIn(steps.state) },
    { losses: one, model: numbersIn(boxesOf(apart)), state: numbersIn(step.state) },
  ] as const;
}

describe("trainSteps gives what trainStep gives batch by batch, to the bit", () => {
  const optimizers = {
    sgd: sgd(inverseTime(0.1, { decay: 0.1 })),
    momentum: sgd({ learningRate: 0.05, momentum: 0.9 }),
    adam: adam(cosine(0.02, { steps: 20 })),
  };
  /** Every row with mean 0 and variance 1: reductions in the middle of the model. */
  const normalized = (x: Tensor): Tensor => {
    const centred = x.sub(x.mean(1, { keepDims: true }));
    return centred.div(centred.square().mean(1, { keepDims: true }).add(1e-5).sqrt());
  };
  const wide = () => sequential(dense(3, 37), relu, dense(37, 19), normalized, tanh, dense(19, 1));

  it.each(Object.entries(optimizers))("with %s, and dropout", (_, optimizer) => {
    for (const make of [() => network(), wide]) {
      const [together, apart] = compared(make, optimizer, {});
      expect(together).toEqual(apart);
      expect(together.state.step).toEqual([9]);
      expect(new Set(together.losses).size).toBe(9);
    }
  });

  it.each([1, 3, 7, 16, 33])("for batches of %i of class numbers", (size) => {
    const order = rowsOf(6, size, 40);
    const [together, apart] = compared(() => network(5), optimizers.adam, {
      data: labelled(40, 5),
      order,
      loss: softmaxCrossEntropy,
      parts: [6],
    });
    expect(together).toEqual(apart);
  });

  it("on the interpreter", () => {
    setTarget("js");
    try {
      const [together, apart] = compared(() => network(), optimizers.momentum, {});
      expect(together).toEqual(apart);
    } finally {
      setTarget(undefined);
    }
  });

  it("for more steps than go into one call, with running statistics", () => {
    /** Takes the mean it has seen so far from its input. */
    class Centred extends Dense {
      readonly seen = new Box(tensor([0]));
      override forward(x: Tensor): Tensor {
        this.seen.value = this.seen.value.mul(0.9).add(x.mean().mul(0.1).reshape([1]));
        return super.forward(x.sub(this.seen.value));
      }
    }
    const models: Centred[] = [];
    const make = () => {
      const model = new Centred(3, 1, { weightInit: constant(0.1) });
      models.push(model);
      return model;
    };
    const order = rowsOf(2050, 2, 23);
    const [together, apart] = compared(make, optimizers.sgd, { order, parts: [2050] });
    expect(together).toEqual(apart);
    expect(models[0]?.seen.value.arraySync()).toEqual(models[1]?.seen.value.arraySync());
  });
});

describe("trainSteps", () => {
  /** p = x·w from w = 1; by hand. */
  const line = () => dense(1, 1, { weightInit: constant(1), bias: false });

  it("gives the losses before the updates, of batches in the order given, as by hand", () => {
    const model = line();
    const data = { x: tensor([[1], [2], [4]]), y: tensor([[0], [0], [0]]) };
    const steps = trainSteps(model, sgd(0.125), ({ x, y }) => meanSquaredError(model(x), y), data);
    // Loss w²·mean(x²), gradient 2w·mean(x²): rows 1, 1 have mean 4: loss 4, w = 1 − 8/8 = 0 … so from 1:
    // rows 0, 0: loss 1, w = 1 − 2/8 = 0.75; rows 0, 1: mean 2.5, loss 1.40625, w = 0.75 − 3.75/8 = 0.28125.
    const { losses } = steps(
      int([
        [0, 0],
        [0, 1],
      ]),
    );
    expect(losses.arraySync()).toEqual([1, 1.40625]);
    expect(weightsOf(model)).toEqual({ weight: [0.28125] });
  });

  it("does nothing for an order of no steps", () => {
    const model = line();
    const steps = trainSteps(model, sgd(1), ({ x, y }) => meanSquaredError(model(x), y), regression1());
    expect(steps(tensor(new Int32Array(0), { shape: [0, 2] })).losses.shape).toEqual([0]);
    expect(weightsOf(model)).toEqual({ weight: [1] });
    expect(steps.state.step?.value.itemSync()).toBe(0);
  });

  it("takes data of any structure, and extra tensors for each row", () => {
    const model = line();
    const data = [tensor([[3], [1]]), { target: tensor([[1], [0]]), weight: tensor([1, 0]) }] as const;
    const steps = trainSteps(
      model,
      sgd(0.5),
      ([x, { target, weight }]) => model(x).sub(target).square().sum(1).mul(weight).sum(),
      data,
    );
    // Row 0: (3 − 1)² = 4; row 1 has weight 0.
    expect(steps(int([[1], [0]])).losses.arraySync()).toEqual([0, 4]);
  });

  it("traces the model once for all numbers of steps, and sees parameters that were set in between", () => {
    let traces = 0;
    class Counted extends Dense {
      override forward(x: Tensor): Tensor {
        traces++;
        return super.forward(x);
      }
    }
    const model = new Counted(1, 1, { weightInit: constant(1), bias: false });
    const steps = trainSteps(model, sgd(1e-30), ({ x }) => model(x).sum(), {
      x: tensor([[1], [2]]),
      y: tensor([0, 0]),
    });
    for (const count of [1, 2, 7]) steps(int(rowsOf(count, 2, 2)));
    expect(traces).toBe(1);
    model.weight.value = tensor([[10]]);
    expect(steps(int([[0, 1]])).losses.arraySync()).toEqual([30]);
    steps(int([[0]]));
    expect(traces).toBe(2);
  });

  it("is what a step of one's own in a scan is", () => {
    const [own, library] = [line(), line()];
    const { x, y } = regression1();
    const step = trainStep(own, adam(0.1), (b) => meanSquaredError(own(b.x), b.y));
    const run = compile(
      (order: Tensor) =>
        scan((_, rows: Tensor) => [null, step({ x: x.gather(rows), y: y.gather(rows) }).loss], null, order)[1],
    );
    const steps = trainSteps(library, adam(0.1), (b) => meanSquaredError(library(b.x), b.y), { x, y });
    const order = int(rowsOf(5, 2, 3));
    const losses = run(order) as Tensor;
    expect(losses.shape).toEqual([5]);
    for (const [i, loss] of [...steps(order).losses.dataSync()].entries()) {
      expect(losses.dataSync()[i]).toBeCloseTo(loss, 5);
    }
    expect(step.state.step?.value.itemSync()).toBe(5);
  });

  it("counts on with the state of the optimizer, which can be put back", () => {
    const model = line();
    const steps = trainSteps(model, adam(0.1), ({ x, y }) => meanSquaredError(model(x), y), regression1());
    const order = int(rowsOf(4, 2, 3));
    const start = { ...valuesOf(boxesOf(model)), ...valuesOf(steps.state) };
    const first = steps(order).losses.arraySync();
    expect(Object.keys(steps.state)).toEqual(["step", "weight.mean", "weight.square"]);
    expect(steps(order).losses.arraySync()).not.toEqual(first);
    for (const [name, box] of Object.entries({ ...boxesOf(model), ...steps.state })) box.value = start[name] as Tensor;
    expect(steps(order).losses.arraySync()).toEqual(first);
  });

  function regression1() {
    return { x: tensor([[1], [2], [3]]), y: tensor([[2], [4], [6]]) };
  }
});

describe("the errors of trainSteps", () => {
  const model = dense(1, 1);
  const loss = ({ x, y }: { x: Tensor; y: Tensor }) => meanSquaredError(model(x), y);
  const make = (data: unknown, options?: object) => trainSteps(model, sgd(0.1), loss, data as never, options as never);
  const four = { x: tensor([[1], [2], [3], [4]]), y: tensor([[1], [2], [3], [4]]) };

  it.each([
    ["no tensors", {}, "trainSteps: the data hold no tensors; give a tree of them, such as { x, y }."],
    ["a number", { x: 1, y: four.y }, "trainSteps: data.x is a single number; its first axis must be the examples."],
    [
      "rows that differ",
      { x: four.x, y: tensor([[1], [2], [3]]) },
      "trainSteps: data.x has 4 rows and data.y has 3. All need one row for each example.",
    ],
    [
      "no rows",
      { x: tensor(new Float32Array(0), { shape: [0, 1] }), y: tensor(new Float32Array(0), { shape: [0, 1] }) },
      "trainSteps: the data are empty; data.x has shape [0, 1].",
    ],
  ])("data with %s", (_, data, message) => {
    expect(() => make(data)).toThrow(expect.objectContaining({ name: "DataError", message }));
  });

  it.each([
    [
      "of floats",
      tensor([[0, 1]]),
      "DTypeError",
      'trainSteps: the order is float32, not int32. Make it with tensor(rows, { dtype: "int32" }), or convert with .cast("int32").',
    ],
    [
      "for one step",
      tensor([0, 1], { dtype: "int32" }),
      "ShapeError",
      "trainSteps: the order has shape [2]; it must be [steps, batch], with the rows of one batch in each row.",
    ],
    [
      "of empty batches",
      tensor(new Int32Array(0), { shape: [3, 0] }),
      "ShapeError",
      "trainSteps: the order has shape [3, 0]; it must be [steps, batch], with the rows of one batch in each row.",
    ],
    [
      "beyond the data",
      int([
        [0, 1],
        [2, 4],
      ]),
      "RangeError",
      "trainSteps: step 1 asks for row 4, but the data have rows 0 to 3.",
    ],
    ["below 0", int([[0, -1]]), "RangeError", "trainSteps: step 0 asks for row -1, but the data have rows 0 to 3."],
    [
      "that is an array",
      [[0, 1]],
      "TypeError",
      "trainSteps: the order must be a tensor, int32 [steps, batch]; it is an array.",
    ],
  ])("an order %s, and nothing is trained", (_, order, name, message) => {
    const steps = make(four);
    const before = weightsOf(model);
    expect(() => steps(order as Tensor)).toThrow(expect.objectContaining({ name, message }));
    expect(weightsOf(model)).toEqual(before);
  });

  it("what trainStep refuses, under its own name", () => {
    expect(() => make(four, { regulariser: l2(1) })).toThrow(
      'trainSteps: unknown option "regulariser"; there are regularizer.',
    );
    expect(() => trainSteps(((x: Tensor) => x) as never, sgd(0.1), loss, four)).toThrow(
      "trainSteps: the first argument must be a model",
    );
    expect(() => trainSteps(sequential(dropout(0.5)), sgd(0.1), loss, four)).toThrow(
      "trainSteps: the model has no parameters, so there is nothing to train.",
    );
    const vector = trainSteps(model, sgd(0.1), ({ x }) => model(x), four);
    expect(() => vector(int([[0]]))).toThrow("trainSteps: the loss of a batch must be one float; it is float32[1, 1].");
  });
});

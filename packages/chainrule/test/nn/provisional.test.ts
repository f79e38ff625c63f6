import { describe, expect, it } from "vitest";
import { loadWeights, saveModel } from "../../src/io/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import {
  type AnyModule,
  dense,
  dropout,
  functional,
  initialize,
  params,
  relu,
  sequential,
  states,
} from "../../src/nn/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { fit, predict, trainStep } from "../../src/train/index.ts";

const make = () => sequential(dense(2, 3), relu, dropout(0.1), dense(3, 1));
const x = tensor([[1, 2]]);
const data = {
  x: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  y: [[1], [2], [3]],
};

const valuesOf = (model: AnyModule): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ ...params(model), ...states(model) }).map(([name, p]) => [name, p.value.arraySync()]),
  );

const fresh = (seed: number): Record<string, unknown> => valuesOf(initialize(make(), { seed }));

describe("values that come from the default seed", () => {
  const looks: Record<string, (model: ReturnType<typeof make>) => unknown> = {
    "a call": (model) => model(x),
    "a call of a child": (model) => (model.layers[0] as (v: Tensor) => Tensor)(x),
    "reading a parameter": (model) => params(model)["0.weight"]?.value,
    functional: (model) => functional(model),
    predict: (model) => predict(model, x),
    saveModel: (model) => saveModel(model),
    "initialize without a seed": (model) => initialize(model, { missingOnly: true }),
  };
  for (const [name, look] of Object.entries(looks)) {
    it(`give way to a seed after ${name}`, async () => {
      const model = make();
      await look(model);
      initialize(model, { seed: 7, missingOnly: true });
      expect(valuesOf(model)).toEqual(fresh(7));
    });
  }

  it("stay when nobody names a seed: a call never changes what an earlier one gave", () => {
    const model = make();
    (model.layers[0] as (v: Tensor) => Tensor)(x);
    const before = params(model)["0.weight"]?.value.arraySync();
    model(x);
    initialize(model, { missingOnly: true });
    expect(params(model)["0.weight"]?.value.arraySync()).toEqual(before);
  });

  it("are those of the whole model when trainStep starts, though a child was called first", () => {
    const model = make();
    (model.layers[0] as (v: Tensor) => Tensor)(x);
    expect(valuesOf(model)).not.toEqual(fresh(0));
    trainStep(model, sgd({ learningRate: 0.1 }), (batch) => meanSquaredError(model(batch.x), batch.y));
    expect(valuesOf(model)).toEqual(fresh(0));
  });
});

describe("values of another origin are never replaced", () => {
  const keep = (model: AnyModule): void => {
    const before = valuesOf(model);
    initialize(model, { seed: 7, missingOnly: true });
    expect(valuesOf(model)).toEqual(before);
  };

  it("those of a seed that was named, or of initialize without missingOnly", () => {
    keep(initialize(make(), { seed: 3 }));
    keep(initialize(make(), { seed: 0, missingOnly: true }));
    keep(initialize(make()));
  });

  it("assigned ones", () => {
    const model = make();
    model(x);
    for (const p of Object.values(params(model))) p.value = p.value.mul(2);
    const before = params(model)["3.weight"]?.value.arraySync();
    initialize(model, { seed: 7, missingOnly: true });
    expect(params(model)["3.weight"]?.value.arraySync()).toEqual(before);
  });

  it("loaded ones, even where the model had been called before", async () => {
    const model = make();
    model(x);
    keep(await loadWeights(model, await saveModel(model)));
  });

  it("trained ones, by a step of one's own", () => {
    const model = make();
    model(x);
    const step = trainStep(model, sgd({ learningRate: 0.1 }), (batch) => meanSquaredError(model(batch.x), batch.y));
    step({ x, y: tensor([[1]]) });
    keep(model);
  });
});

describe("fit", () => {
  const options = { train: data, loss: meanSquaredError, epochs: 1, progress: false };
  // So small a rate leaves float32 weights as they were: what comes out is what training started from.
  const still = { ...options, optimizer: sgd({ learningRate: 1e-30 }) };
  const weights = (model: AnyModule) => params(model)["0.weight"]?.value.arraySync();

  it("starts from its seed, whether the model was called before or not", async () => {
    const model = make();
    model(x);
    await fit(model, { ...still, seed: 1 });
    expect(weights(model)).toEqual(fresh(1)["0.weight"]);
    const [a, b] = [make(), make()];
    (b.layers[3] as (v: Tensor) => Tensor)(tensor([[1, 2, 3]]));
    await fit(a, { ...options, seed: 5, optimizer: sgd({ learningRate: 0.01 }) });
    await fit(b, { ...options, seed: 5, optimizer: sgd({ learningRate: 0.01 }) });
    expect(valuesOf(b)).toEqual(valuesOf(a));
  });

  it("goes on from trained and from loaded weights, whatever its seed", async () => {
    const model = make();
    await fit(model, { ...options, seed: 1, optimizer: sgd({ learningRate: 0.01 }) });
    const trained = weights(model);
    await fit(model, { ...still, seed: 2 });
    expect(weights(model)).toEqual(trained);
    const other = make();
    other(x);
    await loadWeights(other, await saveModel(model));
    await fit(other, { ...still, seed: 3 });
    expect(weights(other)).toEqual(trained);
  });
});

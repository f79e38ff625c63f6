import { describe, expect, it } from "vitest";
import {
  type BatchNorm,
  batchNorm,
  type Dense,
  dense,
  dropout,
  flatten,
  gaussianNoise,
  initialize,
  type LayerNorm,
  layerNorm,
  type Prelu,
  params,
  permuteHiddenUnits,
  polynomial,
  prelu,
  relu,
  sequential,
  softmax,
  states,
  tanh,
  training,
} from "../../src/nn/index.ts";
import { random } from "../../src/ops/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const x = random.normal(random.key(3), [5, 2], { dtype: "float64" });
const f64 = { dtype: "float64" } as const;
const model = initialize(
  sequential(
    dense(2, 6, f64),
    tanh,
    dropout(0.5),
    dense(6, 4, { ...f64, bias: false }),
    softmax,
    relu,
    dense(4, 3, f64),
  ),
  { seed: 1 },
);

describe("permuteHiddenUnits", () => {
  it("gives another θ and the same function", () => {
    for (const seed of [1, 2, 3]) {
      const twin = permuteHiddenUnits(model, { seed });
      const [own, other] = [params(model), params(twin)];
      expect(Object.keys(own).filter((name) => `${own[name]?.value}` !== `${other[name]?.value}`)).not.toEqual([]);
      expect(other["0.weight"]?.value.arraySync()).not.toEqual(own["0.weight"]?.value.arraySync());
      const found = twin(x).dataSync();
      model(x)
        .dataSync()
        .forEach((value, i) => {
          expect(found[i]).toBeCloseTo(value, 14);
        });
    }
  });

  it("puts the units into the order that is asked for, and leaves the model alone", () => {
    const small = sequential(dense(1, 3), relu, dense(3, 1));
    const [first, last] = [small.layers[0] as Dense, small.layers[2] as Dense];
    first.weight.value = tensor([[1, 2, 3]]);
    (first.bias as NonNullable<typeof first.bias>).value = tensor([4, 5, 6]);
    last.weight.value = tensor([[7], [8], [9]]);
    const twin = permuteHiddenUnits(small, { orders: { 0: [2, 0, 1] } });
    const values = Object.values(params(twin)).map((param) => param.value.arraySync());
    expect(values).toEqual([[[3, 1, 2]], [6, 4, 5], [[9], [7], [8]], [0]]);
    expect(first.weight.value.arraySync()).toEqual([[1, 2, 3]]);
  });

  it("permutes the named layers only", () => {
    const twin = permuteHiddenUnits(model, { orders: { 3: [1, 0, 3, 2] } });
    expect(params(twin)["0.weight"]?.value.arraySync()).toEqual(params(model)["0.weight"]?.value.arraySync());
    expect(params(twin)["6.weight"]?.value.arraySync()).not.toEqual(params(model)["6.weight"]?.value.arraySync());
  });

  it("takes what normalizations hold for each unit along, running statistics too", () => {
    const between = [
      dense(2, 4, f64),
      batchNorm(4, f64),
      tanh,
      gaussianNoise(0.1),
      layerNorm(4, f64),
      dense(4, 3, f64),
    ];
    const normalized = initialize(sequential(batchNorm(2, f64), ...between), { seed: 5 });
    for (const [i, { gamma, beta }] of [
      normalized.layers[2] as BatchNorm,
      normalized.layers[5] as LayerNorm,
    ].entries()) {
      gamma.value = random.normal(random.key(i), [4], f64);
      beta.value = random.normal(random.key(i + 9), [4], f64);
    }
    training(() => normalized(x)); // moves the running statistics
    const twin = permuteHiddenUnits(normalized, { orders: { 1: [3, 0, 2, 1] } });
    expect(states(twin)["2.mean"]?.value.arraySync()).not.toEqual(states(normalized)["2.mean"]?.value.arraySync());
    const found = twin(x).dataSync();
    normalized(x)
      .dataSync()
      .forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 13);
      });
  });

  it("takes the slopes of prelu along, and leaves one that all units share", () => {
    const slopes = [prelu(4), prelu()];
    const single = random.normal(random.key(3), [5, 2]);
    const own = initialize(sequential(dense(2, 4), slopes[0] as Prelu, dense(4, 1), slopes[1] as Prelu, dense(1, 1)));
    (slopes[0] as Prelu).slope.value = tensor([0.1, 0.2, 0.3, 0.4]);
    (slopes[1] as Prelu).slope.value = tensor([0.7]);
    const twin = permuteHiddenUnits(own, { orders: { 0: [3, 0, 2, 1] } });
    expect(params(twin)["1.slope"]?.value.arraySync()).toEqual(tensor([0.4, 0.1, 0.3, 0.2]).arraySync());
    const shared = sequential(dense(2, 4), prelu(), dense(4, 1));
    for (const [model, other] of [
      [own, twin],
      [shared, permuteHiddenUnits(shared, { seed: 2 })],
    ] as const) {
      const found = other(single).dataSync();
      model(single)
        .dataSync()
        .forEach((value, i) => {
          expect(found[i]).toBeCloseTo(value, 6);
        });
    }
    const [one] = slopes;
    expect(() =>
      permuteHiddenUnits(sequential(dense(1, 4), one as Prelu, dense(4, 4), one as Prelu, dense(4, 1))),
    ).toThrow("a prelu stands at two places");
  });

  it("refuses what would change the function, and orders that are none", () => {
    expect(() => permuteHiddenUnits(sequential(dense(2, 2), polynomial(2), dense(5, 1)))).toThrow(
      "permuteHiddenUnits: layer 1, the function polynomial, stands between two dense layers and may treat units differently. " +
        "There may be activations, dropout, noise and normalizations only.",
    );
    expect(() => permuteHiddenUnits(sequential(dense(2, 2), flatten(), dense(2, 1)))).toThrow("the function flatten");
    const layer = dense(2, 2);
    expect(() => permuteHiddenUnits(sequential(layer, tanh, layer))).toThrow("a dense layer stands at two places");
    const norm = batchNorm(2);
    expect(() => permuteHiddenUnits(sequential(dense(1, 2), norm, dense(2, 2), norm, dense(2, 1)))).toThrow(
      "a normalization stands at two places",
    );
    expect(() => permuteHiddenUnits(model, { orders: { 0: [0, 1] } })).toThrow(
      "permuteHiddenUnits: the order of layer 0 must have each of 0…5 once.",
    );
    expect(() => permuteHiddenUnits(model, { orders: { 6: [0] } })).toThrow(
      "permuteHiddenUnits: layer 6 is no hidden dense layer; these are at 0, 3.",
    );
    for (const without of [sequential(dense(2, 2)), sequential(sequential(dense(2, 2), tanh), dense(2, 1))]) {
      expect(() => permuteHiddenUnits(without)).toThrow("permuteHiddenUnits: the model has no hidden units to permute");
    }
    expect(() => permuteHiddenUnits(layer as never)).toThrow("permuteHiddenUnits: takes a model made by sequential(…)");
  });
});

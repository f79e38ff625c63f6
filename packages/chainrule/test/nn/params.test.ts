import { describe, expect, it } from "vitest";
import {
  dense,
  dropout,
  functional,
  initialize,
  params,
  relu,
  sequential,
  states,
  training,
} from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

const valuesOf = (model: Parameters<typeof params>[0]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params(model)).map(([name, p]) => [name, p.value.arraySync()]));

describe("initialize", () => {
  it("lets the seed and the name alone decide each value", () => {
    const a = initialize(sequential(dense(3, 4), relu, dense(4, 2)), { seed: 7 });
    // Made in another order, and with a layer more at the end.
    const last = dense(2, 2);
    const second = dense(4, 2);
    const b = initialize(sequential(dense(3, 4), relu, second, last), { seed: 7 });
    expect(valuesOf(b)).toMatchObject(valuesOf(a));
    const c = initialize(sequential(dense(3, 4), relu, dense(4, 2)), { seed: 8 });
    expect(valuesOf(c)["0.weight"]).not.toEqual(valuesOf(a)["0.weight"]);
  });

  it("gives layers of the same shape different weights", () => {
    const values = valuesOf(initialize(sequential(dense(3, 3), dense(3, 3))));
    expect(values["0.weight"]).not.toEqual(values["1.weight"]);
  });

  it("starts anew, or fills only what is missing", () => {
    const model = initialize(dense(2, 2), { seed: 3 });
    const before = valuesOf(model);
    model.bias?.replace(tensor([5, 5]));
    initialize(model, { seed: 4, missingOnly: true });
    expect(valuesOf(model)).toEqual({ ...before, bias: [5, 5] });
    initialize(model, { seed: 3 });
    expect(valuesOf(model)).toEqual(before);
  });

  it("sets random states too", () => {
    const a = initialize(sequential(dropout(0.5), dropout(0.5)), { seed: 1 });
    const keys = Object.entries(states(a)).map(([name, s]) => [name, s.value.arraySync()]);
    expect(keys.map(([name]) => name)).toEqual(["0.key", "1.key"]);
    expect(keys[0]?.[1]).not.toEqual(keys[1]?.[1]);
  });

  it("refuses what is no model, no seed, no option", () => {
    expect(() => initialize({} as never)).toThrow("initialize: takes a module, such as dense(2, 3) or sequential(…).");
    expect(() => params(relu as never)).toThrow("params: takes a module");
    expect(() => states(null as never)).toThrow("states: takes a module");
    expect(() => initialize(dense(1, 1), { seed: 0.5 })).toThrow("initialize: seed must be an integer; it is 0.5.");
    expect(() => initialize(dense(1, 1), { sed: 1 } as never)).toThrow(
      'initialize: unknown option "sed"; there are seed, missingOnly.',
    );
  });
});

describe("functional", () => {
  const model = sequential(dense(2, 1, { bias: false, dtype: "float64" }));
  const x = tensor([[3, 4]], { dtype: "float64" });

  it("computes with the parameters it is given and leaves the model's own alone", () => {
    const { parameters, apply } = functional(model);
    const own = parameters["0.weight"] as Tensor;
    const other = { "0.weight": tensor([[1], [10]], { dtype: "float64" }) };
    expect(apply(other, x).arraySync()).toEqual([[43]]);
    expect(params(model)["0.weight"]?.value.arraySync()).toEqual(own.arraySync());
  });

  it("has derivatives of first and second order: f = (w·x)², ∇f = 2(w·x)x, ∇²f = 2xxᵀ", () => {
    const { apply } = functional(model);
    const f = (theta: Record<string, Tensor>): Tensor => apply(theta, x).square().sum();
    const theta = { "0.weight": tensor([[1], [10]], { dtype: "float64" }) };
    expect(grad(f)(theta)["0.weight"]?.arraySync()).toEqual([[258], [344]]);
    const second = hessian(f)(theta) as Record<string, Record<string, Tensor>>;
    expect(second["0.weight"]?.["0.weight"]?.reshape([2, 2]).arraySync()).toEqual([
      [18, 24],
      [24, 32],
    ]);
  });

  it("knows training mode", () => {
    const { parameters, apply } = functional(sequential(dropout(0.5)));
    const ones = tensor(Array.from({ length: 64 }, () => 1));
    expect(new Set(apply(parameters, ones).dataSync())).toEqual(new Set([1]));
    expect(new Set(training(() => apply(parameters, ones)).dataSync())).toEqual(new Set([0, 2]));
    expect(new Set(apply(parameters, ones).dataSync())).toEqual(new Set([1]));
  });

  it("names parameters that are missing, extra or of another shape", () => {
    const { apply } = functional(model);
    expect(() => apply({ weight: tensor([1]) }, x)).toThrow(
      "functional: the parameters do not fit the model. Missing: 0.weight. Not of the model: weight.",
    );
    expect(() => apply({ "0.weight": tensor([1, 2]) }, x)).toThrow(
      'functional: parameter "0.weight" has shape [2], but [2, 1] is needed.',
    );
  });
});

import { describe, expect, it } from "vitest";
import { inverseTime, type Optimizer, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

/** The parameter after each step, for given gradients. */
function run(optimizer: Optimizer, start: number, gradients: number[]): number[] {
  let parameter = tensor([start], { dtype: "float64" });
  let state: Record<string, Tensor> = optimizer.init(parameter);
  return gradients.map((g, i) => {
    const gradient = tensor([g], { dtype: "float64" });
    ({ parameter, state } = optimizer.update({ gradient, state, parameter, step: tensor(i, { dtype: "int32" }) }));
    return parameter.itemSync();
  });
}

const close = (found: number[], expected: number[]): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 12);
  });
};

describe("sgd", () => {
  it("goes down the gradient: w − α·g", () => {
    close(run(sgd({ learningRate: 0.1 }), 1, [2, -1, 0]), [0.8, 0.9, 0.9]);
    close(run(sgd(0.1), 1, [2]), [0.8]);
    expect(sgd(0.1).init(tensor([1]))).toEqual({});
  });

  // By hand, α = 0.1, β = 0.9, g = 2, −1, 0: v = 2, 0.8, 0.72; w = 1 − 0.2, − 0.08, − 0.072.
  it("with momentum: v ← β·v + g, w ← w − α·v", () => {
    close(run(sgd({ learningRate: 0.1, momentum: 0.9 }), 1, [2, -1, 0]), [0.8, 0.72, 0.648]);
  });

  // By hand, same v; steps g + β·v = 3.8, −0.28, 0.648.
  it("with Nesterov's momentum: w ← w − α·(g + β·v)", () => {
    close(run(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }), 1, [2, -1, 0]), [0.62, 0.648, 0.5832]);
  });

  it("takes its learning rate from a schedule: 1/(1 + step) = 1, ½, ⅓", () => {
    const optimizer = sgd({ learningRate: inverseTime(1, { decay: 1 }) });
    close(run(optimizer, 0, [1, 1, 1]), [-1, -1.5, -1.5 - 1 / 3]);
    expect(optimizer.config).toEqual({
      learningRate: { name: "inverseTime", rate: 1, decay: 1, holdSteps: 0 },
      momentum: 0,
      nesterov: false,
    });
  });

  it("keeps dtype and shape of the parameter", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const parameter = tensor([[1, 2]], { dtype });
      const optimizer = sgd({ learningRate: () => tensor(0.5), momentum: 0.5 });
      const state = optimizer.init(parameter);
      const next = optimizer.update({ gradient: parameter, state, parameter, step: tensor(0) });
      expect([next.parameter.dtype, next.parameter.shape]).toEqual([dtype, [1, 2]]);
      expect([next.state.velocity?.dtype, next.state.velocity?.shape]).toEqual([dtype, [1, 2]]);
    }
  });

  it("refuses settings that make no sense", () => {
    expect(() => sgd({ learningRate: 0 })).toThrow("sgd: learningRate must be a finite number > 0; it is 0.");
    expect(() => sgd({} as never)).toThrow(
      "sgd: learningRate must be a positive number or a schedule such as inverseTime(0.1, { decay: 1e-3 }); it is undefined.",
    );
    expect(() => sgd({ learningRate: 1, momentum: 1 })).toThrow(
      "sgd: momentum must be a finite number ≥ 0 and < 1; it is 1.",
    );
    expect(() => sgd({ lr: 0.1 } as never)).toThrow(
      'sgd: unknown option "lr"; there are learningRate, momentum, nesterov.',
    );
    expect(() => sgd({ learningRate: 0.1, nesterov: true })).toThrow(
      "sgd: nesterov needs a momentum above 0, for example { momentum: 0.9, nesterov: true }.",
    );
    expect(() => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: "yes" as never })).toThrow(
      'sgd: nesterov must be true or false; it is "yes".',
    );
  });

  it("refuses a schedule that gives no scalar tensor", () => {
    expect(() => run(sgd({ learningRate: (() => 0.1) as never }), 1, [1])).toThrow(
      "A schedule must give a scalar tensor, computed from the step; this one gives 0.1.",
    );
    expect(() => run(sgd({ learningRate: () => tensor([1, 2]) }), 1, [1])).toThrow("this one gives shape [2].");
  });
});

import { describe, expect, it } from "vitest";
import { adam } from "../../src/optim/index.ts";
import { type DType, type Tensor, tensor } from "../../src/tensor/index.ts";

function run(
  optimizer: ReturnType<typeof adam>,
  start: number,
  gradients: number[],
  dtype: DType = "float64",
): number[] {
  let parameter = tensor([start], { dtype });
  let state: Record<string, Tensor> = optimizer.init(parameter);
  return gradients.map((g, i) => {
    const gradient = tensor([g], { dtype });
    ({ parameter, state } = optimizer.update({ gradient, state, parameter, step: tensor(i, { dtype: "int32" }) }));
    return parameter.itemSync();
  });
}

describe("adam", () => {
  // Kingma and Ba 2015, algorithm 1, by hand for α = 0.1, β₁ = 0.9, β₂ = 0.999, ε = 1e−8 and g = 2, −1:
  //   t = 1: m = 0.2, v = 0.004; m̂ = 2, v̂ = 4; w = 1 − 0.1·2/(2 + ε) = 0.9000000005
  //   t = 2: m = 0.08, v = 0.004996; m̂ = 0.08/0.19, v̂ = 0.004996/0.001999; w = 0.8733662967024315
  it("takes the steps of the paper", () => {
    const [first, second] = run(adam(0.1), 1, [2, -1]);
    expect(first).toBeCloseTo(0.9000000005, 14);
    expect(second).toBeCloseTo(0.8733662967024315, 12);
  });

  it("takes a first step of α·sign(g), whatever the size of the gradient (section 2.1 of the paper)", () => {
    for (const g of [1e-3, 1, 1e6, -1e6]) expect(run(adam(0.01), 0, [g])[0]).toBeCloseTo(-0.01 * Math.sign(g), 6);
    expect(run(adam(0.01), 5, [0])).toEqual([5]);
  });

  it("corrects the bias in float32 as well as in float64", () => {
    const gradients = [2, -1, 0.5, 3];
    const single = run(adam(0.1), 0, gradients, "float32");
    run(adam(0.1), 0, gradients).forEach((value, i) => {
      expect(Math.abs((single[i] as number) / value - 1)).toBeLessThan(1e-6);
    });
  });

  it("with β₁ = β₂ = 0 divides the gradient by its size", () => {
    expect(run(adam({ learningRate: 1, beta1: 0, beta2: 0, epsilon: 0.5 }), 0, [2, -1])).toEqual([
      -0.8,
      -0.8 + 1 / 1.5,
    ]);
  });

  it("has the settings of the paper unless others are given, and records them", () => {
    expect(adam().config).toEqual({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    expect(adam({ beta2: 0.99 }).config).toEqual({ learningRate: 0.001, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
    expect(adam((step) => step.add(1)).config).toMatchObject({ learningRate: { name: "custom" } });
    expect(adam().name).toBe("adam");
  });

  it("refuses settings that make no sense", () => {
    expect(() => adam(-1)).toThrow("adam: learningRate must be a finite number > 0; it is -1.");
    expect(() => adam({ beta1: 1 })).toThrow("adam: beta1 must be a finite number ≥ 0 and < 1; it is 1.");
    expect(() => adam({ beta2: -0.1 })).toThrow("adam: beta2 must be a finite number ≥ 0 and < 1; it is -0.1.");
    expect(() => adam({ epsilon: 0 })).toThrow("adam: epsilon must be a finite number > 0; it is 0.");
    expect(() => adam({ rate: 0.1 } as never)).toThrow(
      'adam: unknown option "rate"; there are learningRate, beta1, beta2, epsilon.',
    );
    expect(() => adam("fast" as never)).toThrow("adam: learningRate must be a positive number or a schedule");
  });
});

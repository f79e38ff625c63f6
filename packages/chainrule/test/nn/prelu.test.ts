import { describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../src/io/index.ts";
import { type Prelu, params, prelu, sequential } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

describe("prelu", () => {
  it("has a slope for each unit, which gradients reach: ∂/∂slope is x where x < 0", () => {
    const layer = prelu(2);
    layer.slope.value = tensor([0.5, 0.1]);
    const x = tensor([
      [-2, -10],
      [4, -20],
    ]);
    expect(layer(x).arraySync()).toEqual([
      [-1, -1],
      [4, -2],
    ]);
    const slopes = (slope: Tensor): Tensor => {
      layer.slope.value = slope;
      return layer(x).sum();
    };
    expect(grad(slopes)(tensor([0.5, 0.1])).arraySync()).toEqual([-2, -30]);
  });

  it("is saved and loaded, and is not regularized", async () => {
    const model = sequential(prelu(3));
    (model.layers[0] as Prelu).slope.value = tensor([1, 2, 3]);
    const again = await loadModel(await saveModel(model));
    expect(again(tensor([[-1, -1, -1]])).arraySync()).toEqual([[-1, -2, -3]]);
    expect(params(model)["0.slope"]?.regularize).toBe(false);
  });

  it("refuses a number of units that is none", () => {
    expect(() => prelu(0)).toThrow("prelu: the number of units must be an integer ≥ 1; it is 0.");
  });
});

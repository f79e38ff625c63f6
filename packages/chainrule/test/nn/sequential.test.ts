import { describe, expect, it } from "vitest";
import { dense, flatten, relu, sequential, sigmoid } from "../../src/nn/index.ts";
import { tensor } from "../../src/tensor/index.ts";

describe("sequential", () => {
  it("gives each layer the result of the one before", () => {
    const model = sequential(
      (x) => x.add(1),
      (x) => x.mul(10),
      sequential((x) => x.neg()),
    );
    expect(model(tensor([1, 2])).arraySync()).toEqual([-20, -30]);
    expect(sequential()(tensor([1])).arraySync()).toEqual([1]);
  });

  it("names functions in the path of a layer", () => {
    const model = sequential(relu, function halve(x) {
      return x.matmul(tensor([1, 2, 3]));
    });
    expect(() => model(tensor([1, 2]))).toThrow("in layer: sequential.1 (halve)");
    expect(() => sequential((x) => x.reshape([7]))(tensor([1, 2]))).toThrow("in layer: sequential.0 (function)");
  });

  it("refuses what is no layer, when it is made or when it gives no tensor", () => {
    expect(() => sequential(dense(2, 2), "relu" as never)).toThrow(
      'sequential: layer 1 is "relu". Layers are modules such as dense(2, 3) and functions from tensor to tensor such as relu.',
    );
    expect(() => sequential([dense(2, 2)] as never)).toThrow("sequential: layer 0 is an array.");
    expect(() => sequential((() => 3) as never)(tensor([1]))).toThrow("sequential: layer 0 gave 3, not a tensor.");
    expect(() => sequential(flatten as never)(tensor([1]))).toThrow(
      "sequential: layer 0 gave the function flatten, not a tensor.",
    );
  });

  it("works with a module as the only layer and with one of several kinds", () => {
    expect(sequential(dense(3, 2), sigmoid)(tensor([[1, 2, 3]])).shape).toEqual([1, 2]);
  });
});

describe("flatten", () => {
  it("joins all dimensions but the first", () => {
    expect(
      flatten()(
        tensor([
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ]),
      ).arraySync(),
    ).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(flatten()(tensor([1, 2])).shape).toEqual([2, 1]);
    expect(flatten()(tensor([], { shape: [0, 2, 3] })).shape).toEqual([0, 6]);
  });

  it("refuses a scalar", () => {
    expect(() => flatten()(tensor(1))).toThrow("flatten: takes a batch, [batch, …], and this is a scalar.");
  });
});

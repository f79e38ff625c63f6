import { describe, expect, it } from "vitest";
import { dense, dropout, flatten, Module, relu, sequential, softmax, summary, tanh } from "../../src/nn/index.ts";
import { scan } from "../../src/ops/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

describe("summary", () => {
  // By hand: a dense layer has in·out + out parameters and takes 2·in·out + out FLOPs an example; relu two, a comparison
  // and a choice.
  it("has the layers, their shapes, parameters and FLOPs, and prints as a table", () => {
    const model = sequential(flatten(), dense(784, 128), relu, dropout(0.5), dense(128, 10, { bias: false }));
    const found = summary(model, [1, 28, 28]);
    expect(found.parameters).toBe(784 * 128 + 128 + 1280);
    expect(found.flops).toBe(2 * 784 * 128 + 128 + 256 + 2 * 1280);
    expect(`${found}`).toBe(
      [
        "layer        output shape  parameters    FLOPs",
        "input        [1, 28, 28]",
        "0 (flatten)  [1, 784]               0        0",
        "1 (dense)    [1, 128]         100,480  200,832",
        "2 (relu)     [1, 128]               0      256",
        "3 (dropout)  [1, 128]               0        0",
        "4 (dense)    [1, 10]            1,280    2,560",
        "total                         101,760  203,648",
      ].join("\n"),
    );
  });

  it("grows with the batch, which the parameters do not", () => {
    const model = sequential(dense(3, 4), tanh);
    const [one, ten] = [summary(model, [1, 3]), summary(model, [10, 3])];
    expect([ten.flops, ten.parameters]).toEqual([10 * one.flops, one.parameters]);
    expect(summary(model, [3]).rows.map((row) => row.outputShape)).toEqual([[4], [4]]);
  });

  it("tells what nested and shared layers have, each number once", () => {
    class Residual extends Module {
      inner = sequential(dense(4, 4), tanh);
      readout = dense(4, 2);
      forward(x: Tensor): Tensor {
        return this.readout(relu(x.add(this.inner(this.inner(x)))));
      }
    }
    const found = summary(new Residual(), [1, 4]);
    expect(found.rows).toEqual([
      { path: "inner.0", type: "dense", outputShape: [1, 4], parameters: 20, flops: 2 * (2 * 16 + 4) },
      { path: "inner.1", type: "tanh", outputShape: [1, 4], parameters: 0, flops: 8 },
      { path: "", type: "Residual", outputShape: [1, 2], parameters: 0, flops: 4 + 8 },
      { path: "readout", type: "dense", outputShape: [1, 2], parameters: 10, flops: 16 + 2 },
    ]);
    expect([found.parameters, found.flops]).toEqual([30, 72 + 8 + 12 + 18]);
  });

  it("counts reductions, and loops, but no moves and no integers", () => {
    class Loop extends Module {
      forward(x: Tensor): Tensor {
        return scan((c: Tensor) => [c.mul(2), null], x.transpose().reshape([6]), null, { length: 5 })[0] as Tensor;
      }
    }
    expect(summary(new Loop(), [2, 3]).flops).toBe(30);
    const sums = sequential(
      (x) => x.sum(1),
      (x) => x.cast("int32").add(1),
    );
    expect(summary(sums, [2, 3]).rows.map((row) => row.flops)).toEqual([6, 0]);
  });

  it("computes nothing, and does not give parameters values", () => {
    const model = sequential(dense(100_000, 1000), softmax);
    expect(summary(model, [1, 100_000]).parameters).toBe(100_001_000);
    expect((model.layers[0] as ReturnType<typeof dense>).weight.initialized).toBe(false);
  });

  it("refuses what is no model or no shape", () => {
    expect(() => summary(relu as never, [1])).toThrow(
      "summary: takes a model, such as sequential(…), not the function relu.",
    );
    expect(() => summary(sequential(), 3 as never)).toThrow(
      "summary: the input shape must be an array such as [1, 784]; it is 3.",
    );
    expect(() => summary(sequential(), [0, 3])).toThrow(
      "summary: each extent of the input shape must be an integer ≥ 1; it is 0.",
    );
    expect(() => summary(sequential(dense(2, 1)), [1, 3])).toThrow("dense: the input has 3 features");
    expect(
      summary(
        sequential((x) => x.add(tensor([1]))),
        [1],
      ).rows[0]?.type,
    ).toBe("function");
  });
});

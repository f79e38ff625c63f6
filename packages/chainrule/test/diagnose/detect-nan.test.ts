import { describe, expect, it } from "vitest";
import { detectNaN } from "../../src/diagnose/index.ts";
import { binaryCrossEntropy, type Loss, meanSquaredError } from "../../src/loss/index.ts";
import {
  constant,
  dense,
  dropout,
  initialize,
  type Param,
  params,
  relu,
  sequential,
  states,
} from "../../src/nn/index.ts";
import { where } from "../../src/ops/index.ts";
import { l2, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

describe("detectNaN of a function", () => {
  it("names the operation, what it was given and what it made, the line and the mend", () => {
    const report = detectNaN((x: Tensor) => x.sub(1).log().sum(), tensor([1, 2, 5]));
    expect(report.ok).toBe(false);
    expect(report.found).toMatchObject({
      pass: "forward",
      operation: "log",
      layer: "",
      parameter: undefined,
      inputs: [{ shape: [3], dtype: "float32", least: 0, most: 4, nan: 0, infinite: 0 }],
      // log 4
      result: { shape: [3], dtype: "float32", least: 0, most: Math.fround(Math.log(4)), nan: 0, infinite: 1 },
      advice: "A logarithm of 0 or less: use a loss on logits rather than on probabilities.",
    });
    expect(report.found?.line).toMatch(/detect-nan\.test\.ts:21:\d+$/);
    expect(String(report)).toMatch(
      /^First not finite \(forward pass\): the result of "log" in the loss\.\n {2}input 0: float32\[3\] from 0 to 4\n {2}result: {2}float32\[3\] from 0 to 1\.38629, 1 infinite\n {2}at: .*detect-nan\.test\.ts:21:\d+\n {2}A logarithm of 0 or less/,
    );
  });

  it("is silent about finite numbers, and lists what is masked", () => {
    expect(String(detectNaN((x: Tensor) => x.exp(), tensor([1])))).toBe("Every number is finite.");
    const masked = detectNaN((x: Tensor) => where(x.greater(0), x.log(), 0), tensor([0, 1]));
    expect(masked.ok).toBe(true);
    expect(masked.hidden).toEqual(["log"]);
    expect(String(masked)).toBe("Every result is finite. On the way, and without effect, NaN or ∞ came from: log.");
  });

  it("takes the first of several", () => {
    const f = (x: Tensor): Tensor[] => [x.neg().sqrt(), x.mul(1e38).mul(10)];
    expect(detectNaN(f, tensor([2])).found?.operation).toBe("sqrt");
    expect(detectNaN((x: Tensor) => x.mul(1e38).mul(10).sub(x.mul(1e38).mul(100)), tensor([2])).found).toMatchObject({
      operation: "mul",
      result: { infinite: 1 },
    });
  });

  it("tells of arguments that are not finite", () => {
    const { found } = detectNaN((x: Tensor) => x.square(), tensor([1, Number.NaN]));
    expect(found).toMatchObject({ pass: "input", operation: "", result: { nan: 1, least: 1, most: 1 } });
  });

  it("refuses what is no function", () => {
    expect(() => detectNaN(3 as never)).toThrow("detectNaN: takes a function, not 3.");
  });
});

describe("detectNaN of a step", () => {
  const x = [[1], [2]];
  const y = [[1], [1]];

  it("names the layer forwards", () => {
    const big = { weightInit: constant(1e30) };
    const model = sequential(dense(1, 1, big), relu, dense(1, 1, big));
    const { found } = detectNaN(model, { loss: meanSquaredError, x, y });
    expect(found).toMatchObject({ pass: "forward", operation: "matmul", layer: "sequential.2 (dense)" });
    expect(found?.inputs.map(({ most }) => most)).toEqual([Math.fround(2e30), Math.fround(1e30)]);
    expect(found?.line).toMatch(/detect-nan\.test\.ts/);
  });

  it("names the loss that takes probabilities", () => {
    const fromProbabilities: Loss = (p, t, o) => binaryCrossEntropy(p, t, { ...o, from: "probabilities" });
    const model = sequential(dense(1, 1, { weightInit: constant(-1) }), relu);
    expect(detectNaN(model, { loss: fromProbabilities, x, y }).found).toMatchObject({ operation: "log", layer: "" });
  });

  it("names the derivative backwards, and the parameter that shows it", () => {
    // |p − t| as √(p − t)², at p = t: the derivative of √ at 0 is 1/0.
    const distance = (p: Tensor, t: Tensor): Tensor => p.sub(t).square().sqrt().mean();
    const model = sequential(dense(1, 1, { weightInit: constant(1) }));
    const report = detectNaN(model, { loss: distance, x: [[1]], y: [[1]] });
    expect(report.found).toMatchObject({ pass: "backward", operation: "sqrt", parameter: "0.weight" });
    expect(report.found?.advice).toContain("infinite at 0");
    expect(String(report)).toContain('seen in: the gradient of "0.weight"');
  });

  it("names a parameter that was not finite before", () => {
    const model = initialize(sequential(dense(1, 1)));
    (params(model)["0.bias"] as Param).value = tensor([Number.NaN]);
    const report = detectNaN(model, { loss: meanSquaredError, x, y });
    expect(report.found).toMatchObject({ pass: "input", parameter: "0.bias" });
    expect(String(report)).toContain('Not finite from the beginning: the parameter "0.bias".');
  });

  it("goes on to the update and the penalty, and changes nothing", () => {
    const model = sequential(dense(1, 1, { weightInit: constant(1), bias: false }), dropout(0.5));
    const key = [...(states(model)["1.key"]?.value.dataSync() ?? [])];
    const step = { loss: meanSquaredError, x: [[10]], y: [[-100]] };
    expect(detectNaN(model, { ...step, optimizer: sgd(0.1) }).ok).toBe(true);
    const far = detectNaN(model, { ...step, optimizer: sgd(1e38) });
    expect(far.found).toMatchObject({ pass: "update", operation: "mul", parameter: "0.weight" });
    expect(String(far)).toContain('seen in: the new value of "0.weight"');
    expect(params(model)["0.weight"]?.value.arraySync()).toEqual([[1]]);
    expect([...(states(model)["1.key"]?.value.dataSync() ?? [])]).toEqual(key);
    const large = dense(1, 1, { weightInit: constant(1e25), bias: false });
    const penalty = detectNaN(large, { ...step, x: [[0]], optimizer: sgd(1e-30), regularizer: l2(1) });
    expect(penalty.found).toMatchObject({ pass: "update", layer: "", parameter: undefined });
  });

  it("refuses what cannot be", () => {
    const model = dense(1, 1);
    expect(() => detectNaN(model, { loss: "mse", x, y } as never)).toThrow(
      'detectNaN: loss must be a function such as softmaxCrossEntropy; it is "mse".',
    );
    expect(() => detectNaN(model, { loss: meanSquaredError, x, y, rate: 1 } as never)).toThrow(
      'detectNaN: unknown option "rate"; there are loss, x, y, optimizer, regularizer.',
    );
  });
});

import { readFileSync } from "node:fs";
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
import { cond, customVjp, scan, where, whileLoop } from "../../src/ops/index.ts";
import { l2, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

/** The number of the first line of this file that has this text. */
const lineOf = (text: string): number =>
  readFileSync(new URL(import.meta.url), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

describe("detectNaN of a function", () => {
  it("names the operation, what it was given and what it made, the line and the mend", () => {
    const report = detectNaN((x: Tensor) => x.sub(1).log().sum(), tensor([1, 2, 5]));
    expect(report.ok).toBe(false);
    expect(report.found).toMatchObject({
      pass: "forward",
      operation: "log",
      layer: "",
      within: "",
      parameter: undefined,
      inputs: [{ shape: [3], dtype: "float32", least: 0, most: 4, nan: 0, infinite: 0 }],
      // log 4
      result: { shape: [3], dtype: "float32", least: 0, most: Math.fround(Math.log(4)), nan: 0, infinite: 1 },
      advice: "A logarithm of 0 or less: use a loss on logits rather than on probabilities.",
    });
    const line = lineOf("x.sub(1).log().sum()");
    expect(report.found?.line).toMatch(new RegExp(`detect-nan\\.test\\.ts:${line}:\\d+$`));
    expect(String(report)).toMatch(
      /^First not finite \(forward pass\): the result of "log" in the function\.\n {2}input 0: float32\[3\] from 0 to 4\n {2}result: {2}float32\[3\] from 0 to 1\.38629, 1 infinite\n {2}at: .*detect-nan\.test\.ts:\d+:\d+\n {2}A logarithm of 0 or less/,
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
    const f = (n: number, { w }: { w: Tensor }): Tensor => w.mul(n);
    const report = detectNaN(f, 1, { w: tensor([Number.POSITIVE_INFINITY]) });
    expect(report.found?.parameter).toBe("argument 1.w");
    expect(String(report)).toContain("Not finite from the beginning: argument 1.w.\n");
    const outside = tensor([Number.NaN]);
    expect(String(detectNaN((x: Tensor) => x.add(outside), tensor([1])))).toContain(
      "Not finite from the beginning: an input or a constant of the function.\n",
    );
  });

  it("goes backwards where the function gives one float, as a loss does", () => {
    // d√x/dx = 1/(2√x) is 1/0 at 0.
    const report = detectNaN((x: Tensor) => x.sqrt().sum(), tensor([0, 1]));
    expect(report.found).toMatchObject({
      pass: "backward",
      operation: "sqrt",
      parameter: "argument 0",
      inputs: [{ least: 0, most: 1 }, { least: 1 }],
      result: { infinite: 1, most: 0.5 },
    });
    const line = new RegExp(`detect-nan\\.test\\.ts:${lineOf("x.sqrt().sum(), tensor([0, 1])")}:\\d+$`);
    expect(report.found?.line).toMatch(line);
    expect(String(report)).toMatch(
      /^First not finite \(backward pass\): the derivative of "sqrt" in the function\.\n {2}seen in: the gradient of argument 0\n/,
    );
    const tree = detectNaN((n: Tensor, { w }: { w: Tensor }) => w.pow(0.5).mean().add(n), tensor(1), {
      w: tensor([4, 0]),
    });
    expect(tree.found).toMatchObject({ pass: "backward", operation: "pow", parameter: "argument 1.w" });
    // Forwards only: more than one number, no float.
    expect(detectNaN((x: Tensor) => x.sqrt(), tensor([0, 1])).ok).toBe(true);
    expect(detectNaN((x: Tensor) => x.sqrt().argmax(), tensor([0, 1])).ok).toBe(true);
    expect(
      detectNaN(
        (x: Tensor) =>
          whileLoop(
            (c: Tensor) => c.less(9),
            (c: Tensor) => c.mul(2),
            x,
          ),
        tensor(1),
      ).ok,
    ).toBe(true);
  });

  it("looks into loops and branches, and names the step", () => {
    // 2 − 0.5 = 1.5, log 1.5 = 0.405; log(0.405 − 1) is NaN.
    const falling = (x: Tensor) => scan((c: Tensor, e: Tensor) => [c.sub(e).log(), c] as const, tensor(2), x)[0];
    const forward = detectNaN(falling, tensor([0.5, 1, 3]));
    expect(forward.found).toMatchObject({ pass: "forward", operation: "log", within: "step 2 of 3 of scan" });
    expect(forward.found?.inputs[0]?.most).toBeCloseTo(Math.log(1.5) - 1, 6);
    expect(forward.found?.line).toMatch(new RegExp(`detect-nan\\.test\\.ts:${lineOf("const falling =")}:`));
    expect(String(forward)).toContain('the result of "log" in step 2 of 3 of scan, in the function.');
    const roots = (x: Tensor) => scan((c: Tensor, e: Tensor) => [c.add(e.sqrt()), c] as const, tensor(2), x)[0];
    expect(detectNaN(roots, tensor([0.5, 0, 3])).found).toMatchObject({
      pass: "backward",
      operation: "sqrt",
      within: "step 2 of 3 of scan",
      parameter: "argument 0",
      inputs: [{ most: 0 }, { most: 1 }],
    });
    const backwards = (x: Tensor) =>
      scan((c: Tensor, e: Tensor) => [c, e.log()] as const, tensor(2), x, { reverse: true })[1];
    expect(detectNaN(backwards, tensor([1, 2, 0])).found?.within).toBe("step 1 of 3 of scan");
    // 1, 4, 6, 9 are the carries: above 5 the branch for true is taken, in the third step.
    const branching = (x: Tensor) =>
      scan(
        (c: Tensor, e: Tensor) =>
          [
            cond(
              c.greater(5),
              () => c.sub(100).sqrt(),
              () => c.add(e),
            ),
            c,
          ] as const,
        tensor(1),
        x,
      )[1];
    expect(detectNaN(branching, tensor([3, 2, 3, 4])).found).toMatchObject({
      operation: "sqrt",
      within: "step 3 of 4 of scan, the branch of cond for true",
      inputs: [{ most: -94 }],
    });
    // 10⁷ → 10²⁴ → 10⁵⁸, which float32 does not hold.
    const growing = (x: Tensor) =>
      whileLoop(
        (c: Tensor) => c.less(1e30),
        (c: Tensor) => c.mul(c).mul(1e10),
        x,
      );
    expect(detectNaN(growing, tensor(1e7)).found).toMatchObject({ operation: "mul", within: "step 2 of whileLoop" });
    const own = customVjp(
      (x: Tensor) => x.log(),
      (_args, _result, ct) => [ct],
    );
    expect(detectNaN((x: Tensor) => own(x), tensor([0])).found).toMatchObject({ operation: "log", within: "" });
    // Too much to be laid open: the loop itself.
    const long = (x: Tensor) => scan((c: Tensor, e: Tensor) => [c.sub(e).sqrt(), c] as const, tensor(1), x)[0];
    expect(detectNaN(long, tensor(new Float32Array(20_000).fill(1))).found).toMatchObject({
      operation: "scan",
      within: "",
    });
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
    // Shapes are those of the loss as it is written, not of each example alone.
    const three = { loss: distance, x: [[1], [2], [3]], y: [[1], [2], [4]] };
    expect(detectNaN(model, three).found?.inputs.map(({ shape }) => shape)).toEqual([
      [3, 1],
      [3, 1],
    ]);
    // Where the whole batch does not show it, the example does: a deviation of one number is 0.
    const scaled = (p: Tensor, t: Tensor): Tensor => p.sub(t).div(t.sub(t.mean()).square().mean()).mean();
    expect(detectNaN(model, { ...three, loss: scaled }).found).toMatchObject({ pass: "forward", operation: "div" });
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
    expect(String(far)).toMatch(
      /^First not finite \(update pass\): the result of "mul" in the update\.\n {2}seen in: the new value of "0\.weight"\n/,
    );
    expect(params(model)["0.weight"]?.value.arraySync()).toEqual([[1]]);
    expect([...(states(model)["1.key"]?.value.dataSync() ?? [])]).toEqual(key);
    const large = dense(1, 1, { weightInit: constant(1e25), bias: false });
    const penalty = detectNaN(large, { ...step, x: [[0]], optimizer: sgd(1e-30), regularizer: l2(1) });
    expect(penalty.found).toMatchObject({ pass: "update", layer: "", parameter: undefined });
    expect(String(penalty)).toContain('the result of "mul" in the penalty.');
  });

  it("refuses what cannot be", () => {
    const model = dense(1, 1);
    expect(() => detectNaN(model, { loss: "mse", x, y } as never)).toThrow(
      'detectNaN: loss must be a function such as softmaxCrossEntropy; it is "mse".',
    );
    const step = { loss: meanSquaredError, x, y };
    expect(() => detectNaN(model, { ...step, optimizer: "adam" as never })).toThrow(
      'detectNaN: optimizer must be one such as adam(1e-3); it is "adam".',
    );
    expect(() => detectNaN(model, { ...step, regularizer: 0.1 as never })).toThrow(
      "detectNaN: regularizer must be one such as l2(1e-4); it is 0.1.",
    );
    expect(() => detectNaN(model, undefined as never)).toThrow('detectNaN: the option "loss" is missing.');
    expect(() => detectNaN(model, { x, y } as never)).toThrow('detectNaN: the option "loss" is missing.');
    expect(() => detectNaN(model, { loss: meanSquaredError, y } as never)).toThrow(
      'detectNaN: the option "x" is missing.',
    );
    expect(() => detectNaN(model, meanSquaredError as never)).toThrow(
      "detectNaN: the options must be an object, not the function meanSquaredError; there are loss, x, y, optimizer, regularizer.",
    );
    // A model is a function of its input as well.
    expect(detectNaN(model, tensor(x)).ok).toBe(true);
    expect(() => detectNaN(model, { loss: meanSquaredError, x, y, rate: 1 } as never)).toThrow(
      'detectNaN: unknown option "rate"; there are loss, x, y, optimizer, regularizer.',
    );
  });
});

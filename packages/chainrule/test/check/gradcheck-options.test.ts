/** What the gradient checker does beside first derivatives by elements. */
import { describe, expect, it } from "vitest";
import { gradcheck } from "../../src/check/index.ts";
import { customVjp, type Tensor, tensor, where } from "../../src/index.ts";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, dropout, params, sequential, states, tanh } from "../../src/nn/index.ts";
import { l2 } from "../../src/optim/index.ts";
import { classes, draw, perceptron, rows, unary, weights } from "./pieces.ts";

const cubes = (t: Tensor): Tensor => t.mul(t).mul(t).sum();

describe("a model with its loss", () => {
  it("is checked by the names of its parameters, and stays as it is", () => {
    const model = sequential(dense(4, 6), tanh, dropout(0.5), dense(6, 3));
    model(rows);
    const before = Object.values(states(model)).map((state) => state.value.arraySync());
    const report = gradcheck(model, softmaxCrossEntropy, rows, classes);
    expect(report.passed).toBe(true);
    expect([...new Set(report.entries.map(({ name }) => name))].sort()).toEqual(Object.keys(params(model)).sort());
    expect(Object.values(states(model)).map((state) => state.value.arraySync())).toEqual(before);
  });

  it("is in training mode: what dropout drops has no gradient, unless the mode is evaluation", () => {
    const model = sequential(dense(1, 64, { bias: false }), dropout(0.5));
    const x = tensor([[1]]);
    const zeros = (mode?: "evaluation"): number =>
      gradcheck(model, (p) => p.sum(), x, x, { samples: 64, ...(mode && { mode }) }).entries.filter(
        ({ numeric }) => numeric === 0,
      ).length;
    expect(zeros()).toBeGreaterThan(16);
    expect(zeros("evaluation")).toBe(0);
  });

  it("has verdicts of their own for the data loss and the regularizer", () => {
    const model = dense(4, 3);
    const wrong = customVjp(
      (w: Tensor) => w.square().sum(),
      ([w], _y, ct) => [w.mul(ct)],
    );
    const regularizer = (p: Readonly<Record<string, { value: Tensor }>>): Tensor => wrong(p.weight?.value as Tensor);
    const report = gradcheck(model, softmaxCrossEntropy, rows, classes, { regularizer });
    expect(report.only({ part: "data loss" }).passed).toBe(true);
    expect(report.only({ part: "regularizer" }).passed).toBe(false);
    expect(report.only({ part: "regularizer", name: "bias" }).passed).toBe(true);
    // Nothing checked is nothing passed.
    expect(() => report.only({ name: "Bias" })).toThrow(
      'only: nothing of {"name":"Bias"} was checked. There are the parameters ',
    );
    expect(() => report.only({ nam: "bias" } as never)).toThrow(
      'only: unknown option "nam"; there are name, part, order.',
    );
    expect(`${report}`.split("\n").slice(0, 3)).toEqual([
      "Gradient check FAILED for weight.",
      expect.stringMatching(/^data loss, first order: passed: 15 elements, largest relative error /),
      "regularizer, first order: FAILED for weight: 12 of 15 elements differ by more than 0.000001.",
    ]);
    expect(report.table(1)).toContain("weight[");
    const right = gradcheck(() => softmaxCrossEntropy(model(rows), classes), params(model), { regularizer: l2(0.1) });
    expect(right.passed).toBe(true);
    expect(new Set(right.entries.map(({ part }) => part))).toEqual(new Set(["data loss", "regularizer"]));
  });
});

describe("forward mode", () => {
  it("agrees with reverse mode to round-off, beside the differences", () => {
    for (const { analytic, forward } of gradcheck(perceptron(), weights).entries) {
      expect(Math.abs(analytic - forward)).toBeLessThan(1e-14);
    }
  });

  it("tells a gradient function that is wrong from a derivative rule that is", () => {
    const doubled = gradcheck(cubes, tensor([2]), { gradient: (t: Tensor) => t.square().mul(6) });
    expect(doubled.entries[0]).toMatchObject({ analytic: 24, forward: 12, verdict: "wrong" });
    const rule = unary(
      (t) => t.square(),
      (t) => t.mul(4),
    );
    expect(gradcheck((t: Tensor) => rule(t).sum(), tensor([3])).entries[0]).toMatchObject({
      analytic: 12,
      forward: 12,
    });
  });
});

describe("random directions", () => {
  it("find an element that no sample hits, and its position", () => {
    const factor = new Float32Array(29 * 31).fill(2);
    factor[17 * 31 + 4] = 2.001;
    const shaped = unary(
      (t) => t.square(),
      (t) => t.mul(tensor(factor).reshape([29, 31])),
    );
    const report = gradcheck((t: Tensor) => shaped(t).sum(), draw(1, 29, 31).abs().add(0.5), {
      samples: 3,
    });
    expect(report.entries.length).toBe(4);
    expect(report.entries[0]).toMatchObject({ verdict: "wrong", position: [17, 4] });
    expect(report.directions.map(({ verdict }) => verdict)).toEqual(["wrong", "wrong"]);
  });

  it("are as many as are asked for", () => {
    expect(gradcheck(cubes, tensor([1, 2]), { directions: 5 }).directions.length).toBe(5);
    expect(gradcheck(cubes, tensor([1, 2]), { directions: 0 }).directions).toEqual([]);
  });

  it("show in the report when they alone are wrong", () => {
    // Each element is off by 5·10⁻⁷, which passes; a direction in which the derivatives nearly cancel shows it.
    const value = tensor([1, 1, 1, 1 + 1e-4]);
    const slight = unary(
      (t) => t.square(),
      (t) => t.mul(tensor([2 * (1 + 5e-7), 2, 2, 2], { dtype: "float64" })),
    );
    const report = gradcheck((t: Tensor) => slight(t).sum(), value.cast("float64"), { directions: 20 });
    expect(report.only({ name: "x" }).entries.every(({ verdict }) => verdict === "right")).toBe(true);
    expect(report.passed).toBe(false);
    expect(`${report}`).toContain("Along random directions:\n");
    expect(`${report}`).toMatch(/x·direction .* wrong/);
  });
});

describe("second order", () => {
  it("is the Hessian times a random vector: 6x·v for Σ x³", () => {
    const report = gradcheck(cubes, tensor([1, -2, 3]), { order: 2 });
    expect(report.passed).toBe(true);
    const second = report.only({ order: 2 }).entries.toSorted((a, b) => a.index - b.index);
    expect(second.map(({ index }) => index)).toEqual([0, 1, 2]);
    // With the same v for x and for 2x, all of H·v doubles.
    const twice = gradcheck(cubes, tensor([2, -4, 6]), { order: 2 }).only({ order: 2 }).entries;
    for (const { index, analytic } of twice) {
      expect(analytic / (second[index]?.analytic ?? 0)).toBeCloseTo(2, 12);
    }
    for (const [i, factor] of [6, -12, 18].entries())
      expect(Math.abs(second[i]?.analytic ?? 0)).toBeLessThan(Math.abs(factor));
    expect(`${report}`).toMatch(
      /^Gradient check passed\.\nfirst order: passed: 3 elements.*\nsecond order: passed: 3 elements/,
    );
    expect(report.table()).toContain("H·v x[");
  });

  it("finds what is right to first order only", () => {
    const stuck = unary(
      (t) => t.sin(),
      (t) => t.cos().stopGradient(),
    );
    const f = (t: Tensor): Tensor => stuck(t).sum();
    expect(gradcheck(f, tensor([1, 2])).passed).toBe(true);
    const report = gradcheck(f, tensor([1, 2]), { order: 2 });
    expect(report.only({ order: 1 }).passed).toBe(true);
    expect(report.only({ order: 2 }).passed).toBe(false);
  });
});

describe("a gradient written by hand", () => {
  it("is checked in place of the derived one", () => {
    expect(gradcheck(cubes, tensor([1, 2]), { gradient: (t: Tensor) => t.square().mul(3) }).passed).toBe(true);
    expect(gradcheck(cubes, tensor([1, 2]), { gradient: (t: Tensor) => t.square() }).wrong).toEqual(["x"]);
  });

  it("may be that of a model's parameters, by name", () => {
    const model = dense(4, 2);
    const y = draw(3, 5, 2);
    // L = mean of (x·W + b − y)² over 10 outputs.
    const gradient = (factor: number) => () => {
      const delta = model(rows).sub(y).mul(0.2);
      return { weight: rows.transpose().matmul(delta), bias: delta.sum(0).mul(factor) };
    };
    const f = (): Tensor => meanSquaredError(model(rows), y);
    expect(gradcheck(f, params(model), { gradient: gradient(1) }).passed).toBe(true);
    expect(gradcheck(f, params(model), { gradient: gradient(0.5) }).wrong).toEqual(["bias"]);
  });
});

describe("verdicts that are neither right nor wrong", () => {
  it("jump: the function is discontinuous there", () => {
    const { entries, passed } = gradcheck((t: Tensor) => t.floor().add(t).sum(), tensor([2, 2.5]));
    expect(passed).toBe(true);
    expect(entries.map(({ index, verdict }) => [index, verdict])).toContainEqual([0, "jump"]);
    expect(entries.map(({ index, verdict }) => [index, verdict])).toContainEqual([1, "right"]);
    expect(`${gradcheck((t: Tensor) => t.floor().add(t).sum(), tensor([2, 2.5]))}`).toContain("1 at jumps");
  });

  it("unresolved: the derivative is below the round-off of the value", () => {
    const report = gradcheck((t: Tensor) => t.sin().mul(1e-12).add(1e4).sum(), tensor([1]), { directions: 0 });
    expect(report.entries[0]?.verdict).toBe("unresolved");
    expect(report.passed).toBe(true);
    expect(`${report}`).toContain("1 not resolved");
  });

  it("kink: kinks of several parts cancel, and the gradient is right all around", () => {
    // relu(x) − relu(−x) is x, but its parts have a derivative of 0 at 0 by convention.
    const f = (t: Tensor): Tensor => t.relu().sub(t.neg().relu()).sum();
    expect(gradcheck(f, tensor([0])).entries[0]).toMatchObject({ analytic: 0, verdict: "kink" });
    const wrong = unary(
      (t) => t.relu().sub(t.neg().relu()),
      (t) => where(t.less(0), 1.5, where(t.equal(0), 0, 1)),
    );
    expect(gradcheck((t: Tensor) => wrong(t).sum(), tensor([0])).passed).toBe(false);
  });
});

describe("a sweep", () => {
  it("is of an element that was checked", () => {
    const report = gradcheck((t: Tensor) => t.sin().sum(), tensor([0.5, 1]));
    const sweep = report.sweep("x", [1]);
    expect(sweep.analytic).toBeCloseTo(Math.cos(1), 12);
    expect(sweep.best.error).toBeLessThan(1e-9);
    expect(report.sweep("x").rows.length).toBe(15);
    expect(() => report.sweep("w")).toThrow("sweep: w is not among the elements checked. There are x[");
    expect(() => report.sweep("x", [2])).toThrow("sweep: x[2] is not among the elements checked.");
  });

  it("of a wrong gradient stays at its error", () => {
    const rule = unary(
      (t) => t.sin(),
      (t) => t.cos().mul(1.1),
    );
    const sweep = gradcheck((t: Tensor) => rule(t).sum(), tensor([1])).sweep("x");
    expect(sweep.rows[4]?.error).toBeCloseTo(0.1 * Math.cos(1), 6);
  });
});

describe("mistakes in its use", () => {
  const t = tensor([1]);
  it.each([
    [{ directions: -1 }, "gradcheck: directions must be an integer ≥ 0; it is -1."],
    [{ order: 3 }, "gradcheck: order must be an integer ≥ 1 and ≤ 2; it is 3."],
    [{ mode: "train" }, 'gradcheck: mode must be one of "training", "evaluation"; it is "train".'],
    [
      { regularizer: l2(1) },
      "gradcheck: a regularizer needs the parameters of a model; give params(model), or the model.",
    ],
    [{ gradient: 1 }, "gradcheck: gradient: takes a function, not 1."],
    [{ gradient: (a: Tensor) => a.sum() }, "gradcheck: the gradient has shape [], but [1] is needed."],
  ])("the options %o", (options, message) => {
    expect(() => gradcheck(cubes, t, options as never)).toThrow(message);
  });

  it("a regularizer that is no function, and an x that is no tensor", () => {
    const model = dense(1, 1);
    const one = tensor([[1]]);
    expect(() => gradcheck(model, meanSquaredError, one, one, { regularizer: 1 as never })).toThrow(
      "gradcheck: regularizer: takes a function, not 1.",
    );
    expect(() => gradcheck(model, meanSquaredError, [[1]] as never, one)).toThrow(
      "gradcheck: x is an array, not a tensor",
    );
    expect(() => gradcheck(5 as never, t)).toThrow("gradcheck: takes a function, not 5.");
  });

  it("a model without its loss or its data", () => {
    const model = dense(1, 1);
    const one = tensor([[1]]);
    const check = gradcheck as unknown as (...args: unknown[]) => unknown;
    expect(() => check(model, meanSquaredError)).toThrow(
      "gradcheck: x is missing; it takes gradcheck(model, loss, x, y).",
    );
    expect(() => check(model, meanSquaredError, one)).toThrow("gradcheck: y is missing; it takes");
    for (const [loss, what] of [
      [undefined, "undefined"],
      ["mse", '"mse"'],
      [{ loss: meanSquaredError, x: one, y: one }, "an object"],
    ]) {
      expect(() => check(model, loss, one, one)).toThrow(
        `gradcheck: the loss must be a function such as meanSquaredError; it is ${what}. It takes gradcheck(model, loss, x, y).`,
      );
    }
    expect(() => check(model)).toThrow("gradcheck: the loss must be a function such as meanSquaredError");
    // A model is a function of its input as well.
    expect((check(model, one) as { passed: boolean }).passed).toBe(true);
    expect(() => check(model, tensor([[1], [2]]))).toThrow("one float scalar, such as a loss");
  });

  it("arrays of numbers, which are trees of scalars", () => {
    const sum = (a: unknown): Tensor => (a as Tensor).sum();
    expect(() => gradcheck(sum, [1, 2])).toThrow(
      "gradcheck: x is an array of numbers, not a tensor; make one with tensor(…), or one of each number.",
    );
    expect(() => gradcheck(sum, { w: [tensor(1), [[1], [2]]] })).toThrow("gradcheck: x.w[1] is an array of numbers");
    expect(gradcheck(([a, b]: [Tensor, Tensor]) => a.mul(b), [tensor(2), tensor(3)]).passed).toBe(true);
    expect(gradcheck(sum, Float32Array.of(1, 2)).passed).toBe(true);
    expect(() => gradcheck(() => 5 as never, tensor([1]))).toThrow("Reduce it with .sum() or .mean(). It gave 5.");
    expect(() => gradcheck((a: Tensor) => a, tensor([1, 2]))).toThrow("It gave float32[2].");
  });

  it("a sweep at what is no position", () => {
    expect(() => gradcheck(cubes, t).sweep("x", 0 as never)).toThrow(
      "sweep: the position must be an array such as [0, 2]; it is 0.",
    );
  });
});

/** The gradient checker: passes right gradients, and finds and names wrong ones. */
import { describe, expect, it } from "vitest";
import { gradcheck } from "../../src/check/index.ts";
import { Box, cond, customVjp, random, scan, type Tensor, tensor, where } from "../../src/index.ts";
import { softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, dropout, params, sequential, tanh } from "../../src/nn/index.ts";

const draw = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape);
const labels = tensor([0, 2, 1, 2, 0], { dtype: "int32" });

interface Weights {
  w1: Tensor;
  b1: Tensor;
  w2: Tensor;
  b2: Tensor;
}
const weights: Weights = { w1: draw(1, 4, 6), b1: draw(2, 6), w2: draw(3, 6, 3), b2: draw(4, 3) };
const x = draw(5, 5, 4);

const crossEntropy = (logits: Tensor): Tensor => logits.logSoftmax().mul(labels.oneHot(3)).sum().neg();

/** A perceptron around a linear layer and an activation, which a test may replace by wrong ones. */
const perceptron =
  (activation: (z: Tensor) => Tensor, linear = (a: Tensor, w: Tensor, b: Tensor): Tensor => a.matmul(w).add(b)) =>
  ({ w1, b1, w2, b2 }: Weights): Tensor =>
    crossEntropy(linear(activation(x.matmul(w1).add(b1)), w2, b2));

/** D. Hendrycks and K. Gimpel, "Gaussian error linear units", 2016. */
const gelu = (z: Tensor): Tensor => z.mul(0.5).mul(z.mul(Math.SQRT1_2).erf().add(1));

const wrongNames = (report: ReturnType<typeof gradcheck>): string[] => [
  ...new Set(report.entries.filter(({ verdict }) => verdict === "wrong").map(({ name }) => name)),
];

describe("right gradients pass", () => {
  it.each([
    ["relu", (z: Tensor) => z.relu()],
    ["tanh", (z: Tensor) => z.tanh()],
    ["gelu", gelu],
    ["softplus", (z: Tensor) => z.softplus()],
  ])("of a perceptron with %s and cross-entropy", (_, activation) => {
    const report = gradcheck(perceptron(activation), weights, { samples: Number.POSITIVE_INFINITY });
    expect(report.passed).toBe(true);
    expect(report.entries.length).toBe(24 + 6 + 18 + 3);
    expect(report.maxRelativeError).toBeLessThan(1e-8);
  });

  it("of a model, by the names of its parameters, with the same units dropped every time", () => {
    const model = sequential(dense(4, 6), tanh, dropout(0.5), dense(6, 3));
    model(x); // takes its initial values
    const report = gradcheck(() => softmaxCrossEntropy(model(x), labels), params(model));
    expect([...new Set(report.entries.map(({ name }) => name))].sort()).toEqual(Object.keys(params(model)).sort());
    expect(report.passed).toBe(true);
  });

  it("of a convex function by hand: ∂/∂x Σx³ = 3x²", () => {
    const { entries } = gradcheck((t: Tensor) => t.mul(t).mul(t).sum(), tensor([1, -2]));
    const analytic = entries.toSorted((a, b) => a.index - b.index).map((e) => e.analytic);
    expect(analytic).toEqual([3, 12]);
    for (const { analytic: a, numeric } of entries) expect(numeric).toBeCloseTo(a, 9);
  });

  it("of scans and branches, whose subgraphs are promoted to float64 too", () => {
    const f = (t: Tensor): Tensor => {
      const [last] = scan((c: Tensor, e: Tensor) => [c.mul(e).add(0.1).tanh(), null], tensor(0.5), t);
      return cond(
        last.greater(0),
        (a: Tensor) => a.exp(),
        (a: Tensor) => a.sin(),
        last,
      );
    };
    const report = gradcheck(f, tensor([0.3, -0.7, 1.2]));
    // In float32 differences would carry some 10⁻⁴.
    expect(report.maxRelativeError).toBeLessThan(1e-9);
  });

  it("of a function with a gradient of its own that uses float32 constants", () => {
    const factor = tensor([1, 2]);
    const scaled = customVjp(
      (a: Tensor) => a.mul(factor),
      (_a, _y, cotangent) => [cotangent.mul(factor)],
    );
    expect(gradcheck((a: Tensor) => scaled(a).sum(), tensor([3, 4])).passed).toBe(true);
  });

  it("that are zero in exact arithmetic only: a shift of all logits", () => {
    const f = ({ z, shift }: { z: Tensor; shift: Tensor }): Tensor =>
      z.add(shift).logSoftmax().slice(0, 0, 1).sum().mul(1000);
    expect(gradcheck(f, { z: tensor([0.1, 0.2, 0.3]), shift: tensor(0.5) }).passed).toBe(true);
  });

  it("of trees with integers in them, which are not differentiated by", () => {
    const f = ({ table, rows }: { table: Tensor; rows: Tensor }): Tensor => table.gather(rows).square().sum();
    const report = gradcheck(f, { table: tensor([1, 2, 3]), rows: tensor([0, 0, 2], { dtype: "int32" }) });
    expect(report.passed).toBe(true);
    expect(report.entries.map(({ name }) => name)).toEqual(["table", "table", "table"]);
  });
});

describe("kinks", () => {
  it("are no mistakes: relu and |x| at and near 0, the maximum at a tie", () => {
    const report = gradcheck((t: Tensor) => t.relu().sum(), tensor([0, 1, -1, 1e-17]));
    expect(report.passed).toBe(true);
    expect(
      report.entries
        .filter(({ verdict }) => verdict === "kink")
        .map(({ index }) => index)
        .sort(),
    ).toEqual([0, 3]);
    expect(gradcheck((t: Tensor) => t.abs().sum(), tensor([0, 2])).passed).toBe(true);
    expect(gradcheck((t: Tensor) => t.max(), tensor([2, 2, 1])).passed).toBe(true);
  });

  it("within a step's reach are stepped around", () => {
    const { entries } = gradcheck((t: Tensor) => t.relu().sum(), tensor([5e-4, -5e-5]));
    expect(entries.map(({ verdict }) => verdict)).toEqual(["right", "right"]);
  });

  it("excuse no gradient that is beyond the one-sided ones", () => {
    const wrong = customVjp(
      (t: Tensor) => t.relu(),
      ([t], _y, c) => [c.mul(where((t as Tensor).lessEqual(0), 1.5, 1))],
    );
    expect(gradcheck((t: Tensor) => wrong(t).sum(), tensor([0])).passed).toBe(false);
  });

  it("excuse nothing where the function is smooth, however curved", () => {
    const wrong = customVjp(
      (t: Tensor) => t.square().mul(1e4),
      ([t], _y, c) => [c.mul((t as Tensor).mul(2e4).add(0.5))],
    );
    expect(gradcheck((t: Tensor) => wrong(t).sum(), tensor([0])).passed).toBe(false);
  });
});

describe("planted mistakes are found, and the parameter named", () => {
  const linear = (backward: (a: Tensor, w: Tensor, ct: Tensor) => [Tensor, Tensor, Tensor]) =>
    customVjp(
      (a: Tensor, w: Tensor, b: Tensor) => a.matmul(w).add(b),
      ([a, w], _y, ct) => backward(a as Tensor, w as Tensor, ct as Tensor),
    );
  const check = (layer: ReturnType<typeof linear>): string[] =>
    wrongNames(
      gradcheck(
        perceptron((z) => z.tanh(), layer),
        weights,
        { samples: Number.POSITIVE_INFINITY },
      ),
    ).sort();

  it("none in a layer whose rule is right: Ā = C̄·Wᵀ, W̄ = Aᵀ·C̄, b̄ = ΣC̄", () => {
    expect(check(linear((a, w, ct) => [ct.matmul(w.transpose()), a.transpose().matmul(ct), ct.sum(0)]))).toEqual([]);
  });

  it("a wrong sign", () => {
    expect(check(linear((a, w, ct) => [ct.matmul(w.transpose()), a.transpose().matmul(ct).neg(), ct.sum(0)]))).toEqual([
      "w2",
    ]);
  });

  it("a factor of 2, in what is passed on: every parameter before it", () => {
    expect(check(linear((a, w, ct) => [ct.matmul(w.transpose()).mul(2), a.transpose().matmul(ct), ct.sum(0)]))).toEqual(
      ["b1", "w1"],
    );
  });

  it("a forgotten bias", () => {
    expect(check(linear((a, w, ct) => [ct.matmul(w.transpose()), a.transpose().matmul(ct), ct.sum(0).mul(0)]))).toEqual(
      ["b2"],
    );
  });

  it("a mean in place of a sum", () => {
    expect(check(linear((a, w, ct) => [ct.matmul(w.transpose()), a.transpose().matmul(ct), ct.mean(0)]))).toEqual([
      "b2",
    ]);
  });

  it("a missing transpose", () => {
    const square = customVjp(
      (w: Tensor) =>
        tensor([
          [1, 2],
          [3, 5],
        ]).matmul(w),
      (_w, _y, ct) => [
        tensor([
          [1, 2],
          [3, 5],
        ]).matmul(ct),
      ],
    );
    const f = ({ w, b }: { w: Tensor; b: Tensor }): Tensor => square(w).add(b).square().sum();
    expect(wrongNames(gradcheck(f, { w: draw(8, 2, 2), b: draw(9, 2) }))).toEqual(["w"]);
  });

  it("one wrong element among right ones, by its position", () => {
    const spoilt = customVjp(
      (t: Tensor) => t.square(),
      ([t], _y, ct) => [
        ct.mul(
          (t as Tensor).mul(
            tensor([
              [2, 2, 2],
              [2, 2.002, 2],
            ]),
          ),
        ),
      ],
    );
    const report = gradcheck(
      (t: Tensor) => spoilt(t).sum(),
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(report.entries.filter(({ verdict }) => verdict === "wrong").map(({ position }) => position)).toEqual([
      [1, 1],
    ]);
    expect(report.entries[0]?.relativeError).toBeCloseTo(0.002 / 2.002, 6);
  });

  it("a gradient that is NaN, without spoiling the others", () => {
    const spoilt = customVjp(
      (t: Tensor) => t.square(),
      ([t], _y, ct) => [ct.mul((t as Tensor).mul(tensor([Number.NaN, 2, 2])))],
    );
    const report = gradcheck((t: Tensor) => spoilt(t).sum(), tensor([1, 2, 3]));
    expect(report.entries.map(({ index, verdict }) => [index, verdict])).toContainEqual([0, "wrong"]);
    expect(report.entries.filter(({ verdict }) => verdict === "right").length).toBe(2);
    expect(report.entries[0]?.index).toBe(0);
  });
});

describe("the report", () => {
  const tripled = customVjp(
    (t: Tensor) => t.mul(3),
    (_t, _y, ct) => [ct.mul(2)],
  );

  it("says what passed", () => {
    const report = gradcheck((t: Tensor) => t.mul(2).relu().sum(), tensor([0, 1]));
    expect(`${report}`).toMatch(
      /^Gradient check passed: 2 elements, largest relative error [\d.]+e[-+]\d+, 1 at kinks\.\nelement +analytic +numeric +forward +error +bound +verdict\n/,
    );
  });

  it("says what failed, worst first", () => {
    const report = gradcheck(({ w, b }: { w: Tensor; b: Tensor }) => tripled(w).sum().add(b), {
      w: tensor([[1, 2]]),
      b: tensor(1),
    });
    expect(report.toString()).toMatch(
      new RegExp(
        [
          "^Gradient check FAILED for w: 2 of 3 elements differ by more than 0.000001.",
          "element +analytic +numeric +forward +error +bound +verdict",
          "w\\[0, 0\\] +2.000e\\+0 +3.000e\\+0 +2.000e\\+0 +3.3e-1 +\\S+ +wrong",
          "w\\[0, 1\\] +2.000e\\+0 +3.000e\\+0 +2.000e\\+0 +3.3e-1 +\\S+ +wrong",
          "b +1.000e\\+0 +1.000e\\+0 +1.000e\\+0 +\\S+ +\\S+ +right$",
        ].join("\n"),
      ),
    );
    expect(report.table(1).split("\n").length).toBe(2);
  });

  it("fits 80 columns, and says how many elements it leaves out", () => {
    const report = gradcheck((t: Tensor) => t.square().sum().mul(-1e-7), draw(1, 100));
    const lines = `${report}`.split("\n");
    expect(lines.at(-1)).toBe("(the 10 worst of 32 elements)");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it("samples elements spread evenly over a parameter", () => {
    const { entries } = gradcheck((t: Tensor) => t.square().sum(), draw(1, 100), { samples: 4 });
    expect(entries.map(({ index }) => index).sort((a, b) => a - b)).toEqual([12, 37, 62, 87]);
    expect(gradcheck((t: Tensor) => t.square().sum(), draw(1, 100)).entries.length).toBe(32);
  });

  it("takes another tolerance", () => {
    expect(gradcheck((t: Tensor) => tripled(t).sum(), tensor([1]), { tolerance: 0.5 }).passed).toBe(true);
  });
});

describe("it leaves alone", () => {
  it("boxes that the function writes", () => {
    const [w, count] = [new Box(tensor([1, 2])), new Box(tensor(0))];
    const f = (): Tensor => {
      count.value = count.value.add(1);
      return w.value.square().sum();
    };
    expect(gradcheck(f, { w }).passed).toBe(true);
    expect(count.value.itemSync()).toBe(0);
    expect(w.value.arraySync()).toEqual([1, 2]);
    expect(w.value.dtype).toBe("float32");
  });
});

describe("mistakes in its use", () => {
  const f = (t: Tensor): Tensor => t.sum();
  const t = tensor([1, 2]);

  it.each([
    [{ samples: 0 }, "gradcheck: samples must be an integer ≥ 1; it is 0."],
    [{ samples: 1.5 }, "gradcheck: samples must be an integer ≥ 1; it is 1.5."],
    [{ tolerance: 0 }, "gradcheck: tolerance must be a finite number > 0; it is 0."],
    [
      { tolerence: 1 },
      'gradcheck: unknown option "tolerence"; there are samples, directions, tolerance, order, mode, regularizer, gradient.',
    ],
  ])("the options %o", (options, message) => {
    expect(() => gradcheck(f, t, options as never)).toThrow(message);
  });

  it("a function that returns no float scalar", () => {
    const message =
      "gradcheck: the function must return one float scalar, such as a loss. Reduce it with .sum() or .mean().";
    expect(() => gradcheck((a: Tensor) => a, t)).toThrow(message);
    expect(() => gradcheck((a: Tensor) => a.sum().cast("int32"), t)).toThrow(message);
    expect(() => gradcheck((() => 5) as never, t)).toThrow(message);
  });

  it("an asynchronous function", () => {
    expect(() => gradcheck((async (a: Tensor) => a.sum()) as never, t)).toThrow(
      "gradcheck: the function is asynchronous.",
    );
  });

  it("nothing to differentiate by", () => {
    const message =
      "gradcheck: there is nothing to differentiate by; give a tree with float tensors, or params(model).";
    expect(() => gradcheck(() => tensor(1), {})).toThrow(message);
    expect(() => gradcheck((a: Tensor) => a.cast("float32").sum(), tensor([1], { dtype: "int32" }))).toThrow(message);
  });

  it("a function that is not finite there", () => {
    expect(() => gradcheck((a: Tensor) => a.log().sum(), tensor([0, 2]))).toThrow(
      "gradcheck: the function is -Infinity there; it has derivatives only where its value is finite.",
    );
  });
});

import { describe, expect, it } from "vitest";
import { gradcheck, gradchecker } from "../../src/check/index.ts";
import { type Tensor, tensor } from "../../src/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import { dense, dropout, params, sequential, tanh } from "../../src/nn/index.ts";

describe("gradchecker", () => {
  it("says of every element what gradcheck says", () => {
    const model = sequential(dense(2, 3), tanh, dense(3, 1));
    const [x, y] = [
      tensor([
        [1, -1],
        [0.5, 2],
      ]),
      tensor([[1], [0]]),
    ];
    const loss = (): Tensor => meanSquaredError(model(x), y);
    const checker = gradchecker(loss, params(model));
    const all = gradcheck(loss, params(model), { samples: Number.POSITIVE_INFINITY });
    expect(all.entries).toHaveLength(13);
    expect(checker.value).toBeCloseTo(loss().itemSync(), 6);
    for (const entry of all.entries) {
      const one = checker.check(entry.name, entry.position);
      const { analytic, numeric, forward, verdict, index } = entry;
      expect(one.entries).toMatchObject([{ analytic, numeric, forward, verdict, index }]);
      expect(one.sweep(entry.name).best.error).toBe(all.sweep(entry.name, entry.position).best.error);
    }
  });

  it("stays at the point where it was made", () => {
    const model = dense(1, 1, { bias: false });
    model.weight.value = tensor([[3]]);
    const checker = gradchecker(() => model.weight.value.square().sum(), params(model));
    model.weight.value = tensor([[5]]);
    expect(checker.check("weight", [0, 0]).entries[0]).toMatchObject({ analytic: 6, verdict: "right" });
  });

  it("finds kinks, and keeps to a tolerance and a mode", () => {
    expect(gradchecker((t: Tensor) => t.relu().sum(), tensor([0])).check("x", [0]).entries[0]?.verdict).toBe("kink");
    const model = sequential(dense(1, 64, { bias: false }), dropout(0.5));
    const ones = tensor([[1]]);
    const checker = gradchecker(() => model(ones).sum(), params(model), { mode: "evaluation", tolerance: 1e-3 });
    const report = checker.check("0.weight", [0, 63]);
    expect(report.tolerance).toBe(1e-3);
    // In training, dropout would make of it 0 or 2.
    expect(report.entries[0]?.analytic).toBe(1);
  });

  it("refuses elements and options that there are not, and values without derivatives", () => {
    const checker = gradchecker((x: { a: Tensor; b: Tensor }) => x.a.sum().add(x.b.sum()), {
      a: tensor([[1, 2]]),
      b: tensor(3),
    });
    expect(checker.check("b", []).entries[0]?.analytic).toBe(1);
    expect(() => checker.check("c", [])).toThrow('check: there is no parameter "c"; there are a, b.');
    for (const [position, shown] of [
      [[0], "0"],
      [[0, 2], "0, 2"],
      [[-1, 0], "-1, 0"],
      [[0, 0.5], "0, 0.5"],
    ] as const) {
      expect(() => checker.check("a", position)).toThrow(`check: a[1, 2] has no element [${shown}].`);
    }
    const square = (x: Tensor): Tensor => x.square().sum();
    expect(() => gradchecker(square, tensor(1), { samples: 3 } as never)).toThrow(
      'gradchecker: unknown option "samples"; there are tolerance, mode.',
    );
    expect(() => gradchecker(square, tensor(1), { tolerance: 0 })).toThrow(
      "gradchecker: tolerance must be a finite number > 0; it is 0.",
    );
    expect(() => gradchecker(square, tensor(1), { mode: "test" as never })).toThrow(
      'gradchecker: mode must be one of "training", "evaluation"; it is "test".',
    );
    expect(() => gradchecker((x: Tensor) => x.log().sum(), tensor([-1]))).toThrow(
      "gradchecker: the function is NaN there; it has derivatives only where its value is finite.",
    );
  });
});

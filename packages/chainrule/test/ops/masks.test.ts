/** Branches masked by `where` never leak NaN into gradients. Expected values: by hand. */
import { describe, expect, it } from "vitest";
import { grad, hessian, hvp, onesLike, type Tensor, tensor, where } from "../../src/index.ts";
import { expectDerivatives, expectValue, type Function } from "./evaluate.ts";

describe("masked branches never leak NaN into gradients", () => {
  const close = { dtype: "float32", tolerance: 2e-6 } as const;

  // f, f′, f″ at −1, 0 and 2, with 0 where the mask is off; by hand.
  it.each<[string, Function, readonly [number[], number[], number[]]]>([
    [
      "log x",
      (x) => where(x.greater(0), x.log(), 0),
      [
        [0, 0, Math.log(2)],
        [0, 0, 0.5],
        [0, 0, -0.25],
      ],
    ],
    [
      "√x",
      (x) => where(x.greater(0), x.sqrt(), 0),
      [
        [0, 0, Math.SQRT2],
        [0, 0, 0.5 / Math.SQRT2],
        [0, 0, -0.25 / 2 ** 1.5],
      ],
    ],
    [
      "1/x",
      (x) => where(x.greater(0), x.reciprocal(), 0),
      [
        [0, 0, 0.5],
        [0, 0, -0.25],
        [0, 0, 0.25],
      ],
    ],
    [
      "1/x, −1 too",
      (x) => where(x.notEqual(0), tensor(1).div(x), 0),
      [
        [-1, 0, 0.5],
        [-1, 0, -0.25],
        [-2, 0, 0.25],
      ],
    ],
    [
      "x⁰·⁵",
      (x) => where(x.greater(0), x.pow(0.5), 0),
      [
        [0, 0, Math.SQRT2],
        [0, 0, 0.5 / Math.SQRT2],
        [0, 0, -0.25 / 2 ** 1.5],
      ],
    ],
    [
      "x⁻²",
      (x) => where(x.greater(0), x.pow(-2), 0),
      [
        [0, 0, 0.25],
        [0, 0, -0.25],
        [0, 0, 0.375],
      ],
    ],
    [
      "log1p(x)",
      (x) => where(x.greater(0), x.log1p(), 0),
      [
        [0, 0, Math.log(3)],
        [0, 0, 1 / 3],
        [0, 0, -1 / 9],
      ],
    ],
    [
      "exp(1000 − 500·x)",
      (x) => where(x.greater(0), tensor(1000).sub(x.mul(500)).exp(), 0),
      [
        [0, 0, 1],
        [0, 0, -500],
        [0, 0, 250_000],
      ],
    ],
    [
      "x log x",
      (x) => where(x.greater(0), x.mul(x.log()), 0),
      [
        [0, 0, 2 * Math.log(2)],
        [0, 0, Math.log(2) + 1],
        [0, 0, 0.5],
      ],
    ],
    [
      "log of √x",
      (x) => where(x.greater(0), x.sqrt().log(), 0),
      [
        [0, 0, 0.5 * Math.log(2)],
        [0, 0, 0.25],
        [0, 0, -0.125],
      ],
    ],
  ])("%s", (_, f, rows) => {
    expectDerivatives(f, [-1, 0, 2], rows, close);
  });

  it("x / y by both, y = 0 masked", () => {
    const [x, y] = [tensor([1, 0, 6]), tensor([0, 0, 3])];
    const ratio = (a: Tensor, b: Tensor): Tensor => where(b.notEqual(0), a.div(b), 0).sum();
    expectValue(() => grad(ratio)(x, y), [0, 0, 1 / 3], close);
    expectValue(() => grad(ratio, { argument: 1 })(x, y), [0, 0, -2 / 3], close);
    expectValue(() => hvp((b: Tensor) => ratio(x, b))(y, onesLike(y)), [0, 0, 4 / 9], close);
  });

  it("a norm at the origin", () => {
    const norm = (x: Tensor): Tensor => {
      const squared = x.square().sum();
      return where(squared.greater(0), squared.sqrt(), 0);
    };
    expectValue(() => grad(norm)(tensor([0, 0])), [0, 0], close);
    expectValue(() => grad(norm)(tensor([3, 4])), [0.6, 0.8], close);
    expectValue(
      () => hessian(norm)(tensor([0, 0])),
      [
        [0, 0],
        [0, 0],
      ],
      close,
    );
  });

  it("xʸ by y where x is negative", () => {
    const x = tensor([-1, 4]);
    const power = (y: Tensor): Tensor => where(x.greater(0), x.pow(y), 0).sum();
    const y = tensor([0.5, 0.5]);
    expectValue(() => grad(power)(y), [0, 2 * Math.log(4)], close);
    expectValue(() => hvp(power)(y, onesLike(y)), [0, 2 * Math.log(4) ** 2], close);
  });

  it("a value that is NaN itself stays NaN", () => {
    expect(grad((x: Tensor) => x.log().sum())(tensor([Number.NaN])).itemSync()).toBeNaN();
    expect(tensor([Number.NaN]).relu().itemSync()).toBeNaN();
  });
});

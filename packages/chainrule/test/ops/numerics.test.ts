/** What users rely on: stable functions with stable derivatives, and derivatives at kinks and ties. */
import { describe, it } from "vitest";
import { grad, hessian, jvp, type Tensor, tensor } from "../../src/index.ts";
import { expectDerivatives, expectValue } from "./evaluate.ts";

const dtypes = [
  { dtype: "float32", tolerance: 3e-7 },
  { dtype: "float64", tolerance: 1e-14 },
] as const;

describe.each(dtypes)("stable at ±1000, $dtype", (of) => {
  const at = [-1000, 0, 1000];

  // Values: hand calculation; e^−1000 is 0 in double precision.
  it("softplus", () => {
    expectDerivatives(
      (x) => x.softplus(),
      at,
      [
        [0, Math.LN2, 1000],
        [0, 0.5, 1],
        [0, 0.25, 0],
      ],
      of,
    );
  });

  it("log-sigmoid, −softplus(−x)", () => {
    expectDerivatives(
      (x) => x.neg().softplus().neg(),
      at,
      [
        [-1000, -Math.LN2, 0],
        [1, 0.5, 0],
        [0, -0.25, 0],
      ],
      of,
    );
  });

  it("sigmoid and tanh", () => {
    expectDerivatives(
      (x) => x.sigmoid(),
      at,
      [
        [0, 0.5, 1],
        [0, 0.25, 0],
        [0, 0, 0],
      ],
      of,
    );
    expectDerivatives(
      (x) => x.tanh(),
      at,
      [
        [-1, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
      ],
      of,
    );
  });

  it.each([-1000, 0, 1000])("softmax, logSoftmax and logSumExp around %i", (center) => {
    // Shifting all logits changes nothing but logSumExp, by the shift. p = softmax([0, log 3]) = [1/4, 3/4].
    const logits = tensor([center, center + Math.log(3)], { dtype: "float64" }).cast(of.dtype);
    // In float32, log 3 added to 1000 is itself rounded to 2⁻¹⁴.
    const close = { ...of, tolerance: of.dtype === "float32" ? 5e-5 : 1e-12 };
    const p = [0.25, 0.75];
    expectValue(() => logits.softmax(), p, close);
    expectValue(() => logits.logSoftmax(), p.map(Math.log), close);
    expectValue(() => logits.logSumExp(), center + Math.log(4), close);
    expectValue(() => grad((x: Tensor) => x.logSumExp())(logits), p, close);
    // ∂²/∂xᵢ∂xⱼ = pᵢ(δᵢⱼ − pⱼ)
    const curvature = [
      [3 / 16, -3 / 16],
      [-3 / 16, 3 / 16],
    ];
    expectValue(() => hessian((x: Tensor) => x.logSumExp())(logits), curvature, close);
    const loss = (x: Tensor): Tensor => x.logSoftmax().slice(0, 0, 1).sum().neg();
    expectValue(() => grad(loss)(logits), [-0.75, 0.75], close);
    expectValue(() => hessian(loss)(logits), curvature, close);
    expectValue(() => grad((x: Tensor) => x.softmax().slice(0, 0, 1).sum())(logits), [3 / 16, -3 / 16], close);
  });

  it("softmax, logSoftmax and logSumExp of logits 2000 apart", () => {
    const logits = tensor([1000, -1000], { dtype: of.dtype });
    expectValue(() => logits.softmax(), [1, 0], of);
    expectValue(() => logits.logSoftmax(), [0, -2000], of);
    expectValue(() => logits.logSumExp(), 1000, of);
    const loss = (x: Tensor): Tensor => x.logSoftmax().slice(0, 1, 2).sum().neg();
    expectValue(() => loss(logits), 2000, of);
    expectValue(() => grad(loss)(logits), [1, -1], of);
    expectValue(
      () => hessian(loss)(logits),
      [
        [0, 0],
        [0, 0],
      ],
      of,
    );
    expectValue(
      () => hessian((x: Tensor) => x.softmax().mul([1, 2]).sum())(logits),
      [
        [0, 0],
        [0, 0],
      ],
      of,
    );
  });

  it("logSumExp of infinities", () => {
    const infinite = (values: number[]) => tensor(values, { dtype: of.dtype });
    expectValue(() => infinite([-Infinity, -Infinity]).logSumExp(), -Infinity, of);
    expectValue(() => infinite([Infinity, 0]).logSumExp(), Infinity, of);
    expectValue(() => infinite([-Infinity, 3]).logSumExp(), 3, of);
    expectValue(() => grad((x: Tensor) => x.logSumExp())(infinite([-Infinity, 3])), [0, 1], of);
  });

  it("variance", () => {
    // Of m − 1/2, m, m + 1/2: 1/6. ∂/∂xᵢ = 2(xᵢ − m)/3, ∂²/∂xᵢ∂xⱼ = 2/3 · (δᵢⱼ − 1/3).
    for (const m of [1000, -1000, 100_000]) {
      const x = tensor([m - 0.5, m, m + 0.5], { dtype: of.dtype });
      expectValue(() => x.variance(), 1 / 6, of);
      expectValue(() => grad((v: Tensor) => v.variance())(x), [-1 / 3, 0, 1 / 3], of);
      const row = (i: number): number[] => [0, 1, 2].map((j) => (2 / 3) * ((i === j ? 1 : 0) - 1 / 3));
      expectValue(() => hessian((v: Tensor) => v.variance())(x), [row(0), row(1), row(2)], of);
    }
  });
});

describe("derivatives at kinks and ties", () => {
  const exact = { dtype: "float32", tolerance: 0 } as const;

  it("relu′(0) = 0 and |x|′(0) = 0, also at −0", () => {
    expectDerivatives(
      (x) => x.relu(),
      [-1, -0, 0, 2],
      [
        [0, 0, 0, 2],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
      ],
      exact,
    );
    expectDerivatives(
      (x) => x.abs(),
      [-1, -0, 0, 2],
      [
        [1, 0, 0, 2],
        [-1, 0, 0, 1],
        [0, 0, 0, 0],
      ],
      exact,
    );
  });

  it("ties in max and min share the gradient evenly", () => {
    const x = tensor([
      [3, 1, 3, 3],
      [2, 2, 5, 2],
    ]);
    const third = Math.fround(1 / 3);
    expectValue(
      () => grad((v: Tensor) => v.max(1).sum())(x),
      [
        [third, 0, third, third],
        [0, 0, 1, 0],
      ],
    );
    expectValue(
      () => grad((v: Tensor) => v.min(1).sum())(x),
      [
        [0, 1, 0, 0],
        [third, third, 0, third],
      ],
    );
    expectValue(
      () =>
        grad((v: Tensor) => v.max())(
          tensor([
            [7, 7],
            [0, 7],
          ]),
        ),
      [
        [third, third],
        [0, third],
      ],
    );
    expectValue(() => jvp((v: Tensor) => v.max(), [tensor([4, 4])], [tensor([1, 3])])[1], 2);
  });

  it("a tie in maximum or minimum gives each side half", () => {
    const [x, y] = [tensor([1, 2, 3]), tensor([2, 2, 2])];
    expectValue(() => grad((v: Tensor) => v.maximum(y).sum())(x), [0, 0.5, 1]);
    expectValue(() => grad((v: Tensor) => x.maximum(v).sum())(y), [1, 0.5, 0]);
    expectValue(() => grad((v: Tensor) => v.minimum(y).sum())(x), [1, 0.5, 0]);
    expectValue(() => grad((v: Tensor) => x.minimum(v).sum())(y), [0, 0.5, 1]);
    expectValue(() => grad((v: Tensor) => v.clip(1, 2).sum())(tensor([0, 1, 1.5, 2, 3])), [0, 0.5, 1, 0.5, 0]);
  });

  it("pow at 0: xⁿ has the derivatives of a polynomial", () => {
    expectDerivatives(
      (x) => x.pow(2),
      [0, -3],
      [
        [0, 9],
        [0, -6],
        [2, 2],
      ],
      exact,
    );
    expectDerivatives(
      (x) => x.pow(3),
      [0, -2],
      [
        [0, -8],
        [0, 12],
        [0, -12],
      ],
      exact,
    );
    expectDerivatives(
      (x) => x.pow(1),
      [0, -2],
      [
        [0, -2],
        [1, 1],
        [0, 0],
      ],
      exact,
    );
    expectDerivatives(
      (x) => x.pow(0),
      [0, -2],
      [
        [1, 1],
        [0, 0],
        [0, 0],
      ],
      exact,
    );
    // xʸ by y: log x · xʸ, and 0 at x = 0.
    expectValue(
      () => grad((y: Tensor) => tensor([0, 1, Math.E]).pow(y).sum())(tensor([2, 2, 2])),
      [0, 0, Math.E ** 2],
      { tolerance: 1e-6 },
    );
  });

  it("pow: the mixed second derivative, xʸ⁻¹ (1 + y log x), also at y = 0", () => {
    const byX = (x: number) => (y: Tensor) => grad((v: Tensor) => v.pow(y))(tensor(x));
    expectValue(() => grad(byX(2))(tensor(0)), 0.5);
    expectValue(() => grad(byX(2))(tensor(3)), 4 * (1 + 3 * Math.LN2), { tolerance: 1e-6 });
    expectValue(() => jvp(byX(2), [tensor(0)], [tensor(1)])[1], 0.5);
  });

  it("erf and the exponential vanish far out without NaN", () => {
    expectDerivatives(
      (x) => x.erf(),
      [-1e30, 1e30],
      [
        [-1, 1],
        [0, 0],
        [0, 0],
      ],
      exact,
    );
    expectDerivatives((x) => x.exp(), [-1000], [[0], [0], [0]], exact);
  });
});

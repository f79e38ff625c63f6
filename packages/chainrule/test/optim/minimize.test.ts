import { describe, expect, it } from "vitest";
import { random, where } from "../../src/index.ts";
import {
  gaussNewton,
  lbfgs,
  levenbergMarquardt,
  type Method,
  minimize,
  newton,
  truncatedNewton,
} from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

const doubles = (...numbers: number[]): Tensor => tensor(Float64Array.from(numbers));
const parts = (x: Tensor): Tensor[] => Array.from({ length: x.size }, (_, i) => x.slice(0, i, i + 1).reshape([]));

/**
 * Of J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing unconstrained optimization software", 1981: residuals, the
 * standard start, the minimum of Σr², and where it is, if it is one place.
 */
interface TestProblem {
  readonly name: string;
  readonly residuals: (x: Tensor) => Tensor[];
  readonly start: readonly number[];
  readonly sum: number;
  readonly at?: readonly number[];
}

const problems: readonly TestProblem[] = [
  {
    name: "Rosenbrock (1)",
    residuals(x) {
      const [a, b] = parts(x) as [Tensor, Tensor];
      return [b.sub(a.square()).mul(10), a.neg().add(1)];
    },
    start: [-1.2, 1],
    sum: 0,
    at: [1, 1],
  },
  {
    name: "Beale (5)",
    residuals(x) {
      const [a, b] = parts(x) as [Tensor, Tensor];
      return [1.5, 2.25, 2.625].map((y, i) =>
        a
          .mul(
            b
              .pow(i + 1)
              .neg()
              .add(1),
          )
          .neg()
          .add(y),
      );
    },
    start: [1, 1],
    sum: 0,
    at: [3, 0.5],
  },
  {
    name: "helical valley (7), in its half-plane x > 0",
    residuals(x) {
      const [a, b, c] = parts(x) as [Tensor, Tensor, Tensor];
      const radius = a.square().add(b.square()).sqrt();
      // sin θ = b/r in place of θ/2π, which has the same zero.
      return [c.sub(b.div(radius).mul(10)).mul(10), radius.sub(1).mul(10), c];
    },
    start: [0.5, 1, 0],
    sum: 0,
    at: [1, 0, 0],
  },
  {
    name: "Powell's singular function (13), whose Hessian is singular at the minimum",
    residuals(x) {
      const [a, b, c, d] = parts(x) as [Tensor, Tensor, Tensor, Tensor];
      return [
        a.add(b.mul(10)),
        c.sub(d).mul(Math.sqrt(5)),
        b.sub(c.mul(2)).square(),
        a.sub(d).square().mul(Math.sqrt(10)),
      ];
    },
    start: [3, -1, 0, 1],
    sum: 0,
  },
  {
    name: "Wood (14)",
    residuals(x) {
      const [a, b, c, d] = parts(x) as [Tensor, Tensor, Tensor, Tensor];
      return [
        b.sub(a.square()).mul(10),
        a.neg().add(1),
        d.sub(c.square()).mul(Math.sqrt(90)),
        c.neg().add(1),
        b.add(d).sub(2).mul(Math.sqrt(10)),
        b.sub(d).mul(Math.sqrt(0.1)),
      ];
    },
    start: [-3, -1, -3, -1],
    sum: 0,
    at: [1, 1, 1, 1],
  },
  {
    name: "Jennrich and Sampson (6), with a large residual",
    residuals(x) {
      const [a, b] = parts(x) as [Tensor, Tensor];
      return Array.from({ length: 10 }, (_, i) =>
        a
          .mul(i + 1)
          .exp()
          .add(b.mul(i + 1).exp())
          .neg()
          .add(2 + 2 * (i + 1)),
      );
    },
    start: [0.3, 0.4],
    sum: 124.362,
    at: [0.2578, 0.2578],
  },
];

const half = (residuals: readonly Tensor[]): Tensor =>
  residuals
    .map((r) => r.square())
    .reduce((sum, square) => sum.add(square))
    .div(2);

describe("minimize finds the published minima", () => {
  const methods: readonly (readonly [Method, number])[] = [
    [lbfgs(), 200],
    [newton(), 100],
    [truncatedNewton(), 100],
    [levenbergMarquardt(), 200],
  ];
  for (const { name, residuals, start, sum, at } of problems) {
    it.each(methods)(`${name}, by $name`, async (method, iterations) => {
      const f = method.of === "value" ? (x: Tensor) => half(residuals(x)) : (x: Tensor) => residuals(x);
      const found = await minimize(f as (x: Tensor) => Tensor, doubles(...start), { method, iterations });
      expect([found.reason, found.converged]).toEqual([expect.any(String), true]);
      expect(2 * found.value).toBeCloseTo(sum, 3);
      // Printed with four digits there.
      at?.forEach((value, i) => {
        expect(Math.abs((found.parameters.dataSync()[i] as number) - value)).toBeLessThan(sum === 0 ? 1e-6 : 5e-5);
      });
    });
  }
});

describe("minimize and bad scales", () => {
  it("Newton's method solves Powell's badly scaled function (3): 0, where x = 1.098·10⁻⁵, y = 9.106", async () => {
    const f = (x: Tensor) => {
      const [a, b] = parts(x) as [Tensor, Tensor];
      return half([a.mul(b).mul(1e4).sub(1), a.neg().exp().add(b.neg().exp()).sub(1.0001)]);
    };
    const { parameters, converged } = await minimize(f, doubles(0, 1), { method: newton(), gradientTolerance: 1e-12 });
    expect(converged).toBe(true);
    expect(parameters.dataSync()[0]).toBeCloseTo(1.098e-5, 8);
    expect(parameters.dataSync()[1]).toBeCloseTo(9.106, 3);
  });

  /** Meyer (10), whose parameters are of sizes 10⁻³ to 10³, and whose gradient is never small: 87.9458. */
  const meyer = (x: Tensor) => {
    const [a, b, c] = parts(x) as [Tensor, Tensor, Tensor];
    return [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872].map(
      (y, i) =>
        b
          .div(c.add(45 + 5 * (i + 1)))
          .exp()
          .mul(a)
          .sub(y),
    );
  };

  it.each([levenbergMarquardt(), newton()])("Meyer's function (10): $name", async (method) => {
    const f = method.of === "value" ? (x: Tensor) => half(meyer(x)) : meyer;
    const found = await minimize(f as (x: Tensor) => Tensor, doubles(0.02, 4000, 250), { method });
    expect(found.converged).toBe(true);
    expect(2 * found.value).toBeCloseTo(87.9458, 3);
    if (method.of === "value") expect(found.reason).toBe("the value cannot become less by more than rounding");
  });

  it("the Gauss–Newton method fails on Freudenstein and Roth (2), as it is known to, and says so", async () => {
    const residuals = (x: Tensor) => {
      const [a, b] = parts(x) as [Tensor, Tensor];
      const [p, q] = [b.neg().add(5).mul(b).sub(2).mul(b), b.add(1).mul(b).sub(14).mul(b)];
      return [p.add(a).sub(13), q.add(a).sub(29)];
    };
    const failed = await minimize(residuals, doubles(0.5, -2), { method: gaussNewton() });
    expect(failed.converged).toBe(false);
    const found = await minimize(residuals, doubles(0.5, -2), { method: levenbergMarquardt() });
    expect([2 * found.value, found.converged]).toEqual([expect.closeTo(48.9842, 3), true]);
  });
});

/** x⁴/4 − x²/2 + y²/2: minima −¼ at (±1, 0), a saddle point at (0, 0), where ∇f = 0. */
const saddle = ({ x, y }: { x: Tensor; y: Tensor }): Tensor =>
  x.square().square().div(4).sub(x.square().div(2)).add(y.square().div(2));
const at = (x: number, y: number) => ({ x: tensor(x, { dtype: "float64" }), y: tensor(y, { dtype: "float64" }) });

describe("minimize in difficult places", () => {
  it.each([newton(), truncatedNewton()])("leaves a saddle point along negative curvature: $name", async (method) => {
    const { value, parameters, converged } = await minimize(saddle, at(0, 0), { method });
    expect([value, converged]).toEqual([-0.25, true]);
    expect(Math.abs(parameters.x.itemSync())).toBeCloseTo(1, 7);
    expect(parameters.y.itemSync()).toBeCloseTo(0, 7);
  });

  it.each([newton(), truncatedNewton()])("leaves a maximum: cos at 0, by $name", async (method) => {
    const { value, converged } = await minimize((x: Tensor) => x.cos(), doubles(0).reshape([]), { method });
    expect([value, converged]).toEqual([-1, true]);
  });

  it.each([newton(), truncatedNewton(), lbfgs()])(
    "goes down where Newton's own step leads up, for the Hessian is indefinite: $name",
    async (method) => {
      const { value, converged } = await minimize(saddle, at(0.1, 1), { method });
      expect(value).toBeCloseTo(-0.25, 10);
      expect(converged).toBe(true);
    },
  );

  it("by gradients alone stays where the gradient is 0", async () => {
    const { parameters, iterations, converged } = await minimize(saddle, at(0, 0), { method: lbfgs() });
    expect([parameters.x.itemSync(), iterations, converged]).toEqual([0, 0, true]);
  });

  it.each([newton(), truncatedNewton(), lbfgs()])(
    "minimizes where the Hessian is singular everywhere: $name",
    async (method) => {
      const f = (x: Tensor) => x.sum().sub(3).square();
      const { parameters, converged } = await minimize(f, doubles(5, -1, 0), { method });
      expect(parameters.sum().itemSync()).toBeCloseTo(3, 7);
      expect(converged).toBe(true);
    },
  );

  it.each([newton(), truncatedNewton(), lbfgs()])("says that a function has no lower bound: $name", async (method) => {
    for (const f of [(x: Tensor) => x.sum(), (x: Tensor) => x.square().sum().neg().add(x.sum())]) {
      const { converged, reason } = await minimize(f, doubles(1, 2), { method });
      expect(converged).toBe(false);
      expect(reason).toMatch(/^the function seems to be unbounded below: it is -\d.* and falling .* away$/);
    }
  });

  it.each([newton(), truncatedNewton(), lbfgs()])("avoids places where the function is NaN: $name", async (method) => {
    // x − log x, which is NaN for x < 0; from 20 Newton's step leads to −360.
    const found = await minimize((x: Tensor) => x.sub(x.log()).sum(), doubles(20), { method });
    expect(found.converged).toBe(true);
    expect(found.parameters.itemSync()).toBeCloseTo(1, 6);
  });

  it("says when all it meets is NaN", async () => {
    const started = await minimize((x: Tensor) => x.log().sum(), doubles(-1), { method: lbfgs() });
    expect(started).toMatchObject({ converged: false, iterations: 0, reason: "the value at the start is NaN" });
    const gradient = await minimize((x: Tensor) => x.sqrt().sum(), doubles(0), { method: lbfgs() });
    expect(gradient).toMatchObject({ converged: false, reason: "the gradient at the start is not finite" });
    // √x falls towards 0, where its derivative is infinite, and beyond is NaN: no step meets the second condition.
    const near = await minimize((x: Tensor) => x.sqrt().sum(), doubles(1), { method: lbfgs() });
    expect(near.converged).toBe(false);
    expect(near.reason).toBe(
      "the value or the gradient is NaN or infinite near this place, and no step was found that avoids that",
    );
    const squares = await minimize((x: Tensor) => x.log().sub(1), doubles(-1), { method: levenbergMarquardt() });
    expect(squares).toMatchObject({ converged: false, reason: "the value at the start is NaN" });
  });

  it("says when the second derivative is not finite", async () => {
    // At 0 x^1.5 + x has the derivative 1 and an infinite second one.
    for (const method of [newton(), truncatedNewton()]) {
      const found = await minimize((x: Tensor) => x.pow(1.5).add(x).sum(), doubles(0), { method });
      expect(found).toMatchObject({ converged: false, reason: "the Hessian is NaN or infinite" });
    }
  });

  it("says when no step helps: here the derivative of x² is made to be −2x", async () => {
    const wrong = (x: Tensor) => x.stopGradient().square().mul(2).sub(x.square()).sum();
    for (const method of [lbfgs(), newton(), truncatedNewton()]) {
      const found = await minimize(wrong, doubles(1), { method });
      expect(found).toMatchObject({
        converged: false,
        value: 1,
        reason: "no step along the direction found reduces the value",
      });
    }
    const tiny = await minimize((x: Tensor) => x.mul(1e-200).sum(), doubles(1), {
      method: lbfgs(),
      gradientTolerance: 0,
    });
    expect(tiny).toMatchObject({ converged: false, reason: "the direction found does not lead down" });
  });

  it("says when residuals or their derivatives are not finite where the search leads", async () => {
    // NaN for all x below 1, where the search begins.
    const cliff = (x: Tensor) => where(x.less(1), Number.NaN, x);
    const squares = await minimize(cliff, doubles(1), { method: levenbergMarquardt() });
    expect(squares).toMatchObject({
      converged: false,
      reason: "the residuals are NaN or infinite near this place, and no step was found that avoids that",
    });
    const value = await minimize((x: Tensor) => cliff(x).sum(), doubles(1), { method: truncatedNewton() });
    expect(value).toMatchObject({
      converged: false,
      value: 1,
      reason: "the value or the gradient is NaN or infinite near this place, and no step was found that avoids that",
    });
    // The first step leads to 0, where the derivative of √x is infinite.
    const steep = (x: Tensor) => [x, x.sqrt().mul(1e-30)];
    const found = await minimize(steep, doubles(1), { method: levenbergMarquardt() });
    expect(found).toMatchObject({
      converged: false,
      value: 0.5,
      reason: "the derivative of the residuals is NaN or infinite at the next place",
    });
  });

  it("avoids NaN in residuals too", async () => {
    const found = await minimize((x: Tensor) => x.log().sub(1), doubles(20), { method: levenbergMarquardt() });
    expect(found.converged).toBe(true);
    expect(found.parameters.itemSync()).toBeCloseTo(Math.E, 8);
  });

  it("ends after the most iterations, or when it is told", async () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }) => b.sub(a.square()).square().mul(100).add(a.sub(1).square());
    const start = { a: tensor(-1.2), b: tensor(1) };
    const few = await minimize(f, start, { method: lbfgs(), iterations: 3 });
    expect(few).toMatchObject({ converged: false, iterations: 3, reason: "the most iterations, 3, were done" });
    const seen: number[] = [];
    const told = await minimize(f, start, {
      method: newton(),
      onIteration: ({ iteration, value }) => {
        seen.push(value);
        return iteration === 4;
      },
    });
    expect(told).toMatchObject({ converged: false, iterations: 4, reason: "onIteration asked for the end" });
    expect(seen.length).toBe(4);
    expect([...seen].sort((p, q) => q - p)).toEqual(seen);
    expect(told.value).toBe(seen[3]);
  });
});

describe("minimize and trees", () => {
  it("takes trees of any form, leaves the start alone and gives the same form", async () => {
    const start = { layers: [{ w: tensor([[1, 2]]), b: tensor(0) }], k: 5 };
    const f = ({ layers: [layer], k }: { layers: { w: Tensor; b: Tensor }[]; k: Tensor }) => {
      const { w, b } = layer as { w: Tensor; b: Tensor };
      return w.sub(3).square().sum().add(b.add(1).square()).add(k.sub(2).square());
    };
    const { parameters } = await minimize(f as never, start, { method: lbfgs() });
    const { layers, k } = parameters as { layers: [{ w: Tensor; b: Tensor }]; k: Tensor };
    expect(layers[0].w.shape).toEqual([1, 2]);
    for (const [found, wanted] of [...layers[0].w.dataSync()].map((w) => [w, 3]))
      expect(found).toBeCloseTo(wanted as number, 4);
    expect(layers[0].b.itemSync()).toBeCloseTo(-1, 4);
    expect([k.dtype, k.shape]).toEqual(["float32", []]);
    expect(k.itemSync()).toBeCloseTo(2, 4);
    expect(start.layers[0]?.w.arraySync()).toEqual([[1, 2]]);
  });

  it("computes in double precision where asked, also what is captured", async () => {
    const f = (x: Tensor) =>
      x
        .sub(tensor([0.5, 0.25]))
        .square()
        .sum()
        .mul(1 + 1e-12)
        .add(1e-3);
    const single = await minimize(f, tensor([0, 0]), { method: lbfgs() });
    expect(single.parameters.dtype).toBe("float32");
    const double = await minimize(f, tensor([0, 0]), { method: lbfgs(), dtype: "float64" });
    expect(double.parameters.dtype).toBe("float64");
    expect(double.value).toBe(1e-3);
  });

  it("freezes random numbers, and sums up in L-BFGS what 500 parameters need", async () => {
    const key = random.key(1);
    const scales = random.uniform(key, [500]).mul(10).add(1);
    const f = (x: Tensor) => x.sub(1).square().mul(scales).sum();
    const found = await minimize(f, tensor(new Float32Array(500)), { method: lbfgs(), iterations: 60 });
    expect(found.converged).toBe(true);
    expect(found.parameters.sub(1).abs().max().itemSync()).toBeLessThan(1e-3);
  });

  it("doubles the number of right digits in each step of Newton's method", async () => {
    const errors: number[] = [];
    // eˣ − 2x, by hand: x ← x − (eˣ − 2)/eˣ, with error e²/2.
    let x = 1.5;
    await minimize((t: Tensor) => t.exp().sub(t.mul(2)).sum(), doubles(1.5), {
      method: newton(),
      gradientTolerance: 1e-13,
      onIteration({ value }) {
        x -= 1 - 2 * Math.exp(-x);
        errors.push(Math.abs(value - (Math.exp(x) - 2 * x)));
      },
    });
    expect(errors.length).toBeLessThan(7);
    expect(Math.max(...errors)).toBeLessThan(1e-14);
  });
});

describe("minimize refuses what cannot be right", () => {
  const f = (x: Tensor) => x.square().sum();
  const start = tensor([1, 2]);
  const failing = (...args: unknown[]): Promise<unknown> =>
    (minimize as (...a: unknown[]) => Promise<unknown>)(...args);

  it("names it", async () => {
    await expect(failing(f, start)).rejects.toThrow(
      "minimize: method must be one such as lbfgs() or newton(); it is undefined.",
    );
    await expect(failing(f, start, { method: lbfgs })).rejects.toThrow(
      "minimize: method must be one such as lbfgs() or newton(); it is the function lbfgs.",
    );
    await expect(failing(f, start, { method: lbfgs(), steps: 3 })).rejects.toThrow(
      'minimize: unknown option "steps"; there are method, iterations, gradientTolerance, dtype, onIteration.',
    );
    await expect(failing(f, start, { method: lbfgs(), iterations: 0 })).rejects.toThrow(
      "minimize: iterations must be an integer ≥ 1; it is 0.",
    );
    await expect(failing(f, start, { method: lbfgs(), gradientTolerance: -1 })).rejects.toThrow(
      "minimize: gradientTolerance must be a finite number ≥ 0; it is -1.",
    );
    await expect(failing(f, start, { method: lbfgs(), dtype: "float32" })).rejects.toThrow(
      'minimize: dtype must be one of "float64"; it is "float32".',
    );
    await expect(failing(f, start, { method: lbfgs(), onIteration: 1 })).rejects.toThrow(
      "minimize: onIteration must be a function; it is 1.",
    );
    await expect(failing(f, tensor([1], { dtype: "int32" }), { method: lbfgs() })).rejects.toThrow(
      "minimize: the start must hold floats, and start is int32.",
    );
    await expect(failing(f, {}, { method: lbfgs() })).rejects.toThrow(
      "minimize: the start holds no tensors, so there is nothing to choose.",
    );
    await expect(failing(async (x: Tensor) => f(x), start, { method: lbfgs() })).rejects.toThrow(
      "minimize: the function is asynchronous.",
    );
  });

  it("says which method wants one number, and which residuals", async () => {
    await expect(failing((x: Tensor) => x.square(), start, { method: newton() })).rejects.toThrow(
      "minimize: the function returns float32[2]; it must return one float scalar for this method; reduce it, for example with .square().mean(), or use levenbergMarquardt().",
    );
    await expect(failing(f, start, { method: gaussNewton() })).rejects.toThrow(
      "minimize: the function returns float32[]; it must return the residuals for this method, a tensor or a tree of tensors of which half the sum of squares is to be small.",
    );
    await expect(failing(() => undefined, start, { method: lbfgs() })).rejects.toThrow(
      "minimize: the function returns undefined; it must return one float scalar",
    );
    await expect(failing((x: Tensor) => [x, x], start, { method: lbfgs() })).rejects.toThrow(
      "minimize: the function returns a tree of 2 tensors; it must return one float scalar",
    );
  });

  it("checks the settings of methods", () => {
    expect(() => lbfgs({ memory: 0 })).toThrow("lbfgs: memory must be an integer ≥ 1; it is 0.");
    expect(() => truncatedNewton({ products: 0 })).toThrow(
      "truncatedNewton: products must be an integer ≥ 1; it is 0.",
    );
    expect(() => newton({ damping: 1 } as never)).toThrow('newton: unknown option "damping"; it takes none.');
    expect(() => gaussNewton({ damping: 1 } as never)).toThrow('gaussNewton: unknown option "damping"; it takes none.');
    expect(() => levenbergMarquardt({ firstRadius: 0 })).toThrow(
      "levenbergMarquardt: firstRadius must be a finite number > 0; it is 0.",
    );
    expect(levenbergMarquardt().config).toEqual({ firstRadius: 100, stepTolerance: 1e-14 });
  });
});

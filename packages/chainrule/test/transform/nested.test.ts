/** Transforms of transforms, against derivatives by hand. */
import { describe, expect, it } from "vitest";
import {
  compile,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  scan,
  setTarget,
  type Tensor,
  tensor,
  vjp,
  vmap,
} from "../../src/index.ts";
import { expectClose } from "./close.ts";

setTarget("js");
const float64 = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "float64" });

// f(x) = Σ x⁴: ∇f = 4x³, ∇²f = diag 12x², third derivatives 24x, fourth 24.
const f = (x: Tensor): Tensor => x.square().square().sum();
const x = float64([1, -2, 0.5]);
const ones = float64([1, 1, 1]);
const sumOf =
  (g: (x: Tensor) => Tensor) =>
  (t: Tensor): Tensor =>
    g(t).sum();
const along =
  (g: (x: Tensor) => Tensor, v: Tensor) =>
  (t: Tensor): Tensor =>
    jvp(g, [t], [v])[1];

describe("orders of differentiation", () => {
  const first = grad(f);
  const second = grad(sumOf(first));
  const third = grad(sumOf(second));
  const fourth = grad(sumOf(third));

  it.each([
    ["grad", first, [4, -32, 0.5]],
    ["grad of grad", second, [12, 48, 3]],
    ["grad of grad of grad", third, [24, -48, 12]],
    ["fourth order", fourth, [24, 24, 24]],
    ["fifth order", grad(sumOf(fourth)), [0, 0, 0]],
    ["jvp of grad", along(first, ones), [12, 48, 3]],
    ["jvp of jvp of grad", along(along(first, ones), ones), [24, -48, 12]],
    ["grad of jvp", grad(along(f, ones)), [12, 48, 3]],
    ["grad of jvp of grad", grad(sumOf(along(first, ones))), [24, -48, 12]],
    ["jvp of grad of jvp", along(grad(along(f, ones)), ones), [24, -48, 12]],
    ["vjp of grad", (t: Tensor) => vjp(first, t)[1](ones)[0] as Tensor, [12, 48, 3]],
    ["hvp", (t: Tensor) => hvp(f)(t, ones), [12, 48, 3]],
    ["grad of hvp", grad(sumOf((t: Tensor) => hvp(f)(t, ones))), [24, -48, 12]],
  ])("%s", (_, g, expected) => {
    expectClose(g(x), float64(expected), 1e-14);
    expectClose(compile(g)(x), float64(expected), 1e-14);
  });
});

describe("with vmap", () => {
  const batch = float64([
    [1, 2, 3],
    [-1, 0.5, 0],
  ]);

  it("vmap of grad: gradients example by example", () => {
    expectClose(vmap(grad(f))(batch), batch.mul(batch).mul(batch).mul(4), 1e-14);
  });

  it("grad of vmap: gradient of a batch", () => {
    expectClose(grad((b: Tensor) => vmap(f)(b).sum())(batch), batch.mul(batch).mul(batch).mul(4), 1e-14);
  });

  it("vmap of vmap, with the axes the other way round", () => {
    const table = vmap((a: Tensor) => vmap((b: Tensor) => a.mul(b))(float64([1, 10])))(float64([1, 2, 3]));
    expect(table.arraySync()).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
  });

  it("vmap of grad of vmap of grad", () => {
    // Σⱼ (4xⱼ³)² over a batch of one coordinate each: gradient 2·4x³·12x² = 96x⁵.
    const g = (v: Tensor): Tensor =>
      vmap(grad((s: Tensor) => s.square().square()))(v)
        .square()
        .sum();
    expectClose(vmap(grad(g))(batch), batch.pow(float64(5)).mul(96), 1e-12);
  });

  it("the Hessian by vmap of hvp, forward over reverse, and reverse over reverse are one", () => {
    const g = (t: Tensor): Tensor => t.sin().sum().mul(t.square().sum());
    const directions = float64([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const byProducts = vmap((v: Tensor) => hvp(g)(x, v))(directions);
    expectClose(hessian(g)(x), byProducts, 1e-13);
    expectClose(jacobian(grad(g), { mode: "reverse" })(x), byProducts, 1e-13);
    // ∂²/∂xᵢ∂xⱼ of S·Q, S = Σ sin xₖ, Q = Σ xₖ²: cos xᵢ·2xⱼ + cos xⱼ·2xᵢ + [i = j](2S − Q sin xᵢ)
    const n = [1, -2, 0.5];
    const [s, q] = [n.reduce((a, t) => a + Math.sin(t), 0), n.reduce((a, t) => a + t * t, 0)];
    const expected = n.map((a, i) =>
      n.map((b, j) => 2 * b * Math.cos(a) + 2 * a * Math.cos(b) + (i === j ? 2 * s - q * Math.sin(a) : 0)),
    );
    expectClose(byProducts, float64(expected), 1e-13);
  });

  it("per-example gradients of a model with shared weights", () => {
    const loss = (w: Tensor, example: Tensor): Tensor => example.mul(w).sum().tanh();
    const w = float64([0.1, -0.2, 0.3]);
    const perExample = vmap(grad(loss), { axes: [null, 0] })(w, batch);
    const mean = grad((v: Tensor) => vmap(loss, { axes: [null, 0] })(v, batch).mean())(w);
    expectClose(perExample.mean(0), mean, 1e-15);
  });
});

describe("closures over values of an outer transform", () => {
  it("are differentiated by the outer one", () => {
    // inner: ∂/∂y (x·y²) = 2xy at y = x gives 2x², whose derivative by x through both is 4x.
    const g = (t: Tensor): Tensor => grad((y: Tensor) => t.mul(y).mul(y))(t);
    expect(grad(g)(float64(3)).itemSync()).toBe(12);
  });

  it("are not confused with the inner one (perturbation confusion)", () => {
    // J. M. Siskind and B. A. Pearlmutter, "Perturbation confusion and referential transparency", 2005:
    // d/dx (x · d/dy (x + y) at y = 1) at x = 1 is 1, and 2 if the two derivatives are mixed up.
    const one = float64(1);
    const byGrad = grad((t: Tensor) => t.mul(grad((y: Tensor) => t.add(y))(one)))(one);
    const byJvp = jvp((t: Tensor) => t.mul(jvp((y: Tensor) => t.add(y), [one], [one])[1]), [one], [one])[1];
    expect([byGrad.itemSync(), byJvp.itemSync()]).toEqual([1, 1]);
  });

  it("work through vmap and jvp", () => {
    const g = (t: Tensor): Tensor =>
      vmap((row: Tensor) => row.mul(t).sum())(
        float64([
          [1, 2],
          [3, 4],
        ]),
      )
        .square()
        .sum();
    // (t₁ + 2t₂)² + (3t₁ + 4t₂)² at (1, 1): ∂₁ = 2·3 + 6·7, ∂₂ = 4·3 + 8·7
    expect(grad(g)(float64([1, 1])).arraySync()).toEqual([48, 68]);
    expect(jvp(g, [float64([1, 1])], [float64([1, 0])])[1].itemSync()).toBe(48);
  });
});

describe("unusual functions", () => {
  it("the identity, a result given twice, and results from outside", () => {
    expect(grad((t: Tensor) => t)(float64(3)).itemSync()).toBe(1);
    const [y, pull] = vjp((t: Tensor) => [t, t, x] as const, x);
    expect(y.map((t) => t.arraySync())).toEqual([x, x, x].map((t) => t.arraySync()));
    expect(pull([ones, ones.mul(2), ones.mul(100)])[0]?.arraySync()).toEqual([3, 3, 3]);
    expect(jvp((t: Tensor) => [t, x], [x], [ones])[1].map((t) => (t as Tensor).arraySync())).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
    expect(jacobian((t: Tensor) => t)(float64([5, 6])).arraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it("one tensor as two arguments, and as argument and constant at once", () => {
    const product = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum();
    expect(vjp(product, x, x)[1](float64(1)).map((t) => (t as Tensor).arraySync())).toEqual([
      x.arraySync(),
      x.arraySync(),
    ]);
    expectClose(grad((t: Tensor) => product(t, x))(x), x, 0);
  });

  it("a compiled function inside of a transform, and a transform of one", () => {
    const compiled = compile(f);
    expectClose(grad(compiled)(x), grad(f)(x), 0);
    expectClose(grad((t: Tensor) => compiled(t.mul(2)))(x), grad(f)(x.mul(2)).mul(2), 0);
    expectClose(vmap(compile(grad(compiled)))(x.expandDims(0)), grad(f)(x).expandDims(0), 0);
  });

  it("a function of no tensors in its result", () => {
    expect(vjp((t: Tensor) => ({ nothing: null, name: "a", t }), x)[0].name).toBe("a");
  });

  it("gradient descent inside of a scan, differentiated by its learning rate", () => {
    // w ← w − αw, n times from w₀ for the loss w²/2: w = w₀(1 − α)ⁿ, and dL/dα = −n w₀² (1 − α)²ⁿ⁻¹.
    const loss = (w: Tensor): Tensor => w.square().mul(0.5);
    const trained = (rate: Tensor): Tensor =>
      loss(scan((w: Tensor) => [w.sub(grad(loss)(w).mul(rate)), null], float64(3), null, { length: 4 })[0]);
    const expected = -4 * 9 * 0.9 ** 7;
    expect(grad(trained)(float64(0.1)).itemSync()).toBeCloseTo(expected, 13);
    expect(compile(grad(trained))(float64(0.1)).itemSync()).toBeCloseTo(expected, 13);
    expect(jvp(trained, [float64(0.1)], [float64(1)])[1].itemSync()).toBeCloseTo(expected, 13);
    // d²L/dα² = n(2n − 1) w₀² (1 − α)²ⁿ⁻²
    expect(grad(grad(trained))(float64(0.1)).itemSync()).toBeCloseTo(28 * 9 * 0.9 ** 6, 12);
  });

  it("a long chain: ten thousand operations, without deep recursion", () => {
    const chain = (t: Tensor): Tensor => {
      let y = t;
      for (let i = 0; i < 10_000; i++) y = i % 2 === 0 ? y.mul(2) : y.mul(0.5);
      return y;
    };
    expect(compile((t: Tensor) => grad(chain)(t)).program(float64(1)).traced.nodes.length).toBeGreaterThan(10_000);
    expect(grad(chain)(float64(1)).itemSync()).toBe(1);
  });
});

describe("the eager path in float64", () => {
  it("keeps all digits from input to third derivative", () => {
    const third = grad(sumOf(grad(sumOf(grad((t: Tensor) => t.sin().exp().sum())))));
    // (e^sin)‴ = e^sin (cos³ − 3 sin cos − cos)
    const at = 0.3;
    const [s, c] = [Math.sin(at), Math.cos(at)];
    const result = third(float64([at]));
    expect(result.dtype).toBe("float64");
    expect(
      Math.abs(((result.arraySync() as number[])[0] as number) - Math.exp(s) * (c ** 3 - 3 * s * c - c)),
    ).toBeLessThan(1e-15);
  });

  it("is float64 through reductions, products, indexing, selection and constants", () => {
    const g = (w: Tensor): Tensor =>
      w.matmul(w.transpose()).softmax().logSumExp(0).variance().add(w.max().mul(0.1)).add(w.sort(0).mean());
    const w = float64([
      [0.1, 0.7],
      [0.3, -0.2],
    ]);
    const step = 1e-4;
    const gradient = grad(g)(w);
    expect(gradient.dtype).toBe("float64");
    const numeric = [0, 1, 2, 3].map((i) => {
      const shifted = (h: number): number =>
        g(w.add(float64([0, 1, 2, 3].map((j) => (i === j ? h : 0))).reshape([2, 2]))).itemSync();
      return (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) / (12 * step);
    });
    expectClose(gradient, float64(numeric).reshape([2, 2]), 1e-11);
  });
});

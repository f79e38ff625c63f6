import { describe, expect, expectTypeOf, it } from "vitest";
import { compile, grad, hessian, hvp, jacobian, jvp, type Tensor, tensor } from "../../src/index.ts";
import { expectClose } from "./close.ts";

const x = tensor([1, 2, 3]);

describe("jvp", () => {
  it("gives value and directional derivative", () => {
    const [y, dy] = jvp(
      (a: Tensor, b: Tensor) => a.mul(b),
      [x, tensor([4, 5, 6])],
      [tensor([1, 0, 0]), tensor([0, 1, 0])],
    );
    expect(y.arraySync()).toEqual([4, 10, 18]);
    expect(dy.arraySync()).toEqual([4, 2, 0]);
  });

  it("keeps the structure of the result; integers in it have tangent 0", () => {
    const [y, dy] = jvp((a: Tensor) => ({ value: a.square(), best: a.argmax(), constant: 7 }), [x], [x]);
    expect(y.best.itemSync()).toBe(2);
    expect(dy.value.arraySync()).toEqual([2, 8, 18]);
    expect([dy.best.dtype, dy.best.itemSync()]).toEqual(["int32", 0]);
    expect(dy.constant.itemSync()).toBe(0);
  });

  it("ignores the tangent of an integer argument", () => {
    const k = tensor([2, 0], { dtype: "int32" });
    expect(jvp((a: Tensor, i: Tensor) => a.gather(i), [x, k], [x, k])[1].arraySync()).toEqual([3, 1]);
  });
});

describe("hvp", () => {
  it("works on trees", () => {
    const f = (p: { a: Tensor; b: Tensor }): Tensor => p.a.square().mul(p.b).sum();
    const p = { a: tensor([1, 2]), b: tensor([3, 4]) };
    const product = hvp(f)(p, { b: tensor([0, 1]), a: tensor([1, 0]) });
    expectTypeOf(product).toEqualTypeOf<{ a: Tensor; b: Tensor }>();
    // ∂²/∂a² = 2b, ∂²/∂a∂b = 2a: (2b·ȧ + 2a·ḃ, 2a·ȧ)
    expect(product.a.arraySync()).toEqual([6, 4]);
    expect(product.b.arraySync()).toEqual([2, 0]);
  });
});

describe("jacobian", () => {
  // f(x) = (x₁x₂, x₂ + x₃²)
  const f = (v: Tensor): Tensor => {
    const [a, b, c] = [0, 1, 2].map((i) => v.slice(0, i, i + 1)) as [Tensor, Tensor, Tensor];
    return a
      .mul(b)
      .add(tensor([0]))
      .mul(tensor([1, 0]))
      .add(b.add(c.square()).mul(tensor([0, 1])));
  };
  const expected = [
    [2, 1, 0],
    [0, 1, 6],
  ];

  it.each(["forward", "reverse", "auto"] as const)("in mode %s", (mode) => {
    expect(jacobian(f, { mode })(x).arraySync()).toEqual(expected);
    expect(compile(jacobian(f, { mode }))(x).arraySync()).toEqual(expected);
  });

  it.each(["forward", "reverse"] as const)("of matrices has shape [...S, ...T], mode %s", (mode) => {
    const w = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    // (∂/∂wₖₗ) (wᵀ)ᵢⱼ = [i = l][j = k]
    const d = jacobian((m: Tensor) => m.transpose(), { mode })(w);
    expect(d.shape).toEqual([3, 2, 2, 3]);
    const one = (i: number, j: number, k: number, l: number): number => (i === l && j === k ? 1 : 0);
    const index = (n: number): number[] => [...Array(n).keys()];
    expect(d.arraySync()).toEqual(
      index(3).map((i) => index(2).map((j) => index(2).map((k) => index(3).map((l) => one(i, j, k, l))))),
    );
  });

  it.each(["forward", "reverse"] as const)("of trees is a tree of trees, mode %s", (mode) => {
    const g = (p: { a: Tensor; b: Tensor }, scale: number) => ({
      sum: p.a.sum().mul(scale),
      product: p.a.mul(p.b),
      best: p.a.argmax(),
    });
    const d = jacobian(g, { mode })({ a: tensor([1, 2]), b: tensor(3) }, 10);
    expectTypeOf(d.product.b).toEqualTypeOf<Tensor>();
    expect(d.sum.a.arraySync()).toEqual([10, 10]);
    expect(d.sum.b.arraySync()).toBe(0);
    expect(d.product.a.arraySync()).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect(d.product.b.arraySync()).toEqual([1, 2]);
    expect([d.best.a.dtype, d.best.a.arraySync()]).toEqual(["float32", [0, 0]]);
  });

  it.each(["forward", "reverse"] as const)("of empty tensors is empty, mode %s", (mode) => {
    const empty = tensor([], { shape: [0] });
    expect(jacobian((v: Tensor) => v.mul(2), { mode })(empty).shape).toEqual([0, 0]);
    expect(jacobian((v: Tensor) => v.sum(), { mode })(empty).shape).toEqual([0]);
  });

  it.each([
    ["forward", "one pass for each input", 2],
    ["reverse", "one pass for each output", 5],
    ["auto", "as many passes as there are inputs or outputs, whichever are fewer", 2],
  ] as const)("in mode %s makes %s", (mode, _, passes) => {
    const tall = (v: Tensor): Tensor => v.sum().mul(tensor([1, 2, 3, 4, 5]));
    const { traced } = compile(jacobian(tall, { mode })).program(tensor([1, 2]));
    const directions = traced.nodes.find((node) => node.op.name === "iota");
    expect(directions?.avals[0]?.shape).toEqual([passes, passes]);
  });

  it("refuses a mode that does not exist, and integers", () => {
    expect(() => jacobian(f, { mode: "backward" as "auto" })).toThrow(
      'jacobian: mode must be one of "forward", "reverse", "auto"; it is "backward".',
    );
    expect(() => jacobian(f)(x.cast("int32"))).toThrow(
      "jacobian: the derivative is asked for by an argument that is int32",
    );
  });
});

describe("hessian", () => {
  it("is symmetric, and right for a quadratic form", () => {
    const a = tensor([
      [2, 1, 0],
      [1, 3, -1],
      [0, -1, 4],
    ]);
    const f = (v: Tensor): Tensor => v.matmul(a).matmul(v).mul(0.5);
    expect(hessian(f)(x).arraySync()).toEqual(a.arraySync());
    expect(compile(hessian(f))(x).arraySync()).toEqual(a.arraySync());
  });

  it("of a tree holds all mixed derivatives", () => {
    const f = (p: { a: Tensor; b: Tensor }): Tensor => p.a.square().mul(p.b).sum();
    const h = hessian(f)({ a: tensor([1, 2]), b: tensor(3) });
    expectTypeOf(h.a.b).toEqualTypeOf<Tensor>();
    expect(h.a.a.arraySync()).toEqual([
      [6, 0],
      [0, 6],
    ]);
    expect(h.a.b.arraySync()).toEqual([2, 4]);
    expect(h.b.a.arraySync()).toEqual([2, 4]);
    expect(h.b.b.itemSync()).toBe(0);
  });

  it("passes the other arguments on", () => {
    expect(hessian((v: Tensor, k: number) => v.square().sum().mul(k))(tensor([1, 1]), 3).arraySync()).toEqual([
      [6, 0],
      [0, 6],
    ]);
  });

  it("times a vector is hvp", () => {
    const f = (v: Tensor): Tensor => v.softmax().square().sum().add(v.tanh().product());
    const v = tensor([0.2, -1, 0.4]);
    expectClose(hessian(f)(x).matmul(v), hvp(f)(x, v), 1e-6);
    expectClose(hessian(f)(x), jacobian(grad(f), { mode: "reverse" })(x), 1e-6);
  });
});

import { describe, expect, expectTypeOf, it } from "vitest";
import {
  DTypeError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  ShapeError,
  type Tensor,
  TraceError,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
  where,
} from "../../src/index.ts";
import { dense, params, sequential } from "../../src/nn/index.ts";
import { errorOf } from "../graph/trace.ts";

const x = tensor([1, 2, 3]);
const integers = tensor([0, 1], { dtype: "int32" });

describe("grad", () => {
  it("is the gradient", () => {
    expect(grad((t: Tensor) => t.square().sum())(x).arraySync()).toEqual([2, 4, 6]);
  });

  it("of a tree is a tree of the same structure and type", () => {
    const parameters = {
      w: tensor([
        [1, 2],
        [3, 4],
      ]),
      b: [tensor([1, 1]), tensor(2)] as const,
    };
    const loss = (p: typeof parameters, v: Tensor): Tensor => v.matmul(p.w).add(p.b[0]).mul(p.b[1]).sum();
    const gradient = grad(loss)(parameters, tensor([[5, 7]]));
    expectTypeOf(gradient.w).toEqualTypeOf<Tensor>();
    expectTypeOf(gradient.b[0]).toEqualTypeOf<Tensor>();
    expectTypeOf<keyof typeof gradient>().toEqualTypeOf<"w" | "b">();
    // L = 2·Σⱼ(Σᵢ vᵢwᵢⱼ + bⱼ): ∂w = 2vᵢ, ∂b₀ = 2, ∂b₁ = Σⱼ(…) = (5+21+1) + (10+28+1).
    expect(gradient.w.arraySync()).toEqual([
      [10, 10],
      [14, 14],
    ]);
    expect(gradient.b[0].arraySync()).toEqual([2, 2]);
    expect(gradient.b[1].itemSync()).toBe(66);
  });

  it("is by the argument that the options name, and typed so", () => {
    const f = (a: Tensor, p: { w: Tensor }): Tensor => a.mul(p.w).sum();
    const byFirst = grad(f)(x, { w: tensor([4, 5, 6]) });
    const bySecond = grad(f, { argument: 1 })(x, { w: tensor([4, 5, 6]) });
    expectTypeOf(byFirst).toEqualTypeOf<Tensor>();
    expectTypeOf(bySecond).toEqualTypeOf<{ w: Tensor }>();
    expect(byFirst.arraySync()).toEqual([4, 5, 6]);
    expect(bySecond.w.arraySync()).toEqual([1, 2, 3]);
  });

  it("takes numbers and typed arrays for tensors", () => {
    expect(grad((t: number) => (t as unknown as Tensor).mul(3))(2).itemSync()).toBe(3);
    expectTypeOf(grad((t: number) => tensor(t))).toEqualTypeOf<(t: number) => Tensor>();
    // Only what the derivative is by arrives as a tensor; other arguments stay as they are.
    const arrived: unknown[] = [];
    const power = grad((t: Tensor, n: number) => {
      arrived.push(typeof n);
      return t.pow(n);
    });
    expectTypeOf(power).parameters.toEqualTypeOf<[t: Tensor, n: number]>();
    expect([power(tensor(2), 3).itemSync(), arrived]).toEqual([12, ["number"]]);
    const f = (t: Float64Array): Tensor => (t as unknown as Tensor).square().sum();
    const gradient = grad(f)(new Float64Array([1, 2]));
    expect(gradient.dtype).toBe("float64");
    expect(gradient.arraySync()).toEqual([2, 4]);
  });

  it("passes what is no tensor on to the function as it is", () => {
    const f = (p: { w: Tensor; activation: (t: Tensor) => Tensor; name: string }, scale: string): Tensor =>
      p.activation(p.w).sum().mul(p.name.length).mul(scale.length);
    const gradient = grad(f)({ w: x, activation: (t) => t.square(), name: "ab" }, "xyz");
    expect(gradient.w.arraySync()).toEqual([12, 24, 36]);
    expect(gradient.name).toBe("ab");
  });

  it("is 0 by what the result does not depend on, and through integers and stopGradient", () => {
    expect(grad((_: Tensor) => tensor(1))(x).arraySync()).toEqual([0, 0, 0]);
    expect(grad((t: Tensor) => t.floor().sum())(x).arraySync()).toEqual([0, 0, 0]);
    expect(grad((t: Tensor) => t.cast("int32").cast("float32").sum())(x).arraySync()).toEqual([0, 0, 0]);
    expect(grad((t: Tensor) => t.mul(t.stopGradient()).sum())(x).arraySync()).toEqual([1, 2, 3]);
    const unused = grad((p: { a: Tensor; b: Tensor }) => p.a.sum())({ a: x, b: tensor([[1]]) });
    expect(unused.b.arraySync()).toEqual([[0]]);
  });

  it("adds up over all uses of a value", () => {
    // f = x·x + sin(x)·x + x: f′ = 2x + sin x + x cos x + 1
    const df = grad((t: Tensor) => t.mul(t).add(t.sin().mul(t)).add(t));
    const at = 0.7;
    const expected = 2 * at + Math.sin(at) + at * Math.cos(at) + 1;
    expect(df(tensor(at, { dtype: "float64" })).itemSync()).toBeCloseTo(expected, 14);
  });

  it("does not let NaN of a masked branch into the gradient", () => {
    const f = (t: Tensor): Tensor => where(t.greater(0), t.log(), t.mul(0)).sum();
    expect(grad(f)(tensor([-1, 0, 2])).arraySync()).toEqual([0, 0, 0.5]);
  });

  it("keeps float64, and mixes dtypes by cast", () => {
    const at = tensor([0.1], { dtype: "float64" });
    const gradient = grad((t: Tensor) => t.exp().sum())(at);
    expect(gradient.dtype).toBe("float64");
    expect(gradient.arraySync()).toEqual([Math.exp(0.1)]);
    const mixed = grad((t: Tensor) => t.cast("float32").square().sum())(at);
    expect(mixed.dtype).toBe("float64");
    expect(mixed.arraySync()).toEqual([2 * Math.fround(0.1)]);
  });

  it("works on empty tensors and tensors of extent 1", () => {
    expect(grad((t: Tensor) => t.square().sum())(tensor([], { shape: [0, 3] })).shape).toEqual([0, 3]);
    expect(grad((t: Tensor) => t.add(tensor([1, 2])).sum())(tensor([[1]])).arraySync()).toEqual([[2]]);
  });
});

describe("valueAndGrad", () => {
  it("gives both", () => {
    const { value, gradient } = valueAndGrad((t: Tensor) => t.square().sum())(x);
    expect(value.itemSync()).toBe(14);
    expect(gradient.arraySync()).toEqual([2, 4, 6]);
  });

  it("runs the function once", () => {
    let calls = 0;
    valueAndGrad((t: Tensor) => {
      calls++;
      return t.sum();
    })(x);
    expect(calls).toBe(1);
  });
});

describe("vjp", () => {
  it("gives the value and a pullback that can be called again", () => {
    const [y, pull] = vjp((a: Tensor, b: Tensor) => ({ product: a.mul(b), sum: a.sum() }), x, tensor([4, 5, 6]));
    expect(y.product.arraySync()).toEqual([4, 10, 18]);
    const [a, b] = pull({ product: tensor([1, 0, 2]), sum: tensor(10) });
    expectTypeOf(a).toEqualTypeOf<Tensor>();
    expect(a.arraySync()).toEqual([14, 10, 22]);
    expect(b.arraySync()).toEqual([1, 0, 6]);
    const [again] = pull({ sum: tensor(1), product: tensor([0, 0, 0]) });
    expect(again.arraySync()).toEqual([1, 1, 1]);
  });

  it("lets a pullback be differentiated", () => {
    const [, pull] = vjp((t: Tensor) => t.square(), x);
    // ct ↦ Σ (2x·ct)² has the gradient 8x²·ct.
    expect(grad((ct: Tensor) => (pull(ct)[0] as Tensor).square().sum())(tensor([1, 1, 1])).arraySync()).toEqual([
      8, 32, 72,
    ]);
  });

  it("accepts arguments that are no tensors beside some that are", () => {
    const [y, pull] = vjp((t: Tensor, how: "sum" | "mean") => t[how](), x, "mean");
    expect(y.itemSync()).toBe(2);
    expect((pull(tensor(3))[0] as Tensor).arraySync()).toEqual([1, 1, 1]);
  });

  it.each([
    ["another shape", tensor([1]), "vjp: the cotangent has shape [1], but [3] is needed."],
    [
      "another dtype",
      x.cast("float64"),
      'vjp: the cotangent is float64, but float32 is needed; convert with .cast("float32").',
    ],
    ["another structure", { a: x }, "vjp: the cotangent is an object, where a tensor of shape [3] is needed."],
    ["nothing", undefined, "vjp: the cotangent is undefined, where a tensor of shape [3] is needed."],
  ])("refuses a cotangent of %s", (_, cotangent, message) => {
    const [, pull] = vjp((t: Tensor) => t.square(), x);
    const error = errorOf(() => pull(cotangent as Tensor));
    expect(error.message).toContain(message);
    expect(error.message).toContain("grad.test.ts:");
  });
});

describe("trees of tangents and cotangents", () => {
  const f = (p: { a: Tensor; b: readonly [Tensor, Tensor] }): Tensor => p.a.mul(2).add(p.b[0].mul(3)).add(p.b[1]);
  const p = { a: x, b: [x, x] as const };
  type Tangents = Parameters<typeof jvp<[typeof p], Tensor>>[2];

  it("are matched by key, whatever their order", () => {
    const [one, zero] = [tensor([1, 1, 1]), tensor([0, 0, 0])];
    expect(jvp(f, [p], [{ b: [zero, zero], a: one }])[1].arraySync()).toEqual([2, 2, 2]);
    expect(jvp(f, [p], [{ b: [one, zero], a: zero }])[1].arraySync()).toEqual([3, 3, 3]);
  });

  it.each([
    ["lacks an entry", [{ a: x }], "jvp: the tangent is undefined at [0].b[0], where a tensor of shape [3] is needed."],
    ["has one too many", [{ a: x, b: [x, x], c: x }], "jvp: the tangent has an entry [0].c too many."],
    [
      "has another shape",
      [{ a: x, b: [x, tensor([1])] }],
      "jvp: the tangent has shape [1] at [0].b[1], but [3] is needed.",
    ],
    [
      "has a tensor for an object",
      [x],
      "jvp: the tangent is undefined at [0].a, where a tensor of shape [3] is needed.",
    ],
    ["has a word for a tensor", [{ a: "one", b: [x, x] }], 'jvp: the tangent is "one" at [0].a, where a tensor'],
    ["is no list", undefined, "jvp: the tangent is undefined at [0].a"],
  ])("are refused where one %s", (_, tangents, message) => {
    const error = errorOf(() => jvp(f, [p], tangents as unknown as Tangents));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(message);
  });
});

describe("mistakes", () => {
  it.each([
    ["grad", (f: () => Tensor) => grad(f as (t: Tensor) => Tensor)(x)],
    ["valueAndGrad", (f: () => Tensor) => valueAndGrad(f as (t: Tensor) => Tensor)(x)],
  ])("%s refuses a function whose result is not one float scalar", (name, call) => {
    for (const [result, found] of [
      [x, "float32[3]"],
      [tensor(1).cast("int32"), "int32[]"],
      [{ loss: tensor(1), accuracy: tensor(1) }, "a tree of 2 tensors"],
      [undefined, "undefined (is a `return` missing?)"],
      ["loss", '"loss"'],
    ] as const) {
      const error = errorOf(() => call(() => result as unknown as Tensor));
      expect(error).toBeInstanceOf(TraceError);
      expect(error.message).toContain(
        `${name}: the function must return one float scalar, and this one returns ${found}.`,
      );
      expect(error.message).toContain(".sum() or .mean(), or use vjp or jacobian");
      expect(error.message).toContain("grad.test.ts:");
    }
  });

  it("refuses before it computes anything", () => {
    const f = (t: Tensor): Tensor => t.gather(integers);
    expect(() => grad(f)(x)).toThrow("must return one float scalar");
  });

  it.each([
    ["grad", () => grad((t: Tensor) => t.sum())(integers), "argument 0"],
    ["grad of a tree", () => grad((p: { a: Tensor; k: Tensor }) => p.a.sum())({ a: x, k: integers }), "argument 0.k"],
    [
      "grad of the second argument",
      () => grad((_: Tensor, k: Tensor) => k.sum(), { argument: 1 })(x, integers),
      "argument 1",
    ],
    ["vjp", () => vjp((t: Tensor, k: Tensor) => t.gather(k), x, integers), "argument 1"],
  ])("%s refuses integers to differentiate by", (_, call, place) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(DTypeError);
    expect(error.message).toContain(`by an argument that is int32 (${place}).`);
    expect(error.message).toContain('convert with .cast("float32")');
  });

  it("refuses an argument that holds no tensors, such as a model", () => {
    class Model {}
    const call = (): unknown => grad((_: Model) => tensor(1))(new Model());
    expect(call).toThrow("grad: the derivative is asked for by argument 0, which is a Model and holds no tensors.");
    expect(call).toThrow("functional(model)");
  });

  it("refuses one that holds no tensors anywhere within, such as parameters that are boxes", () => {
    const parameters = params(sequential(dense(2, 1)));
    expect(() => grad((_: typeof parameters) => tensor(1))(parameters)).toThrow(
      "grad: the derivative is asked for by argument 0.0.weight, which is a Param and holds no tensors.",
    );
    expect(() => vjp((_: unknown) => tensor(1), [{ a: "b" }])).toThrow(
      'vjp: the derivative is asked for by argument 0[0].a, which is "b" and holds no tensors.',
    );
  });

  it("of nothing at all is nothing", () => {
    expect(grad((_: object) => tensor(1))({})).toEqual({});
  });

  it.each([
    ["grad", () => grad(5 as never)],
    ["valueAndGrad", () => valueAndGrad(5 as never)],
    ["vjp", () => vjp(5 as never, x)],
    ["jvp", () => jvp(5 as never, [x] as never, [x] as never)],
    ["hvp", () => hvp(5 as never)],
    ["jacobian", () => jacobian(5 as never)],
    ["hessian", () => hessian(5 as never)],
    ["vmap", () => vmap(5 as never)],
  ])("%s refuses what is no function", (name, call) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`${name}: takes a function, not 5.`);
  });

  it("of hvp and hessian are told in their own names", () => {
    const f = (t: Tensor): Tensor => t.square().sum();
    expect(() => hvp(f)(x, tensor([1]))).toThrow("hvp: the tangent has shape [1] at [0], but [3] is needed.");
    expect(() => hvp((t: Tensor) => t)(x, x)).toThrow("hvp: the function must return one float scalar");
    expect(() => hessian((t: Tensor) => t)(x)).toThrow("hessian: the function must return one float scalar");
    expect(() => hessian(f)(integers)).toThrow("hessian: the derivative is asked for by an argument that is int32");
  });

  it("refuses a position that is none, and options that do not exist", () => {
    expect(() => grad((t: Tensor) => t.sum(), { argument: 1 as 0 })(x)).toThrow(
      "grad: the derivative is asked for by argument 1, but there are 1 arguments.",
    );
    expect(() => grad((t: Tensor) => t.sum(), { argument: -1 as 0 })).toThrow(
      "grad: argument must be an integer ≥ 0; it is -1.",
    );
    expect(() => valueAndGrad((t: Tensor) => t.sum(), { argnums: 0 } as object)).toThrow(
      'valueAndGrad: unknown option "argnums"; there are argument, aux.',
    );
  });
});

import { describe, expect, it } from "vitest";
import {
  compile,
  customVjp,
  grad,
  hessian,
  jacobian,
  jvp,
  scan,
  setTarget,
  type Tensor,
  tensor,
  vmap,
} from "../../src/index.ts";
import { errorOf } from "../graph/trace.ts";
import { expectClose } from "./close.ts";

setTarget("js");
const float64 = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "float64" });
const x = float64([0.5, -1, 2]);

// The true derivative of sin x², so that every transform can be compared with the function itself.
const plain = (t: Tensor): Tensor => t.square().sin();
const custom = customVjp(plain, ([t], _, ct) => [ct.mul(t.square().cos()).mul(t).mul(2)]);
// Three times the true derivative, so that it is seen which rule was used.
const tripled = customVjp(plain, ([t], _, ct) => [ct.mul(t.square().cos()).mul(t).mul(6)]);

describe("a function with a gradient of its own", () => {
  it("has the value of the function, alone and under transforms", () => {
    expectClose(tripled(x), plain(x), 0);
    expectClose(compile(tripled)(x), plain(x), 1e-15);
    expectClose(vmap(tripled)(x), plain(x), 0);
    expectClose(jvp(tripled, [x], [x])[0], plain(x), 0);
  });

  it.each<[string, (f: (t: Tensor) => Tensor) => (t: Tensor) => Tensor]>([
    ["grad", (f) => grad((t: Tensor) => f(t).sum())],
    ["jvp", (f) => (t) => jvp(f, [t], [float64([1, 2, 3])])[1]],
    ["vmap of grad", (f) => vmap(grad((t: Tensor) => f(t)))],
    ["grad of vmap", (f) => grad((t: Tensor) => vmap(f)(t).sum())],
    ["jacobian in forward mode", (f) => jacobian(f, { mode: "forward" })],
    ["jacobian in reverse mode", (f) => jacobian(f, { mode: "reverse" })],
    [
      "scan",
      (f) => (t) =>
        grad((c: Tensor) => scan((s: Tensor, e: Tensor) => [f(s).mul(e), null], c, float64([2]))[0].sum())(t).mul(0.5),
    ],
  ])("gives its own derivative to %s", (_, transform) => {
    const expected = transform(plain)(x);
    expectClose(transform(custom)(x), expected, 1e-14);
    expectClose(transform(tripled)(x), expected.mul(3), 1e-14);
    expectClose(compile(transform(tripled))(x), expected.mul(3), 1e-14);
  });

  it("has second derivatives by differentiating its rule", () => {
    const second = (f: (t: Tensor) => Tensor) => hessian((t: Tensor) => f(t).sum());
    expectClose(second(custom)(x), second(plain)(x), 1e-14);
    expectClose(second(tripled)(x), second(plain)(x).mul(3), 1e-14);
    expectClose(compile(second(tripled))(x), second(plain)(x).mul(3), 1e-14);
    const reverse = (f: (t: Tensor) => Tensor) => grad((t: Tensor) => grad((u: Tensor) => f(u).sum())(t).sum());
    expectClose(reverse(tripled)(x), reverse(plain)(x).mul(3), 1e-14);
  });

  it("takes and gives trees, and sees result and cotangent as such", () => {
    const f = customVjp(
      (p: { a: Tensor; b: Tensor }, k: Tensor) => ({ product: p.a.mul(p.b).mul(k), sum: p.a.add(p.b) }),
      ([_p, k], y, ct) => [{ b: ct.sum.mul(100), a: ct.product.mul(10) }, y.product.div(k)],
    );
    const gradient = grad((p: { a: Tensor; b: Tensor }) => {
      const y = f(p, tensor(2));
      return y.product.add(y.sum);
    })({ a: tensor(3), b: tensor(5) });
    expect([gradient.a.itemSync(), gradient.b.itemSync()]).toEqual([10, 100]);
  });

  it("shares an argument among the examples of a batch: its cotangents add up", () => {
    const f = customVjp(
      (w: Tensor, t: Tensor) => w.mul(t).sum(),
      ([w, t], _, ct) => [ct.mul(t), ct.mul(w)],
    );
    const batch = float64([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(grad((w: Tensor) => vmap((t: Tensor) => f(w, t))(batch).sum())(x).arraySync()).toEqual([5, 7, 9]);
  });

  it("may use tensors from around it in its rule", () => {
    const w = float64([2, 3, 4]);
    const f = customVjp(
      (t: Tensor) => t.mul(2),
      (_, __, ct) => [ct.mul(w)],
    );
    expect(grad((t: Tensor) => f(t).sum())(x).arraySync()).toEqual([2, 3, 4]);
    expect(vmap(grad((t: Tensor) => f(t).sum()))(x.expandDims(0)).arraySync()).toEqual([[2, 3, 4]]);
    expect(jvp(f, [x], [float64([1, 1, 1])])[1].arraySync()).toEqual([2, 3, 4]);
    const loop = (t: Tensor): Tensor =>
      scan((c: Tensor, e: Tensor) => [f(c).mul(e), null], t, float64([1, 1]))[0].sum();
    expect(grad(loop)(x).arraySync()).toEqual([4, 9, 16]);
    expect(compile(grad(loop))(x).arraySync()).toEqual([4, 9, 16]);
  });

  it("refuses a rule that does not fit its arguments", () => {
    const wrong = customVjp(
      (t: Tensor) => t.sum(),
      (_, __, ct) => [ct],
    );
    const error = errorOf(() => grad((t: Tensor) => wrong(t))(x));
    expect(error.message).toContain("customVjp: the");
    expect(error.message).toContain("[3]");
    expect(error.message).toContain("custom-vjp.test.ts:");
  });
});

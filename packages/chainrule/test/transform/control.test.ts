/** Derivatives and batches of cond, scan and whileLoop: eager and compiled, against the same written out. */
import { describe, expect, it } from "vitest";
import {
  compile,
  cond,
  grad,
  hessian,
  hvp,
  jvp,
  scan,
  setTarget,
  type Tensor,
  TraceError,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
} from "../../src/index.ts";
import { errorOf } from "../graph/trace.ts";
import { expectClose } from "./close.ts";

setTarget("js");
const float64 = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "float64" });

/** Expects two functions of a vector to agree in value and in derivatives of all kinds. */
function expectSame(f: (x: Tensor) => Tensor, reference: (x: Tensor) => Tensor, x: Tensor, tolerance = 1e-13): void {
  const v = float64([0.3, -1.1, 0.7]).slice(0, 0, x.shape[0]);
  const kinds: Record<string, (g: (x: Tensor) => Tensor) => (x: Tensor) => unknown> = {
    value: (g) => g,
    gradient: (g) => grad(g),
    tangent: (g) => (t) => jvp(g, [t], [v])[1],
    hvp: (g) => (t) => hvp(g)(t, v),
    "reverse over reverse": (g) => grad((t: Tensor) => grad(g)(t).mul(v).sum()),
    "reverse over forward": (g) => grad((t: Tensor) => jvp(g, [t], [v])[1]),
    hessian: (g) => hessian(g),
    batch: (g) => (t) => vmap(g)(t.mul(float64([1, 0.5, -2]).expandDims(1))),
    "batch of gradients": (g) => (t) => vmap(grad(g))(t.mul(float64([1, 0.5, -2]).expandDims(1))),
    "gradient of a batch": (g) => grad((t: Tensor) => vmap(g)(t.mul(float64([1, 0.5, -2]).expandDims(1))).sum()),
  };
  for (const of of Object.values(kinds)) {
    const expected = of(reference)(x);
    expectClose(of(f)(x), expected, tolerance);
    expectClose(compile(of(f))(x), expected, tolerance);
  }
}

const at = (x: Tensor, i: number): Tensor => x.gather(tensor(i, { dtype: "int32" }));
const x = float64([0.7, -0.4, 1.3]);

describe("cond", () => {
  const w = float64([2, 3, 5]);
  const yes = (t: Tensor): Tensor => t.mul(w).sin().sum();
  const no = (t: Tensor): Tensor => t.square().mul(t).sum();

  it.each([
    ["the first branch", 0],
    ["the second branch", 10],
  ])("is %s in every derivative", (_, limit) => {
    const f = (t: Tensor): Tensor => cond(t.sum().greater(limit), yes, no, t);
    // The batch has a negative example, which takes the second branch in either case.
    const reference = (t: Tensor): Tensor =>
      t
        .sum()
        .greater(limit)
        .cast("float64")
        .mul(yes(t))
        .add(t.sum().lessEqual(limit).cast("float64").mul(no(t)));
    expectSame(f, reference, x);
  });

  it("differentiates by values that a branch takes from around it", () => {
    const f = (t: Tensor): Tensor => {
      const scale = t.sum();
      return cond(
        scale.greater(0),
        () => scale.mul(scale).mul(at(t, 0)),
        () => scale.neg(),
      );
    };
    expectSame(f, (t) => cond2(t.sum().greater(0), t.sum().square().mul(at(t, 0)), t.sum().neg()), x);
  });

  it("of trees, with an integer among results and operands", () => {
    const f = (t: Tensor): Tensor => {
      const k = tensor(2, { dtype: "int32" });
      const { value, index } = cond(
        t.sum().less(0),
        (u: Tensor, i: Tensor) => ({ value: u.square(), index: i }),
        (u: Tensor, i: Tensor) => ({ value: u.sin(), index: i.sub(1) }),
        t,
        k,
      );
      return value.mul(value).gather(index);
    };
    expectSame(f, (t) => cond2(t.sum().less(0), at(t.square().square(), 2), at(t.sin().square(), 1)), x);
  });

  it("inside cond, and inside scan", () => {
    const inner = (t: Tensor): Tensor =>
      cond(
        at(t, 0).greater(0.5),
        (u: Tensor) => u.sin(),
        (u: Tensor) => u.cos(),
        t,
      );
    const f = (t: Tensor): Tensor => cond(t.sum().greater(0), inner, (u: Tensor) => u.exp(), t).sum();
    const written = (t: Tensor): Tensor => {
      const chosen = cond2(at(t, 0).greater(0.5), t.sin().sum(), t.cos().sum());
      return cond2(t.sum().greater(0), chosen, t.exp().sum());
    };
    expectSame(f, written, x);
    const loop = (t: Tensor): Tensor =>
      scan(
        (c: Tensor, e: Tensor) => [
          cond(
            e.greater(0),
            () => c.mul(e),
            () => c.sin(),
          ),
          null,
        ],
        float64(1.5),
        t,
      )[0];
    const unrolled = (t: Tensor): Tensor =>
      [0, 1, 2].reduce((c, i) => cond2(at(t, i).greater(0), c.mul(at(t, i)), c.sin()), float64(1.5) as Tensor);
    expectSame(loop, unrolled, x);
  });

  /** A choice of scalars by arithmetic alone. */
  function cond2(predicate: Tensor, a: Tensor, b: Tensor): Tensor {
    const p = predicate.cast("float64");
    return a.mul(p).add(b.mul(p.mul(-1).add(1)));
  }
});

describe("scan", () => {
  const step = (c: Tensor, e: Tensor): [Tensor, Tensor] => [c.mul(e).sin().add(e), c.mul(c).mul(e)];
  const result = ([c, ys]: [Tensor, Tensor]): Tensor => ys.sum().mul(c).add(at(ys, 1));
  const unroll =
    (order: readonly number[]) =>
    (t: Tensor): Tensor => {
      let c: Tensor = float64(0.8);
      const ys: Tensor[] = [];
      for (const i of order) [c, ys[i] as Tensor] = stepInto(ys, i, step(c, at(t, i)));
      return (ys as [Tensor, Tensor, Tensor])
        .reduce((a, b) => a.add(b))
        .mul(c)
        .add(ys[1] as Tensor);
    };
  const stepInto = (ys: Tensor[], i: number, [c, y]: [Tensor, Tensor]): [Tensor, Tensor] => {
    ys[i] = y;
    return [c, y];
  };

  it("is the loop written out, in every derivative", () => {
    expectSame((t) => result(scan(step, float64(0.8), t)), unroll([0, 1, 2]), x);
  });

  it("backwards too", () => {
    expectSame((t) => result(scan(step, float64(0.8), t, { reverse: true })), unroll([2, 1, 0]), x);
  });

  it("differentiates by the initial carry", () => {
    const f = (t: Tensor): Tensor =>
      scan((c: Tensor, e: Tensor) => [c.mul(c).add(e).tanh(), null], t, float64([0.1, 0.2]))[0].sum();
    const reference = (t: Tensor): Tensor => {
      const one = t.mul(t).add(0.1).tanh();
      return one.mul(one).add(0.2).tanh().sum();
    };
    expectSame(f, reference, x);
  });

  it("differentiates by constants that the body takes from around it, and shares them", () => {
    const w = float64([0.5, -0.25]);
    const f = (t: Tensor): Tensor => {
      const scale = t.sum();
      return scan((c: Tensor, e: Tensor) => [c.mul(scale).add(e.mul(scale)).sin(), null], float64(1), w)[0];
    };
    const reference = (t: Tensor): Tensor => {
      const s = t.sum();
      return s.add(s.mul(0.5)).sin().mul(s).add(s.mul(-0.25)).sin();
    };
    expectSame(f, reference, x);
  });

  it("carries trees, integers among them", () => {
    const f = (t: Tensor): Tensor => {
      const start = { sum: float64(0), count: tensor(0, { dtype: "int32" }) };
      const [last, seen] = scan(
        (c: { sum: Tensor; count: Tensor }, e: Tensor) => [
          { sum: c.sum.add(e.mul(e)), count: c.count.add(1) },
          { partial: c.sum, index: c.count },
        ],
        start,
        t,
      );
      return last.sum.mul(last.count.cast("float64")).add(seen.partial.mul(seen.index.cast("float64")).sum());
    };
    const reference = (t: Tensor): Tensor => {
      const [a, b, c] = [at(t, 0).square(), at(t, 1).square(), at(t, 2).square()];
      // partial sums 0, a, a + b with indices 0, 1, 2
      return a.add(b).add(c).mul(3).add(a).add(a.add(b).mul(2));
    };
    expectSame(f, reference, x);
  });

  it("of no steps is its start", () => {
    const none = tensor(new Float64Array(0));
    const f = (t: Tensor): Tensor =>
      scan((c: Tensor, e: Tensor) => [c.mul(e), c], t, none)[0]
        .square()
        .sum();
    expectSame(f, (t) => t.square().sum(), x);
    const [, ys] = scan((c: Tensor, e: Tensor) => [c.mul(e), c], x, none);
    expect([ys.shape, ys.dtype]).toEqual([[0, 3], "float64"]);
    expect(grad((e: Tensor) => scan((c: Tensor, d: Tensor) => [c.mul(d), null], x, e)[0].sum())(none).shape).toEqual([
      0,
    ]);
  });

  it("of one step, and by length alone", () => {
    expectSame(
      (t) => scan((c: Tensor, e: Tensor) => [c.mul(e), null], float64(2), t.slice(0, 0, 1))[0],
      (t) => at(t, 0).mul(2),
      x,
    );
    const power = (t: Tensor): Tensor =>
      scan((c: Tensor) => [c.mul(t.sum()), null], float64(1), null, { length: 5 })[0];
    expectSame(power, (t) => t.sum().pow(float64(5)), x, 1e-12);
  });

  it("inside scan", () => {
    const f = (t: Tensor): Tensor =>
      scan(
        (c: Tensor, e: Tensor) => [scan((d: Tensor, g: Tensor) => [d.mul(g).add(e).sin(), null], c, t)[0], null],
        float64(0.5),
        t,
      )[0];
    const reference = (t: Tensor): Tensor => {
      let c: Tensor = float64(0.5);
      for (const i of [0, 1, 2]) for (const j of [0, 1, 2]) c = c.mul(at(t, j)).add(at(t, i)).sin();
      return c;
    };
    expectSame(f, reference, x);
  });

  it("differentiates only what is asked for: an unused carry has the gradient 0", () => {
    const f = (p: { a: Tensor; b: Tensor }): Tensor =>
      scan((c: { a: Tensor; b: Tensor }, e: Tensor) => [{ a: c.a.mul(e), b: c.b.mul(2) }, null], p, float64([2, 3]))[0]
        .a;
    const { value, gradient } = valueAndGrad(f)({ a: float64(1), b: float64(5) });
    expect([value.itemSync(), gradient.a.itemSync(), gradient.b.itemSync()]).toEqual([6, 6, 0]);
  });

  it("maps over sequences, carry and constants alike", () => {
    const f = (start: Tensor, xs: Tensor, w: Tensor): Tensor =>
      scan((c: Tensor, e: Tensor) => [c.mul(w).add(e), c], start, xs)[1].sum();
    const [starts, batch, weights] = [
      float64([1, 2]),
      float64([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      float64([0.5, -1]),
    ];
    const one = (i: number, j: number, k: number): number => f(at(starts, i), at(batch, j), at(weights, k)).itemSync();
    const each = (axes: (number | null)[]): unknown =>
      vmap(f, { axes })(
        axes[0] === null ? at(starts, 1) : starts,
        axes[1] === null ? at(batch, 0) : batch,
        axes[2] === null ? at(weights, 0) : weights,
      ).arraySync();
    expect(each([0, 0, 0])).toEqual([one(0, 0, 0), one(1, 1, 1)]);
    expect(each([0, null, null])).toEqual([one(0, 0, 0), one(1, 0, 0)]);
    expect(each([null, 0, null])).toEqual([one(1, 0, 0), one(1, 1, 0)]);
    expect(each([null, null, 0])).toEqual([one(1, 0, 0), one(1, 0, 1)]);
  });
});

describe("whileLoop", () => {
  // Doubles until the sum is at least 10: x·2ⁿ.
  const double = (t: Tensor): Tensor =>
    whileLoop(
      (s: Tensor) => s.sum().less(10),
      (s: Tensor) => s.mul(2),
      t,
    );

  it("has forward derivatives", () => {
    const [y, dy] = jvp(double, [float64([1, 2])], [float64([1, 0])]);
    expect([y.arraySync(), dy.arraySync()]).toEqual([
      [4, 8],
      [4, 0],
    ]);
    expect(compile((t: Tensor) => jvp(double, [t], [float64([1, 0])])[1])(float64([1, 2])).arraySync()).toEqual([4, 0]);
  });

  it("has forward derivatives of second order, by constants too", () => {
    // s ← s·w three times from 1: w³, with derivatives 3w² and 6w.
    const cube = (w: Tensor): Tensor =>
      whileLoop(
        ({ k }: { k: Tensor; s: Tensor }) => k.less(3),
        ({ k, s }: { k: Tensor; s: Tensor }) => ({ k: k.add(1), s: s.mul(w) }),
        { k: tensor(0, { dtype: "int32" }), s: float64(1) },
      ).s;
    const along =
      (f: (t: Tensor) => Tensor) =>
      (t: Tensor): Tensor =>
        jvp(f, [t], [float64(1)])[1];
    expect(along(cube)(float64(2)).itemSync()).toBe(12);
    expect(along(along(cube))(float64(2)).itemSync()).toBe(12);
    expect(compile(along(along(cube)))(float64(5)).itemSync()).toBe(30);
  });

  it("refuses reverse mode, and says what to do", () => {
    for (const call of [
      () => grad((t: Tensor) => double(t).sum())(float64([1, 2])),
      () => vjp(double, float64([1, 2]))[1](float64([1, 1])),
      () => compile(grad((t: Tensor) => double(t).sum()))(float64([1, 2])),
    ]) {
      const error = errorOf(call);
      expect(error).toBeInstanceOf(TraceError);
      expect(error.message).toContain("whileLoop: reverse mode needs the values of every step");
      expect(error.message).toContain("Use scan, with a fixed number of steps, or forward mode (jvp).");
      expect(error.message).toContain("control.test.ts:");
    }
  });

  it("lets reverse mode pass by where no gradient flows through it", () => {
    const f = (t: Tensor): Tensor => t.mul(double(t).stopGradient()).sum();
    expect(grad(f)(float64([1, 2])).arraySync()).toEqual([4, 8]);
  });

  it("maps with a course of its own for each example", () => {
    const batch = float64([
      [1, 2],
      [20, 3],
      [0.5, 0.5],
    ]);
    const expected = [
      [4, 8],
      [20, 3],
      [8, 8],
    ];
    expect(vmap(double)(batch).arraySync()).toEqual(expected);
    expect(compile(vmap(double))(batch).arraySync()).toEqual(expected);
    const tangents = (b: Tensor): Tensor => jvp(vmap(double), [b], [batch])[1];
    // The map is x·2ⁿ, so along x itself it is the value.
    expect(tangents(batch).arraySync()).toEqual(expected);
    expect(compile(tangents)(batch).arraySync()).toEqual(expected);
  });
});

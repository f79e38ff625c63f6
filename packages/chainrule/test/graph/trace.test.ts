import { describe, expect, it } from "vitest";
import { withScope } from "../../src/graph/index.ts";
import { currentScope } from "../../src/graph/scope.ts";
import { buildGraph, currentTrace } from "../../src/graph/trace.ts";
import {
  compile,
  cond,
  customVjp,
  grad,
  jacobian,
  jvp,
  random,
  ShapeError,
  scan,
  type Tensor,
  TraceError,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
  where,
  whileLoop,
} from "../../src/index.ts";
import { errorOf } from "./trace.ts";

const x = tensor([1, 2]);

/** "file:line" of the line below the one that calls this. */
function nextLine(): string {
  const frame = (new Error().stack ?? "").split("\n")[2] as string;
  const [, line] = /:(\d+):\d+\)?$/.exec(frame) as RegExpExecArray;
  return `trace.test.ts:${Number(line) + 1}:`;
}

describe("reading a tensor that is being traced", () => {
  const attempts: readonly (readonly [string, string, (t: Tensor) => unknown])[] = [
    ["dataSync", "read its data", (t) => t.dataSync()],
    ["arraySync", "read it as an array", (t) => t.arraySync()],
    ["itemSync", "read its value", (t) => t.sum().itemSync()],
    ["x > 0", "use it as a JavaScript number or condition", (t) => (t.sum() as unknown as number) > 0],
    ["+x", "use it as a JavaScript number or condition", (t) => +(t.sum() as unknown as number)],
    ["x * 2", "use it as a JavaScript number or condition", (t) => (t.sum() as unknown as number) * 2],
  ];

  it.each(attempts)("by %s is an error that names the alternatives and the line", (_, what, read) => {
    let at = "";
    const f = (t: Tensor): Tensor => {
      at = "trace.test.ts:";
      read(t);
      return t.sum();
    };
    const error = errorOf(() => grad(f)(x));
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toMatch(/^A traced float32\[2?\] has no value yet/);
    expect(error.message).toContain(`one cannot ${what}`);
    for (const name of ["where(", "cond(", "scan", "whileLoop"]) expect(error.message).toContain(name);
    expect(error.message).toContain(at);
  });

  it.each(["array", "data", "item"] as const)("by %s() rejects the promise", async (method) => {
    let promise: Promise<unknown> = Promise.resolve();
    grad((t: Tensor) => {
      promise = t.sum()[method]();
      promise.catch(() => {});
      return t.sum();
    })(x);
    await expect(promise).rejects.toThrow("has no value yet");
  });

  it("does not forbid printing it", () => {
    let text = "";
    grad((t: Tensor) => {
      text = `${t}`;
      return t.sum();
    })(x);
    expect(text).toBe("Tensor(float32[2]) traced");
  });

  it("leaves a concrete tensor of one element usable as a number", () => {
    expect((tensor(3) as unknown as number) > 2).toBe(true);
  });
});

describe("a JavaScript if on a comparison", () => {
  const CALLERS: readonly (readonly [string, (f: (t: Tensor) => Tensor) => unknown])[] = [
    ["grad", (f) => grad(f)(x)],
    ["vjp", (f) => vjp(f, x)],
    ["jvp", (f) => jvp(f, [x], [x])],
    ["vmap", (f) => vmap(f)(x)],
    ["jacobian", (f) => jacobian(f)(x)],
    ["compile", (f) => compile(f)(x)],
    ["a branch of cond", (f) => compile((t: Tensor) => cond(t.sum().less(0), f, (y: Tensor) => y.sum(), t))(x)],
    ["a scan", (f) => scan((c: Tensor, t: Tensor) => [c.add(f(t)), null], tensor(0), x)],
  ];

  it.each(CALLERS)("under %s is an error at that line", (_, call) => {
    let at = "";
    const f = (t: Tensor): Tensor => {
      at = nextLine();
      if (t.sum().greater(0)) return t.sum().mul(2);
      return t.sum();
    };
    const error = errorOf(() => call(f));
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toContain("The result of a comparison is not used by any value.");
    expect(error.message).toContain("condition is always true");
    expect(error.message).toContain("where(condition, a, b)");
    expect(error.message).toContain(at);
  });

  it("is told for equality, negation and reductions of booleans too", () => {
    for (const test of [
      (t: Tensor) => t.sum().equal(1),
      (t: Tensor) => t.sum().less(1).not(),
      (t: Tensor) => t.greater(1).any(),
      (t: Tensor) => t.sum().isNaN(),
    ]) {
      const f = (t: Tensor): Tensor => (test(t) ? t.sum() : t.sum().neg());
      expect(errorOf(() => grad(f)(x)).message).toContain("condition is always true");
    }
  });

  it("is not suspected of a comparison that is used", () => {
    const used: readonly ((t: Tensor) => Tensor)[] = [
      (t) => where(t.sum().greater(0), t.sum(), 0),
      (t) => t.sum().greater(0).cast("float32").mul(t.sum()),
      (t) =>
        cond(
          t.sum().greater(0),
          (y: Tensor) => y.sum(),
          (y: Tensor) => y.sum().neg(),
          t,
        ),
      (t) => {
        const positive = t.sum().greater(0);
        return scan((c: Tensor, e: Tensor) => [where(positive, c.add(e), c), null], tensor(0), t)[0];
      },
      (t) => {
        const positive = t.sum().greater(0);
        return grad((y: Tensor) => where(positive, y, y.neg()).sum())(t).sum();
      },
    ];
    for (const f of used) {
      expect(() => grad(f)(x)).not.toThrow();
      expect(() => compile(f)(x)).not.toThrow();
    }
  });

  it("is not suspected of a comparison whose use is itself not used, or that a nested function only looks at", () => {
    const unused = (t: Tensor): Tensor => {
      const positive = t.sum().greater(0);
      positive.cast("float32").mul(2);
      return t.sum();
    };
    const nested = (t: Tensor): Tensor => {
      const positive = t.sum().greater(0);
      return grad((y: Tensor) => {
        where(positive, y, 0);
        return y.sum();
      })(t).sum();
    };
    expect(() => grad(unused)(x)).not.toThrow();
    expect(() => compile(nested)(x)).not.toThrow();
  });

  it("is not suspected of a result of a transformed function that is left aside", () => {
    const g = (t: Tensor) => ({ loss: t.sum(), positive: t.sum().greater(0) });
    expect(() => compile((t: Tensor) => jvp(g, [t], [t])[0].loss)(x)).not.toThrow();
    expect(() => compile((t: Tensor) => vjp(g, t)[0].loss)(x)).not.toThrow();
    const h = (t: Tensor) => ({ loss: t.sum(), positive: [x.greater(0).all(), t.sum().greater([0])] });
    expect(() => compile((t: Tensor) => jvp(h, [t], [t])[0].loss)(x)).not.toThrow();
    expect(() => compile((t: Tensor) => vmap(h)(t.expandDims(0)).loss)(x)).not.toThrow();
  });

  it("is told for comparisons of many elements, which are as true as others", () => {
    const f = (t: Tensor): Tensor => (t.greater(0) ? t.sum() : t.sum().neg());
    expect(errorOf(() => grad(f)(x)).message).toContain("condition is always true");
    const g = (t: Tensor): Tensor => (t.greater(0).all() ? t.sum() : t.sum().neg());
    expect(errorOf(() => compile(g)(x)).message).toContain("condition is always true");
  });

  it("names the mend of a comparison that stands in no if", () => {
    const f = (t: Tensor): Tensor => {
      const information = { diverged: t.sum().greater(10) };
      return information.diverged === undefined ? t.sum() : t.square().sum();
    };
    expect(errorOf(() => grad(f)(x)).message).toContain("If it does not, remove the comparison.");
  });

  it("is not suspected of control flow whose first result is a bool", () => {
    const loop = (t: Tensor) =>
      whileLoop(
        (s: { go: Tensor; v: Tensor }) => s.go,
        (s) => ({ go: s.v.less(10), v: s.v.mul(2) }),
        { go: tensor(true), v: t },
      );
    // 1, 2, 4, 8, 16 and, as the test is of the value before, 32.
    expect(compile(loop)(tensor(1)).v.itemSync()).toBe(32);
    const carried = (t: Tensor) =>
      scan(
        (h: { done: Tensor; v: Tensor }, e: Tensor) => [
          { done: h.done.or(e.greater(2)), v: where(h.done, h.v, h.v.mul(e)) },
          null,
        ],
        { done: tensor(false), v: t },
        tensor([1, 2, 3, 4]),
      )[0].v;
    expect(grad(carried)(tensor(1)).itemSync()).toBe(6);
    const branch = (t: Tensor) =>
      cond(
        t.sum().greater(0),
        () => ({ ok: t.sum().less(5), v: t }),
        () => ({ ok: t.sum().less(-5), v: t.neg() }),
      ).v;
    expect(compile(branch)(x).arraySync()).toEqual([1, 2]);
  });

  it("is not suspected of random booleans that are left aside", () => {
    const f = (t: Tensor): Tensor => {
      random.bernoulli(random.key(0), 0.5, []);
      return t.sum();
    };
    expect(() => grad(f)(x)).not.toThrow();
  });

  it("is fine as a returned comparison", () => {
    expect(compile((t: Tensor) => t.sum().greater(0))(x).itemSync()).toBe(1);
  });
});

describe("an asynchronous function", () => {
  it.each([
    ["grad", (f: (t: Tensor) => Promise<Tensor>) => grad(f as unknown as (t: Tensor) => Tensor)(x)],
    ["valueAndGrad", (f: (t: Tensor) => Promise<Tensor>) => valueAndGrad(f as unknown as (t: Tensor) => Tensor)(x)],
    ["vjp", (f: (t: Tensor) => Promise<Tensor>) => vjp(f, x)],
    ["jvp", (f: (t: Tensor) => Promise<Tensor>) => jvp(f, [x], [x])],
    ["vmap", (f: (t: Tensor) => Promise<Tensor>) => vmap(f)(x)],
    ["jacobian", (f: (t: Tensor) => Promise<Tensor>) => jacobian(f)(x)],
    ["compile", (f: (t: Tensor) => Promise<Tensor>) => compile(f)(x)],
    ["cond", (f: (t: Tensor) => Promise<Tensor>) => compile((t: Tensor) => cond(t.sum().less(0), f, f, t))(x)],
    ["scan", (f: (t: Tensor) => Promise<Tensor>) => scan((c: Tensor) => f(c) as unknown as [Tensor, null], x, x)],
    ["whileLoop", (f: (t: Tensor) => Promise<Tensor>) => whileLoop((t: Tensor) => t.sum().less(9), f as never, x)],
    [
      "customVjp",
      (f: (t: Tensor) => Promise<Tensor>) =>
        jvp(
          customVjp(f, (_, __, ct) => [ct]),
          [x],
          [x] as never,
        ),
    ],
  ])("is refused by %s, with the mend", (name, call) => {
    const error = errorOf(() => call(async (t) => t.sum()));
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toContain(`${name}: the function is asynchronous`);
    expect(error.message).toContain("trace.test.ts:");
  });

  it("does not fail a second time, unhandled, where it awaits a traced value", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const f = async (t: Tensor): Promise<Tensor> => {
      await t.array();
      return t.sum();
    };
    expect(() => grad(f as unknown as (t: Tensor) => Tensor)(x)).toThrow(TraceError);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("a tensor that has left its trace", () => {
  const leaked = (): Tensor => {
    let out: Tensor = x;
    grad((t: Tensor) => {
      out = t.mul(2);
      return t.sum();
    })(x);
    return out;
  };

  it.each([
    ["an operation", () => leaked().add(1)],
    ["another trace", () => grad((t: Tensor) => t.mul(leaked()).sum())(x)],
    ["a compiled function", () => compile((t: Tensor) => t.mul(leaked()))(x)],
    ["reading", () => leaked().dataSync()],
  ])("is refused by %s", (_, use) => {
    const error = errorOf(use);
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toMatch(/^A float32\[2\] of a finished trace was used\./);
    expect(error.message).toContain("must leave it as a result");
    expect(error.message).toContain("trace.test.ts:");
  });

  it("may be used by an inner trace while its own still runs", () => {
    const f = (t: Tensor): Tensor => grad((u: Tensor) => u.mul(t).sum())(t).sum();
    // ∂/∂u Σ u·t = t, so f(t) = Σ t.
    expect(grad(f)(x).arraySync()).toEqual([1, 1]);
  });
});

describe("buildGraph", () => {
  it("refuses a rule that uses a tensor from outside, which would have no place in the graph", () => {
    expect(() => buildGraph([x], (t) => [(t as Tensor).mul(tensor([3, 4]))])).toThrow(
      "A rule used a float32[2] that is not among its inputs.",
    );
    expect(currentTrace()).toBeUndefined();
  });
});

describe("errors of shapes", () => {
  it("name the user's own line", () => {
    const at = nextLine();
    const error = errorOf(() => tensor([1, 2, 3]).add(tensor([1, 2])));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain("add: shapes [3] (left) and [2] (right) do not broadcast");
    expect(error.message).toContain(at);
  });

  it("name the line inside a traced function, also under nested transforms", () => {
    let at = "";
    const f = (t: Tensor): Tensor => {
      at = nextLine();
      return t.matmul(tensor([[1, 2, 3]])).sum();
    };
    const message = errorOf(() => compile((t: Tensor) => vmap(grad(f))(t))(tensor([[1, 2, 3]]))).message;
    expect(message).toContain("matmul");
    expect(message).toContain(at);
  });

  it("name the path of the layer, and none outside of layers", () => {
    const inner = (t: Tensor): Tensor => withScope("0 (dense)", () => t.add(tensor([1, 2, 3])));
    const message = errorOf(() => grad((t: Tensor) => withScope("encoder", () => inner(t)).sum())(x)).message;
    expect(message).toContain("\n  in layer: encoder.0 (dense)\n  at: ");
    expect(errorOf(() => x.add(tensor([1, 2, 3]))).message).not.toContain("in layer");
  });

  it("keep the path of the layer where a node was made, when a transform is what fails", () => {
    const loop = (t: Tensor): Tensor =>
      withScope("solver", () =>
        whileLoop(
          (s: Tensor) => s.sum().less(10),
          (s: Tensor) => s.mul(2),
          t,
        ),
      ).sum();
    const message = errorOf(() => grad(loop)(x)).message;
    expect(message).toContain("whileLoop: reverse mode needs the values of every step");
    expect(message).toContain("in layer: solver");
  });
});

describe("after an error", () => {
  const fail = (t: Tensor): Tensor => withScope("layer", () => t.add(tensor([1, 2, 3])).sum());

  it.each([
    ["grad", () => grad(fail)(x)],
    ["vmap of grad", () => vmap(grad(fail))(tensor([[1, 2]]))],
    ["compile of jvp", () => compile((t: Tensor) => jvp(fail, [t], [t])[1])(x)],
    ["scan", () => scan((c: Tensor, t: Tensor) => [fail(t).add(c), null], tensor(0), tensor([[1, 2]]))],
    ["cond", () => compile((t: Tensor) => cond(t.sum().less(0), fail, fail, t))(x)],
    [
      "whileLoop",
      () =>
        whileLoop(
          (t: Tensor) => fail(t).less(1),
          (t: Tensor) => t,
          x,
        ),
    ],
  ])("inside %s no trace and no scope is left", (_, call) => {
    expect(call).toThrow(ShapeError);
    expect(currentTrace()).toBeUndefined();
    expect(currentScope()).toBe("");
    expect(x.add(1).arraySync()).toEqual([2, 3]);
    expect(grad((t: Tensor) => t.square().sum())(x).arraySync()).toEqual([2, 4]);
  });

  it("of the user's own, caught inside the function, the outer trace goes on", () => {
    const f = (t: Tensor): Tensor => {
      try {
        fail(t);
      } catch {
        return t.square().sum();
      }
      return t.sum();
    };
    expect(grad(f)(x).arraySync()).toEqual([2, 4]);
  });
});

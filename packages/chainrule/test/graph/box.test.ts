import { describe, expect, it } from "vitest";
import { withBoxes } from "../../src/graph/index.ts";
import {
  Box,
  compile,
  cond,
  grad,
  jvp,
  scan,
  type Tensor,
  TraceError,
  tensor,
  vmap,
  whileLoop,
} from "../../src/index.ts";
import { errorOf } from "./trace.ts";

const x = tensor([1, 2]);

describe("a box", () => {
  it("holds a tensor", () => {
    const box = new Box(tensor(1));
    box.value = tensor(2);
    expect(box.value.itemSync()).toBe(2);
  });

  it("refuses what is no tensor, and a tensor that has left its trace", () => {
    const box = new Box(x);
    expect(() => {
      box.value = 3 as unknown as Tensor;
    }).toThrow("A box holds a tensor, not 3");
    let leaked = x;
    grad((t: Tensor) => {
      leaked = t;
      return t.sum();
    })(x);
    expect(() => {
      box.value = leaked;
    }).toThrow("of a finished trace was used");
    expect(box.value).toBe(x);
  });

  it("keeps its shape and dtype, in a trace and outside", () => {
    const box = new Box(tensor([1, 2]));
    const grow = (): void => {
      box.value = box.value.expandDims(0);
    };
    const convert = compile((t: Tensor) => {
      box.value = box.value.cast("int32");
      return t;
    });
    expect(grow).toThrow("A box that holds float32[2] cannot take float32[1, 2]: a box keeps its shape and dtype.");
    const error = errorOf(() => convert(x));
    expect(error.message).toContain("A box that holds float32[2] cannot take int32[2]");
    expect(error.message).toContain("box.test.ts:");
    expect(box.value.arraySync()).toEqual([1, 2]);
  });

  it("is a constant of a gradient that reads it", () => {
    const box = new Box(tensor([3, 4]));
    const df = grad((t: Tensor) => t.mul(box.value).sum());
    expect(df(x).arraySync()).toEqual([3, 4]);
    box.value = tensor([5, 6]);
    expect(df(x).arraySync()).toEqual([5, 6]);
  });

  it("takes the new value when a function under grad, jvp or vmap writes it", () => {
    const count = new Box(tensor(0));
    const f = (t: Tensor): Tensor => {
      count.value = count.value.add(1);
      return t.square().sum();
    };
    grad(f)(x);
    expect(count.value.itemSync()).toBe(1);
    jvp(f, [x], [x]);
    expect(count.value.itemSync()).toBe(2);
    vmap(f)(tensor([[1], [2]]));
    expect(count.value.itemSync()).toBe(3);
    grad((t: Tensor) => grad(f)(t).sum())(x);
    expect(count.value.itemSync()).toBe(4);
  });

  it("can be written with a value that depends on the argument", () => {
    const seen = new Box(tensor(0));
    const f = (t: Tensor): Tensor => {
      seen.value = t.sum();
      return seen.value.square();
    };
    // (Σt)², so the gradient is 2Σt.
    expect(grad(f)(x).arraySync()).toEqual([6, 6]);
    expect(seen.value.itemSync()).toBe(3);
  });

  it("passes a gradient on through what was written before, within one function", () => {
    const box = new Box(tensor(1));
    const f = (t: Tensor): Tensor => {
      box.value = t;
      return grad((u: Tensor) => u.mul(box.value))(tensor(2)).mul(box.value);
    };
    // The inner gradient is the boxed t, so f(t) = t².
    expect(grad(f)(tensor(3)).itemSync()).toBe(6);
  });

  it("keeps its value when the function that wrote it fails", () => {
    const box = new Box(tensor(1));
    const f = (t: Tensor): Tensor => {
      box.value = tensor(7);
      return t.add(tensor([1, 2, 3])).sum();
    };
    expect(() => grad(f)(x)).toThrow("do not broadcast");
    expect(() => compile(f)(x)).toThrow("do not broadcast");
    expect(box.value.itemSync()).toBe(1);
  });

  it("is resident in a compiled function, under transforms too, and seen from outside", () => {
    const total = new Box(tensor([0, 0]));
    const step = compile((t: Tensor) => {
      const gradient = grad((u: Tensor) => {
        total.value = total.value.add(u);
        return u.mul(total.value).sum();
      })(t);
      return gradient;
    });
    // total ← total + u, so u·total has the gradient (total + u) + u.
    expect(step(x).arraySync()).toEqual([2, 4]);
    expect(total.value.arraySync()).toEqual([1, 2]);
    expect(step(x).arraySync()).toEqual([3, 6]);
    total.value = tensor([10, 10]);
    expect(step(x).arraySync()).toEqual([12, 14]);
    expect(total.value.arraySync()).toEqual([11, 12]);
  });

  it("that would differ from example to example may not be written under vmap", () => {
    const box = new Box(tensor(0));
    const f = (t: Tensor): Tensor => {
      box.value = t;
      return t;
    };
    const error = errorOf(() => vmap(f)(x));
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toContain("vmap: the function stores a value that differs from example to example");
    expect(error.message).toContain("box.test.ts:");
    expect(box.value.itemSync()).toBe(0);
  });

  const box = new Box(tensor(0));
  const write = (t: Tensor): Tensor => {
    box.value = t.sum();
    return t;
  };
  it.each([
    ["cond", () => compile((t: Tensor) => cond(t.sum().less(0), write, (u: Tensor) => u, t))(x)],
    [
      "whileLoop",
      () =>
        whileLoop(
          (t: Tensor) => t.sum().less(10),
          (t: Tensor) => write(t).mul(2),
          x,
        ),
    ],
  ])("may not be written in %s", (name, call) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toContain(`${name}: the function changes a stored value`);
    expect(error.message).toContain("Pass that value through the operands and results instead.");
    expect(box.value.itemSync()).toBe(0);
  });

  describe("written in scan", () => {
    // total ← total·x + offset, over x = 1, 2, 3 from 1 with offset 10: 11, 32, 106.
    const make = () => ({ total: new Box(tensor(1)), offset: new Box(tensor(10)) });
    const run = ({ total, offset }: ReturnType<typeof make>, xs: Tensor): Tensor =>
      scan(
        (c: Tensor, t: Tensor) => {
          total.value = total.value.mul(t).add(offset.value);
          return [c.add(1), total.value];
        },
        tensor(0),
        xs,
      )[1];
    const xs = tensor([1, 2, 3]);

    it("is carried along, at once and compiled", () => {
      const boxes = make();
      expect(run(boxes, xs).arraySync()).toEqual([11, 32, 106]);
      expect(boxes.total.value.itemSync()).toBe(106);
      for (const target of ["js", "wasm"] as const) {
        const fresh = make();
        const compiled = compile((t: Tensor) => run(fresh, t), { target });
        expect(compiled(xs).arraySync()).toEqual([11, 32, 106]);
        fresh.offset.value = tensor(0);
        expect(compiled(xs).arraySync()).toEqual([106, 212, 636]);
        expect(fresh.total.value.itemSync()).toBe(636);
      }
    });

    it("is carried through a scan in a scan", () => {
      const boxes = make();
      const f = compile(
        (t: Tensor) => scan((c: Tensor) => [c, run(boxes, t).sum()], tensor(0), null, { length: 2 })[1],
      );
      // 11 + 32 + 106 from 1; from 106 then: 116, 242, 736.
      expect(f(xs).arraySync()).toEqual([149, 1094]);
      expect(boxes.total.value.itemSync()).toBe(736);
    });

    it("differs from example to example under vmap only where that is an error", () => {
      const boxes = make();
      const error = errorOf(() => vmap((t: Tensor) => run(boxes, t))(tensor([[1], [2]])));
      expect(error.message).toContain("vmap: the function stores a value that differs from example to example");
      expect(boxes.total.value.itemSync()).toBe(1);
    });

    it("lets gradients through", () => {
      // (((1·a + 10)·b + 10)·c + 10) by a, b, c at 1, 2, 3: bc, 11c, 32.
      const boxes = make();
      const last = (t: Tensor): Tensor => {
        run(boxes, t);
        return boxes.total.value;
      };
      expect(grad(last)(xs).arraySync()).toEqual([6, 33, 32]);
      expect(boxes.total.value.itemSync()).toBe(106);
    });

    it("is not mixed up with a value taken before the loop", () => {
      const total = new Box(tensor(1));
      const f = (t: Tensor): Tensor => {
        const before = total.value;
        return scan(
          (c: Tensor, u: Tensor) => {
            total.value = total.value.add(u);
            return [c.add(before), total.value.sub(before)];
          },
          before,
          t,
        )[1];
      };
      const compiled = compile(f);
      expect(compiled(xs).arraySync()).toEqual([1, 3, 6]);
      expect(compiled(xs).arraySync()).toEqual([1, 3, 6]);
      expect(f(xs).arraySync()).toEqual([1, 3, 6]);
      expect(total.value.itemSync()).toBe(19);
    });

    it("may be written without being read, and set before the loop", () => {
      const seen = new Box(tensor(-1));
      const f = compile((t: Tensor) => {
        seen.value = t.sum();
        const [first] = scan(
          (c: Tensor, u: Tensor) => {
            seen.value = u;
            return [c, null];
          },
          seen.value,
          t,
        );
        return first;
      });
      expect(f(xs).itemSync()).toBe(6);
      expect(seen.value.itemSync()).toBe(3);
    });
  });

  it("may be read in cond, scan and whileLoop", () => {
    const two = new Box(tensor(2));
    const doubled = compile(
      (t: Tensor) => scan((c: Tensor, u: Tensor) => [c.add(u.mul(two.value)), null], tensor(0), t)[0],
    );
    expect(doubled(x).itemSync()).toBe(6);
    two.value = tensor(3);
    expect(doubled(x).itemSync()).toBe(9);
  });
});

describe("withBoxes", () => {
  it("lets a gradient be taken by what a box holds", () => {
    const w = new Box(tensor([3, 4]));
    const loss = (): Tensor => w.value.mul(x).square().sum();
    const gradient = grad((value: Tensor) => withBoxes([w], [value], loss))(w.value);
    // Σ (wx)² has the gradient 2wx².
    expect(gradient.arraySync()).toEqual([6, 32]);
    expect(w.value.arraySync()).toEqual([3, 4]);
  });

  it("puts back what was there, also after an error", () => {
    const w = new Box(x);
    const f = (t: Tensor): Tensor => {
      w.value = t.mul(5);
      expect(() => withBoxes([w], [t], () => t.add(tensor([1, 2, 3])))).toThrow("do not broadcast");
      return w.value.sum();
    };
    expect(grad(f)(x).arraySync()).toEqual([5, 5]);
  });

  it("works inside a trace only", () => {
    expect(() => withBoxes([], [], () => 1)).toThrow("withBoxes works inside a trace only");
  });
});

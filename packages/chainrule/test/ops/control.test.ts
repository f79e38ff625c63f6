/** cond, whileLoop and scan: what they compute, eagerly and compiled, and what flows back through them. By hand. */
import { describe, expect, it } from "vitest";
import {
  compile,
  cond,
  customVjp,
  grad,
  jvp,
  scan,
  stack,
  type Tensor,
  tensor,
  vmap,
  whileLoop,
  zeros,
  zerosLike,
} from "../../src/index.ts";
import { expectValue } from "./evaluate.ts";

const int = (values: number | number[]): Tensor => tensor(values, { dtype: "int32" });
const int32 = { dtype: "int32" } as const;

describe("scan", () => {
  it("carries and collects", () => {
    const sums = (xs: Tensor) => scan((c: Tensor, x: Tensor) => [c.add(x), c.mul(x)], tensor(0), xs);
    const xs = tensor([1, 2, 3]);
    expectValue(() => sums(xs)[0], 6);
    expectValue(() => sums(xs)[1], [0, 2, 9]);
  });

  it("in reverse starts with the last element and keeps the order of results", () => {
    const sums = (xs: Tensor) => scan((c: Tensor, x: Tensor) => [c.add(x), c], tensor(0), xs, { reverse: true });
    expectValue(() => sums(tensor([1, 2, 4]))[1], [6, 4, 0]);
  });

  it("carries that change places", () => {
    const fibonacci = () =>
      scan(
        ([a, b]: [Tensor, Tensor]) => [[b, a.add(b)] as [Tensor, Tensor], a],
        [int(0), int(1)] as [Tensor, Tensor],
        null,
        { length: 10 },
      );
    expectValue(() => fibonacci()[1], [0, 1, 1, 2, 3, 5, 8, 13, 21, 34], int32);
    expectValue(() => fibonacci()[0][1], 89, int32);
    const rotate = () =>
      scan(([a, b, c]: Tensor[]) => [[b, c, a] as Tensor[], b as Tensor], [int(1), int(2), int(3)], null, {
        length: 4,
      });
    expectValue(() => stack(rotate()[0]), [2, 3, 1], int32);
    expectValue(() => rotate()[1], [2, 3, 1, 2], int32);
  });

  it("over no steps leaves the carry, over sequences of no elements as well", () => {
    const none = () => scan((c: Tensor, x: Tensor) => [c.add(x.sum()), c], tensor(5), zeros([0, 3]));
    expectValue(() => none()[0], 5);
    expectValue(() => none()[1], [], { shape: [0] });
    expectValue(
      () => grad((c: Tensor) => scan((s: Tensor, x: Tensor) => [s.mul(x), null], c, zeros([0]))[0])(tensor(2)),
      1,
    );
  });

  it("uses tensors from around it, to which gradients flow", () => {
    // c ← c·w + x from 0 over (1, 2): w + 2; from 1: w² + w + 2.
    const f = (w: Tensor): Tensor =>
      scan((c: Tensor, x: Tensor) => [c.mul(w).add(x), null], tensor(1), tensor([1, 2]))[0];
    expectValue(() => f(tensor(3)), 14);
    expectValue(() => grad(f)(tensor(3)), 7);
    expectValue(() => grad(grad(f))(tensor(3)), 2);
    expectValue(() => jvp(f, [tensor(3)], [tensor(1)])[1], 7);
    expectValue(() => vmap(grad(f))(tensor([3, 4])), [7, 9]);
  });

  it("results that are the carry, the element, or a constant", () => {
    const all = () => scan((c: Tensor, x: Tensor) => [c, [c, x, tensor(7)]], tensor(1), tensor([2, 3]))[1] as Tensor[];
    expectValue(
      () => stack(all()),
      [
        [1, 1],
        [2, 3],
        [7, 7],
      ],
    );
  });

  it("of as many steps as a tensor tells: results of the others are 0, and so are gradients of their elements", () => {
    const sums = (steps: number, reverse: boolean) =>
      scan((c: Tensor, x: Tensor) => [c.add(x), c.add(10)], tensor(0), tensor([1, 2, 4, 8]), {
        steps: int(steps),
        reverse,
      });
    expectValue(() => sums(3, false)[0], 7);
    expectValue(() => sums(3, false)[1], [10, 11, 13, 0]);
    expectValue(() => sums(3, true)[0], 7);
    expectValue(() => sums(3, true)[1], [16, 14, 10, 0]);
    for (const none of [0, -1]) {
      expectValue(() => sums(none, true)[0], 0);
      expectValue(() => sums(none, false)[1], [0, 0, 0, 0]);
    }
    expectValue(() => sums(9, true)[1], [24, 22, 18, 10]);
    // c ← c·w + x from 1 over (1, 2), then 9: w² + w + 2, w³ + w² + 2w + 9.
    const f = (w: Tensor, xs: Tensor, steps: Tensor): Tensor =>
      scan((c: Tensor, x: Tensor) => [c.mul(w).add(x), null], tensor(1), xs, { steps })[0];
    const [w, xs] = [tensor(3), tensor([1, 2, 9])];
    expectValue(() => grad(f)(w, xs, int(2)), 7);
    expectValue(() => grad(grad(f))(w, xs, int(2)), 2);
    expectValue(() => grad(f, { argument: 1 })(w, xs, int(2)), [3, 1, 0]);
    expectValue(() => jvp((v: Tensor) => f(v, xs, int(3)), [w], [tensor(1)])[1], 35);
    expectValue(() => vmap(f, { axes: [null, null, 0] })(w, xs, int([0, 2, 3])), [1, 14, 51]);
    expectValue(() => vmap(grad(f), { axes: [0, null, 0] })(tensor([3, 3, 3]), xs, int([0, 2, 3])), [0, 7, 35]);
  });

  it("inside a scan", () => {
    const table = () =>
      scan(
        (c: Tensor, row: Tensor) => [
          c.add(1),
          scan((d: Tensor, x: Tensor) => [d.add(x), d.add(x).mul(c)], tensor(0), row)[1],
        ],
        tensor(1),
        tensor([
          [1, 2],
          [3, 4],
        ]),
      );
    expectValue(
      () => table()[1],
      [
        [1, 3],
        [6, 14],
      ],
    );
  });
});

describe("whileLoop", () => {
  it("runs as long as the test holds, and not at all when it does not", () => {
    const double = (x: Tensor): Tensor =>
      whileLoop(
        (s: Tensor) => s.sum().less(100),
        (s: Tensor) => s.mul(2),
        x,
      );
    expectValue(() => double(tensor([1, 2])), [64, 128]);
    expectValue(() => double(tensor([60, 70])), [60, 70]);
  });

  it("states that change places: the greatest common divisor", () => {
    // Euclid with subtraction: (a, b) ← (b, a) if a < b, else (a − b, b), until b = 0.
    const gcd = (a: number, b: number): Tensor =>
      whileLoop(
        (s: Tensor[]) => (s[1] as Tensor).greater(0),
        ([p, q]: Tensor[]) => {
          const [x, y] = [p as Tensor, q as Tensor];
          return [y.maximum(x.sub(y)), y.minimum(x.sub(y))];
        },
        [int(a), int(b)],
      )[0] as Tensor;
    expectValue(() => gcd(1071, 462), 21, int32);
  });

  it("forward mode goes through it; a batch goes on until all have stopped", () => {
    const f = (x: Tensor): Tensor =>
      whileLoop(
        (s: Tensor) => s.less(10),
        (s: Tensor) => s.mul(s),
        x,
      );
    // 2 → 4 → 16, x⁴: 4·8; 3 → 9 → 81: 4·27; 20 stays.
    expectValue(() => jvp(f, [tensor(2)], [tensor(1)])[1], 32);
    expectValue(() => vmap(f)(tensor([2, 3, 20])), [16, 81, 20]);
    expectValue(() => vmap((x: Tensor) => jvp(f, [x], [tensor(1)])[1])(tensor([2, 3, 20])), [32, 108, 1]);
  });
});

describe("cond", () => {
  const f = (x: Tensor): Tensor =>
    cond(
      x.sum().greater(0),
      (a: Tensor) => a.mul(a),
      (a: Tensor) => a.neg(),
      x,
    ).sum();

  it("takes one branch, in value and gradient", () => {
    expectValue(() => f(tensor([1, 2])), 5);
    expectValue(() => grad(f)(tensor([1, 2])), [2, 4]);
    expectValue(() => f(tensor([-1, -2])), 3);
    expectValue(() => grad(f)(tensor([-1, -2])), [-1, -1]);
    expectValue(
      () =>
        vmap(f)(
          tensor([
            [1, 2],
            [-1, -2],
          ]),
        ),
      [5, 3],
    );
    expectValue(
      () =>
        vmap(grad(f))(
          tensor([
            [1, 2],
            [-1, -2],
          ]),
        ),
      [
        [2, 4],
        [-1, -1],
      ],
    );
  });

  it("does not compute the other one: no NaN comes out of it", () => {
    const safe = (x: Tensor): Tensor =>
      cond(
        x.greater(0),
        () => x.log(),
        () => x.mul(0),
      );
    expectValue(() => safe(tensor(-1)), 0);
    expectValue(() => grad(safe)(tensor(-1)), 0);
    expectValue(() => vmap(grad(safe))(tensor([-1, 2])), [0, 0.5]);
  });

  it("the branch is chosen anew in every call of a compiled function", () => {
    const compiled = compile(f);
    expect(
      [compiled(tensor([1, 2])), compiled(tensor([-1, -2])), compiled(tensor([0, 3]))].map((t) => t.itemSync()),
    ).toEqual([5, 3, 9]);
  });

  it("branches that give back what they got, exchanged or twice", () => {
    const swap = (p: boolean) => () =>
      stack(
        cond(
          tensor(p),
          (a: Tensor, b: Tensor) => [b, a],
          (a: Tensor) => [a, a],
          tensor(1),
          tensor(2),
        ) as Tensor[],
      );
    expectValue(swap(true), [2, 1]);
    expectValue(swap(false), [1, 1]);
  });
});

describe("objects whose keys come in another order", () => {
  const start = { a: tensor(1), b: tensor(10) };

  it("are matched by key", () => {
    const looped = () =>
      whileLoop(
        (s: typeof start) => s.b.less(50),
        (s: typeof start) => ({ b: s.b.mul(2), a: s.a.add(1) }),
        start,
      );
    expectValue(() => looped().a, 4);
    expectValue(() => looped().b, 80);
    const scanned = () =>
      scan((s: typeof start, x: Tensor) => [{ b: s.b.mul(x), a: s.a.add(x) }, null], start, tensor([2, 3]))[0];
    expectValue(() => scanned().a, 6);
    expectValue(() => scanned().b, 60);
    const chosen = (p: boolean) => () =>
      cond(
        tensor(p),
        () => start,
        () => ({ b: start.a, a: start.b }),
      );
    expectValue(() => chosen(false)().a, 10);
    expectValue(() => chosen(true)().a, 1);
  });
});

describe("customVjp", () => {
  const round = customVjp(
    (x: Tensor) => x.add(0.5).floor(),
    (_args, _result, cotangent) => [cotangent],
  );

  it("has the function's value and the rule's gradient", () => {
    const x = tensor([0.2, 1.7]);
    expectValue(() => round(x), [0, 2]);
    expectValue(() => grad((t: Tensor) => round(t).mul([3, 4]).sum())(x), [3, 4]);
    expectValue(() => jvp(round, [x], [tensor([5, 6])])[1], [5, 6]);
    expectValue(() => vmap(grad((t: Tensor) => round(t).mul(t)))(x), [0.2, 3.7], { tolerance: 1e-6 });
  });

  it("arguments of any dtype, and one that all examples of a batch share", () => {
    // y = w · x[i]; the rule doubles the gradient.
    const pick = customVjp(
      (w: Tensor, xs: Tensor, i: Tensor) => w.mul(xs.gather(i)),
      ([w, xs, i], _y, c) => [c.mul(xs.gather(i)).mul(2), zerosLike(xs).scatterAdd(i, c.mul(w).mul(2)), i],
    );
    const f = (w: Tensor, i: Tensor): Tensor => pick(w, tensor([10, 20, 30]), i).sum();
    expectValue(() => f(tensor(3), int(1)), 60);
    expectValue(() => grad(f)(tensor(3), int(1)), 40);
    expectValue(() => vmap(grad(f), { axes: [null, 0] })(tensor(3), int([0, 2])), [20, 60]);
    const total = (w: Tensor): Tensor => vmap((i: Tensor) => f(w, i))(int([0, 2])).sum();
    expectValue(() => grad(total)(tensor(3)), 80);
  });
});

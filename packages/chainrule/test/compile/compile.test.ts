/** `compile`: programs per type of argument, results, static arguments, captured constants, errors. */
import { afterEach, describe, expect, it } from "vitest";
import {
  Box,
  compile,
  cond,
  customVjp,
  grad,
  random,
  setTarget,
  type Tensor,
  tensor,
  vmap,
  where,
} from "../../src/index.ts";

const TARGETS = ["js", "wasm"] as const;

afterEach(() => setTarget(undefined));

describe.each(TARGETS)("compile for %s", (target) => {
  it("computes what the function computes", () => {
    const f = compile((x: Tensor, y: Tensor) => x.matmul(y).add(1), { target });
    expect(f(tensor([[1, 2]]), tensor([[3], [4]])).arraySync()).toEqual([[12]]);
  });

  it("takes and returns trees; numbers become float32 scalars", () => {
    const f = compile(
      ({ a, b }: { a: Tensor; b: number[] }, scale: number) => ({ sum: [a.add(b as never).mul(scale)], kind: "sum" }),
      { target },
    );
    const result = f({ a: tensor([1, 2]), b: tensor([10, 20]) as never }, 2);
    expect(result.sum[0]?.arraySync()).toEqual([22, 44]);
    expect(result.kind).toBe("sum");
  });

  it("gives inputs back as results, and one value as two results, as arrays of their own", () => {
    const f = compile((x: Tensor) => [x, x.neg(), x.neg(), x], { target });
    const x = tensor([1, -2]);
    const [a, b, c, d] = f(x) as [Tensor, Tensor, Tensor, Tensor];
    expect([a, b, c, d].map((t) => t.arraySync())).toEqual([
      [1, -2],
      [-1, 2],
      [-1, 2],
      [1, -2],
    ]);
    expect(new Set([x, a, b, c, d].map((t) => t.payload)).size).toBe(5);
  });

  it("computes a stored reshape that a product reads too", () => {
    const f = compile(
      (x: Tensor, w: Tensor) => {
        const y = x.add(1).reshape([2, 2]);
        return [y, y.matmul(w)];
      },
      { target },
    );
    const [y, z] = f(
      tensor([0, 1, 2, 3]),
      tensor([
        [1, 0],
        [1, 1],
      ]),
    ) as [Tensor, Tensor];
    expect([y.arraySync(), z.arraySync()]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [3, 2],
        [7, 4],
      ],
    ]);
  });

  it("keeps results when it runs again", () => {
    const f = compile((x: Tensor) => x.add(1), { target });
    const first = f(tensor([1, 2]));
    f(tensor([5, 6]));
    expect(first.arraySync()).toEqual([2, 3]);
  });

  it("works on empty, bool, int32 and float64 tensors", () => {
    expect(compile((x: Tensor) => [x.add(1), x.sum()], { target })(tensor([]))[1]?.arraySync()).toBe(0);
    expect(compile((x: Tensor) => x.not(), { target })(tensor([true, false])).arraySync()).toEqual([false, true]);
    expect(compile((x: Tensor) => x.mul(3), { target })(tensor([2 ** 30, -5], { dtype: "int32" })).arraySync()).toEqual(
      [-(2 ** 30), -15],
    );
    // 1/3 in double precision.
    expect(compile((x: Tensor) => x.div(3), { target })(tensor([1], { dtype: "float64" })).arraySync()).toEqual([
      1 / 3,
    ]);
  });

  it("multiplies matrices of int32 and float64, and with no inner extent", () => {
    const f = compile((a: Tensor, b: Tensor) => a.matmul(b), { target });
    const int = { dtype: "int32" } as const;
    expect(f(tensor([[65536, 1]], int), tensor([[65536], [7]], int)).arraySync()).toEqual([[7]]);
    const double = { dtype: "float64" } as const;
    expect(f(tensor([[0.1, 0.2]], double), tensor([[10], [10]], double)).arraySync()).toEqual([[0.1 * 10 + 0.2 * 10]]);
    expect(f(tensor([], { shape: [2, 0] }), tensor([], { shape: [0, 1] })).arraySync()).toEqual([[0], [0]]);
  });

  it("has the constants of concrete tensors that the function uses", () => {
    const [table, factor] = [tensor([10, 20, 30]), tensor(0.5)];
    const f = compile((i: Tensor) => table.gather(i).mul(factor), { target });
    expect(f(tensor([2, 0], { dtype: "int32" })).arraySync()).toEqual([15, 5]);
    expect(f(tensor([1, 1], { dtype: "int32" })).arraySync()).toEqual([10, 10]);
  });

  it("compiles transforms, and inside of them is the plain function", () => {
    const square = compile((x: Tensor) => x.mul(x).sum(), { target });
    expect(grad(square)(tensor([1, 2])).arraySync()).toEqual([2, 4]);
    expect(compile(grad(square), { target })(tensor([1, 2])).arraySync()).toEqual([2, 4]);
    expect(compile((x: Tensor) => square(x).add(square(x)), { target })(tensor([1, 2])).itemSync()).toBe(10);
    expect(
      vmap((x: Tensor) => square(x))(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ).arraySync(),
    ).toEqual([5, 25]);
  });

  it("inlines functions with gradients of their own, inside a branch too", () => {
    const thrice = customVjp(
      (x: Tensor) => x.mul(3),
      (_x, _y, cotangent) => [cotangent],
    );
    const f = compile((x: Tensor) => cond(x.sum().greater(0), thrice, (a: Tensor) => a, x), { target });
    expect(f(tensor([1, 2])).arraySync()).toEqual([3, 6]);
    expect(f(tensor([-1, -2])).arraySync()).toEqual([-1, -2]);
  });

  it("draws the same random numbers as single operations do", () => {
    const draw = (): Tensor => random.uniform(random.key(3), [4]);
    expect(compile(draw, { target })().arraySync()).toEqual(draw().arraySync());
  });
});

describe("compiled programs", () => {
  it("are made once for each shape, dtype and structure of the arguments", () => {
    let traced = 0;
    const f = compile((tree: { x: Tensor } | Tensor[]) => {
      traced++;
      return (Array.isArray(tree) ? (tree[0] as Tensor) : tree.x).sum();
    });
    for (const round of [1, 2]) {
      expect(f({ x: tensor([1, 2]) }).itemSync()).toBe(3);
      expect(f({ x: tensor([[1], [2]]) }).itemSync()).toBe(3);
      expect(f({ x: tensor([1, 2], { dtype: "float64" }) }).itemSync()).toBe(3);
      expect(f([tensor([1, 2])]).itemSync()).toBe(3);
      expect(traced, `round ${round}`).toBe(4);
    }
    expect(f.program({ x: tensor([5, 6]) })).toBe(f.program({ x: tensor([7, 8]) }));
    expect(f.program({ x: tensor([5, 6]) })).not.toBe(f.program([tensor([7, 8])]));
  });

  it("are let go beyond 64, the one used longest ago first", () => {
    let traced = 0;
    const f = compile((x: Tensor, name: string) => {
      traced++;
      return name === "0" ? x : x.mul(2);
    });
    const x = tensor([3]);
    for (let i = 0; i < 64; i++) f(x, `${i}`);
    f(x, "0");
    expect(traced).toBe(64);
    f(x, "another");
    f(x, "0");
    expect(traced).toBe(65);
    expect(f(x, "1").arraySync()).toEqual([6]);
    expect(traced).toBe(66);
  });

  it("take an argument's numbers anew, but for the very same tensor", () => {
    const box = new Box(tensor([0, 0]));
    const f = compile((x: Tensor, y: Tensor) => {
      box.value = box.value.add(x);
      return x.mul(y);
    });
    const [a, b] = [tensor([1, 2]), tensor([3, 4])];
    for (const [x, y] of [
      [a, b],
      [a, b],
      [b, b],
      [a, a],
      [tensor([1, 2]), b],
    ] as const) {
      const expected = Array.from(x.dataSync(), (value, i) => value * (y.dataSync()[i] as number));
      expect(f(x, y).arraySync()).toEqual(expected);
    }
    // 1 + 1 + 3 + 1 + 1, 2 + 2 + 4 + 2 + 2
    expect(box.value.arraySync()).toEqual([7, 12]);
  });

  it("lend their results until the next call, if asked to", () => {
    const double = compile((x: Tensor) => ({ twice: x.mul(2) }), { reuseResults: true });
    const first = double(tensor([1, 2])).twice;
    expect(first.arraySync()).toEqual([2, 4]);
    expect(first.add(1).arraySync()).toEqual([3, 5]);
    const second = double(first).twice;
    expect(second.arraySync()).toEqual([4, 8]);
    const gone =
      "This float32[2] is a result of a function compiled with reuseResults: true, which has run again since, so its " +
      "numbers are gone. Read it before the next call, or compile without that option.";
    expect(() => first.arraySync()).toThrow(gone);
    expect(() => first.add(1)).toThrow(gone);
    expect(() => double(first)).toThrow(gone);
    expect(second.arraySync()).toEqual([4, 8]);
    expect(first.shape).toEqual([2]);
  });

  it("get tensors in place of numbers, inside another trace too", () => {
    const f = compile((x: Tensor, k: Tensor | number) => (k as Tensor).mul(x));
    expect(f(tensor(2), 3).itemSync()).toBe(6);
    expect(grad((x: Tensor) => f(x, 3))(tensor(2)).itemSync()).toBe(3);
  });

  it("refuse a tensor of a finished trace", () => {
    let leaked = tensor([0, 0]);
    grad((x: Tensor) => {
      leaked = x.mul(2);
      return leaked.sum();
    })(tensor([1, 2]));
    expect(() => compile((x: Tensor) => x.add(1))(leaked)).toThrow("of a finished trace");
  });

  it("are made for each value of what is no tensor: strings, booleans, functions", () => {
    let traced = 0;
    const f = compile((x: Tensor, kind: "double" | "square", negate: boolean, finish?: (x: Tensor) => Tensor) => {
      traced++;
      const y = kind === "double" ? x.mul(2) : x.square();
      return (finish ?? ((t: Tensor) => t))(negate ? y.neg() : y);
    });
    const x = tensor([3]);
    const relu = (t: Tensor): Tensor => t.relu();
    const all = (): unknown[] =>
      [f(x, "double", false), f(x, "square", false), f(x, "square", true), f(x, "square", true, relu)].map((t) =>
        t.arraySync(),
      );
    expect(all()).toEqual([[6], [9], [-9], [0]]);
    expect(all()).toEqual([[6], [9], [-9], [0]]);
    expect(traced).toBe(4);
  });

  it("use the target named, else what setTarget chose, else WebAssembly", () => {
    const f = (x: Tensor): Tensor => x.add(1);
    expect(compile(f).program(tensor(1)).target.name).toBe("wasm");
    setTarget("js");
    expect(compile(f).program(tensor(1)).target.name).toBe("js");
    expect(compile(f, { target: "wasm" }).program(tensor(1)).target.name).toBe("wasm");
    setTarget(undefined);
    expect(compile(f).program(tensor(1)).target.name).toBe("wasm");
  });

  it("leave out what no result needs", () => {
    const { program } = compile((x: Tensor) => {
      x.exp().sum();
      return x.add(1);
    }).program(tensor([1, 2]));
    expect(program.steps.length).toBe(1);
  });
});

describe("mistakes", () => {
  const x = tensor([1]);

  it("a function that is not one", () => {
    expect(() => compile(5 as never)).toThrow("compile: takes a function, not 5.");
  });

  it("an option that does not exist", () => {
    expect(() => compile((a: Tensor) => a, { tarfet: "js" } as never)).toThrow(
      'compile: unknown option "tarfet"; there are target, reuseResults.',
    );
  });

  it("an option that is neither true nor false", () => {
    expect(() => compile((x: Tensor) => x, { reuseResults: 1 as unknown as boolean })).toThrow(
      "compile: reuseResults is true or false, not 1.",
    );
  });

  it("a target that does not exist", () => {
    expect(() => compile((a: Tensor) => a, { target: "gpu" as never })).toThrow(
      'compile: the target must be one of "js", "wasm"; it is "gpu".',
    );
    expect(() => setTarget("gpu" as never)).toThrow('setTarget: the target must be one of "js", "wasm"; it is "gpu".');
  });

  it("an asynchronous function", () => {
    expect(() => compile(async (a: Tensor) => a)(x)).toThrow(
      "compile: the function is asynchronous. A function that is traced computes with tensors and returns at once: " +
        "remove `async` and `await` from it, and await what compile gives.",
    );
  });

  it("a JavaScript condition on a traced value, and the mend", () => {
    expect(() => compile((a: Tensor) => ((a as unknown as number) > 0 ? a : a.neg()))(x)).toThrow(
      /has no value yet[\s\S]*where\(condition/,
    );
    expect(compile((a: Tensor) => where(a.greater(0), a, a.neg()))(tensor([-2])).arraySync()).toEqual([2]);
  });

  it("a function that failed can be called again", () => {
    let broken = true;
    const f = compile((a: Tensor) => {
      if (broken) throw new Error("not yet");
      return a.add(1);
    });
    expect(() => f(x)).toThrow("not yet");
    broken = false;
    expect(f(x).arraySync()).toEqual([2]);
  });
});

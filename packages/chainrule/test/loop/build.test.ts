import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { affine, ExprPool, variable } from "../../src/loop/build.ts";
import type { Expr, ScalarOp, Var } from "../../src/loop/ir.ts";
import { scalarFunction } from "../../src/loop/scalar.ts";
import type { DType } from "../../src/tensor/dtype.ts";

const pool = new ExprPool();
const i = variable("i", "int32");
const j = variable("j", "int32");
const x = variable("x", "float32");
const int = (n: number): Expr => pool.int(n);
const f32 = (n: number): Expr => pool.constant("float32", n);

describe("sharing", () => {
  it("makes equal expressions one object", () => {
    const make = (): Expr => pool.load("float32", 2, pool.call("add", pool.call("mul", i, int(10)), j));
    expect(make()).toBe(make());
    expect(pool.cast("float32", i)).toBe(pool.cast("float32", i));
    expect(pool.select(pool.bool(true), x, f32(1))).toBe(x);
  });

  it("tells apart variables of one name, dtypes, buffers and argument orders", () => {
    expect(pool.call("exp", x)).not.toBe(pool.call("exp", variable("x", "float32")));
    expect(pool.constant("float32", 1)).not.toBe(pool.constant("float64", 1));
    expect(pool.load("float32", 1, i)).not.toBe(pool.load("float32", 2, i));
    expect(pool.call("sub", i, j)).not.toBe(pool.call("sub", j, i));
    expect(pool.cast("float32", i)).not.toBe(pool.cast("float64", i));
  });

  it("compares float constants by Object.is", () => {
    expect(f32(0)).not.toBe(f32(-0));
    expect(f32(Number.NaN)).toBe(f32(Number.NaN));
    expect(f32(0.1)).toBe(f32(Math.fround(0.1)));
  });
});

describe("dtypes", () => {
  it("gives the result of each kind of operation its dtype", () => {
    expect(pool.call("mul", x, f32(2)).dtype).toBe("float32");
    expect(pool.call("lt", x, f32(2)).dtype).toBe("bool");
    expect(pool.select(pool.call("lt", i, j), x, f32(2)).dtype).toBe("float32");
    expect(pool.cast("bool", x).dtype).toBe("bool");
    expect(pool.cast("float32", x)).toBe(x);
  });

  const wrong: [ScalarOp, Expr[], string][] = [
    ["add", [x, i], "add takes 2 values: arguments of one dtype, float or int32; it got (float32, int32)"],
    ["exp", [i], "exp takes 1 value: arguments of one float dtype; it got (int32)"],
    ["idiv", [x, x], "idiv takes 2 values: int32 arguments; it got (float32, float32)"],
    ["not", [i], "not takes 1 value: bool arguments; it got (int32)"],
    ["lt", [x, i], "lt takes 2 values: arguments of one dtype; it got (float32, int32)"],
    [
      "select",
      [i, x, x],
      "select takes 3 values: a bool and two values of one dtype; it got (int32, float32, float32)",
    ],
    ["add", [x], "add takes 2 values: arguments of one dtype, float or int32; it got (float32)"],
  ];
  it.each(wrong)("refuses %s of the wrong arguments", (op, args, message) => {
    expect(() => pool.call(op as Exclude<ScalarOp, "cast">, ...args)).toThrow(message);
  });

  it("refuses what cannot be", () => {
    expect(() => pool.int(2.5)).toThrow("2.5 is not an int32 constant");
    expect(() => pool.int(2 ** 31)).toThrow("2147483648 is not an int32 constant");
    expect(() => pool.load("float32", 0, x)).toThrow("the index of a load must be int32; it is float32");
    expect(() => pool.call("imod", i, int(0))).toThrow("imod is only defined for a divisor > 0; it is 0");
    const foreign = new ExprPool().call("exp", x);
    expect(() => pool.call("exp", foreign)).toThrow("a call expression of another pool; build it in this one");
  });
});

describe("folding", () => {
  it("drops what changes no index", () => {
    expect(pool.call("add", i, int(0))).toBe(i);
    expect(pool.call("add", int(0), i)).toBe(i);
    expect(pool.call("sub", i, int(0))).toBe(i);
    expect(pool.call("mul", int(1), i)).toBe(i);
    expect(pool.call("mul", i, int(0))).toBe(int(0));
    expect(pool.call("sub", i, i)).toBe(int(0));
    expect(pool.call("idiv", i, int(1))).toBe(i);
    expect(pool.call("imod", i, int(1))).toBe(int(0));
  });

  it("merges constants", () => {
    expect(pool.call("add", pool.call("add", i, int(3)), int(4))).toBe(pool.call("add", i, int(7)));
    expect(pool.call("sub", pool.call("add", int(3), i), int(3))).toBe(i);
    expect(pool.call("mul", pool.call("mul", i, int(3)), int(4))).toBe(pool.call("mul", i, int(12)));
    expect(pool.call("idiv", int(7), int(2))).toBe(int(3));
    expect(pool.call("imod", int(7), int(4))).toBe(int(3));
    expect(pool.call("add", int(2 ** 31 - 1), int(1))).toBe(int(-(2 ** 31)));
  });

  it("leaves float arithmetic alone, except on constants, which it rounds", () => {
    for (const op of ["add", "mul"] as const) {
      for (const c of [0, 1]) expect(pool.call(op, x, f32(c)).kind).toBe("call");
    }
    expect(pool.call("add", f32(2 ** 24), f32(1))).toBe(f32(2 ** 24));
    expect(pool.call("lt", f32(1), f32(2))).toBe(pool.bool(true));
    expect(pool.cast("int32", f32(2.5))).toBe(int(2));
    expect(pool.cast("bool", f32(0.5))).toBe(pool.bool(true));
  });

  it("folds logic with a constant", () => {
    const p = pool.call("lt", i, j);
    const [yes, no] = [pool.bool(true), pool.bool(false)];
    expect([pool.call("and", p, yes), pool.call("and", yes, p), pool.call("or", p, no)]).toEqual([p, p, p]);
    expect([pool.call("and", no, p), pool.call("or", p, yes)]).toEqual([no, yes]);
    expect(pool.call("and", p, p)).toBe(p);
    expect(pool.select(p, x, x)).toBe(x);
  });

  /** Random int32 trees, as text of a computation that is done both ways. */
  type Tree = number | "i" | "j" | { op: ScalarOp; a: Tree; b: Tree };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, depthSize: "medium" },
      fc.constantFrom<Tree[]>("i", "j", 0, 1, -1, 2, 2 ** 31 - 1, -(2 ** 31)),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.record({
        op: fc.constantFrom<ScalarOp[]>("add", "sub", "mul", "min", "xor", "shl", "idiv", "imod"),
        a: tie("tree"),
        b: tie("tree"),
      }),
    ),
  }));
  /** Divisors must be positive: 1 + (the low three bits of b). */
  const positive = (b: number): number => 1 + (b & 7);
  const divides = (op: ScalarOp): boolean => op === "idiv" || op === "imod";
  const build = (t: Tree): Expr => {
    if (typeof t === "number") return int(t);
    if (typeof t === "string") return t === "i" ? i : j;
    const b = build(t.b);
    const divisor = divides(t.op) ? pool.call("add", pool.call("bitand", b, int(7)), int(1)) : b;
    return pool.call(t.op as "add", build(t.a), divisor);
  };
  const direct = (t: Tree, at: { i: number; j: number }): number => {
    if (typeof t !== "object") return typeof t === "number" ? t : at[t];
    const b = direct(t.b, at);
    return scalarFunction(t.op, "int32")(direct(t.a, at), divides(t.op) ? positive(b) : b);
  };
  const evaluate = (expr: Expr, at: { i: number; j: number }): number => {
    if (expr.kind === "const") return expr.value;
    if (expr.kind === "var") return expr === i ? at.i : at.j;
    if (expr.kind === "load") throw new Error("no loads here");
    return scalarFunction(expr.op, expr.dtype)(...expr.args.map((arg) => evaluate(arg, at)));
  };

  it("never changes what an integer expression is, wrapping included", () => {
    const value = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(tree, value, value, (t, iValue, jValue) => {
        const at = { i: iValue, j: jValue };
        expect(evaluate(build(t), at)).toBe(direct(t, at));
      }),
      { numRuns: 500 },
    );
  });
});

describe("affine", () => {
  const form = (expr: Expr) => {
    const found = affine(expr);
    return found && [found.constant, ...[...found.terms].map(([v, c]: [Var, number]) => `${c}${v.name}`)];
  };

  it("finds constant and coefficients", () => {
    const k = pool.call("mul", pool.call("add", i, int(2)), int(10));
    expect(form(pool.call("sub", pool.call("add", k, j), int(3)))).toEqual([17, "10i", "1j"]);
    expect(form(pool.call("neg", k))).toEqual([-20, "-10i"]);
    expect(form(int(5))).toEqual([5]);
    expect(form(i)).toEqual([0, "1i"]);
  });

  it("drops terms that cancel", () => {
    expect(form(pool.call("sub", pool.call("add", i, j), i))).toEqual([0, "1j"]);
  });

  it("says undefined of what is not affine or not int32", () => {
    expect(form(pool.call("mul", i, j))).toBeUndefined();
    expect(form(pool.call("imod", i, int(3)))).toBeUndefined();
    expect(form(pool.call("add", i, pool.load("int32", 0, i)))).toBeUndefined();
    expect(form(pool.cast("int32", x))).toBeUndefined();
    const floats: DType[] = ["float32", "float64"];
    expect(floats.map((dtype) => form(pool.constant(dtype, 1)))).toEqual([undefined, undefined]);
  });
});

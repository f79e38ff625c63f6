/** Every simplification rule fires on an example and leaves the values as they were, extreme ones included. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Rule, rewrite } from "../../src/compile/rewrite.ts";
import { RULES } from "../../src/compile/rules.ts";
import { simplify } from "../../src/compile/simplify.ts";
import type { Graph } from "../../src/graph/node.ts";
import { printGraph } from "../../src/graph/print.ts";
import { evaluate, traceFunction } from "../../src/graph/trace.ts";
import { verifyGraph } from "../../src/graph/verify.ts";
import { customVjp, full, setTarget, type Tensor, tensor, where } from "../../src/index.ts";
import { constant } from "../../src/ops/constant.ts";
import { carryOut, inputsOf, recipes } from "../support/random-functions.ts";

beforeAll(() => setTarget("js"));
afterAll(() => setTarget(undefined));

/** A function of float32 vectors x and y and of a bool vector c, all of one length. */
type Example = (x: Tensor, y: Tensor, c: Tensor) => Tensor;

const ones = (x: Tensor, value = 1): Tensor => full(x.shape, value);
const column = (x: Tensor): Tensor => x.reshape([x.size, 1]);
const double = customVjp(
  (x: Tensor) => x.mul(3),
  (_x, _y, cotangent) => [cotangent],
);

/** For each rule a function to whose graph it applies. A rule that is not here has no test, so the test fails. */
const EXAMPLES: Record<string, Example> = {
  "f with its own gradient → f": (x) => double(x),
  "stopGradient(x) → x": (x) => x.stopGradient(),
  "−(−x) → x": (x) => x.neg().neg(),
  "x + (−y) → x − y": (x, y) => x.add(y.neg()),
  "(−x) + y → y − x": (x, y) => x.neg().add(y),
  "x + (−0) → x": (x) => x.add(-0),
  "x − 0 → x": (x) => x.sub(0),
  "x − (−y) → x + y": (x, y) => x.sub(y.neg()),
  "x · 1 → x": (x) => x.mul(1),
  "1 · x → x": (x) => ones(x).mul(x),
  "x · (−1) → −x": (x) => x.mul(-1),
  "(−1) · x → −x": (x) => ones(x, -1).mul(x),
  "(−x) · (−y) → x · y": (x, y) => x.neg().mul(y.neg()),
  "x / 1 → x": (x) => x.div(1),
  "x / c → x · (1/c) for a power of two": (x) => x.div(-64),
  "guarded x · y → x · y for a finite y": (x, _, c) => x.mulz(c.cast("float32")),
  "guarded c · y → c · y for c ≠ 0": (_, y) => ones(y, -2.5).mulz(y),
  "guarded 0 · y → 0": (_, y) => ones(y, 0).mulz(y),
  "x⁰ → 1": (x) => x.pow(0),
  "x¹ → x": (x) => x.pow(1),
  "x² → x · x": (x) => x.pow(2),
  "x⁻¹ → 1 / x": (x) => x.pow(-1),
  "¬¬x → x": (_, __, c) => c.not().not(),
  "where(c, x, x) → x": (x, _, c) => where(c, x, x),
  "where(constant, x, y) → x or y": (x, y) => where(full(x.shape, 0, "bool"), x, y),
  "where(¬c, x, y) → where(c, y, x)": (x, y, c) => where(c.not(), x, y),
  "where(c, where(c, x, y), z) → where(c, x, z)": (x, y, c) => where(c, where(c, x, y), y.neg()),
  "where(c, x, where(c, y, z)) → where(c, x, z)": (x, y, c) => where(c, x, where(c, x.neg(), y)),
  "reshape(reshape(x)) → reshape(x)": (x) => column(x).reshape([1, x.size]),
  "broadcast(broadcast(x)) → broadcast(x)": (x) => x.broadcastTo([2, x.size]).broadcastTo([3, 2, x.size]),
  "transpose(transpose(x)) → transpose(x)": (x) => x.reshape([x.size, 1, 1]).transpose([1, 0, 2]).transpose([2, 1, 0]),
  "reshape of a constant → the constant": (x) => column(ones(x, 0.1)),
  "transpose of a constant → the constant": (x) => column(ones(x, 0.1)).transpose(),
  "broadcast of a constant → the constant": (x) => constant(0.1).reshape([1]).broadcastTo(x.shape),
  "slice of a constant → the constant": (x) => ones(x, 0.1).slice(0, 0, 1),
  "flip of a constant → the constant": (x) => ones(x, 0.1).flip(),
  "neg of constants → a constant": (x) => ones(x, 0).neg(),
  "abs of constants → a constant": (x) => ones(x, -0.1).abs(),
  "sqrt of constants → a constant": (x) => ones(x, 0.1).sqrt(),
  "add of constants → a constant": (x) => ones(x, 0.1).add(0.2),
  "sub of constants → a constant": (x) => ones(x, 0.1).sub(0.2),
  "mul of constants → a constant": (x) => ones(x, 0.1).mul(0.2),
  "mulz of constants → a constant": (x) => ones(x, 0.1).mulz(0.2),
  "div of constants → a constant": (x) => ones(x, 0.1).div(0.3),
  "cast of a constant → a constant": (x) => ones(x, 2.75).cast("int32"),
  "matmul over an extent of 1 → x · y": (x, y) => column(x).matmul(y.reshape([1, y.size])),
  "sum over extents of 1 → reshape": (x) => column(x).sum(1),
  "max over extents of 1 → reshape": (x) => column(x).max(1),
  "min over extents of 1 → reshape": (x) => column(x).min([1]),
  "product over extents of 1 → reshape": (x) => column(x).product(1),
};

/** Zeros, ones, infinities, NaN, subnormal, tiny, huge and common numbers. */
const EXTREMES = [
  0,
  -0,
  1,
  -1,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  2 ** -149,
  -(2 ** -126),
  3.4e38,
  -3e38,
  0.1,
  -2.5,
  7,
];

/** Every extreme value against every other, with c true and false. */
const EXTREME_INPUTS = [0, 1].map((c) => {
  const pairs = EXTREMES.flatMap((x) => EXTREMES.map((y) => [x, y] as const));
  return [tensor(pairs.map(([x]) => x)), tensor(pairs.map(([, y]) => y)), tensor(pairs.map(() => c === 1))] as const;
});

const graphOf = (example: Example, size: number): Graph =>
  traceFunction(
    (x, y, c) => [example(x as Tensor, y as Tensor, c as Tensor)],
    [
      { shape: [size], dtype: "float32" },
      { shape: [size], dtype: "float32" },
      { shape: [size], dtype: "bool" },
    ],
  ).graph;

function valuesOf(graph: Graph, inputs: readonly Tensor[], { signOfZero }: Rule): number[] {
  const numbers = [...(evaluate(graph, inputs)[0] as Tensor).dataSync()];
  return signOfZero === true ? numbers.map((x) => (x === 0 ? 0 : x)) : numbers;
}

function expectUnchanged(rule: Rule, example: Example, inputs: readonly Tensor[]): void {
  const before = graphOf(example, inputs[0]?.size as number);
  const { graph: after, applied } = rewrite(before, [rule]);
  expect(applied).toContain(rule);
  verifyGraph(after);
  // toEqual tells 0 from −0 and takes NaN for itself.
  expect(valuesOf(after, inputs, rule)).toEqual(valuesOf(before, inputs, rule));
  verifyGraph(simplify(before));
}

describe("the simplification rules", () => {
  it("have different names, each with an example, and no example is left over", () => {
    expect(Object.keys(EXAMPLES)).toEqual(RULES.map(({ name }) => name));
  });

  describe.each(RULES.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
    const example = EXAMPLES[name] as Example;

    it("keeps every pair of extreme values", () => {
      for (const inputs of EXTREME_INPUTS) expectUnchanged(rule, example, inputs);
    });

    it("keeps random values", () => {
      const lane = fc.tuple(fc.float(), fc.float(), fc.boolean());
      fc.assert(
        fc.property(fc.array(lane, { minLength: 2, maxLength: 9 }), (lanes) => {
          expectUnchanged(rule, example, [
            tensor(lanes.map(([x]) => x)),
            tensor(lanes.map(([, y]) => y)),
            tensor(lanes.map(([, , c]) => c)),
          ]);
        }),
        { numRuns: 20 },
      );
    });
  });

  it.each<[string, Example]>([
    ["x + 0, for −0 + 0 is 0", (x) => x.add(0)],
    ["x − (−0), for −0 + 0 is 0", (x) => x.sub(-0)],
    ["0 − x, for 0 − 0 is not −0", (x) => ones(x, 0).sub(x)],
    ["x · 0, for ∞ · 0 is NaN", (x) => x.mul(0)],
    ["guarded x · ∞", (x) => x.mulz(Number.POSITIVE_INFINITY)],
    ["guarded x · y for an unknown y", (x, y) => x.mulz(y)],
    ["x / 3, for 1/3 is rounded", (x) => x.div(3)],
    ["x / 2⁻¹⁴⁰, whose reciprocal is infinite in float32", (x) => x.div(2 ** -140)],
    ["x / 0", (x) => x.div(0)],
    ["√x by a power", (x) => x.pow(0.5)],
    ["where(c, x, where(d, y, z)) of different conditions", (x, y, c) => where(c, x, where(x.less(y), y, x.neg()))],
  ])("none applies to %s", (_, example) => {
    expect(rewrite(graphOf(example, 3), RULES).applied).toEqual([]);
  });

  it("apply one after the other until none does", () => {
    // where(¬¬c, x / 1 · (−(−1)), −(−x)) is x, whatever c is.
    const graph = graphOf((x, _, c) => where(c.not().not(), x.div(1).mul(constant(-1).neg()), x.neg().neg()), 3);
    expect(printGraph(simplify(graph))).toBe("(a: float32[3], b: float32[3], c: bool[3]) =>\n  return a");
  });

  it("leave nothing to simplify in what they made of random functions", () => {
    fc.assert(
      fc.property(recipes(), (recipe) => {
        const given = inputsOf(recipe);
        const f = (...inputs: Tensor[]) => carryOut(recipe, inputs).map(({ value }) => value);
        expect(rewrite(simplify(traceFunction(f, given).graph), RULES).applied.map(({ name }) => name)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("take a constant for what its dtype makes of it: 1 + 10⁻⁹ is 1 in float32, not in float64", () => {
    const graph = (dtype: "float32" | "float64"): Graph =>
      traceFunction((x) => [(x as Tensor).mul(1 + 1e-9)], [{ shape: [2], dtype }]).graph;
    expect(rewrite(graph("float32"), RULES).applied.map(({ name }) => name)).toEqual(["x · 1 → x"]);
    expect(rewrite(graph("float64"), RULES).applied).toEqual([]);
  });
});

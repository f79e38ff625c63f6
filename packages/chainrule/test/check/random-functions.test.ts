/** The gradient checker on random functions, full of ties, steps and clipped values: gradients that the library derives. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradcheck } from "../../src/check/index.ts";
import { grad, type Tensor } from "../../src/index.ts";
import { carryOut, inputsOf, type Recipe, recipes } from "../support/random-functions.ts";

const isFloat = (t: Tensor): boolean => t.dtype === "float32" || t.dtype === "float64";

/** The weighted sum of a recipe's results, as a function of its inputs; undefined where it has no derivatives. */
function scalar(recipe: Recipe): { f: (leaves: Tensor[]) => Tensor; at: Tensor[] } | undefined {
  const at = inputsOf(recipe);
  const f = (leaves: Tensor[]): Tensor =>
    carryOut(recipe, leaves)
      .filter(({ value }) => isFloat(value))
      .map(({ value }, i) =>
        value
          .cast("float64")
          .mean()
          .mul(1 + i / 3),
      )
      .reduce((sum, term) => sum.add(term));
  if (!at.some(isFloat) || at.reduce((n, t) => n + t.size, 0) > 300) return undefined;
  try {
    // A loop of unknown length has no reverse mode, and a recipe may have no result that is a float, or one that is NaN.
    const value = f(at).itemSync();
    gradcheck(f, at, { samples: 1, directions: 0 });
    return Number.isFinite(value) ? { f, at } : undefined;
  } catch {
    return undefined;
  }
}

describe("on random functions", () => {
  it("no gradient is accused", () => {
    let checked = 0;
    fc.assert(
      fc.property(recipes(8), (recipe) => {
        const found = scalar(recipe);
        if (found === undefined) return;
        const report = gradcheck(found.f, found.at, { samples: 6 });
        checked++;
        expect(report.passed, `${report}`).toBe(true);
      }),
      { numRuns: 100, seed: 1 },
    );
    expect(checked).toBeGreaterThan(50);
  });

  it("a gradient that is off by a tenth is, unless it is a subgradient still", () => {
    let planted = 0;
    fc.assert(
      fc.property(recipes(8), (recipe) => {
        const found = scalar(recipe);
        if (found === undefined) return;
        const { f, at } = found;
        const k = at.findIndex(isFloat);
        const derived = (leaves: Tensor[]): Tensor[] => {
          const floats = leaves.flatMap((t, i) => (isFloat(t) ? [i] : []));
          const put = (xs: Tensor[]): Tensor[] => leaves.map((t, i) => xs[floats.indexOf(i)] ?? t);
          const gradients = grad((xs: Tensor[]) => f(put(xs)))(floats.map((i) => leaves[i] as Tensor)) as Tensor[];
          return put(gradients);
        };
        const right = gradcheck(f, at, { samples: 6 }).only({ name: `[${k}]` });
        if (!right.entries.some(({ verdict, analytic }) => verdict === "right" && Math.abs(analytic) > 1e-9)) return;
        const gradient = (leaves: Tensor[]): Tensor[] => derived(leaves).map((g, i) => (i === k ? g.mul(1.1) : g));
        const report = gradcheck(f, at, { samples: 6, gradient });
        planted++;
        const excused = report.only({ name: `[${k}]` }).entries.some(({ verdict }) => verdict === "kink");
        if (!excused) expect(report.wrong).toEqual([`[${k}]`]);
      }),
      { numRuns: 100, seed: 2 },
    );
    expect(planted).toBeGreaterThan(25);
  });
});

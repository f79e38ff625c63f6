import { expect, it } from "vitest";
import { barChart, sparkline } from "../../src/diagnose/bars.ts";
import { histogram } from "../../src/diagnose/index.ts";

it("counts as numpy does", () => {
  // numpy 1.24.2: np.histogram([-2, -1.5, 0, 0.1, 0.4, 1, 2], bins=4)
  const { edges, counts, nonFinite } = histogram([-2, -1.5, 0, 0.1, 0.4, 1, 2], { bins: 4 });
  expect(edges).toEqual([-2, -1, 0, 1, 2]);
  expect(counts).toEqual([2, 0, 3, 2]);
  expect(nonFinite).toBe(0);
  // np.histogram([3, 3, 3], bins=2)
  expect(histogram([3, 3, 3], { bins: 2 })).toMatchObject({ edges: [2.5, 3, 3.5], counts: [0, 3] });
});

it("counts within a range, as numpy does", () => {
  // numpy 1.24.2: np.histogram([-2, -1, -0.5, 0, 0.9, 1, 1.5], bins=4, range=(-1, 1))
  const h = histogram([-2, -1, -0.5, 0, 0.9, 1, 1.5, Number.NaN], { bins: 4, range: [-1, 1] });
  expect(h).toMatchObject({ edges: [-1, -0.5, 0, 0.5, 1], counts: [1, 1, 1, 2], nonFinite: 1 });
  for (const range of [[1, 1], [1, 0], [0, Number.POSITIVE_INFINITY], [0], 3]) {
    expect(() => histogram([1], { range: range as never })).toThrow(
      `histogram: range must be two finite numbers, the lesser first, such as [-1, 1]; it is ${range === 3 ? 3 : "an array"}.`,
    );
  }
});

it("leaves out what is not finite, and prints bars", () => {
  const h = histogram([0, 1, 1, 2, Number.NaN, Number.NEGATIVE_INFINITY], { bins: 2 });
  expect(h).toMatchObject({ counts: [1, 3], nonFinite: 2 });
  expect(String(h)).toBe(`0 … 1  1 │█████████████▍\n1 … 2  3 │${"█".repeat(40)}\n(2 not finite)`);
  expect(histogram([], { bins: 2 })).toMatchObject({ edges: [0, 0.5, 1], counts: [0, 0] });
  expect(barChart(["a", "bc"], [0, 0], 3)).toBe(" a │\nbc │");
  expect(sparkline([0, 1, Number.NaN, 2])).toBe("▁▅ █");
});

it("refuses half a bin, and what is no number", () => {
  for (const [values, what] of [
    [undefined, "undefined"],
    ["abc", '"abc"'],
    [["a"], "an array"],
  ]) {
    expect(() => histogram(values as never)).toThrow(
      `histogram: values must be an array of numbers, or a typed array such as t.dataSync(); it is ${what}.`,
    );
  }
  expect(() => histogram([1], { bin: 2 } as never)).toThrow('histogram: unknown option "bin"; there are bins, range.');
  expect(() => histogram([1], { bins: 0.5 })).toThrow("histogram: bins must be an integer ≥ 1; it is 0.5.");
});

/** Differences with a bound of their error, against derivatives known in closed form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestEstimate, errorOf, estimates, type Line, noiseOf } from "../../src/check/differences.ts";
import { epsilonSweep } from "../../src/check/sweep.ts";

/** The line through x of a function with rounding errors of at most `noise`. */
const line = (f: (x: number) => number, x: number, noise = 0): Line => ({
  along: (distance) => f(x + distance),
  noise,
  magnitude: Math.abs(x),
});

const functions: [string, (x: number) => number, (x: number) => number][] = [
  ["sin", Math.sin, Math.cos],
  ["exp", Math.exp, Math.exp],
  ["x³", (x) => x ** 3, (x) => 3 * x ** 2],
  ["1/(1 + x²)", (x) => 1 / (1 + x * x), (x) => (-2 * x) / (1 + x * x) ** 2],
  ["sin 50x", (x) => Math.sin(50 * x), (x) => 50 * Math.cos(50 * x)],
];

describe("the bound of the error", () => {
  it.each(functions)("holds for %s, and is small", (_, f, slope) => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (x) => {
        // Math's functions round to about a unit in the last place, and so does their argument.
        const noise = 4 * Number.EPSILON * (Math.abs(f(x)) + Math.abs(x * slope(x)));
        const best = bestEstimate(line(f, x, noise), "central");
        expect(Math.abs(best.value - slope(x))).toBeLessThanOrEqual(errorOf(best) + 1e-14 * Math.abs(slope(x)));
        expect(errorOf(best)).toBeLessThan(1e-9 * (1 + Math.abs(f(x)) + Math.abs(slope(x)) * 100));
      }),
    );
  });

  it.each(functions)("holds one-sided for %s", (_, f, slope) => {
    for (const x of [-2.3, -0.4, 0.7, 1.9]) {
      for (const side of ["left", "right"] as const) {
        const best = bestEstimate(line(f, x, 4 * Number.EPSILON * Math.abs(f(x))), side);
        expect(Math.abs(best.value - slope(x))).toBeLessThanOrEqual(errorOf(best));
        expect(errorOf(best)).toBeLessThan(1e-4);
      }
    }
  });

  it("grows with noise, which it survives", () => {
    const noisy = (x: number): number => Math.sin(x) + 1e-8 * Math.sin(1e13 * x);
    const best = bestEstimate(line(noisy, 1, 1e-8), "central");
    expect(Math.abs(best.value - Math.cos(1))).toBeLessThanOrEqual(errorOf(best));
    expect(errorOf(best)).toBeGreaterThan(1e-8);
    expect(errorOf(best)).toBeLessThan(1e-4);
  });

  it("is infinite where differences do not converge: a step, and values that are NaN", () => {
    expect(errorOf(bestEstimate(line(Math.sign, 0), "central"))).toBe(Number.POSITIVE_INFINITY);
    expect(
      errorOf(
        bestEstimate(
          line(() => Number.NaN, 1),
          "central",
        ),
      ),
    ).toBe(Number.POSITIVE_INFINITY);
  });

  it("is given to one-sided differences at a kink: |x| has −1 on the left and 1 on the right", () => {
    expect(bestEstimate(line(Math.abs, 0), "left").value).toBe(-1);
    expect(bestEstimate(line(Math.abs, 0), "right").value).toBe(1);
  });
});

it("stops when round-off alone is more than the best error was", () => {
  const steps = [...estimates(line(Math.sin, 1, 1e-15))].map(({ step }) => step);
  expect(steps[0]).toBe(2 ** -7);
  expect(steps.length).toBeLessThan(10);
});

describe("the noise of a function", () => {
  it("is that of its rounding, not of its slope and curvature", () => {
    const rounded = (digits: number) => (x: number) => Math.round(Math.sin(x) * 10 ** digits) / 10 ** digits;
    for (const digits of [8, 10, 12]) {
      // Rounding to d digits has a standard deviation of 10⁻ᵈ/√12.
      const noise = noiseOf((distance) => rounded(digits)(1 + 1e3 * distance), 2 ** -24);
      expect(noise / (4 * 10 ** -digits)).toBeGreaterThan(0.05);
      expect(noise / (4 * 10 ** -digits)).toBeLessThan(2);
    }
    expect(noiseOf((distance) => 1 + distance + distance ** 2, 2 ** -20)).toBe(0);
  });
});

describe("a sweep of steps", () => {
  const sweep = epsilonSweep(line(Math.sin, 1, 2 ** -53), Math.cos(1));

  it("has the truncation cos(1)/6·h² at large steps and round-off at small ones", () => {
    const [first] = sweep.rows;
    expect(sweep.rows.map(({ step }) => step)).toEqual(Array.from({ length: 15 }, (_, i) => 10 ** -(i + 1)));
    // |f‴|/6 = cos(1)/6 = 0.0900504, and D(0.1) − cos(1) = cos(1)·(sin(0.1)/0.1 − 1) = −9.0005·10⁻⁴.
    expect((first?.truncation ?? 0) / 0.01).toBeCloseTo(Math.cos(1) / 6, 4);
    expect(first?.error).toBeCloseTo(9.0005e-4, 7);
    expect(sweep.best.step).toBeLessThan(1e-3);
    expect(sweep.best.step).toBeGreaterThan(1e-9);
    for (const { error, truncation, roundoff } of sweep.rows) {
      expect(error).toBeLessThanOrEqual(1.1 * (truncation + roundoff));
    }
  });

  it("prints a bar for each error", () => {
    const rows = `${sweep}`.split("\n");
    expect(rows[0]).toMatch(/^ *step +difference +error +truncation +round-off$/);
    expect(rows[1]).toMatch(/^ *1e-1 +0\.539402252170 +9\.0e-4 +9\.0e-4 +\S+ +█{14}$/);
    expect(rows.length).toBe(16);
  });
});

import { expect, it } from "vitest";
import { figure, percent, power, rounded, scientific } from "../../src/state/numbers.ts";

it("writes numbers of any size to be read", () => {
  expect([0, 0.042, -0.5, 1, 12, 123, 1234].map((x) => scientific(x))).toEqual([
    "0",
    "0.042",
    "−0.5",
    "1",
    "12",
    "120",
    "1.2·10³",
  ]);
  expect([1.26e-7, -2.5e-12, 1e-5].map((x) => scientific(x))).toEqual(["1.3·10⁻⁷", "−2.5·10⁻¹²", "1.0·10⁻⁵"]);
  expect([1e-5, 2e-5, 0.1].map((x) => scientific(x, 1))).toEqual(["10⁻⁵", "2·10⁻⁵", "0.1"]);
  expect(scientific(0.0173567843123, 9)).toBe("0.0173567843");
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((x) => scientific(x))).toEqual([
    "not a number",
    "∞",
    "−∞",
  ]);
  expect([power(0), power(-12), power(3)]).toEqual(["10⁰", "10⁻¹²", "10³"]);
});

it("writes numbers with few digits, and shares", () => {
  expect([0, 5.84333, -0.25, 1797, 1.5e9, -2e-5, Number.NaN].map((x) => figure(x))).toEqual([
    "0",
    "5.843",
    "−0.25",
    "1,797",
    "1.50·10⁹",
    "−2.00·10⁻⁵",
    "not a number",
  ]);
  expect([0.254, -30, -1e-7].map((x) => rounded(x, 2))).toEqual(["0.25", "−30", "−1e−7"]);
  expect([0, 0.0004, 0.975, 1, 0.9996, Number.NaN].map(percent)).toEqual([
    "0.0 %",
    "< 0.1 %",
    "97.5 %",
    "100 %",
    "> 99.9 %",
    "not a number",
  ]);
});

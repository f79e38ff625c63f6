import { expect, it } from "vitest";
import { formatNumber, formatTensor } from "../../src/check/numbers.ts";
import { tensor } from "../../src/tensor/index.ts";

it("shows six digits, exponents for the large and the small, and signs as minus", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [1 / 3, "0.333333"],
    [-2.5, "−2.5"],
    [1234567, "1234570"],
    [12345678, "1.23457e+7"],
    [-0.00001234, "−1.234e−5"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "∞"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ];
  for (const [x, text] of cases) expect(formatNumber(x)).toBe(text);
});

it("shows eight elements of each axis", () => {
  expect(formatTensor(tensor(new Float32Array(9)))).toBe("[0, 0, 0, 0, 0, 0, 0, 0, …]");
  expect(formatTensor(tensor([[true, false]]))).toBe("[[true, false]]");
  expect(formatTensor(tensor(0.1))).toBe("0.1");
});

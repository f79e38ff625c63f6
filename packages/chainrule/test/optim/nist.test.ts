/** Levenberg–Marquardt against certified values: all nonlinear problems of one predictor of NIST's, and Nelson. */
import { describe, expect, it } from "vitest";
import { gaussNewton, levenbergMarquardt, minimize } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { digits, nistNames, readNist } from "./nist.ts";

const doubles = (numbers: readonly number[]): Tensor => tensor(Float64Array.from(numbers));

describe("the problems as written here", () => {
  // Lanczos1 has a residual sum of squares of 1.4e−25, which 11 certified digits of the parameters do not give.
  it.each(nistNames.filter((name) => name !== "Lanczos1"))(
    "%s: the certified sum of squares at the certified parameters",
    (name) => {
      const { certified, residuals, residualSumOfSquares } = readNist(name);
      const sum = residuals(doubles(certified)).square().sum().itemSync();
      expect(Math.abs(sum / residualSumOfSquares - 1)).toBeLessThan(1e-9);
    },
  );
});

describe("levenbergMarquardt reaches 6 certified digits of every parameter", () => {
  for (const name of nistNames) {
    it.each([1, 2] as const)(`${name}, start %i`, async (which) => {
      const { starts, certified, residuals, residualSumOfSquares } = readNist(name);
      const start = doubles(starts[which - 1] as number[]);
      const found = await minimize((b: Tensor) => residuals(b), start, { method: levenbergMarquardt() });
      expect(found.converged).toBe(true);
      expect(digits(found.parameters.dataSync(), certified)).toBeGreaterThan(6);
      if (name !== "Lanczos1") expect(Math.abs((2 * found.value) / residualSumOfSquares - 1)).toBeLessThan(1e-9);
    });
  }
});

describe("gaussNewton", () => {
  it.each(["Misra1a", "DanWood", "Rat42"])("reaches them where the start is near: %s, start 2", async (name) => {
    const { starts, certified, residuals } = readNist(name);
    const found = await minimize((b: Tensor) => residuals(b), doubles(starts[1]), { method: gaussNewton() });
    expect(found.converged).toBe(true);
    expect(digits(found.parameters.dataSync(), certified)).toBeGreaterThan(6);
  });

  it("says that it did not converge where the Jacobian has dependent columns", async () => {
    const residuals = ({ a, b }: { a: Tensor; b: Tensor }) =>
      a
        .add(b)
        .mul(tensor([1, 2]))
        .sub(tensor([3, 7]));
    const start = { a: tensor(0), b: tensor(0) };
    const found = await minimize(residuals, start, { method: gaussNewton() });
    expect(found.converged).toBe(false);
    expect(found.reason).toBe(
      "the columns of the Jacobian depend on each other, so the Gauss–Newton step is not determined; use levenbergMarquardt()",
    );
    // a + b = 17/5 by hand: (1·3 + 2·7)/(1 + 4); the shortest step from (0, 0) has a = b.
    const other = await minimize(residuals, start, { method: levenbergMarquardt(), dtype: "float64" });
    expect(other.converged).toBe(true);
    expect(other.parameters.a.itemSync()).toBeCloseTo(1.7, 8);
    expect(other.parameters.b.itemSync()).toBeCloseTo(1.7, 8);
  });
});

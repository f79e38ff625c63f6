import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCALAR_OPS, type ScalarOp } from "../../src/loop/ir.ts";
import { castTo, REFERENCE, roundTo, scalarFunction } from "../../src/loop/scalar.ts";

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe("REFERENCE", () => {
  it("has every scalar operation and no other", () => {
    expect(Object.keys(REFERENCE).sort()).toEqual(Object.keys(SCALAR_OPS).sort());
  });

  // mpmath at 40 digits, rounded to doubles; the first ten digits at 0.1, 0.5, 1, 1.5 and 2 are those of Abramowitz & Stegun, 7.1.
  it.each([
    [1e-10, 1.1283791670955126e-10],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [0.84375, 0.7672256612323416],
    [1, 0.8427007929497149],
    [1.25, 0.9229001282564583],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.857, 0.9999466417399131],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
    [5.5, 0.9999999999999927],
  ])("erf(%d) is %d to the last digit but one", (x, expected) => {
    expect(Math.abs(REFERENCE.erf(x) - expected) / expected).toBeLessThan(4e-16);
    expect(REFERENCE.erf(-x)).toBe(-REFERENCE.erf(x));
  });

  it("takes erf to its limits", () => {
    expect([0, -0, 6, -7, Infinity, -Infinity, Number.NaN].map((x) => REFERENCE.erf(x))).toEqual([
      0,
      -0,
      1,
      -1,
      1,
      -1,
      Number.NaN,
    ]);
  });

  it("does not overflow in sigmoid", () => {
    expect([-1000, -Infinity, 1000, Infinity, 0].map((x) => REFERENCE.sigmoid(x))).toEqual([0, 0, 1, 1, 0.5]);
    // Where 1 + e^x rounds to 1, sigmoid(x) is e^x.
    expect(REFERENCE.sigmoid(-40)).toBe(Math.exp(-40));
  });

  it("keeps softplus exact where e^x overflows or vanishes", () => {
    expect([1000, -1000, Infinity, -Infinity].map((x) => REFERENCE.softplus(x))).toEqual([1000, 0, Infinity, 0]);
    expect(REFERENCE.softplus(-40)).toBe(Math.exp(-40));
    expect(REFERENCE.softplus(0)).toBeCloseTo(Math.LN2, 15);
  });

  it("keeps the sign of zero in sign, and orders −0 before 0 in min and max", () => {
    expect(REFERENCE.sign(-0)).toBe(-0);
    expect(REFERENCE.sign(0)).toBe(0);
    expect(REFERENCE.min(0, -0)).toBe(-0);
    expect(REFERENCE.max(-0, 0)).toBe(0);
    expect(REFERENCE.min(Number.NaN, 1)).toBeNaN();
    expect(REFERENCE.max(1, Number.NaN)).toBeNaN();
  });

  it("gives 0 for mulz where the first factor is 0", () => {
    expect([Infinity, Number.NaN, -3].map((b) => REFERENCE.mulz(0, b))).toEqual([0, 0, 0]);
    expect(REFERENCE.mulz(-0, -Infinity)).toBe(0);
    expect(REFERENCE.mulz(2, Infinity)).toBe(Infinity);
    expect(REFERENCE.mulz(Number.NaN, 0)).toBeNaN();
  });

  it("follows IEEE 754 in pow where JavaScript does not", () => {
    expect(REFERENCE.pow(1, Number.NaN)).toBe(1);
    expect(REFERENCE.pow(-1, Infinity)).toBe(1);
    expect(REFERENCE.pow(-1, -Infinity)).toBe(1);
    expect(REFERENCE.pow(Number.NaN, 0)).toBe(1);
    expect(REFERENCE.pow(-8, 1 / 3)).toBeNaN();
    expect(REFERENCE.pow(-2, 3)).toBe(-8);
  });

  it("compares NaN as unequal to everything", () => {
    const holds = (op: ScalarOp): number => REFERENCE[op](Number.NaN, Number.NaN);
    expect((["eq", "lt", "le", "gt", "ge", "ne"] as const).map(holds)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("divides integers toward zero, so that quotient and remainder give back the dividend", () => {
    expect([REFERENCE.idiv(-7, 2), REFERENCE.imod(-7, 2)]).toEqual([-3, -1]);
    expect(Object.is(REFERENCE.imod(-4, 2), 0)).toBe(true);
    fc.assert(
      fc.property(int32, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (a, b) => {
        expect(BigInt(REFERENCE.idiv(a, b))).toBe(BigInt(a) / BigInt(b));
        expect(BigInt(REFERENCE.imod(a, b))).toBe(BigInt(a) % BigInt(b));
      }),
    );
  });

  it("shifts right without sign", () => {
    expect(REFERENCE.shr(-1, 28)).toBe(15);
    expect(REFERENCE.shr(-1, 0)).toBe(-1);
    expect(REFERENCE.shl(1, 31)).toBe(-(2 ** 31));
  });
});

describe("scalarFunction", () => {
  it("wraps int32 as two's complement does", () => {
    const wrap = (exact: bigint): number => Number(BigInt.asIntN(32, exact));
    fc.assert(
      fc.property(int32, int32, (a, b) => {
        expect(scalarFunction("add", "int32")(a, b)).toBe(wrap(BigInt(a) + BigInt(b)));
        expect(scalarFunction("sub", "int32")(a, b)).toBe(wrap(BigInt(a) - BigInt(b)));
        expect(scalarFunction("mul", "int32")(a, b)).toBe(wrap(BigInt(a) * BigInt(b)));
        expect(scalarFunction("neg", "int32")(a)).toBe(wrap(-BigInt(a)));
      }),
    );
    expect(scalarFunction("abs", "int32")(-(2 ** 31))).toBe(-(2 ** 31));
    expect(Object.is(scalarFunction("neg", "int32")(0), 0)).toBe(true);
  });

  it("rounds float32 results and leaves float64 ones alone", () => {
    expect(scalarFunction("add", "float32")(2 ** 24, 1)).toBe(2 ** 24);
    expect(scalarFunction("add", "float64")(2 ** 24, 1)).toBe(2 ** 24 + 1);
    expect(scalarFunction("exp", "float32")(1)).toBe(Math.fround(Math.E));
    expect(scalarFunction("exp", "float32")(100)).toBe(Infinity);
  });

  it("selects and casts", () => {
    expect(scalarFunction("select", "float32")(1, 2, 3)).toBe(2);
    expect(scalarFunction("select", "float32")(0, 2, 3)).toBe(3);
    expect(scalarFunction("cast", "int32")(-2.9)).toBe(-2);
  });
});

describe("castTo and roundTo", () => {
  it("truncates and saturates to int32, NaN becoming 0", () => {
    const values = [2.9, -2.9, 1e10, -1e10, Infinity, -Infinity, Number.NaN, 2 ** 31];
    const max = 2 ** 31 - 1;
    expect(values.map((x) => castTo("int32", x))).toEqual([2, -2, max, -max - 1, max, -max - 1, 0, max]);
  });

  it("makes true of everything but zero", () => {
    expect([0, -0, 0.1, -3, Number.NaN].map((x) => castTo("bool", x))).toEqual([0, 0, 1, 1, 1]);
  });

  it("rounds to float32 and wraps to int32", () => {
    expect(roundTo("float32", 0.1)).toBe(new Float32Array([0.1])[0]);
    expect(roundTo("float64", 0.1)).toBe(0.1);
    expect(roundTo("int32", 2 ** 31)).toBe(-(2 ** 31));
    expect(castTo("float32", 16777217)).toBe(16777216);
  });
});

import { describe, expect, it } from "vitest";
import { checkChoice, checkNumber, checkOptions, describeValue } from "../../src/tensor/options.ts";

describe("checkOptions", () => {
  it("lets pass what is allowed, and none", () => {
    expect(() => checkOptions("f", { a: 1, b: undefined }, ["a", "b"])).not.toThrow();
    expect(() => checkOptions("f", undefined, ["a"])).not.toThrow();
  });

  it("lists the options there are", () => {
    expect(() => checkOptions("f", { c: 1 }, ["a", "b"])).toThrow('f: unknown option "c"; there are a, b.');
    expect(() => checkOptions("f", { c: 1, d: 2 }, ["a"])).toThrow('f: unknown options "c", "d"; there are a.');
    expect(() => checkOptions("f", { c: 1 }, [])).toThrow('f: unknown option "c"; it takes none.');
    expect(() => checkOptions("f", [1], ["a"])).toThrow("f: the options must be an object, not an array; there are a.");
    expect(() => checkOptions("f", null, ["a"])).toThrow("f: the options must be an object, not null; there are a.");
  });
});

describe("checkNumber", () => {
  it("gives the number back, at the ends of its range too", () => {
    expect(checkNumber("f", "n", 0, { least: 0 })).toBe(0);
    expect(checkNumber("f", "n", 1, { most: 1, integer: true })).toBe(1);
  });

  it("says what it is and what it may be", () => {
    expect(() => checkNumber("f", "n", 0, { above: 0 })).toThrow("f: n must be a finite number > 0; it is 0.");
    expect(() => checkNumber("f", "n", 2, { least: 0, most: 1 })).toThrow(
      "f: n must be a finite number ≥ 0 and ≤ 1; it is 2.",
    );
    expect(() => checkNumber("f", "n", 1.5, { integer: true })).toThrow("f: n must be an integer; it is 1.5.");
    expect(() => checkNumber("f", "n", Number.POSITIVE_INFINITY)).toThrow(
      "f: n must be a finite number; it is Infinity.",
    );
    expect(() => checkNumber("f", "n", undefined)).toThrow("f: n must be a finite number; it is undefined.");
  });
});

describe("checkChoice", () => {
  it("lists the choices", () => {
    expect(checkChoice("f", "mode", "a", ["a", "b"])).toBe("a");
    expect(() => checkChoice("f", "mode", "c", ["a", "b"])).toThrow('f: mode must be one of "a", "b"; it is "c".');
  });
});

describe("describeValue", () => {
  it("is short and tells kinds apart", () => {
    const values = ["x", 1, null, [1], {}, new Map(), Math.sin, () => 1];
    expect(values.map(describeValue)).toEqual([
      '"x"',
      "1",
      "null",
      "an array",
      "an object",
      "a Map",
      "the function sin",
      "the function without a name",
    ]);
  });
});

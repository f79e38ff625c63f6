import fc from "fast-check";
import { expect, test } from "vitest";
import { bytes, duration, figure, power, score, share } from "../../src/render/numbers.ts";
import { renderTable } from "../../src/render/table.ts";
import { clipped, label, visible, widthOf } from "../../src/render/text.ts";

test("columns stay in line with names that are drawn wide", () => {
  expect(
    renderTable(
      [
        ["name", "n"],
        ["日本", "1"],
        ["é👩‍👩‍👧‍👦", "200"],
      ],
      { left: [0] },
    ),
  ).toBe("name    n\n日本    1\né👩‍👩‍👧‍👦   200");
  expect(["日本", "e\u0301", "abc", "👍🏽"].map(widthOf)).toEqual([4, 1, 3, 2]);
});

test("a label is one line of characters that can be seen, and no longer than it may be", () => {
  expect(label("a\r\n\tb\u0000")).toBe("a␍ b␀");
  expect(label("x".repeat(30), 10)).toBe("xxxxxxxxx…");
  // No half of a character at the cut.
  expect(label("xx👍👍👍", 4)).toBe("xx…");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = label(text, 12);
      expect(shown.length).toBeLessThanOrEqual(12);
      expect(shown.isWellFormed()).toBe(true);
      expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test("what is cut far says how long it was", () => {
  expect(clipped("abcdef", 4)).toBe("abc…");
  expect(clipped("x".repeat(1234), 4)).toBe("xxx… (1,234 characters)");
  expect(visible("\ud800")).toBe("\ufffd");
});

test("figures have the digits that were asked for, and powers where they would be long", () => {
  expect([0.94736, 2.56789, 12_345.6, 0, -0.05, 123_456_789].map((x) => figure(x))).toEqual([
    "0.9474",
    "2.568",
    "12,346",
    "0",
    "−0.05",
    "123,456,789",
  ]);
  expect([1.3e-7, -2.5e12, Number.NaN, Number.NEGATIVE_INFINITY].map((x) => figure(x))).toEqual([
    "1.30 × 10⁻⁷",
    "−2.50 × 10¹²",
    "not a number",
    "−∞",
  ]);
  expect([power("1.0e-6"), power("3.4e+10")]).toEqual(["1 × 10⁻⁶", "3.4 × 10¹⁰"]);
  expect([score(0.95), score(-0.123456, 2), share(0.9474)]).toEqual(["0.9500", "−0.12", "94.7\u00a0%"]);
});

test("sizes and times", () => {
  expect([900, 14_212, 3_000_000].map(bytes)).toEqual(["900 bytes", "14.2 kB", "3 MB"]);
  expect([0.0841, 14.23, 300, 11_100].map(duration)).toEqual(["0.084 s", "14.2 s", "5 min", "3 h 5 min"]);
});

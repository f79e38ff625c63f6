import { expect, test } from "vitest";
import { count, percent } from "../../src/render/format.ts";

test("counts have separators and their nouns the right number", () => {
  expect(count(60000)).toBe("60,000");
  expect([count(0, "epoch"), count(1, "epoch"), count(12, "epoch")]).toEqual(["0 epochs", "1 epoch", "12 epochs"]);
});

test("shares are percentages", () => {
  expect(percent(0.98765)).toBe("98.77 %");
  expect(percent(1, 0)).toBe("100 %");
});

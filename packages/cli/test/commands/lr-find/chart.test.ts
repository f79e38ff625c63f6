/** The picture of a curve, by hand. */
import { expect, test } from "vitest";
import { drawCurve } from "../../../src/commands/lr-find/chart.ts";

const size = { width: 13, height: 3 };
const drawn = (rates: number[], losses: number[], marks: Parameters<typeof drawCurve>[1] = []): string[] =>
  drawCurve({ rates, losses }, marks, size).split("\n");

test("losses and rates by their logarithms, with the powers of ten below", () => {
  // 10 is half way between 1 and 100 by the logarithm; 13 characters hold two decades at 0, 6 and 12.
  expect(drawn([0.01, 0.1, 1], [100, 10, 1])).toEqual([
    "100 ┤•",
    "    │      •",
    "  1 ┤            •",
    "    └┬─────┬─────┬",
    "     0.01  0.1   1",
    "",
  ]);
});

test("a loss that falls to 0, without logarithms", () => {
  expect(drawn([0.01, 0.1, 1], [2, 1, 0]).slice(0, 3)).toEqual(["2 ┤•", "  │      •", "0 ┤            •"]);
});

test("a loss that stays", () => {
  expect(drawn([0.01, 0.1, 1], [1, 1, 1]).slice(0, 3)).toEqual(["  │", "  │", "1 ┤•     •     •"]);
});

test("letters under the rates that are pointed at, beside each other where they meet", () => {
  const marks = [
    { letter: "t", rate: 0.1 },
    { letter: "s", rate: 0.01 },
    { letter: "v", rate: 0.1 },
  ];
  expect(drawn([0.01, 0.1, 1], [1, 1, 1], marks).at(-1)).toBe("   s     tv");
});
